//! Killing instances: a few at a time, or all at once.

use std::future::Future;
use std::num::NonZeroUsize;

use aurora_jobkey::{InstanceSet, JobKey};

use super::active::active_instances;
use super::wait::{Goal, Pace, Waited, wait_until};
use crate::answer::Answer;
use crate::client::SchedulerClient;
use crate::error::{BoxError, Error};

/// How to kill in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KillOptions {
    /// How many instances a batch has. Default: 1.
    pub batch_size: NonZeroUsize,
    /// How many batches may fail to die in time before the rest is left alone. Default: none.
    pub max_failures: u32,
    /// How long a batch may take to die. Default: [`Pace::KILL`].
    pub pace: Pace,
    /// Whether a batch counts as dead when the scheduler refuses to say what became of it, as in
    /// the released client. Default: no, it counts as failed.
    pub refused_look_is_success: bool,
}

impl Default for KillOptions {
    fn default() -> Self {
        Self {
            batch_size: NonZeroUsize::MIN,
            max_failures: 0,
            pace: Pace::KILL,
            refused_look_is_success: false,
        }
    }
}

impl KillOptions {
    /// The same with another size of batches.
    pub fn batch_size(mut self, batch_size: NonZeroUsize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// The same with another number of batches that may fail.
    pub fn max_failures(mut self, max_failures: u32) -> Self {
        self.max_failures = max_failures;
        self
    }

    /// The same with another pace.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same with another meaning of a refused look.
    pub fn refused_look_is_success(mut self, is_success: bool) -> Self {
        self.refused_look_is_success = is_success;
        self
    }
}

/// What happens during a kill, as it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum KillEvent<'a> {
    /// The scheduler said which instances are active.
    Looked {
        /// Its answer.
        answer: &'a Answer<InstanceSet>,
    },
    /// The scheduler is about to be told. `None` means all instances.
    Killing {
        /// The instances of the batch.
        instances: Option<&'a InstanceSet>,
    },
    /// The scheduler agreed.
    Accepted {
        /// Its answer, for its messages.
        answer: &'a Answer<()>,
    },
    /// The instances of a batch are dead.
    Killed {
        /// The instances of the batch.
        instances: &'a InstanceSet,
    },
    /// The instances of a batch did not all die in time.
    TooLate {
        /// The instances of the batch.
        instances: &'a InstanceSet,
        /// Those that are not dead.
        pending: &'a InstanceSet,
    },
    /// The scheduler refused to say whether the instances of a batch are dead.
    Unconfirmed {
        /// The instances of the batch.
        instances: &'a InstanceSet,
        /// The refusal.
        error: &'a Error,
    },
}

/// Whoever wants a kill: hears of what happens, and may do something of its own around each call. A function
/// that takes events is one that only hears.
pub trait OnKill: Send {
    /// Something happened.
    fn event(&mut self, event: KillEvent<'_>);

    /// A call is about to be made, for `instances` or for all with `None`. An error stops the kill before
    /// anything is sent.
    fn before(
        &mut self,
        instances: Option<&InstanceSet>,
    ) -> impl Future<Output = Result<(), BoxError>> + Send {
        let _ = instances;
        std::future::ready(Ok(()))
    }

    /// A call was made, and this came of it. An error ends the kill.
    fn after(
        &mut self,
        instances: Option<&InstanceSet>,
        result: Result<&Answer<()>, &Error>,
    ) -> impl Future<Output = Result<(), BoxError>> + Send {
        let _ = (instances, result);
        std::future::ready(Ok(()))
    }
}

impl<F: FnMut(KillEvent<'_>) + Send> OnKill for F {
    fn event(&mut self, event: KillEvent<'_>) {
        self(event);
    }
}

/// How a kill in batches ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub enum KillOutcome {
    /// The job has no active instance, or none of those asked for. Nothing was sent.
    NothingToKill {
        /// Whether the job has active instances that were not asked for.
        others_active: bool,
    },
    /// All are dead.
    Killed {
        /// The instances.
        instances: InstanceSet,
    },
    /// Some batches failed, but no more than allowed: every batch was tried.
    Incomplete {
        /// The instances of the batches that failed.
        failed: InstanceSet,
    },
    /// More batches failed than allowed: the rest was left alone.
    GaveUp {
        /// The instances of the batches that failed.
        failed: InstanceSet,
        /// The instances that nothing was done to.
        untouched: InstanceSet,
    },
}

