//! `aurora task run`: a command on the hosts of all instances.

use std::cell::RefCell;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use aurora_jobkey::{InstanceKey, InstanceSet, JobKey};
use aurora_rpc::{Error, operations};
use clap::Args;
use tokio::task::JoinSet;

use super::remote::{RemoteTask, SshArgs, cannot_start};
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::python_text::{python_instances, python_list};
use crate::ssh::{Ended, Host, OWN_FAILURE, Ssh};
use crate::target::Target;

/// Run a command on the hosts of a job's instances, in the sandbox of each task
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora task run west/www/prod/web 'ls -l'
  aurora task run -t 5 west/www/prod/web/0-9 -- uptime
  aurora task run west/www/prod/web 'curl localhost:{{thermos.ports[http]}}/'
  aurora task run -l root --ssh-options='-p 2222' west/www/prod/web/0 df -h .

In the command, {{thermos.task_id}}, {{thermos.ports[NAME]}} and {{mesos.instance}} are replaced by those of each \
task. The output and errors of a host are printed when its command has ended, each line with the prefix `HOST:`.")]
pub(crate) struct RunArgs {
    /// The job, optionally with instances as in `0,2,5-9`
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME[/INSTANCES]")]
    key: InstanceKey,

    /// The command for the remote shell; several words are joined with spaces
    #[arg(value_name = "COMMAND", required = true)]
    command: Vec<String>,

    /// Number of instances to run on in parallel
    #[arg(long, short, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    threads: u32,

    #[command(flatten)]
    ssh: SshArgs,
}

pub(crate) fn run(args: RunArgs, context: &Context) -> Result<()> {
    let target = context.target(args.key.job().cluster())?;
    let progress = RefCell::new(Progress::default());
    context
        .block_on(run_everywhere(&args, &target, context, &progress))
        .map_err(|failure| failure.if_interrupted(|| progress.borrow().summary()))
}

async fn run_everywhere(
    args: &RunArgs,
    target: &Target,
    context: &Context,
    progress: &RefCell<Progress>,
) -> Result<()> {
    let job = args.key.job();
    let commands = args.commands(target, context).await?;
    let reports_failures = target.cluster.compat.exit_codes_tell_the_truth();
    let missing = args.missing(&commands);
    if reports_failures && commands.is_empty() && missing.is_empty() {
        context
            .output
            .note(format_args!("No instance of job {job} is running"));
    }
    *progress.borrow_mut() = Progress::of(&commands);
    let mut waiting = commands.into_iter().enumerate();
    let mut running = JoinSet::new();
    let threads = usize::try_from(args.threads).unwrap_or(usize::MAX);
    loop {
        while running.len() < threads
            && let Some((place, (_, ssh))) = waiting.next()
        {
            progress.borrow_mut().mark(place, State::Running);
            tracing::debug!("Running command: {}", python_list(ssh.words()));
            running.spawn(async move { (place, ssh.run().await) });
        }
        let Some(next) = running.join_next().await else {
            break;
        };
        let (place, ended) = next.map_err(|error| {
            Failure::new(exit::FATAL, format!("an ssh process failed: {error}"))
        })?;
        let Ended { output, status } =
            ended.map_err(|error| cannot_start(&error).detail(progress.borrow().summary()))?;
        let mut progress = progress.borrow_mut();
        progress.mark(place, State::Ended(status));
        context
            .output
            .bytes(&prefixed(&progress.0[place].host, &output));
    }
    if reports_failures {
        return progress.borrow().check(job, &missing);
    }
    Ok(())
}

impl RunArgs {
    /// The running tasks, and the command line for each.
    async fn commands(&self, target: &Target, context: &Context) -> Result<Vec<(RemoteTask, Ssh)>> {
        let job = self.key.job();
        let user = self.ssh.user(job)?;
        let client = context.client(target)?;
        let answer = operations::live_tasks(&client, job, self.key.instances())
            .await
            .map_err(lookup_failure)?;
        let sandboxes = target.cluster.sandbox_root()?;
        let command = self.command.join(" ");
        answer
            .value
            .into_iter()
            .map(|task| {
                let task = RemoteTask::new(task)?;
                let options = (&["-n", "-q"][..], Vec::new());
                let ssh = self.ssh.ssh(options, user, &task, sandboxes, &command)?;
                Ok((task, ssh))
            })
            .collect()
    }

