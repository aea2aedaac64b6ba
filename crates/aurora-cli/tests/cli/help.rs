//! Every help text, so that a change of one shows in review.

use crate::harness::home;

#[test]
fn no_arguments_give_the_same_as_h() {
    let home = home();
    assert_eq!(home.show(&[]), home.show(&["-h"]));
    assert_eq!(home.show(&["-h"]), home.show(&["--help"]));
    insta::assert_snapshot!(home.show(&["-h"]), @r"
    exit 0
    --- stdout
    Create, inspect, watch and kill jobs on Apache Aurora clusters

    Usage: aurora [OPTIONS] [NOUN]

    Nouns:
      job         Work with jobs
      cron        Work with jobs that run on a schedule
      quota       Look at the quota of roles
      sla         Look at how available jobs are
      task        Work on the machines that tasks run on
      config      Work with job files
      update      Update jobs, and steer and follow updates
      devcluster  Work with the development cluster of this machine
      completion  Print a script that completes `aurora` in a shell
      help        Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    First steps, with the cluster that always exists:
      aurora job create devcluster/$USER/devel/hello hello.aurora
      aurora job status devcluster/$USER/devel/hello
      aurora job killall devcluster/$USER/devel/hello

    Clusters are read from $AURORA_CONFIG_ROOT/clusters.json (/etc/aurora) and ~/.aurora/clusters.json.

    Exit codes:
        0  success
        1  refused by a fatal check
        2  usage error
        3  invalid configuration, unknown cluster
        4  command failure
        6  invalid parameter, nothing found
        7  no scheduler could be reached
        9  timed out
       10  refused by the scheduler
       20  unreadable answer from the scheduler
       30  authentication error
      130  interrupted
    ");
}

#[test]
fn nouns() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "-h"]), @r"
    exit 0
    --- stdout
    Work with jobs

    Usage: aurora job [OPTIONS] <VERB>

    Verbs:
      create   Create a job from a job file and start its instances
      diff     Show how a job of a job file differs from the one that runs, and what an update would do
      inspect  Check a job of a job file and show its parts; no scheduler is asked
      kill     Kill instances of a job
      killall  Kill all instances of a job
      list     List the keys of jobs that match
      open     Open the page of a job, environment, role or cluster in the web browser
      restart  Restart instances of a job, a few at a time, and watch that they stay healthy
      status   Show the active and the finished instances of a job, or of all jobs that match

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["config", "-h"]), @r"
    exit 0
    --- stdout
    Work with job files

    Usage: aurora config [OPTIONS] <VERB>

    Verbs:
      list    List the jobs that a job file defines
      check   Check every job of a job file, and tell everything that is wrong; no scheduler is asked
      render  Print the jobs of a job file as JSON, templates resolved; no scheduler is asked

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "-h"]), @r"
    exit 0
    --- stdout
    Work with the development cluster of this machine

    Usage: aurora devcluster [OPTIONS] <VERB>

    Verbs:
      start   Start the development cluster; `job create devcluster/…` does so by itself
      stop    Stop the development cluster and the tasks it runs
      status  Say whether the development cluster runs, and where
      logs    Print the log of the development cluster, or what a process of a task wrote

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
}

