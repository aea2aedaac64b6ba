//! The help texts about updates, and of `job diff`.

use crate::harness::home;

#[test]
fn verbs_about_updates() {
    let home = home();
    insta::assert_snapshot!(home.show(&["update", "-h"]), @r"
    exit 0
    --- stdout
    Update jobs and control their updates

    Usage: aurora update [OPTIONS] <VERB>

    Verbs:
      start   Update a job to its job file, batch by batch
      info    Show an update and its progress
      list    List the updates of a job, environment, role or cluster
      wait    Wait until an update ends, and report how it ended
      pause   Pause an update; instances already updated stay updated
      resume  Resume a paused update
      abort   Abort an update; all instances stay as they are
      pulse   Send a pulse, which lets a coordinated update continue

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["update", "start", "-h"]), @r"
    exit 0
    --- stdout
    Update a job to its job file, batch by batch

    Usage: aurora update start [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, optionally with instances as in `0,2,5-9`
      <FILE>                               The job file

    Options:
      -m, --message <TEXT>
              Reason, shown with the update
          --wait
              Wait until the update has ended, with the exit codes of `aurora update wait`
          --dry-run
              Only show which instances would be added, removed, updated and kept
      -o, --output <FORMAT>
              Output format [default: text] [possible values: text, json]
          --open-browser
              Accepted for compatibility, without effect
          --strict
              Accepted for compatibility, without effect
          --healthcheck-interval-seconds <N>
              Accepted for compatibility, without effect [default: 3]
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
      aurora update start --dry-run west/www/prod/web web.aurora   a preview
      aurora update start west/www/prod/web web.aurora
      aurora update start --wait -m 'version 1.3' west/www/prod/web web.aurora
      aurora update start west/www/prod/web/0-4 web.aurora         some instances

    The rollout is configured by update_config. `aurora job diff` shows the changes in detail.
    ");
    insta::assert_snapshot!(home.show(&["update", "info", "-h"]), @r"
    exit 0
    --- stdout
    Show an update and its progress

    Usage: aurora update info [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [ID]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job
      [ID]                     Id of the update

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
      aurora update info west/www/prod/web              the active update
      aurora update info west/www/prod/web a1b2c3d4-…   the update with this id
      aurora update info -o json west/www/prod/web      for programs

    `aurora update list` shows the ids of a job's updates.
    ");
    insta::assert_snapshot!(home.show(&["update", "list", "-h"]), @r"
    exit 0
    --- stdout
    List the updates of a job, environment, role or cluster

    Usage: aurora update list [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  Job, environment, role or cluster; trailing parts may be omitted

    Options:
          --status <STATUS>  Show only updates in this state or group of states; may be repeated
                             [possible values: active, inactive, all, blocked, paused, failed,
                             succeeded, ROLLING_FORWARD, ROLLING_BACK, ROLL_FORWARD_PAUSED,
                             ROLL_BACK_PAUSED, ROLLED_FORWARD, ROLLED_BACK, ABORTED, ERROR, FAILED,
                             ROLL_FORWARD_AWAITING_PULSE, ROLL_BACK_AWAITING_PULSE]
          --user <USER>      Show only updates that this user started
          --write-json       Print JSON, as `-o json` does
      -o, --output <FORMAT>  Output format [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update list west                            all updates of a cluster
      aurora update list --status active west/www        active ones of a role
      aurora update list --status failed --user $(whoami) west/www/prod
      aurora update list -o json west/www/prod/web       those of a job, as JSON
    ");
    insta::assert_snapshot!(home.show(&["update", "wait", "-h"]), @r"
    exit 0
    --- stdout
    Wait until an update ends, and report how it ended

    Usage: aurora update wait [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [ID]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job
      [ID]                     Id of the update

    Options:
      -o, --output <FORMAT>  Output format [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update wait west/www/prod/web              the active update
      aurora update wait west/www/prod/web a1b2c3d4-…   the update with this id
      aurora update wait -o json west/www/prod/web      the result as JSON

    Exit codes: 0 if the update rolled forward, 4 if it was rolled back, 20 if it was aborted, failed or
    ended in an error. Ctrl-C stops the wait, not the update.
    ");
    insta::assert_snapshot!(home.show(&["update", "pause", "-h"]), @r"
    exit 0
    --- stdout
    Pause an update; instances already updated stay updated

    Usage: aurora update pause [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
      -m, --message <TEXT>  The reason, kept in the history of the update
      -h, --help            Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update pause west/www/prod/web
      aurora update pause -m 'looking at instance 3' west/www/prod/web

    `aurora update resume` continues the update, `aurora update abort` ends it.
    ");
    insta::assert_snapshot!(home.show(&["update", "resume", "-h"]), @r"
    exit 0
    --- stdout
    Resume a paused update

    Usage: aurora update resume [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
      -m, --message <TEXT>  The reason, kept in the history of the update
      -h, --help            Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update resume west/www/prod/web
      aurora update resume -m 'instance 3 was a bad host' west/www/prod/web
    ");
    insta::assert_snapshot!(home.show(&["update", "abort", "-h"]), @r"
    exit 0
    --- stdout
    Abort an update; all instances stay as they are

    Usage: aurora update abort [OPTIONS] <CLUSTER/ROLE/ENV/NAME>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job

    Options:
      -m, --message <TEXT>  The reason, kept in the history of the update
      -h, --help            Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update abort west/www/prod/web
      aurora update abort -m 'wrong version' west/www/prod/web

    Some instances may already be updated. To roll them back, start an update to the old configuration.
    ");
    insta::assert_snapshot!(home.show(&["update", "pulse", "-h"]), @r"
    exit 0
    --- stdout
    Send a pulse, which lets a coordinated update continue

    Usage: aurora update pulse [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [ID]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job
      [ID]                     Id of the update

    Options:
          --every <SECONDS>  Send a pulse every SECONDS until the update ends
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora update pulse west/www/prod/web              one pulse
      aurora update pulse --every 30 west/www/prod/web   until the update ends

    An update is coordinated if its update_config sets pulse_interval_secs: after that many seconds
    without a pulse, it pauses. Prints the scheduler's reply to each pulse: OK, or FINISHED if the
    update has ended; then the exit code is that of `aurora update wait`.
    ");
    insta::assert_snapshot!(home.show(&["job", "diff", "-h"]), @r"
    exit 0
    --- stdout
    Compare a job file with the running job, and show what an update would do

    Usage: aurora job diff [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, optionally with instances as in `0,2,5-9`
      <FILE>                               The job file

    Options:
          --from <CLUSTER/ROLE/ENV/NAME>  Compare with the instances of this job instead
      -o, --output <FORMAT>               Output format [default: text] [possible values: text, json]
          --bind <NAME=VALUE>             Bind a template variable of the job file to a value; may be
                                          repeated
          --read-json                     Read the job file as JSON, not as Python
          --hermetic                      Evaluate in isolation: no environment variables, files, clock
                                          or network
          --hermetic-root <DIR>           Folder whose files a hermetic job file may import and include
          --env <NAME[=VALUE]>            Set an environment variable for the job file, or pass on your
                                          own; may be repeated. With `--hermetic`, the job file gets no
                                          others
          --timeout <SECONDS>             Time limit for the evaluation of the job file; 0 for no limit
                                          [default: 60]
      -h, --help                          Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job diff west/www/prod/web web.aurora
      aurora job diff west/www/prod/web/0-4 web.aurora         some instances
      aurora job diff --from west/www/staging1/web west/www/prod/web web.aurora
      DIFF_VIEWER='diff -u' aurora job diff west/www/prod/web web.aurora

    $DIFF_VIEWER names a program that compares two files. Without it, the command shows the differences
    itself.
    ");
}
