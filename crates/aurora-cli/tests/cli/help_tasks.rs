//! The help texts about the machines of tasks.

use crate::harness::home;

#[test]
fn verbs_about_machines() {
    let home = home();
    insta::assert_snapshot!(home.show(&["task", "-h"]), @r"
    exit 0
    --- stdout
    Work on the hosts of tasks

    Usage: aurora task [OPTIONS] <VERB>

    Verbs:
      run  Run a command on the hosts of a job's instances, in the sandbox of each task
      ssh  Open a shell on the host of a task, in the sandbox of the task

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["task", "run", "-h"]), @r"
    exit 0
    --- stdout
    Run a command on the hosts of a job's instances, in the sandbox of each task

    Usage: aurora task run [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <COMMAND>...

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job, optionally with instances as in `0,2,5-9`
      <COMMAND>...                         The command for the remote shell; several words are joined
                                           with spaces

    Options:
      -t, --threads <N>            Number of instances to run on in parallel [default: 1]
      -l, --ssh-user <USER>        User to log in as [default: the role of the job]
          --ssh-options <OPTIONS>  Options for ssh, separated by spaces
      -e, --executor-sandbox       Start in the sandbox of the executor, which contains that of the task
      -h, --help                   Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora task run west/www/prod/web 'ls -l'
      aurora task run -t 5 west/www/prod/web/0-9 -- uptime
      aurora task run west/www/prod/web 'curl localhost:{{thermos.ports[http]}}/'
      aurora task run -l root --ssh-options='-p 2222' west/www/prod/web/0 df -h .

    In the command, {{thermos.task_id}}, {{thermos.ports[NAME]}} and {{mesos.instance}} are replaced by
    those of each task. The output and errors of a host are printed when its command has ended, each
    line with the prefix `HOST:`.
    ");
    insta::assert_snapshot!(home.show(&["task", "ssh", "-h"]), @r"
    exit 0
    --- stdout
    Open a shell on the host of a task, in the sandbox of the task

    Usage: aurora task ssh [OPTIONS] <CLUSTER/ROLE/ENV/NAME/INSTANCE> [INSTANCE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME/INSTANCE>  The job and the instance; the instance may be a separate
                                        argument
      [INSTANCE]                        The instance, if the key does not contain it

    Options:
      -c, --command <COMMAND>      Run this command instead of a shell
      -L, --tunnels <PORT:NAME>    Forward a local port to the task's port of that name; may be repeated
      -l, --ssh-user <USER>        User to log in as [default: the role of the job]
          --ssh-options <OPTIONS>  Options for ssh, separated by spaces
      -e, --executor-sandbox       Start in the sandbox of the executor, which contains that of the task
      -h, --help                   Print help

    Global options:
      -v, --verbose             Verbose output
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Behave as 0.12.0 was `documented` or `released` [env: AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora task ssh west/www/prod/web/0                     a shell
      aurora task ssh west/www/prod/web 0                     the same
      aurora task ssh -c 'tail -f stdout' west/www/prod/web/0
      aurora task ssh -L 8080:http west/www/prod/web/0        with a tunnel
      aurora task ssh -l root --ssh-options='-p 2222 -A' west/www/prod/web/0

    In the command, {{thermos.task_id}}, {{thermos.ports[NAME]}} and {{mesos.instance}} are replaced by
    the task's. The exit code is that of the command, or 255 if ssh cannot connect.
    ");
}

#[test]
fn a_task_has_one_instance() {
    let home = home();
    insta::assert_snapshot!(home.show(&["task", "ssh", "west/www/prod/web"]), @r"
    exit 2
    --- stderr
    `west/www/prod/web` is not the key of a task: instance is missing: expected CLUSTER/ROLE/ENV/NAME/INSTANCE
    ");
    insta::assert_snapshot!(home.show(&["task", "ssh", "west/www/prod/web/0", "1"]), @r"
    exit 2
    --- stderr
    `west/www/prod/web/0/1` is not the key of a task: too many parts: expected CLUSTER/ROLE/ENV/NAME/INSTANCE
    ");
    insta::assert_snapshot!(home.show(&["task", "ssh", "west/www/prod/web", "0-3"]), @r"
    exit 2
    --- stderr
    `west/www/prod/web/0-3` is not the key of a task: `0-3` is not an instance number: expected one number such as `7`
    ");
}

#[test]
fn a_command_is_needed_and_at_least_one_thread() {
    let home = home();
    insta::assert_snapshot!(home.show(&["task", "run", "west/www/prod/web"]), @r"
    exit 2
    --- stderr
    error: the following required arguments were not provided:
      <COMMAND>...

    Usage: aurora task run <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <COMMAND>...

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(home.show(&["task", "run", "-t0", "west/www/prod/web", "id"]), @r"
    exit 2
    --- stderr
    error: invalid value '0' for '--threads <N>': 0 is not in 1..=4294967295

    For more information, try '--help'.
    ");
}
