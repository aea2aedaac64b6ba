//! The help texts about cron jobs, quotas, availability and restarts.

use crate::harness::home;

#[test]
fn verbs_about_cron_jobs() {
    let home = home();
    insta::assert_snapshot!(home.show(&["cron", "-h"]), @r"
    exit 0
    --- stdout
    Work with cron jobs

    Usage: aurora cron [OPTIONS] <VERB>

    Verbs:
      schedule    Schedule a cron job, or replace its schedule and configuration
      deschedule  Remove a cron job; it starts no more runs
      start       Start a run of a cron job now, regardless of its schedule
      show        Show the schedule of a cron job

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["cron", "schedule", "-h"]), @r"
    exit 0
    --- stdout
    Schedule a cron job, or replace its schedule and configuration

    Usage: aurora cron schedule [OPTIONS] <CLUSTER/ROLE/ENV/NAME> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job to schedule
      <FILE>                   The job file

    Options:
          --bind <NAME=VALUE>    Bind a template variable of the job file to a value; may be repeated
          --read-json            Read the job file as JSON, not as Python
          --hermetic             Evaluate in isolation: no environment variables, files, clock or
                                 network
          --hermetic-root <DIR>  Folder whose files a hermetic job file may import and include
          --env <NAME[=VALUE]>   Set an environment variable for the job file, or pass on your own; may
                                 be repeated. With `--hermetic`, the job file gets no others
          --timeout <SECONDS>    Time limit for the evaluation of the job file; 0 for no limit [default:
                                 60]
      -h, --help                 Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron schedule west/www/prod/nightly nightly.aurora
      aurora cron schedule --bind hour=3 west/www/prod/nightly nightly.aurora

    Active runs continue unchanged; `aurora job killall` ends them.
    ");
    insta::assert_snapshot!(home.show(&["cron", "start", "-h"]), @r"
    exit 0
    --- stdout
    Start a run of a cron job now, regardless of its schedule

    Usage: aurora cron start [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The cron job to run
      [FILE]                   Same as --config

    Options:
          --open-browser         Open the job's page in the web browser when done
          --config <FILE>        Job file whose hooks run around the calls
          --bind <NAME=VALUE>    Bind a template variable of the job file to a value; may be repeated
          --read-json            Read the job file as JSON, not as Python
          --hermetic             Evaluate in isolation: no environment variables, files, clock or
                                 network
          --hermetic-root <DIR>  Folder whose files a hermetic job file may import and include
          --env <NAME[=VALUE]>   Set an environment variable for the job file, or pass on your own; may
                                 be repeated. With `--hermetic`, the job file gets no others
          --timeout <SECONDS>    Time limit for the evaluation of the job file; 0 for no limit [default:
                                 60]
      -h, --help                 Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron start west/www/prod/nightly
      aurora cron start --config nightly.aurora west/www/prod/nightly
    ");
    insta::assert_snapshot!(home.show(&["cron", "show", "-h"]), @r"
    exit 0
    --- stdout
    Show the schedule of a cron job

    Usage: aurora cron show [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The cron job

    Options:
      -o, --output <FORMAT>  Output format [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron show west/www/prod/nightly
      aurora cron show -o json west/www/prod/nightly
    ");
    insta::assert_snapshot!(home.show(&["cron", "deschedule", "-h"]), @r"
    exit 0
    --- stdout
    Remove a cron job; it starts no more runs

    Usage: aurora cron deschedule [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The cron job to remove

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora cron deschedule west/www/prod/nightly

    An active run continues; `aurora job killall` ends it.
    ");
}

#[test]
fn verbs_about_quota_and_availability() {
    let home = home();
    insta::assert_snapshot!(home.show(&["quota", "get", "-h"]), @r"
    exit 0
    --- stdout
    Show the quota of a role and the resources that its jobs use

    Usage: aurora quota get [OPTIONS] <CLUSTER/ROLE>

    Arguments:
      <CLUSTER/ROLE>  The cluster and the role

    Options:
          --write-json       Print JSON, as `-o json` does
      -o, --output <FORMAT>  Output format [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora quota get west/www
      aurora quota get -o json west/www   for programs; memory and disk in MiB

    Only production jobs that are not dedicated count against the quota.
    ");
    insta::assert_snapshot!(home.show(&["sla", "-h"]), @r"
    exit 0
    --- stdout
    Show the availability of jobs

    Usage: aurora sla [OPTIONS] <VERB>

    Verbs:
      get-job-uptime     Show how long given percentages of a job's instances have been running
      get-task-up-count  Show the percentage of a job's instances that have been running for given times

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["sla", "get-task-up-count", "-h"]), @r"
    exit 0
    --- stdout
    Show the percentage of a job's instances that have been running for given times

    Usage: aurora sla get-task-up-count [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
          --durations <TIME,TIME…>  Times, each in days, hours, minutes and seconds as in 1d2h3m4s
                                    [default: 1m,10m,1h,12h,7d]
      -o, --output <FORMAT>         Output format [default: text] [possible values: text, json]
      -h, --help                    Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora sla get-task-up-count west/www/prod/web
      aurora sla get-task-up-count --durations 30s,1h30m,2d west/www/prod/web
      aurora sla get-task-up-count -o json west/www/prod/web
    ");
    insta::assert_snapshot!(home.show(&["sla", "get-job-uptime", "-h"]), @r"
    exit 0
    --- stdout
    Show how long given percentages of a job's instances have been running

    Usage: aurora sla get-job-uptime [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
          --percentiles <NUMBER,NUMBER…>  Percentages, each greater than 0 and less than 100 [default:
                                          99,95,90,85,75,60,50,30,10]
      -o, --output <FORMAT>               Output format [default: text] [possible values: text, json]
      -h, --help                          Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
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
    Restart instances of a job in batches, and watch that they stay healthy

    Usage: aurora job restart [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, optionally with instances as in `0,2,5-9`
      [FILE]                               Same as --config

    Options:
          --batch-size <N>
              Instances to restart per batch; each batch is watched before the next [default: 1]
          --watch-secs <SECONDS>
              Time that an instance must stay running to count as healthy [default: 30]
          --restart-threshold <SECONDS>
              Time within which an instance must be running [default: 60]
          --healthcheck-interval-seconds <SECONDS>
              Time between two looks at the instances [default: 3]
          --max-per-instance-failures <N>
              Failures of an instance after which it is restarted again; negative for no limit [default:
              0]
          --max-total-failures <N>
              Stop after more instances than this failed too often [default: 0]
          --strict
              Fail if a named instance is not active
          --open-browser
              Open the job's page in the web browser when done
      -o, --output <FORMAT>
              Output format [default: text] [possible values: text, json]
          --config <FILE>
              Job file whose hooks run around the calls
          --bind <NAME=VALUE>
              Bind a template variable of the job file to a value; may be repeated
          --read-json
              Read the job file as JSON, not as Python
          --hermetic
              Evaluate in isolation: no environment variables, files, clock or network
          --hermetic-root <DIR>
              Folder whose files a hermetic job file may import and include
          --env <NAME[=VALUE]>
              Set an environment variable for the job file, or pass on your own; may be repeated. With
              `--hermetic`, the job file gets no others
          --timeout <SECONDS>
              Time limit for the evaluation of the job file; 0 for no limit [default: 60]
      -h, --help
              Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job restart west/www/prod/web            all instances, one by one
      aurora job restart --batch-size 5 west/www/prod/web/0-49
      aurora job restart --watch-secs 60 --max-total-failures 2 west/www/prod/web
      aurora job restart -o json west/www/prod/web    the result as JSON

    The configuration stays the same; `aurora update start` changes it. The command drives the restart:
    when you stop the command, the restart stops.
    ");
}
