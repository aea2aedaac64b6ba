//! What `kill` and `killall` share: the kill itself, and what is said of it while it goes on.

use std::num::NonZeroUsize;
use std::sync::{Mutex, OnceLock, PoisonError};

use aurora_config::HookedCall;
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::operations::{self, KillEvent, KillOptions, KillOutcome, OnKill, Waited};
use aurora_rpc::{Answer, SchedulerClient};

use super::strict;
use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::hooks::{self, Hooks, response_of};
use crate::options::KillArgs;
use crate::progress::Busy;
use crate::python_text::python_instances;
use crate::target::Target;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// What to kill, and how.
pub(super) struct Kill {
    job: JobKey,
    /// All of them with `None`.
    instances: Option<InstanceSet>,
    /// Whether every instance has to be active.
    strict: bool,
    steps: Steps,
    max_failures: u32,
    args: KillArgs,
}

/// How many calls it takes.
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
            // Fewer than none is none.
            max_failures: args.max_total_failures.clamp(0, u32::MAX.into()) as u32,
            args,
        }
    }

    /// Kills, waits for the end, and prints; the caller prints the last line.
    pub(super) fn run(&self, context: &Context) -> Result<()> {
        let target = context.target(self.job.cluster())?;
        let client = context.client(&target)?;
        let progress = Mutex::new(Progress::default());
        let told = || lock(&progress).told(self.instances.as_ref());
        let hooks = OnceLock::new();
        context
            .block_on(self.kill(context, &target, &client, &progress, &hooks))
            .map_err(|failure| hooks::if_interrupted(hooks.get(), failure).if_interrupted(told))
    }

    async fn kill(
        &self,
        context: &Context,
        target: &Target,
        client: &SchedulerClient,
        progress: &Mutex<Progress>,
        hooks: &OnceLock<Hooks>,
    ) -> Result<()> {
        if let (true, Some(instances)) = (self.strict, &self.instances) {
            strict::check(client, &self.job, instances).await?;
        }
        let loaded = context.load_hooks(&self.args.hooks, &self.job).await?;
        let hooks = hooks.get_or_init(|| loaded);
        let caller = Caller {
            kill: self,
            context,
            progress,
            hooks,
            busy: context.output.busy(format!("killing {}", self.job)),
        };
        match self.steps {
            Steps::One => self.kill_at_once(client, target, caller).await?,
            Steps::Batches(size) => {
                self.kill_in_batches(client, target, size, context, caller)
                    .await?;
            }
        }
        if self.args.open_browser {
            open_job_page(client, &self.job, context).await?;
        }
        Ok(())
    }

    async fn kill_at_once(
        &self,
        client: &SchedulerClient,
        target: &Target,
        caller: Caller<'_>,
    ) -> Result<()> {
        let waited = operations::kill_at_once(
            client,
            &self.job,
            self.instances.as_ref(),
            target.kill_pace(),
            caller,
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
                    "Killed, but the scheduler does not say whether the instances are dead:",
                    exit::API_ERROR,
                ))
            }
            Waited::Refused(_) => Ok(()),
        }
    }

    async fn kill_in_batches(
        &self,
        client: &SchedulerClient,
        target: &Target,
        size: NonZeroUsize,
        context: &Context,
        caller: Caller<'_>,
    ) -> Result<()> {
        let options = KillOptions::default()
            .batch_size(size)
            .max_failures(self.max_failures)
            .pace(target.kill_pace())
            .refused_look_is_success(!target.cluster.compat.exit_codes_tell_the_truth());
        let instances = self.instances.as_ref();
        let outcome = operations::kill(client, &self.job, instances, &options, caller)
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

    fn say(&self, event: &KillEvent<'_>, context: &Context) {
        match event {
            KillEvent::Killing { instances } => {
                tracing::info!("Killing tasks for job: {}", self.job);
                if let Some(instances) = instances {
                    tracing::info!("Instances to be killed: {}", python_instances(instances));
                }
            }
            KillEvent::Looked { answer } => log_message(answer),
            KillEvent::Accepted { answer } => log_message(answer),
            KillEvent::Killed { instances } => context.output.line(format_args!(
                "Successfully killed instances {}",
                python_instances(instances)
            )),
            KillEvent::TooLate { instances, .. } => context.output.note(format_args!(
                "Instances {} were not killed in time",
                python_instances(instances)
            )),
            KillEvent::Unconfirmed { instances, error } => context.output.note(format_args!(
                "Whether instances {} are dead is not known: {error}",
                python_instances(instances)
            )),
            _ => {}
        }
    }
}

