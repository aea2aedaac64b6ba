//! The help texts about job files.

use crate::harness::home;

#[test]
fn verbs_about_job_files() {
    let home = home();
    insta::assert_snapshot!(home.show(&["config", "list", "-h"]), @r"
    exit 0
    --- stdout
    List the jobs that a job file defines

    Usage: aurora config list [OPTIONS] <FILE>

    Arguments:
      <FILE>  The job file

    Options:
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
      aurora config list web.aurora
      aurora config list --bind where=test web.aurora
      aurora config list -o json web.aurora   a JSON list of keys
    ");
    insta::assert_snapshot!(home.show(&["config", "check", "-h"]), @r"
    exit 0
    --- stdout
    Check every job of job files and report all problems, without a scheduler

    Usage: aurora config check [OPTIONS] <FILE>...

    Arguments:
      <FILE>...  Job files, and folders with job files

    Options:
      -o, --output <FORMAT>      Output format [default: text] [possible values: text, json, sarif,
                                 github]
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

    A folder stands for its *.aurora files at any depth. What several files print is not shown.

    Exits with 3 if there are errors, and with 0 if there are only warnings or no problems. A file
    without `jobs` is not an error.

    With -o json, standard output is an object with `file`, `problems` of the file as a whole, and
    `jobs`: each with its `key` and its `problems`. A problem has `severity` (`error`, `warning` or
    `note`), `message`, `field`, `file`, `line`, `column`, `hint`, `includes` (the places of the
    `include` calls that led to the file, outermost first) and `notes`; unknown ones are null. With
    several files it is an object with `files`, a list of these objects. With -o sarif, it is a log for
    code scanners; with -o github, commands for a workflow.

    Examples:
      aurora config check web.aurora
      aurora config check --bind where=test web.aurora
      aurora config check jobs/ more/*.aurora
      aurora config check -o json web.aurora | jq '.jobs[].problems[].message'
    ");
    insta::assert_snapshot!(home.show(&["config", "render", "-h"]), @r"
    exit 0
    --- stdout
    Print the jobs of a job file as JSON, with templates resolved, without a scheduler

    Usage: aurora config render [OPTIONS] <FILE> [CLUSTER/ROLE/ENV/NAME]

    Arguments:
      <FILE>                   The job file
      [CLUSTER/ROLE/ENV/NAME]  The job to print [default: all jobs of the file]

    Options:
          --set <NAME=VALUE>     Set values that only a running task has; separated by commas, may be
                                 repeated
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

    With a key, standard output is one object; without a key, a list in the order of the file. Fields
    without a value are omitted.

    --set takes instance, hostname, task_id, user and ports.NAME, or references as in the job file, such
    as mesos.instance or thermos.ports[http]. References that are not set stay unresolved.

    Examples:
      aurora config render web.aurora west/www/prod/web
      aurora config render web.aurora | jq -r '.[].name'
      aurora config render --set instance=3 web.aurora west/www/prod/web
    ");
}
