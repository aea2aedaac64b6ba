//! The help texts about updates, and of `job diff`.

use crate::harness::home;

#[test]
fn verbs_about_updates() {
    let home = home();
    insta::assert_snapshot!(home.show(&["update", "-h"]), @r"
    exit 0
    --- stdout
    Update jobs, and steer and follow updates

    Usage: aurora update [OPTIONS] <VERB>

    Verbs:
      start   Update a job to what a job file says, some instances at a time
      info    Show an update and what it has done so far
      list    List the updates of a job, environment, role or cluster
      wait    Wait until an update is over, and say how it ended
      pause   Halt an update; what is updated by then stays so
      resume  Let a paused update go on
      abort   End an update for good, and leave all instances as they are
      pulse   Tell a coordinated update that all is well, so that it goes on

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["update", "start", "-h"]), @r"
    exit 0
    --- stdout
    Update a job to what a job file says, some instances at a time

    Usage: aurora update start [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, and instances as in `0,2,5-9` if not all are to be
                                           updated
      <FILE>                               The job file

    Options:
      -m, --message <TEXT>
              Why, for those who look at the update later
          --wait
              Wait until the update is over; the exit codes are those of `aurora update wait`
          --dry-run
              Only show which instances would be added, removed, updated and left alone
      -o, --output <FORM>
              Form of the output [default: text] [possible values: text, json]
          --open-browser
              Accepted for scripts, without effect
          --strict
              Accepted for scripts, without effect
          --healthcheck-interval-seconds <N>
              Accepted for scripts, without effect [default: 3]
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
      aurora update start --dry-run west/www/prod/web web.aurora   what would change
      aurora update start west/www/prod/web web.aurora
      aurora update start --wait -m 'version 1.3' west/www/prod/web web.aurora
      aurora update start west/www/prod/web/0-4 web.aurora         some instances

    How it goes about its work stands in the job's update_config. `aurora job diff` shows what would
    change in detail.
    ");
    insta::assert_snapshot!(home.show(&["update", "info", "-h"]), @r"
    exit 0
    --- stdout
    Show an update and what it has done so far

    Usage: aurora update info [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [ID]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job
      [ID]                     Id of the update

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
      aurora update info west/www/prod/web              the update that is under way
      aurora update info west/www/prod/web a1b2c3d4-…   one update
      aurora update info -o json west/www/prod/web      for programs

    `aurora update list` shows the ids of a job's updates.
    ");
    insta::assert_snapshot!(home.show(&["update", "list", "-h"]), @r"
    exit 0
    --- stdout
    List the updates of a job, environment, role or cluster

    Usage: aurora update list [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  Whose updates; parts may be left out at the end

    Options:
          --status <STATUS>  Only those in this state, or in a state of this group; may be repeated
                             [possible values: active, inactive, all, blocked, paused, failed,
                             succeeded, ROLLING_FORWARD, ROLLING_BACK, ROLL_FORWARD_PAUSED,
                             ROLL_BACK_PAUSED, ROLLED_FORWARD, ROLLED_BACK, ABORTED, ERROR, FAILED,
                             ROLL_FORWARD_AWAITING_PULSE, ROLL_BACK_AWAITING_PULSE]
          --user <USER>      Only those that this user started
          --write-json       Print JSON, as `-o json` does
      -o, --output <FORM>    Form of the output [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update list west                            all updates of a cluster
      aurora update list --status active west/www        those of a role that are under way
      aurora update list --status failed --user alice west/www/prod
      aurora update list -o json west/www/prod/web       those of a job, for programs
    ");
    insta::assert_snapshot!(home.show(&["update", "wait", "-h"]), @r"
    exit 0
    --- stdout
    Wait until an update is over, and say how it ended

    Usage: aurora update wait [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [ID]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job
      [ID]                     Id of the update

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
      aurora update wait west/www/prod/web              the update that is under way
      aurora update wait west/www/prod/web a1b2c3d4-…   one update
      aurora update wait -o json west/www/prod/web      its end as JSON, and all else on standard error

    Exit codes: 0 when all instances are updated, 4 when the update was rolled back, 20 when it was
    aborted, failed or
    ended in an error. Ctrl-C ends the wait, not the update.
    ");
    insta::assert_snapshot!(home.show(&["update", "pause", "-h"]), @r"
    exit 0
    --- stdout
    Halt an update; what is updated by then stays so

    Usage: aurora update pause [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
      -m, --message <TEXT>  Why, for those who look at the update later
      -h, --help            Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update pause west/www/prod/web
      aurora update pause -m 'looking at instance 3' west/www/prod/web

    `aurora update resume` lets it go on, `aurora update abort` ends it for good.
    ");
    insta::assert_snapshot!(home.show(&["update", "resume", "-h"]), @r"
    exit 0
    --- stdout
    Let a paused update go on

    Usage: aurora update resume [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
      -m, --message <TEXT>  Why, for those who look at the update later
      -h, --help            Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update resume west/www/prod/web
      aurora update resume -m 'instance 3 was a bad host' west/www/prod/web
    ");
    insta::assert_snapshot!(home.show(&["update", "abort", "-h"]), @r"
    exit 0
    --- stdout
    End an update for good, and leave all instances as they are

    Usage: aurora update abort [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
      -m, --message <TEXT>  Why, for those who look at the update later
      -h, --help            Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update abort west/www/prod/web
      aurora update abort -m 'wrong version' west/www/prod/web

    Some instances may be updated by then and others not. To put them back, update to the old
    configuration.
    ");
    insta::assert_snapshot!(home.show(&["update", "pulse", "-h"]), @r"
    exit 0
    --- stdout
    Tell a coordinated update that all is well, so that it goes on

    Usage: aurora update pulse [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [ID]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job
      [ID]                     Id of the update

    Options:
          --every <SECONDS>  Pulse again and again, with so many seconds between, until the update is
                             over
      -h, --help             Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update pulse west/www/prod/web              one pulse for the update that is under way
      aurora update pulse --every 30 west/www/prod/web   go on until the update is over

    An update is coordinated when its job sets pulse_interval_secs in update_config: it halts when no
    pulse comes for so
    long. The scheduler's word for each pulse is shown: OK, or FINISHED for an update that is over. Then
    the command ends
    as `aurora update wait` does.
    ");
    insta::assert_snapshot!(home.show(&["job", "diff", "-h"]), @r"
    exit 0
    --- stdout
    Show how a job of a job file differs from the one that runs, and what an update would do

    Usage: aurora job diff [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, and instances as in `0,2,5-9` if not all of them
                                           count
      <FILE>                               The job file

    Options:
          --from <CLUSTER/ROLE/ENV/NAME>  Compare with the instances of this job instead
      -o, --output <FORM>                 Form of the output [default: text] [possible values: text,
                                          json]
          --bind <NAME=VALUE>             Bind a template variable of the job file to a value; may be
                                          repeated
          --read-json                     The job file is JSON, not Python
          --hermetic                      Let the job file use nothing but itself and what it includes,
                                          so that it gives the same jobs everywhere
          --env <NAME[=VALUE]>            Set an environment variable for the job file, or show it one
                                          of yours; may be repeated. With `--hermetic`, the file sees no
                                          others
          --timeout <SECONDS>             Give up on a job file that takes longer; 0: no limit [default:
                                          60]
      -h, --help                          Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job diff west/www/prod/web web.aurora
      aurora job diff west/www/prod/web/0-4 web.aurora                          some instances
      aurora job diff --from west/www/staging1/web west/www/prod/web web.aurora
      DIFF_VIEWER='diff -u' aurora job diff west/www/prod/web web.aurora

    $DIFF_VIEWER is a program that shows the differences of two files. Without it, the command shows
    them by itself.
    ");
}
