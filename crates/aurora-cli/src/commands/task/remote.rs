//! What `run` and `ssh` share: how to get to the machine of a task, and into its sandbox.

use std::collections::BTreeMap;
use std::io;

use aurora_api::ScheduledTask;
use aurora_cluster::SandboxRoot;
use aurora_config::template::RunningTask;
use aurora_jobkey::{JobKey, is_identifier};
use clap::Args;

use crate::exit;
use crate::failure::{Failure, Result};
use crate::ssh::{Cd, Host, Ssh, is_user};

/// How to get there.
#[derive(Args, Debug)]
pub(super) struct SshArgs {
    /// Log in as this user instead of the role of the job
    #[arg(long, short = 'l', value_name = "USER")]
    ssh_user: Option<String>,

    /// Options for ssh, separated by blanks
    #[arg(
        long,
        value_name = "OPTIONS",
        allow_hyphen_values = true,
        default_value = "",
        hide_default_value = true
    )]
    ssh_options: String,

    /// Start in the sandbox of the executor, in which the one of the task lies
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
        let heading = format!("{user:?} is no user that ssh could log in as");
        let failure = Failure::new(exit::INVALID_PARAMETER, heading);
        Err(match self.ssh_user {
            Some(_) => failure,
            None => failure.hint("it is the role of the job; `--ssh-user` names another one"),
        })
    }

    /// The command line that does `command` in the sandbox of a task. `first` and `last` stand before and after the
    /// user's own options.
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
    /// The parts of a scheduler's task that are needed here. What it says becomes part of command lines, so it has to
    /// be what it should be.
    pub(super) fn new(task: ScheduledTask) -> Result<Self> {
        let task = task.assigned_task.unwrap_or_default();
        let id = task.task_id.unwrap_or_default();
        if !is_identifier(&id) {
            return Err(unusable(format!("{id:?} is no id of a task")));
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
                "task {id} is on {host:?}, which is no host name"
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
                format!("The command cannot be used: {error}"),
            )
            .hint("`{{&name}}` stands for the text `{{name}}`")
        })?;
        Ok(done.text)
    }
}

fn unusable(detail: String) -> Failure {
    Failure::new(
        exit::UNKNOWN_ERROR,
        "The scheduler's answer cannot be used:",
    )
    .detail(detail)
}

/// There is no ssh, or no room for another one.
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
    fn nothing_of_a_scheduler_becomes_an_option_or_a_command() {
        let told = |task: Result<RemoteTask>| task.unwrap_err().plain_text();
        insta::assert_snapshot!(told(task("t-0", 0, "-oProxyCommand=id")), @r#"
        The scheduler's answer cannot be used:
        	task t-0 is on "-oProxyCommand=id", which is no host name
        "#);
        insta::assert_snapshot!(told(task("t;id", 0, "h")), @r#"
        The scheduler's answer cannot be used:
        	"t;id" is no id of a task
        "#);
        insta::assert_snapshot!(told(task("t-0", -1, "h")), @r"
        The scheduler's answer cannot be used:
        	task t-0 has no instance number
        ");
        insta::assert_snapshot!(told(RemoteTask::new(ScheduledTask::default())), @r#"
        The scheduler's answer cannot be used:
        	"" is no id of a task
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
        The command cannot be used: ` x ` is not a reference: names joined by dots and [indices] are

        hint: `{{&name}}` stands for the text `{{name}}`
        ");
    }
}