#[test]
fn verbs() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "create", "-h"]), @r"
    exit 0
    --- stdout
    Create a job from a job file and start its instances

    Usage: aurora job create [OPTIONS] <CLUSTER/ROLE/ENV/NAME> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job to create
      <FILE>                   The job file

    Options:
          --wait-until <STATE>  Return when all instances are in this state; PENDING does not wait
                                [default: PENDING] [possible values: PENDING, RUNNING, FINISHED]
          --open-browser        Open the job's page in the web browser once the job exists
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
      aurora job create devcluster/$USER/devel/hello hello.aurora
      aurora job create --wait-until RUNNING west/www/prod/web web.aurora
      aurora job create --bind version=1.2 west/www/prod/web web.aurora

    The cluster `devcluster` always exists: it runs jobs on this machine and is started when needed.
    ");
    insta::assert_snapshot!(home.show(&["job", "inspect", "-h"]), @r"
    exit 0
    --- stdout
    Check a job of a job file and show its parts; no scheduler is asked

    Usage: aurora job inspect [OPTIONS] <CLUSTER/ROLE/ENV/NAME> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job to show
      <FILE>                   The job file

    Options:
          --raw                 Print the JobConfiguration that the scheduler would be sent
      -o, --output <FORM>       Form of the output [default: text] [possible values: text, json]
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
      aurora job inspect west/www/prod/web web.aurora
      aurora job inspect --bind version=1.2 west/www/prod/web web.aurora
      aurora job inspect -o json west/www/prod/web web.aurora   what the scheduler would be sent
    ");
    insta::assert_snapshot!(home.show(&["job", "kill", "-h"]), @r"
    exit 0
    --- stdout
    Kill instances of a job

    Usage: aurora job kill [OPTIONS] <CLUSTER/ROLE/ENV/NAME/INSTANCES> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME/INSTANCES>  The job and the instances to kill, as in `0,2,5-9`
      [FILE]                             The same as --config

    Options:
          --strict                  Refuse when an instance that is named is not active
          --batch-size <N>          Kill so many instances in one step, and wait for them before the
                                    next [default: 1]
          --max-total-failures <N>  Give up when more instances than this could not be killed in time
                                    [default: 0]
          --no-batching             Kill all instances with one request instead of in batches
          --open-browser            Open the job's page in the web browser when done
          --config <FILE>           Job file with the hooks of the job
          --bind <NAME=VALUE>       Bind a template variable of the job file to a value; may be repeated
          --read-json               The job file is JSON, not Python
          --hermetic                Let the job file use nothing but itself and what it includes, so
                                    that it gives the same jobs everywhere
          --env <NAME[=VALUE]>      Set an environment variable for the job file, or show it one of
                                    yours; may be repeated. With `--hermetic`, the file sees no others
          --timeout <SECONDS>       Give up on a job file that takes longer; 0: no limit [default: 60]
      -h, --help                    Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job kill west/www/prod/web/0             one instance
      aurora job kill west/www/prod/web/0,2,5-9       several, one after the other
      aurora job kill --batch-size 5 west/www/prod/web/0-49

    `aurora job killall` kills all instances.
    ");
    insta::assert_snapshot!(home.show(&["job", "killall", "-h"]), @r"
    exit 0
    --- stdout
    Kill all instances of a job

    Usage: aurora job killall [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job whose instances to kill
      [FILE]                   The same as --config

    Options:
          --batch-size <N>          Kill so many instances in one step, and wait for them before the
                                    next [default: 1]
          --max-total-failures <N>  Give up when more instances than this could not be killed in time
                                    [default: 0]
          --no-batching             Kill all instances with one request instead of in batches
          --open-browser            Open the job's page in the web browser when done
          --config <FILE>           Job file with the hooks of the job
          --bind <NAME=VALUE>       Bind a template variable of the job file to a value; may be repeated
          --read-json               The job file is JSON, not Python
          --hermetic                Let the job file use nothing but itself and what it includes, so
                                    that it gives the same jobs everywhere
          --env <NAME[=VALUE]>      Set an environment variable for the job file, or show it one of
                                    yours; may be repeated. With `--hermetic`, the file sees no others
          --timeout <SECONDS>       Give up on a job file that takes longer; 0: no limit [default: 60]
      -h, --help                    Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job killall west/www/prod/web                one instance after the other
      aurora job killall --no-batching west/www/prod/web  all at once
    ");
    insta::assert_snapshot!(home.show(&["job", "list", "-h"]), @r"
    exit 0
    --- stdout
    List the keys of jobs that match

    Usage: aurora job list [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  Job key; parts may be left out at the end or hold the wildcards
                                     `*`, `?` and `[…]`

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
      aurora job list west/www             all jobs of one role
      aurora job list 'west/*/prod/web-*'  jobs of any role by environment and name
      aurora job list '*'                  all jobs of all known clusters
      aurora job list -o json west/www     a JSON list of keys

    A key without wildcards is printed as it is; nobody is asked whether the job exists.
    ");
    insta::assert_snapshot!(home.show(&["job", "open", "-h"]), @r"
    exit 0
    --- stdout
    Open the page of a job, environment, role or cluster in the web browser

    Usage: aurora job open [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  What to open; parts may be left out at the end

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job open west/www/prod/web   the job's page
      aurora job open west                the scheduler's front page

    The browser is $BROWSER, else the system's. Without a browser the address is printed instead.
    ");
    insta::assert_snapshot!(home.show(&["job", "status", "-h"]), @r"
    exit 0
    --- stdout
    Show the active and the finished instances of a job, or of all jobs that match

    Usage: aurora job status [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  Job key; parts may be left out at the end or hold the wildcards
                                     `*`, `?` and `[…]`

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
      aurora job status west/www/prod/web
      aurora job status 'west/www/*/web'         all environments of one role
      aurora job status -o json west/www         everything of one role, for programs
    ");
    insta::assert_snapshot!(home.show(&["config", "list", "-h"]), @r"
    exit 0
    --- stdout
    List the jobs that a job file defines

    Usage: aurora config list [OPTIONS] <FILE>

    Arguments:
      <FILE>  The job file

    Options:
      -o, --output <FORM>       Form of the output [default: text] [possible values: text, json]
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
      aurora config list web.aurora
      aurora config list --bind where=test web.aurora
      aurora config list -o json web.aurora   a JSON list of keys
    ");
    insta::assert_snapshot!(home.show(&["config", "check", "-h"]), @r"
    exit 0
    --- stdout
    Check every job of a job file, and tell everything that is wrong; no scheduler is asked

    Usage: aurora config check [OPTIONS] <FILE>

    Arguments:
      <FILE>  The job file

    Options:
      -o, --output <FORM>       Form of the output [default: text] [possible values: text, json]
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

    Ends with 3 if a job could not be created, with 0 if all could, also with warnings.

    With -o json, standard output is an object with `file`, `problems` of the file as a whole,
    and `jobs`: each with its `key` and its `problems`. A problem has `severity` (`error` or
    `warning`), `message`, `field`, `file`, `line`, `column` and `hint`; what is not known is null.

    Examples:
      aurora config check web.aurora
      aurora config check --bind where=test web.aurora
      aurora config check -o json web.aurora | jq '.jobs[].problems[].message'
    ");
    insta::assert_snapshot!(home.show(&["config", "render", "-h"]), @r"
    exit 0
    --- stdout
    Print the jobs of a job file as JSON, templates resolved; no scheduler is asked

    Usage: aurora config render [OPTIONS] <FILE> [CLUSTER/ROLE/ENV/NAME]

    Arguments:
      <FILE>                   The job file
      [CLUSTER/ROLE/ENV/NAME]  The job to print; all of the file if left out

    Options:
          --set <NAME=VALUE>    Fill in what only a running task has; several by commas, may be repeated
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

    With a key, standard output is one object; without, always a list, in the order of the file.
    Fields without a value are left out.

    --set takes instance, hostname, task_id, user and ports.NAME, or the references that stand in the
    file, such as mesos.instance or thermos.ports[http]. What it does not set stays as it is.

    Examples:
      aurora config render web.aurora west/www/prod/web
      aurora config render web.aurora | jq -r '.[].name'
      aurora config render --set instance=3,ports.http=31000 web.aurora west/www/prod/web
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "start", "-h"]), @r"
    exit 0
    --- stdout
    Start the development cluster; `job create devcluster/…` does so by itself

    Usage: aurora devcluster start [OPTIONS]

    Options:
      -p, --port <PORT>  Port on 127.0.0.1 [default: 8081, or a free one]
          --foreground   Stay in the foreground and write the log to standard error
      -h, --help         Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster start
      aurora devcluster start --port 9090
      aurora devcluster start --foreground   until Ctrl-C, with the log on the terminal

    State, sandboxes and the log are kept in $AURORA_DEVCLUSTER_DIR, else in the XDG data folder.
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "stop", "-h"]), @r"
    exit 0
    --- stdout
    Stop the development cluster and the tasks it runs

    Usage: aurora devcluster stop [OPTIONS]

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster stop

    Jobs are kept: the next start runs them again.
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "status", "-h"]), @r"
    exit 0
    --- stdout
    Say whether the development cluster runs, and where

    Usage: aurora devcluster status [OPTIONS]

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
      aurora devcluster status
      aurora devcluster status -o json

    The exit code is 0 when it runs and 7 when it does not.
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "logs", "-h"]), @r"
    exit 0
    --- stdout
    Print the log of the development cluster, or what a process of a task wrote

    Usage: aurora devcluster logs [OPTIONS] [CLUSTER/ROLE/ENV/NAME/INSTANCE] [PROCESS]

    Arguments:
      [CLUSTER/ROLE/ENV/NAME/INSTANCE]  The task, by job and instance
      [PROCESS]                         The process of the task; not needed when there is only one

    Options:
          --stderr     Standard error of the process instead of standard output
      -f, --follow     Go on with what is written from now on, until Ctrl-C
      -n, --lines <N>  Begin with the last N lines instead of the first
      -h, --help       Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster logs                                      the scheduler's log
      aurora devcluster logs -n 20 -f                             its last 20 lines, then whatever comes
      aurora devcluster logs devcluster/$USER/devel/hello/0       standard output of a task's only
      process
      aurora devcluster logs devcluster/$USER/devel/web/0 server --stderr
    ");
}