    /// The named instances that do not run.
    fn missing(&self, commands: &[(RemoteTask, Ssh)]) -> InstanceSet {
        let live = commands.iter().map(|(task, _)| task.instance).collect();
        match self.key.instances() {
            Some(named) => named.difference(&live),
            None => InstanceSet::new(),
        }
    }
}

/// The failure of the call that lists the tasks.
fn lookup_failure(error: Error) -> Failure {
    if let Some((_, messages)) = error.rejection() {
        tracing::error!(
            "Error: could not retrieve task information for run command: {}",
            messages.join(", ")
        );
    }
    refusal(
        error,
        "Could not retrieve task information:",
        exit::API_ERROR,
    )
}

/// The output of a host, each line with the host's name as its prefix. Empty output becomes an empty line.
fn prefixed(host: &Host, output: &[u8]) -> Vec<u8> {
    if output.is_empty() {
        return b"\n".to_vec();
    }
    let mut text = Vec::with_capacity(output.len() * 2);
    for line in lines(output) {
        text.extend_from_slice(format!("{host}:  ").as_bytes());
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text
}

/// The lines of a text without their ends: a line feed, a carriage return, or both.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
        let (line, after) = rest.split_at(end.unwrap_or(rest.len()));
        rest = after
            .strip_prefix(b"\r\n")
            .or_else(|| after.get(1..))
            .unwrap_or_default();
        Some(line)
    })
}

/// The progress of the command on each instance.
#[derive(Debug, Default)]
struct Progress(Vec<Instance>);

#[derive(Debug)]
struct Instance {
    host: Host,
    instance: u32,
    state: State,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Waiting,
    Running,
    Ended(ExitStatus),
}

/// How many instances are named in one sentence or list.
const MAX_NAMED: usize = 20;

impl Progress {
    fn of(commands: &[(RemoteTask, Ssh)]) -> Self {
        let instance = |(task, _): &(RemoteTask, Ssh)| Instance {
            host: task.host.clone(),
            instance: task.instance,
            state: State::Waiting,
        };
        Self(commands.iter().map(instance).collect())
    }

    fn mark(&mut self, place: usize, state: State) {
        self.0[place].state = state;
    }

    /// The summary for a command that stops early.
    fn summary(&self) -> String {
        let part = |what: &str, matches: fn(State) -> bool| {
            let them: Vec<_> = self.0.iter().filter(|it| matches(it.state)).collect();
            let names: Vec<_> = them.iter().take(MAX_NAMED).map(|it| it.name()).collect();
            let more = match them.len().saturating_sub(MAX_NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            (!names.is_empty()).then(|| format!("{what} {}{more}", names.join(", ")))
        };
        let parts: Vec<_> = [
            part("finished on", |state| matches!(state, State::Ended(_))),
            part("interrupted on", |state| matches!(state, State::Running)),
            part("not started on", |state| matches!(state, State::Waiting)),
        ]
        .into_iter()
        .flatten()
        .collect();
        if parts.is_empty() {
            return "The command did not run".to_owned();
        }
        let mut text = parts.join("; ");
        text[..1].make_ascii_uppercase();
        text
    }

    /// Fails if the command failed on an instance, or if a named instance does not run.
    fn check(&self, job: &JobKey, missing: &InstanceSet) -> Result<()> {
        let mut connected = true;
        let mut failed = Vec::new();
        for instance in &self.0 {
            if let State::Ended(status) = instance.state
                && !status.success()
            {
                connected &= status.code() != Some(OWN_FAILURE);
                failed.push(format!("{}: {}", instance.name(), end(status)));
            }
        }
        if failed.is_empty() && missing.is_empty() {
            return Ok(());
        }
        let heading = if failed.is_empty() {
            format!(
                "Instances {} of job {job} are not running:",
                python_instances(missing)
            )
        } else {
            format!(
                "The command failed on {} of {} instances:",
                failed.len(),
                self.0.len()
            )
        };
        let mut failure = Failure::new(exit::COMMAND_FAILURE, heading);
        for text in failed.iter().take(MAX_NAMED) {
            failure = failure.detail(text);
        }
        if failed.len() > MAX_NAMED {
            failure = failure.detail(format!("and {} more", failed.len() - MAX_NAMED));
        }
        if !missing.is_empty() {
            failure = failure.detail(if !failed.is_empty() {
                format!("instances {} are not running", python_instances(missing))
            } else if self.0.is_empty() {
                "the command did not run".to_owned()
            } else {
                "the command ran on the others".to_owned()
            });
        }
        if !connected {
            failure = failure.hint("`--ssh-options=-v` shows what ssh does");
        }
        Err(failure.announced())
    }
}

impl Instance {
    fn name(&self) -> String {
        format!("{} (instance {})", self.host, self.instance)
    }
}

/// How a failed command ended.
fn end(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(OWN_FAILURE), _) => {
            format!("exit status {OWN_FAILURE}, which is also that of an ssh that cannot connect")
        }
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => format!("ssh was killed by signal {signal}"),
        (None, None) => status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn progress(states: &[State]) -> Progress {
        let instance = |(number, state): (usize, &State)| Instance {
            host: Host::new(&format!("slave-{number}")).unwrap(),
            instance: number as u32,
            state: *state,
        };
        Progress(states.iter().enumerate().map(instance).collect())
    }

