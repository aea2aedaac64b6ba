//! The help texts about cron jobs, quotas, availability and restarts.

use crate::harness::home;

#[test]
fn verbs_about_cron_jobs() {
    let home = home();
    insta::assert_snapshot!(home.show(&["cron", "-h"]), @r"
    exit 0
    --- stdout
    Work with jobs that run on a schedule

    Usage: aurora cron [OPTIONS] <VERB>

    Verbs:
      schedule    Schedule a cron job, or give the job of that key another schedule or configuration
      deschedule  Remove a cron job, so that it starts no more runs
      start       Start a run of a cron job now, whatever its schedule
      show        Show the schedule of a cron job

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["cron", "schedule", "-h"]), @r"
    exit 0
    --- stdout
    Schedule a cron job, or give the job of that key another schedule or configuration

    Usage: aurora cron schedule [OPTIONS] <CLUSTER/ROLE/ENV/NAME> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job to schedule
      <FILE>                   The job file

    Options:
          --bind <NAME=VALUE>   Bind a template variable of the job file to a value; may be repeated
          --read-json           The job file is JSON, not Python
          --hermetic            Let the job file use nothing but itself and what it includes, so that it
                                gives the same jobs everywhere
          --env <NAME[=VALUE]>  Set an environment variable for the job file, or show it one of yours;
                                may be repeated. With `--hermetic`, the file sees no others
          --timeout <SECONDS>   Give up on a job file that takes longer; 0: no limit [default: 60]
      -h, --help                Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron schedule west/www/prod/nightly nightly.aurora
      aurora cron schedule --bind hour=3 west/www/prod/nightly nightly.aurora

    Runs that have begun go on as they are; `aurora job killall` ends them.
    ");
    insta::assert_snapshot!(home.show(&["cron", "start", "-h"]), @r"
    exit 0
    --- stdout
    Start a run of a cron job now, whatever its schedule

    Usage: aurora cron start [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The cron job to run
      [FILE]                   The same as --config

    Options:
          --open-browser        Open the job's page in the web browser when done
          --config <FILE>       Job file with the hooks of the job
          --bind <NAME=VALUE>   Bind a template variable of the job file to a value; may be repeated
          --read-json           The job file is JSON, not Python
          --hermetic            Let the job file use nothing but itself and what it includes, so that it
                                gives the same jobs everywhere
          --env <NAME[=VALUE]>  Set an environment variable for the job file, or show it one of yours;
                                may be repeated. With `--hermetic`, the file sees no others
          --timeout <SECONDS>   Give up on a job file that takes longer; 0: no limit [default: 60]
      -h, --help                Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron start west/www/prod/nightly
      aurora cron start --config nightly.aurora west/www/prod/nightly   with the hooks of the file
    ");
    insta::assert_snapshot!(home.show(&["cron", "show", "-h"]), @r"
    exit 0
    --- stdout
    Show the schedule of a cron job

    Usage: aurora cron show [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The cron job

    Options:
      -o, --output <FORM>  Form of the output [default: text] [possible values: text, json]
      -h, --help           Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron show west/www/prod/nightly
      aurora cron show -o json west/www/prod/nightly
    ");
    insta::assert_snapshot!(home.show(&["cron", "deschedule", "-h"]), @r"
    exit 0
    --- stdout
    Remove a cron job, so that it starts no more runs

    Usage: aurora cron deschedule [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The cron job to remove

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron deschedule west/www/prod/nightly

    A run that has begun goes on; `aurora job killall` ends it.
    ");
}

#[test]
fn verbs_about_quota_and_availability() {
    let home = home();
    insta::assert_snapshot!(home.show(&["quota", "get", "-h"]), @r"
    exit 0
    --- stdout
    Show the quota of a role and what its jobs use

    Usage: aurora quota get [OPTIONS] <CLUSTER/ROLE>

    Arguments:
      <CLUSTER/ROLE>  The cluster and the role

    Options:
          --write-json     Print JSON, as `-o json` does
      -o, --output <FORM>  Form of the output [default: text] [possible values: text, json]
      -h, --help           Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora quota get west/www
      aurora quota get -o json west/www   for programs; memory and disk in MiB

    Only production jobs that are not dedicated count against the quota.
    ");
    insta::assert_snapshot!(home.show(&["sla", "-h"]), @r"
    exit 0
    --- stdout
    Look at how available jobs are

    Usage: aurora sla [OPTIONS] <VERB>

    Verbs:
      get-job-uptime     Show for how long given percentages of a job's instances have been running
      get-task-up-count  Show how many percent of a job's instances have been running for given times

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["sla", "get-task-up-count", "-h"]), @r"
    exit 0
    --- stdout
    Show how many percent of a job's instances have been running for given times

    Usage: aurora sla get-task-up-count [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
          --durations <TIME,TIME…>  Times, each in days, hours, minutes and seconds as in 1d2h3m4s
                                    [default: 1m,10m,1h,12h,7d]
      -o, --output <FORM>           Form of the output [default: text] [possible values: text, json]
      -h, --help                    Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora sla get-task-up-count west/www/prod/web
      aurora sla get-task-up-count --durations 30s,1h30m,2d west/www/prod/web
      aurora sla get-task-up-count -o json west/www/prod/web
    ");
    insta::assert_snapshot!(home.show(&["sla", "get-job-uptime", "-h"]), @r"
    exit 0
    --- stdout
    Show for how long given percentages of a job's instances have been running

    Usage: aurora sla get-job-uptime [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
          --percentiles <NUMBER,NUMBER…>  Percentages, each between 0 and 100, both excluded [default:
                                          99,95,90,85,75,60,50,30,10]
      -o, --output <FORM>                 Form of the output [default: text] [possible values: text,
                                          json]
      -h, --help                          Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora sla get-job-uptime west/www/prod/web
      aurora sla get-job-uptime --percentiles 50,99.9 west/www/prod/web
      aurora sla get-job-uptime -o json west/www/prod/web
    ");
}

#[test]
fn restarts() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "restart", "-h"]), @r"
    exit 0
    --- stdout
    Restart instances of a job, a few at a time, and watch that they stay healthy

    Usage: aurora job restart [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, and perhaps the instances to restart, as in
                                           `0,2,5-9`
      [FILE]                               The same as --config

    Options:
          --batch-size <N>
              Restart so many instances in one step, and watch them before the next [default: 1]
          --watch-secs <SECONDS>
              An instance is healthy when it has been running for longer than this [default: 30]
          --restart-threshold <SECONDS>
              An instance has failed when it does not run after this time [default: 60]
          --healthcheck-interval-seconds <SECONDS>
              Look at the instances in intervals of this length [default: 3]
          --max-per-instance-failures <N>
              Restart an instance again when it failed no more often than this; below 0: as often as it
              fails [default: 0]
          --max-total-failures <N>
              Give up when more instances than this have failed too often [default: 0]
          --strict
              Refuse when an instance that is named is not active
          --open-browser
              Open the job's page in the web browser when done
      -o, --output <FORM>
              Form of the output [default: text] [possible values: text, json]
          --config <FILE>
              Job file with the hooks of the job
          --bind <NAME=VALUE>
              Bind a template variable of the job file to a value; may be repeated
          --read-json
              The job file is JSON, not Python
          --hermetic
              Let the job file use nothing but itself and what it includes, so that it gives the same
              jobs everywhere
          --env <NAME[=VALUE]>
              Set an environment variable for the job file, or show it one of yours; may be repeated.
              With `--hermetic`, the file sees no others
          --timeout <SECONDS>
              Give up on a job file that takes longer; 0: no limit [default: 60]
      -h, --help
              Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job restart west/www/prod/web                    all active instances, one after the other
      aurora job restart --batch-size 5 west/www/prod/web/0-49
      aurora job restart --watch-secs 60 --max-total-failures 2 west/www/prod/web
      aurora job restart -o json west/www/prod/web            which are healthy in the end, for programs

    The configuration of the job stays as it is; `aurora update start` changes it. The restart ends when
    the command does.
    ");
}
