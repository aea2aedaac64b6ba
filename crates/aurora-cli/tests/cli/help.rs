//! Every help text, so that a change of one shows in review. It is long because each is shown whole.

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
      cron        Work with cron jobs
      quota       Show the quota of roles
      sla         Show the availability of jobs
      task        Work on the hosts of tasks
      config      Work with job files
      update      Update jobs and control their updates
      devcluster  Run a development cluster on this machine
      completion  Print the completion script for a shell
      help        Print this message or the help of the given subcommand(s)

    Options:
      -h, --help     Print help
      -V, --version  Print version

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    First steps, on the cluster of this machine:
      aurora job create devcluster/$(whoami)/devel/hello hello.aurora
      aurora job status devcluster/$(whoami)/devel/hello
      aurora job killall devcluster/$(whoami)/devel/hello

    Clusters are read from $AURORA_CONFIG_ROOT/clusters.json (/etc/aurora) and ~/.aurora/clusters.json.

    Exit codes:
        0  success
        1  refused by a fatal check or by a hook
        2  usage error
        3  invalid configuration, unknown cluster
        4  command failure
        6  invalid parameter, nothing found
        7  no scheduler could be reached
        9  timed out
       10  refused by the scheduler
       20  update aborted or failed; unreadable reply of the scheduler
       30  authentication failed
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
      diff     Compare a job file with the running job, and show what an update would do
      inspect  Check a job of a job file and show its parts, without a scheduler
      kill     Kill instances of a job
      killall  Kill all instances of a job
      list     List the keys of matching jobs
      open     Open the page of a job, environment, role or cluster in the web browser
      restart  Restart instances of a job in batches, and watch that they stay healthy
      status   Show the active and the ended tasks of matching jobs

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["config", "-h"]), @r"
    exit 0
    --- stdout
    Work with job files

    Usage: aurora config [OPTIONS] <VERB>

    Verbs:
      list    List the jobs that a job file defines
      check   Check every job of job files and report all problems, without a scheduler
      render  Print the jobs of a job file as JSON, with templates resolved, without a scheduler

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "-h"]), @r"
    exit 0
    --- stdout
    Run a development cluster on this machine

    Usage: aurora devcluster [OPTIONS] <VERB>

    Verbs:
      start   Start the development cluster; `job create devcluster/…` does so when needed
      stop    Stop the development cluster and the tasks it runs
      status  Show whether the development cluster runs, and its address
      logs    Print the log of the development cluster, or the output of a process

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
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
          --wait-until <STATE>   Wait until all instances are in this state; PENDING does not wait
                                 [default: PENDING] [possible values: PENDING, RUNNING, FINISHED]
          --open-browser         Open the job's page in the web browser once the job exists
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
      aurora job create devcluster/$(whoami)/devel/hello hello.aurora
      aurora job create --wait-until RUNNING west/www/prod/web web.aurora
      aurora job create --bind version=1.2 west/www/prod/web web.aurora

    The cluster `devcluster` is built in: it runs jobs on this machine, and starts the first time you
    create one.
    ");
    insta::assert_snapshot!(home.show(&["job", "inspect", "-h"]), @r"
    exit 0
    --- stdout
    Check a job of a job file and show its parts, without a scheduler

    Usage: aurora job inspect [OPTIONS] <CLUSTER/ROLE/ENV/NAME> <FILE>

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job to show
      <FILE>                   The job file

    Options:
          --raw                  Print the JobConfiguration that the scheduler would receive
      -o, --output <FORMAT>      Output format [default: text] [possible values: text, json]
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
      aurora job inspect west/www/prod/web web.aurora
      aurora job inspect --bind version=1.2 west/www/prod/web web.aurora
      aurora job inspect -o json west/www/prod/web web.aurora
    ");
    insta::assert_snapshot!(home.show(&["job", "kill", "-h"]), @r"
    exit 0
    --- stdout
    Kill instances of a job

    Usage: aurora job kill [OPTIONS] <CLUSTER/ROLE/ENV/NAME/INSTANCES> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME/INSTANCES>  The job and the instances to kill, as in `0,2,5-9`
      [FILE]                             Same as --config

    Options:
          --strict                  Fail if a named instance is not active
          --batch-size <N>          Instances to kill per batch; each batch is waited for [default: 1]
          --max-total-failures <N>  Stop after more instances than this were not killed in time
                                    [default: 0]
          --no-batching             Kill all instances with one request instead of in batches
          --open-browser            Open the job's page in the web browser when done
          --config <FILE>           Job file whose hooks run around the calls
          --bind <NAME=VALUE>       Bind a template variable of the job file to a value; may be repeated
          --read-json               Read the job file as JSON, not as Python
          --hermetic                Evaluate in isolation: no environment variables, files, clock or
                                    network
          --hermetic-root <DIR>     Folder whose files a hermetic job file may import and include
          --env <NAME[=VALUE]>      Set an environment variable for the job file, or pass on your own;
                                    may be repeated. With `--hermetic`, the job file gets no others
          --timeout <SECONDS>       Time limit for the evaluation of the job file; 0 for no limit
                                    [default: 60]
      -h, --help                    Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job kill west/www/prod/web/0             one instance
      aurora job kill west/www/prod/web/0,2,5-9       several, one by one
      aurora job kill --batch-size 5 west/www/prod/web/0-49

    `aurora job killall` kills all instances.
    ");
    insta::assert_snapshot!(home.show(&["job", "killall", "-h"]), @r"
    exit 0
    --- stdout
    Kill all instances of a job

    Usage: aurora job killall [OPTIONS] <CLUSTER/ROLE/ENV/NAME> [FILE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME>  The job to kill
      [FILE]                   Same as --config

    Options:
          --batch-size <N>          Instances to kill per batch; each batch is waited for [default: 1]
          --max-total-failures <N>  Stop after more instances than this were not killed in time
                                    [default: 0]
          --no-batching             Kill all instances with one request instead of in batches
          --open-browser            Open the job's page in the web browser when done
          --config <FILE>           Job file whose hooks run around the calls
          --bind <NAME=VALUE>       Bind a template variable of the job file to a value; may be repeated
          --read-json               Read the job file as JSON, not as Python
          --hermetic                Evaluate in isolation: no environment variables, files, clock or
                                    network
          --hermetic-root <DIR>     Folder whose files a hermetic job file may import and include
          --env <NAME[=VALUE]>      Set an environment variable for the job file, or pass on your own;
                                    may be repeated. With `--hermetic`, the job file gets no others
          --timeout <SECONDS>       Time limit for the evaluation of the job file; 0 for no limit
                                    [default: 60]
      -h, --help                    Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job killall west/www/prod/web                one instance at a time
      aurora job killall --no-batching west/www/prod/web  all at once
    ");
    insta::assert_snapshot!(home.show(&["job", "list", "-h"]), @r"
    exit 0
    --- stdout
    List the keys of matching jobs

    Usage: aurora job list [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  Job key; trailing parts may be omitted, and parts may contain the
                                     wildcards `*`, `?` and `[…]`

    Options:
      -o, --output <FORMAT>  Output format [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job list west/www             all jobs of one role
      aurora job list 'west/*/prod/web-*'  jobs of any role by environment and name
      aurora job list '*'                  all jobs of all known clusters
      aurora job list -o json west/www     a JSON list of keys

    A complete key without wildcards is printed as it is, without asking the scheduler.
    ");
    insta::assert_snapshot!(home.show(&["job", "open", "-h"]), @r"
    exit 0
    --- stdout
    Open the page of a job, environment, role or cluster in the web browser

    Usage: aurora job open [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  The page to open; trailing parts may be omitted

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora job open west/www/prod/web   the job's page
      aurora job open west                the scheduler's front page

    Uses $BROWSER, else the system's browser. Without a browser, the address is printed.
    ");
    insta::assert_snapshot!(home.show(&["job", "status", "-h"]), @r"
    exit 0
    --- stdout
    Show the active and the ended tasks of matching jobs

    Usage: aurora job status [OPTIONS] <CLUSTER[/ROLE[/ENV[/NAME]]]>

    Arguments:
      <CLUSTER[/ROLE[/ENV[/NAME]]]>  Job key; trailing parts may be omitted, and parts may contain the
                                     wildcards `*`, `?` and `[…]`

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
      aurora job status west/www/prod/web
      aurora job status 'west/www/*/web'         all environments of a role
      aurora job status -o json west/www         all jobs of a role, as JSON
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "start", "-h"]), @r"
    exit 0
    --- stdout
    Start the development cluster; `job create devcluster/…` does so when needed

    Usage: aurora devcluster start [OPTIONS]

    Options:
      -p, --port <PORT>  Port on 127.0.0.1 [default: 8081, or a free one]
          --foreground   Stay in the foreground and write the log to standard error
      -h, --help         Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster start
      aurora devcluster start --port 9090
      aurora devcluster start --foreground   until Ctrl-C, with its log

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
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster stop

    Jobs are kept, and run again at the next start.
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "status", "-h"]), @r"
    exit 0
    --- stdout
    Show whether the development cluster runs, and its address

    Usage: aurora devcluster status [OPTIONS]

    Options:
      -o, --output <FORMAT>  Output format [default: text] [possible values: text, json]
      -h, --help             Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster status
      aurora devcluster status -o json

    The exit code is 0 if it runs and 7 if it does not.
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "logs", "-h"]), @r"
    exit 0
    --- stdout
    Print the log of the development cluster, or the output of a process

    Usage: aurora devcluster logs [OPTIONS] [CLUSTER/ROLE/ENV/NAME/INSTANCE] [PROCESS]

    Arguments:
      [CLUSTER/ROLE/ENV/NAME/INSTANCE]  The task, by job and instance
      [PROCESS]                         The process; may be omitted if the task has only one

    Options:
          --stderr     Print standard error of the process instead of standard output
      -f, --follow     Print new lines as they come, until Ctrl-C
      -n, --lines <N>  Print only the last N lines
      -h, --help       Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora devcluster logs                                  the scheduler's log
      aurora devcluster logs -n 20 -f                         its end, as it grows
      aurora devcluster logs devcluster/$(whoami)/devel/hello/0   output of a task
      aurora devcluster logs --stderr devcluster/$(whoami)/devel/web/0 server
    ");
}