    fn ended(code: i32) -> State {
        State::Ended(ExitStatus::from_raw(code << 8))
    }

    fn job() -> JobKey {
        "west/www/prod/web".parse().unwrap()
    }

    #[test]
    fn each_line_has_the_host_before_it() {
        let host = Host::new("h").unwrap();
        let text = |output: &[u8]| prefixed(&host, output);
        assert_eq!(text(b"a\nb\n"), b"h:  a\nh:  b\n");
        assert_eq!(
            text(b"a\r\n\r\rb\n\r\nc"),
            b"h:  a\nh:  \nh:  \nh:  b\nh:  \nh:  c\n"
        );
        assert_eq!(text(b"\n"), b"h:  \n");
        assert_eq!(text(b"\xff\xfe"), b"h:  \xff\xfe\n");
        assert_eq!(text(b""), b"\n");
    }

    #[test]
    fn an_interruption_reports_the_progress_of_each_host() {
        assert_eq!(Progress::default().summary(), "The command did not run");
        assert_eq!(
            progress(&[ended(0), State::Running, ended(1), State::Waiting]).summary(),
            "Finished on slave-0 (instance 0), slave-2 (instance 2); interrupted on slave-1 (instance 1); \
             not started on slave-3 (instance 3)"
        );
        let many = progress(&[State::Waiting; 25]).summary();
        assert!(
            many.ends_with("slave-19 (instance 19) and 5 more"),
            "{many}"
        );
    }

    #[test]
    fn failures_are_named_with_their_status() {
        let none = InstanceSet::new();
        let check = |progress: &Progress, missing: &InstanceSet| {
            progress
                .check(&job(), missing)
                .map_err(|failure| failure.plain_text())
        };
        assert_eq!(check(&progress(&[ended(0), ended(0)]), &none), Ok(()));
        let killed = State::Ended(ExitStatus::from_raw(9));
        let bad = progress(&[ended(0), ended(3), ended(255), killed]);
        insta::assert_snapshot!(check(&bad, &none).unwrap_err(), @r"
        The command failed on 3 of 4 instances:
        	slave-1 (instance 1): exit status 3
        	slave-2 (instance 2): exit status 255, which is also that of an ssh that cannot connect
        	slave-3 (instance 3): ssh was killed by signal 9

        hint: `--ssh-options=-v` shows what ssh does
        ");
        let missing: InstanceSet = "7,9".parse().unwrap();
        insta::assert_snapshot!(check(&progress(&[ended(1)]), &missing).unwrap_err(), @r"
        The command failed on 1 of 1 instances:
        	slave-0 (instance 0): exit status 1
        	instances [7, 9] are not running
        ");
        insta::assert_snapshot!(check(&progress(&[ended(0)]), &missing).unwrap_err(), @r"
        Instances [7, 9] of job west/www/prod/web are not running:
        	the command ran on the others
        ");
        insta::assert_snapshot!(check(&progress(&[]), &missing).unwrap_err(), @r"
        Instances [7, 9] of job west/www/prod/web are not running:
        	the command did not run
        ");
        let many = check(&progress(&[ended(1); 25]), &none).unwrap_err();
        assert!(many.ends_with("\tand 5 more\n"), "{many}");
    }
}
