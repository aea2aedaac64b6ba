//! The help texts about the machines of tasks.

use crate::harness::home;

#[test]
fn verbs_about_machines() {
    let home = home();
    insta::assert_snapshot!(home.show(&["task", "-h"]), @r"
    exit 0
    --- stdout
    Work on the machines that tasks run on

    Usage: aurora task [OPTIONS] <VERB>

    Verbs:
      run  Run a command on the machine of each instance of a job, in the sandbox of its task
      ssh  Log in to the machine of a task, in the task's sandbox

    Options:
      -h, --help  Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]
    ");
    insta::assert_snapshot!(home.show(&["task", "run", "-h"]), @r"
    exit 0
    --- stdout
    Run a command on the machine of each instance of a job, in the sandbox of its task

    Usage: aurora task run [OPTIONS] <CLUSTER/ROLE/ENV/NAME[/INSTANCES]> <COMMAND>...

    Arguments:
      <CLUSTER/ROLE/ENV/NAME[/INSTANCES]>  The job; the instances, as in `0,2,5-9`, or all
      <COMMAND>...                         The command for the shell of the remote machine; several
                                           words are joined by blanks

    Options:
      -t, --threads <N>            Run on so many instances at once [default: 1]
      -l, --ssh-user <USER>        Log in as this user instead of the role of the job
          --ssh-options <OPTIONS>  Options for ssh, separated by blanks
      -e, --executor-sandbox       Start in the sandbox of the executor, in which the one of the task
                                   lies
      -h, --help                   Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora task run west/www/prod/web 'ls -l'
      aurora task run -t 5 west/www/prod/web/0-9 -- uptime
      aurora task run west/www/prod/web 'curl -s localhost:{{thermos.ports[http]}}/vars | grep uptime'
      aurora task run -l root --ssh-options='-p 2222 -A' west/www/prod/web/0 df -h .

    In the command, {{thermos.task_id}}, {{thermos.ports[NAME]}} and {{mesos.instance}} stand for those
    of each task.
    What it prints, to either stream, comes when it has ended, each line after `HOST:`.
    ");
    insta::assert_snapshot!(home.show(&["task", "ssh", "-h"]), @r"
    exit 0
    --- stdout
    Log in to the machine of a task, in the task's sandbox

    Usage: aurora task ssh [OPTIONS] <CLUSTER/ROLE/ENV/NAME/INSTANCE> [INSTANCE]

    Arguments:
      <CLUSTER/ROLE/ENV/NAME/INSTANCE>  The job and the instance; the instance may stand on its own
      [INSTANCE]                        The instance, if it is not part of the key

    Options:
      -c, --command <COMMAND>      Run this command instead of a shell
      -L, --tunnels <PORT:NAME>    Let a port of this machine lead to a port of the task, by its name;
                                   may be repeated
      -l, --ssh-user <USER>        Log in as this user instead of the role of the job
          --ssh-options <OPTIONS>  Options for ssh, separated by blanks
      -e, --executor-sandbox       Start in the sandbox of the executor, in which the one of the task
                                   lies
      -h, --help                   Print help

    Global options:
      -v, --verbose             Say in detail what the client does
          --skip-hooks <HOOKS>  Skip these command hooks, or `all`; none are built in
          --compat <MODE>       Follow what is `documented` for 0.12.0 or what was `released` [env:
                                AURORA_COMPAT]
          --color <WHEN>        Colour the output: `auto`, `always` or `never` [env: NO_COLOR]

    Examples:
      aurora task ssh west/www/prod/web/0                     a shell
      aurora task ssh west/www/prod/web 0                     the same
      aurora task ssh -c 'tail -f stdout' west/www/prod/web/0
      aurora task ssh -L 8080:http west/www/prod/web/0        its port `http` as localhost:8080
      aurora task ssh -l root --ssh-options='-p 2222 -A' west/www/prod/web/0

    In a command, {{thermos.task_id}}, {{thermos.ports[NAME]}} and {{mesos.instance}} stand for those of
    the task.
    The exit code is that of ssh, which is the one of the command, or 255 when ssh cannot connect.
    ");
}

#[test]
fn a_task_has_one_instance() {
    let home = home();
    insta::assert_snapshot!(home.show(&["task", "ssh", "west/www/prod/web"]), @r"
    exit 2
    --- stderr
    `west/www/prod/web` names no task: instance is missing: expected CLUSTER/ROLE/ENV/NAME/INSTANCE
    ");
    insta::assert_snapshot!(home.show(&["task", "ssh", "west/www/prod/web/0", "1"]), @r"
    exit 2
    --- stderr
    `west/www/prod/web/0/1` names no task: too many parts: expected CLUSTER/ROLE/ENV/NAME/INSTANCE
    ");
    insta::assert_snapshot!(home.show(&["task", "ssh", "west/www/prod/web", "0-3"]), @r"
    exit 2
    --- stderr
    `west/www/prod/web/0-3` names no task: `0-3` is not an instance number: expected one number such as `7`
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