/// Kills the active ones of `instances`, or all active ones with `None`, batch after batch in
/// ascending order: each batch is dead, or has failed, before the next one begins.
///
/// # Errors
/// [`Error::KillFailed`] when the kill of a batch was stopped, could not be sent or was refused, or
/// nothing is known of its instances; any other error is of the look at which instances are active.
pub async fn kill(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    options: &KillOptions,
    mut caller: impl OnKill,
) -> Result<KillOutcome, Error> {
    let answer = active_instances(client, job).await?;
    caller.event(KillEvent::Looked { answer: &answer });
    let active = answer.value;
    let targets = match instances {
        Some(instances) => active.intersection(instances),
        None => active.clone(),
    };
    if targets.is_empty() {
        return Ok(KillOutcome::NothingToKill {
            others_active: !active.is_empty(),
        });
    }
    let mut rest = targets.iter();
    let mut failed = InstanceSet::new();
    let mut failures = 0_u32;
    loop {
        let batch: InstanceSet = rest.by_ref().take(options.batch_size.get()).collect();
        if batch.is_empty() {
            break;
        }
        let dead = kill_batch(client, job, &batch, options, &mut caller)
            .await
            .map_err(|error| Error::KillFailed {
                instances: batch.clone(),
                source: Box::new(error),
            })?;
        if dead {
            continue;
        }
        failures += 1;
        failed = failed.union(&batch);
        if failures > options.max_failures {
            return Ok(KillOutcome::GaveUp {
                failed,
                untouched: rest.collect(),
            });
        }
    }
    Ok(if failed.is_empty() {
        KillOutcome::Killed { instances: targets }
    } else {
        KillOutcome::Incomplete { failed }
    })
}

async fn kill_batch(
    client: &SchedulerClient,
    job: &JobKey,
    instances: &InstanceSet,
    options: &KillOptions,
    caller: &mut impl OnKill,
) -> Result<bool, Error> {
    send_kill(client, job, Some(instances), caller).await?;
    let waited = wait_until(client, job, Some(instances), Goal::Terminal, options.pace).await?;
    Ok(match &waited {
        // A task that the scheduler has forgotten is dead.
        Waited::Reached | Waited::NoTasks => {
            caller.event(KillEvent::Killed { instances });
            true
        }
        Waited::Refused(_) if options.refused_look_is_success => {
            caller.event(KillEvent::Killed { instances });
            true
        }
        Waited::Refused(error) => {
            caller.event(KillEvent::Unconfirmed { instances, error });
            false
        }
        Waited::TimedOut { pending } => {
            caller.event(KillEvent::TooLate { instances, pending });
            false
        }
    })
}

/// Kills `instances`, or all with `None`, with one call and without looking which are active, and
/// waits for them to die as [`Pace::KILL`] says.
///
/// # Errors
/// As [`SchedulerClient::kill_tasks`], and as [`wait_until`].
pub async fn kill_at_once(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    pace: Pace,
    mut caller: impl OnKill,
) -> Result<Waited, Error> {
    send_kill(client, job, instances, &mut caller).await?;
    wait_until(client, job, instances, Goal::Terminal, pace).await
}

async fn send_kill(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    caller: &mut impl OnKill,
) -> Result<(), Error> {
    let stopped = |sent| {
        move |source| Error::Stopped {
            method: "killTasks",
            sent,
            source,
        }
    };
    caller.before(instances).await.map_err(stopped(false))?;
    caller.event(KillEvent::Killing { instances });
    let result = client.kill_tasks(job, instances).await;
    caller
        .after(instances, result.as_ref())
        .await
        .map_err(stopped(true))?;
    caller.event(KillEvent::Accepted { answer: &result? });
    Ok(())
}