/// Says what happens, and runs the hooks around each call.
struct Caller<'a> {
    kill: &'a Kill,
    context: &'a Context,
    progress: &'a Mutex<Progress>,
    hooks: &'a Hooks,
    busy: Busy,
}

impl Caller<'_> {
    fn call(&self, instances: Option<&InstanceSet>) -> HookedCall {
        let instances: Option<Vec<u32>> = instances.map(|set| set.iter().collect());
        let job = self.kill.job.clone();
        HookedCall::kill_job(job, instances.as_deref(), self.hooks.config())
    }
}

impl OnKill for Caller<'_> {
    fn event(&mut self, event: KillEvent<'_>) {
        self.kill.say(&event, self.context);
        let mut progress = lock(self.progress);
        progress.note(&event);
        self.busy.say(progress.shown(&self.kill.job));
    }

    async fn before(&mut self, instances: Option<&InstanceSet>) -> Result<(), BoxError> {
        Ok(self.hooks.before(&self.call(instances)).await?)
    }

    async fn after(
        &mut self,
        instances: Option<&InstanceSet>,
        result: Result<&Answer<()>, &aurora_rpc::Error>,
    ) -> Result<(), BoxError> {
        let result = result.map(response_of);
        Ok(self.hooks.after(&self.call(instances), result).await?)
    }
}

fn again(job: &JobKey, instances: &InstanceSet) -> String {
    format!("`aurora job kill {job}/{instances}` tries the rest again")
}

fn lock(progress: &Mutex<Progress>) -> std::sync::MutexGuard<'_, Progress> {
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What has been done so far, for whoever interrupts it.
#[derive(Debug, Default)]
struct Progress {
    killed: InstanceSet,
    /// Asked for and not yet seen dead; the inner `None` is all instances.
    under_way: Option<Option<InstanceSet>>,
}

impl Progress {
    fn note(&mut self, event: &KillEvent<'_>) {
        match event {
            KillEvent::Killing { instances } => self.under_way = Some(instances.cloned()),
            KillEvent::Killed { instances } => {
                self.killed = self.killed.union(instances);
                self.under_way = None;
            }
            KillEvent::TooLate { .. } | KillEvent::Unconfirmed { .. } => self.under_way = None,
            _ => {}
        }
    }

    /// What to show whoever waits for it.
    fn shown(&self, job: &JobKey) -> String {
        let mut text = format!("killing {job}");
        if !self.killed.is_empty() {
            text += &format!(": {} dead", self.killed.len());
        }
        if let Some(Some(instances)) = &self.under_way {
            text += &format!(", {} ending", python_instances(instances));
        }
        text
    }

    /// What to tell of it, `wanted` being what was asked for.
    fn told(&self, wanted: Option<&InstanceSet>) -> String {
        let mut parts = Vec::new();
        if !self.killed.is_empty() {
            parts.push(format!("killed were {}", python_instances(&self.killed)));
        }
        match &self.under_way {
            Some(Some(instances)) => parts.push(format!(
                "{} may still be ending",
                python_instances(instances)
            )),
            Some(None) => parts.push("all instances may still be ending".to_owned()),
            None => {}
        }
        if parts.is_empty() {
            return "Nothing was killed".to_owned();
        }
        let all_asked = match (wanted, &self.under_way) {
            (_, Some(None)) => true,
            (Some(wanted), under_way) => {
                let asked = under_way.clone().flatten().unwrap_or_default();
                wanted.is_subset(&self.killed.union(&asked))
            }
            (None, _) => false,
        };
        if !all_asked {
            parts.push("the rest was left alone".to_owned());
        }
        let mut text = parts.join(", ");
        text[..1].make_ascii_uppercase();
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> InstanceSet {
        text.parse().unwrap()
    }

    #[test]
    fn an_interrupted_kill_says_what_was_done() {
        let mut progress = Progress::default();
        assert_eq!(progress.told(None), "Nothing was killed");
        let (first, second) = (set("0"), set("1"));
        progress.note(&KillEvent::Killing {
            instances: Some(&first),
        });
        assert_eq!(
            progress.told(Some(&set("0-3"))),
            "[0] may still be ending, the rest was left alone"
        );
        assert_eq!(progress.told(Some(&first)), "[0] may still be ending");
        progress.note(&KillEvent::Killed { instances: &first });
        progress.note(&KillEvent::Killing {
            instances: Some(&second),
        });
        assert_eq!(
            progress.told(None),
            "Killed were [0], [1] may still be ending, the rest was left alone"
        );
        progress.note(&KillEvent::Killing { instances: None });
        assert_eq!(
            progress.told(None),
            "Killed were [0], all instances may still be ending"
        );
    }
}
