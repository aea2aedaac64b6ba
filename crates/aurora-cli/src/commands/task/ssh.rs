//! `aurora task ssh`: a shell on the host of a task.

use std::os::unix::process::ExitStatusExt;

use aurora_jobkey::{InstanceSet, TaskInstanceKey};
use aurora_rpc::operations;
use clap::Args;

use super::remote::{RemoteTask, SshArgs, cannot_start};
use crate::commands::log_message;
use crate::context::Context;
use crate::environment::Environment;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::suggestions::user_hint;

/// Open a shell on the host of a task, in the sandbox of the task
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora task ssh west/www/prod/web/0                     a shell
  aurora task ssh west/www/prod/web 0                     the same
  aurora task ssh -c 'tail -f stdout' west/www/prod/web/0
  aurora task ssh -L 8080:http west/www/prod/web/0        with a tunnel
  aurora task ssh -l root --ssh-options='-p 2222 -A' west/www/prod/web/0

In the command, {{thermos.task_id}}, {{thermos.ports[NAME]}} and {{mesos.instance}} are replaced by the task's. \
The exit code is that of the command, or 255 if ssh cannot connect.")]
pub(crate) struct SshTaskArgs {
    /// The job and the instance; the instance may be a separate argument
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME/INSTANCE")]
    key: String,

    /// The instance, if the key does not contain it
    #[arg(value_name = "INSTANCE")]
    instance: Option<String>,

    /// Run this command instead of a shell
    #[arg(long, short, value_name = "COMMAND")]
    command: Option<String>,

    /// Forward a local port to the task's port of that name; may be repeated
    #[arg(long, short = 'L', value_name = "PORT:NAME")]
    tunnels: Vec<String>,

    #[command(flatten)]
    ssh: SshArgs,
}

pub(crate) fn run(args: SshTaskArgs, context: &Context) -> Result<()> {
    let (job, instance) = args.task(&context.environment)?.into_parts();
    let target = context.target(job.cluster())?;
    let client = context.client(&target)?;
    let user = args.ssh.user(&job)?;
    let one: InstanceSet = [instance].into_iter().collect();
    let answer = context.block_on(async {
        operations::live_tasks(&client, &job, Some(&one))
            .await
            .map_err(|error| {
                let said = error.rejection().map(|(_, messages)| messages.join(", "));
                let heading = "Unable to get information about instance:";
                let heading = format!("{heading} {}", said.unwrap_or_default());
                refusal(error, &heading, exit::API_ERROR)
            })
    })?;
    log_message(&answer);
    let Some(task) = answer.value.into_iter().next() else {
        let heading = format!("Job {job} not found");
        return Err(Failure::new(exit::INVALID_PARAMETER, heading).hint(format!(
            "`aurora job status {job}` shows the instances that run"
        )));
    };
    let task = RemoteTask::new(task)?;
    let tunnels = args.tunnels.iter().map(|text| forward(text, &task));
    let mut forwards = Vec::new();
    for tunnel in tunnels {
        forwards.extend(["-L".to_owned(), tunnel?]);
    }
    let sandboxes = target.cluster.sandbox_root()?;
    let command = args.command.as_deref().unwrap_or("bash");
    let ssh = args
        .ssh
        .ssh((&["-t"], forwards), user, &task, sandboxes, command)?;
    let status = ssh.attach().map_err(|error| cannot_start(&error))?;
    let code = match (status.code(), status.signal()) {
        (Some(code), _) => code,
        // The exit code that shells use.
        (None, signal) => 128 + signal.unwrap_or_default(),
    };
    match u8::try_from(code).unwrap_or(exit::COMMAND_FAILURE) {
        exit::SUCCESS => Ok(()),
        // The terminal already shows why.
        code => Err(Failure::new(code, "").announced()),
    }
}

impl SshTaskArgs {
    fn task(&self, environment: &Environment) -> Result<TaskInstanceKey> {
        let text = match &self.instance {
            None => self.key.clone(),
            Some(instance) => format!("{}/{instance}", self.key),
        };
        text.parse().map_err(|error| {
            let heading = format!("`{text}` is not the key of a task: {error}");
            Failure::new(exit::USAGE, heading).hints(user_hint(&text, environment))
        })
    }
}

/// The tunnel `PORT:NAME` as an argument of ssh.
fn forward(tunnel: &str, task: &RemoteTask) -> Result<String> {
    let parsed = tunnel.split_once(':').and_then(|(port, name)| {
        let port: u16 = port.trim().parse().ok()?;
        (port > 0).then_some((port, name))
    });
    let Some((local, name)) = parsed else {
        let heading = format!("Could not parse tunnel: {tunnel}.  Must be of form PORT:NAME");
        return Err(Failure::new(exit::INVALID_PARAMETER, heading));
    };
    let Some(remote) = task.port(name) else {
        let heading = format!("Task {} has no port named {name}", task.id);
        return Err(Failure::new(exit::INVALID_PARAMETER, heading));
    };
    Ok(task.host.forward(local, remote))
}
