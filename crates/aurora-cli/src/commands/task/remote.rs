//! What `run` and `ssh` share: the connection to the host and the sandbox of a task.

use std::collections::BTreeMap;
use std::io;

use aurora_api::ScheduledTask;
use aurora_cluster::SandboxRoot;
use aurora_config::RunningTask;
use aurora_jobkey::{JobKey, is_identifier};
use clap::Args;

use crate::exit;
use crate::failure::{Failure, Result};
use crate::ssh::{Cd, Host, Ssh, is_user};

/// The options of the connection.
#[derive(Args, Debug)]
pub(super) struct SshArgs {
    /// User to log in as [default: the role of the job]
    #[arg(long, short = 'l', value_name = "USER")]
    ssh_user: Option<String>,

    /// Options for ssh, separated by spaces
    #[arg(
        long,
        value_name = "OPTIONS",
        allow_hyphen_values = true,
        default_value = "",
        hide_default_value = true
    )]
    ssh_options: String,

    /// Start in the sandbox of the executor, which contains that of the task
    #[arg(long, short)]
    executor_sandbox: bool,
}

impl SshArgs {
    /// The user to log in as.
    pub(super) fn user<'a>(&'a self, job: &'a JobKey) -> Result<&'a str> {
        let user = self.ssh_user.as_deref().unwrap_or(job.role());
        if is_user(user) {
            return Ok(user);
        }
        let heading = format!("{user:?} is not a user name that ssh accepts");
        let failure = Failure::new(exit::INVALID_PARAMETER, heading);
        Err(match self.ssh_user {
            Some(_) => failure,
            None => {
                failure.hint("`--ssh-user USER` logs in as another user than the role of the job")
            }
        })
    }

    /// The command line that runs `command` in the sandbox of a task. The options `first` and `last` are before and
    /// after the user's own options.
    pub(super) fn ssh(
        &self,
        (first, last): (&[&str], Vec<String>),
        user: &str,
        task: &RemoteTask,
        sandboxes: SandboxRoot<'_>,
        command: &str,
    ) -> Result<Ssh> {
        let own = self.ssh_options.split_whitespace();
        let mut options: Vec<String> = first
            .iter()
            .copied()
            .chain(own)
            .map(str::to_owned)
            .collect();
        options.extend(last);
        let folder = if self.executor_sandbox {
            sandboxes.executor(&task.id)
        } else {
            sandboxes.task(&task.id)
        };
        let command = Cd {
            folder: &folder,
            command: &task.fill_in(command)?,
        };
        Ok(Ssh::new(options, user, &task.host, command))
    }
}

/// A task on a host.
#[derive(Debug)]
pub(super) struct RemoteTask {
    pub(super) id: String,
    pub(super) instance: u32,
    pub(super) host: Host,
    ports: BTreeMap<String, i32>,
}

impl RemoteTask {
    /// The parts of a scheduler's task that are needed here. They become parts of command lines, so this checks them.
    pub(super) fn new(task: ScheduledTask) -> Result<Self> {
        let task = task.assigned_task.unwrap_or_default();
        let id = task.task_id.unwrap_or_default();
        if !is_identifier(&id) {
            return Err(unusable(format!("{id:?} is not a task id")));
        }
        let instance = task
            .instance_id
            .and_then(|number| u32::try_from(number).ok());
        let Some(instance) = instance else {
            return Err(unusable(format!("task {id} has no instance number")));
        };
        let host = task.slave_host.unwrap_or_default();
        let Some(host) = Host::new(&host) else {
            return Err(unusable(format!(
                "task {id} is on {host:?}, which is not a host name"
            )));
        };
        Ok(Self {
            id,
            instance,
            host,
            ports: task.assigned_ports.unwrap_or_default(),
        })
    }

    /// The assigned port of that name.
    pub(super) fn port(&self, name: &str) -> Option<u16> {
        let port = *self.ports.get(name)?;
        u16::try_from(port).ok().filter(|port| *port > 0)
    }

    fn fill_in(&self, command: &str) -> Result<String> {
        let task = RunningTask {
            task_id: &self.id,
            instance: self.instance,
            ports: &self.ports,
        };
        let done = task.substitute(command).map_err(|error| {
            Failure::new(
                exit::INVALID_PARAMETER,
                format!("cannot run the command: {error}"),
            )
            .hint("`{{&name}}` becomes the text `{{name}}`")
        })?;
        Ok(done.text)
    }
}

fn unusable(detail: String) -> Failure {
    Failure::new(
        exit::UNKNOWN_ERROR,
        "The reply of the scheduler cannot be used:",
    )
    .detail(detail)
}

/// The failure of an ssh that cannot start: it is missing, or there are too many processes.
pub(super) fn cannot_start(error: &io::Error) -> Failure {
    let failure = Failure::new(exit::COMMAND_FAILURE, format!("cannot run `ssh`: {error}"));
    if error.kind() == io::ErrorKind::NotFound {
        return failure.hint("install OpenSSH's client (Debian: openssh-client)");
    }
    failure
}

#[cfg(test)]
mod tests {
    use aurora_api::AssignedTask;

    use super::*;

    fn task(id: &str, instance: i32, host: &str) -> Result<RemoteTask> {
        RemoteTask::new(ScheduledTask {
            assigned_task: Some(AssignedTask {
                task_id: Some(id.to_owned()),
                instance_id: Some(instance),
                slave_host: Some(host.to_owned()),
                assigned_ports: Some(
                    [("http".to_owned(), 31000), ("odd".to_owned(), 70000)].into(),
                ),
                ..AssignedTask::default()
            }),
            ..ScheduledTask::default()
        })
    }

    #[test]
    fn no_text_of_a_scheduler_becomes_an_option_or_a_command() {
        let message = |task: Result<RemoteTask>| task.unwrap_err().plain_text();
        insta::assert_snapshot!(message(task("t-0", 0, "-oProxyCommand=id")), @r#"
        The reply of the scheduler cannot be used:
        	task t-0 is on "-oProxyCommand=id", which is not a host name
        "#);
        insta::assert_snapshot!(message(task("t;id", 0, "h")), @r#"
        The reply of the scheduler cannot be used:
        	"t;id" is not a task id
        "#);
        insta::assert_snapshot!(message(task("t-0", -1, "h")), @r"
        The reply of the scheduler cannot be used:
        	task t-0 has no instance number
        ");
        insta::assert_snapshot!(message(RemoteTask::new(ScheduledTask::default())), @r#"
        The reply of the scheduler cannot be used:
        	"" is not a task id
        "#);
    }

    #[test]
    fn only_numbers_that_can_be_ports_are() {
        let task = task("t-0", 0, "h").unwrap();
        let port = |name| task.port(name);
        assert_eq!(
            (port("http"), port("odd"), port("none")),
            (Some(31000), None, None)
        );
    }

    #[test]
    fn a_malformed_reference_says_how_braces_are_kept() {
        let task = task("t-0", 0, "h").unwrap();
        insta::assert_snapshot!(task.fill_in("echo {{ x }}").unwrap_err().plain_text(), @r"
        cannot run the command: ` x ` is not a reference; write names joined by dots, and indices in brackets, such as `a.b[0]`

        hint: `{{&name}}` becomes the text `{{name}}`
        ");
    }
}
