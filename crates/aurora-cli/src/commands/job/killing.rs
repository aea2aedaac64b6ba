//! What `kill` and `killall` share: the kill, and its messages.

use std::cell::RefCell;
use std::num::NonZeroUsize;
use std::sync::OnceLock;

use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::SchedulerClient;
use aurora_rpc::operations::{
    self, Hooks, KillEvent, KillOptions, KillOutcome, KillProgress, KillTarget, Waited,
};

use super::strict;
use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::KillArgs;
use crate::python_text::python_instances;
use crate::target::Target;

/// What to kill, and how.
pub(super) struct Kill {
    job: JobKey,
    /// All of them with `None`.
    instances: Option<InstanceSet>,
    /// Whether every named instance must be active.
    strict: bool,
    steps: Steps,
    max_failures: u32,
    args: KillArgs,
}

/// One call, or a call for each batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Steps {
    One,
    Batches(NonZeroUsize),
}

impl Kill {
    pub(super) fn new(
        job: JobKey,
        instances: Option<InstanceSet>,
        strict: bool,
        args: KillArgs,
    ) -> Self {
        let batch_size = usize::try_from(args.batch_size)
            .ok()
            .and_then(NonZeroUsize::new);
        Self {
            job,
            instances,
            strict,
            steps: match batch_size {
                Some(size) if !args.no_batching => Steps::Batches(size),
                _ => Steps::One,
            },
            // A negative limit counts as 0.
            max_failures: args.max_total_failures.clamp(0, u32::MAX.into()) as u32,
            args,
        }
    }

    /// Kills, waits and prints; the caller prints the last line.
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let target = context.target(self.job.cluster())?;
        let client = context.client(&target)?;
        let progress = RefCell::new(KillProgress::default());
        let hooks = OnceLock::new();
        context
            .block_on(self.kill(context, &target, &client, &progress, &hooks))
            .map_err(|failure| {
                failure
                    .naming_hook(hooks.get())
                    .if_interrupted(|| done(&progress.borrow(), self.instances.as_ref()))
            })
    }

    async fn kill(
        &self,
        context: &Context,
        target: &Target,
        client: &SchedulerClient,
        progress: &RefCell<KillProgress>,
        hooks: &OnceLock<Hooks>,
    ) -> Result<()> {
        if let (true, Some(instances)) = (self.strict, &self.instances) {
            strict::check(client, &self.job, instances).await?;
        }
        let loaded = context.load_hooks(&self.args.hooks, &self.job).await?;
        let hooks = hooks.get_or_init(|| loaded);
        let busy = context.output.busy(format!("killing {}", self.job));
        let on_event = |event: KillEvent<'_>| {
            self.print(&event, context);
            let mut progress = progress.borrow_mut();
            progress.note(&event);
            busy.set_text(status(&progress, &self.job));
        };
        match self.steps {
            Steps::One => self.kill_at_once(client, target, hooks, on_event).await?,
            Steps::Batches(size) => {
                let options = KillOptions::default()
                    .batch_size(size)
                    .max_failures(self.max_failures)
                    .pace(target.kill_pace())
                    .refused_look_is_success(!target.cluster.compat.exit_codes_tell_the_truth());
                self.kill_in_batches(client, &options, hooks, on_event, context)
                    .await?;
            }
        }
        drop(busy);
        if self.args.open_browser {
            open_job_page(client, &self.job, context).await?;
        }
        Ok(())
    }

    async fn kill_at_once(
        &self,
        client: &SchedulerClient,
        target: &Target,
        hooks: &Hooks,
        on_event: impl FnMut(KillEvent<'_>),
    ) -> Result<()> {
        let waited = operations::kill_at_once(
            client,
            &self.job,
            self.instances.as_ref(),
            target.kill_pace(),
            hooks,
            on_event,
        )
        .await?;
        match waited {
            Waited::Reached | Waited::NoTasks => Ok(()),
            Waited::TimedOut { pending } => {
                let late = python_instances(self.instances.as_ref().unwrap_or(&pending));
                let heading = format!("Instances {late} were not killed in time");
                Err(Failure::new(exit::TIMEOUT, heading).announced())
            }
            Waited::Refused(error) if target.cluster.compat.exit_codes_tell_the_truth() => {
                Err(refusal(
                    error,
                    "Killed, but the scheduler does not report whether the instances have ended:",
                    exit::API_ERROR,
                ))
            }
            Waited::Refused(_) => Ok(()),
        }
    }

    async fn kill_in_batches(
        &self,
        client: &SchedulerClient,
        options: &KillOptions,
        hooks: &Hooks,
        on_event: impl FnMut(KillEvent<'_>),
        context: &Context,
    ) -> Result<()> {
        let instances = self.instances.as_ref();
        let outcome = operations::kill(client, &self.job, instances, options, hooks, on_event)
            .await
            .map_err(|error| match &error {
                aurora_rpc::Error::KillFailed { instances, .. } => {
                    let heading = format!(
                        "Kill of instances {} failed with error:",
                        python_instances(instances)
                    );
                    refusal(error, &heading, exit::API_ERROR)
                }
                _ => refusal(error, "Command failure:", exit::INVALID_PARAMETER),
            })?;
        match outcome {
            KillOutcome::Killed { .. } => Ok(()),
            KillOutcome::NothingToKill {
                others_active: false,
            } => {
                context
                    .output
                    .note(format_args!("No tasks to kill found for job {}", self.job));
                Ok(())
            }
            KillOutcome::NothingToKill {
                others_active: true,
            } => {
                context.output.note(format_args!(
                    "None of these instances of job {} is active",
                    self.job
                ));
                Ok(())
            }
            KillOutcome::Incomplete { failed } => Err(Failure::new(
                exit::COMMAND_FAILURE,
                "Errors occurred while killing instances",
            )
            .hint(again(&self.job, &failed))),
            KillOutcome::GaveUp { failed, untouched } => {
                let failure = Failure::new(
                    exit::COMMAND_FAILURE,
                    "Exceeded maximum number of errors while killing instances",
                );
                let rest = failed.union(&untouched);
                Err(failure.hint(again(&self.job, &rest)))
            }
        }
    }

    fn print(&self, event: &KillEvent<'_>, context: &Context) {
        match event {
            KillEvent::Killing { instances } => {
                tracing::info!("Killing tasks for job: {}", self.job);
                if let Some(instances) = instances {
                    tracing::info!("Instances to be killed: {}", python_instances(instances));
                }
            }
            KillEvent::Looked { reply } => log_message(reply),
            KillEvent::Accepted { reply } => log_message(reply),
            KillEvent::Killed { instances } => context.output.line(format_args!(
                "Successfully killed instances {}",
                python_instances(instances)
            )),
            KillEvent::TooLate { instances, .. } => context.output.note(format_args!(
                "Instances {} were not killed in time",
                python_instances(instances)
            )),
            KillEvent::Unconfirmed { instances, error } => context.output.note(format_args!(
                "Instances {} may or may not have ended: {error}",
                python_instances(instances)
            )),
            _ => {}
        }
    }
}

fn again(job: &JobKey, instances: &InstanceSet) -> String {
    format!("`aurora job kill {job}/{instances}` kills the others")
}

/// The status line of a running kill.
fn status(progress: &KillProgress, job: &JobKey) -> String {
    let mut text = format!("killing {job}");
    if !progress.killed.is_empty() {
        text += &format!(": {} ended", progress.killed.len());
    }
    if let Some(KillTarget::Instances(instances)) = &progress.unknown {
        text += &format!(", {} stopping", python_instances(instances));
    }
    text
}

/// The result so far of a kill that is interrupted; `requested` are the instances to kill.
fn done(progress: &KillProgress, requested: Option<&InstanceSet>) -> String {
    let mut parts = Vec::new();
    if !progress.killed.is_empty() {
        let killed = python_instances(&progress.killed);
        parts.push(format!("killed {killed}"));
    }
    match &progress.unknown {
        Some(KillTarget::Instances(instances)) => parts.push(format!(
            "{} may still be stopping",
            python_instances(instances)
        )),
        Some(KillTarget::All) => parts.push("all instances may still be stopping".to_owned()),
        None => {}
    }
    if parts.is_empty() {
        return "Nothing was killed".to_owned();
    }
    if !progress.covers(requested) {
        parts.push("the others were not touched".to_owned());
    }
    let mut text = parts.join("; ");
    text[..1].make_ascii_uppercase();
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> InstanceSet {
        text.parse().unwrap()
    }

    #[test]
    fn an_interrupted_kill_reports_what_was_done() {
        let mut progress = KillProgress::default();
        assert_eq!(done(&progress, None), "Nothing was killed");
        let (first, second) = (set("0"), set("1"));
        progress.note(&KillEvent::Killing {
            instances: Some(&first),
        });
        assert_eq!(
            done(&progress, Some(&set("0-3"))),
            "[0] may still be stopping; the others were not touched"
        );
        assert_eq!(done(&progress, Some(&first)), "[0] may still be stopping");
        progress.note(&KillEvent::Killed { instances: &first });
        progress.note(&KillEvent::Killing {
            instances: Some(&second),
        });
        assert_eq!(
            done(&progress, None),
            "Killed [0]; [1] may still be stopping; the others were not touched"
        );
        progress.note(&KillEvent::Killing { instances: None });
        assert_eq!(
            done(&progress, None),
            "Killed [0]; all instances may still be stopping"
        );
    }
}
