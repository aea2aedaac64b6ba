//! Killing instances: a few at a time, or all at once.

use std::num::NonZeroUsize;

use aurora_config::HookedCall;
use aurora_jobkey::{InstanceSet, JobKey};

use super::active::active_instances;
use super::hooks::Hooks;
use super::wait::{Goal, Pace, Waited, wait_until};
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// How to kill in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KillOptions {
    /// How many instances a batch has. Default: 1.
    pub batch_size: NonZeroUsize,
    /// How many batches may miss their time limit. With one more, the kill gives up and does not touch the
    /// rest. Default: 0.
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
        /// Its reply.
        reply: &'a Reply<InstanceSet>,
    },
    /// The call is about to be sent. `None` means all instances.
    Killing {
        /// The instances of the batch.
        instances: Option<&'a InstanceSet>,
    },
    /// The scheduler accepted the call.
    Accepted {
        /// Its reply, for its messages.
        reply: &'a Reply<()>,
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

/// How far a kill has come, by the events so far: for a program that shows it, or drops the kill half-way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct KillProgress {
    /// The instances that are dead.
    pub killed: InstanceSet,
    /// What was asked of the scheduler last, if it is not known yet what became of it.
    pub unknown: Option<KillTarget>,
}

/// The instances that one call kills.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum KillTarget {
    /// All instances of the job.
    All,
    /// These.
    Instances(InstanceSet),
}

impl KillProgress {
    /// Takes the next event into account.
    pub fn note(&mut self, event: &KillEvent<'_>) {
        match event {
            KillEvent::Killing { instances } => {
                self.unknown = Some(match instances {
                    Some(instances) => KillTarget::Instances((*instances).clone()),
                    None => KillTarget::All,
                });
            }
            KillEvent::Killed { instances } => {
                self.killed = self.killed.union(instances);
                self.unknown = None;
            }
            KillEvent::TooLate { .. } | KillEvent::Unconfirmed { .. } => self.unknown = None,
            _ => {}
        }
    }

    /// Whether the kill was sent for all of `wanted`, which is all instances of the job with `None`.
    pub fn covers(&self, wanted: Option<&InstanceSet>) -> bool {
        match (&self.unknown, wanted) {
            (Some(KillTarget::All), _) => true,
            (_, None) => false,
            (Some(KillTarget::Instances(sent)), Some(wanted)) => {
                wanted.is_subset(&self.killed.union(sent))
            }
            (None, Some(wanted)) => wanted.is_subset(&self.killed),
        }
    }
}

/// How a kill in batches ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
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
    /// More batches failed than allowed: the rest was not touched.
    GaveUp {
        /// The instances of the batches that failed.
        failed: InstanceSet,
        /// The instances that nothing was done to.
        untouched: InstanceSet,
    },
}

/// Kills the active ones of `instances`, or all active ones with `None`, batch after batch in
/// ascending order: each batch is dead, or has failed, before the next one begins. `hooks` run around the
/// call of each batch.
///
/// ```
/// use aurora_rpc::operations::{self, Hooks, KillEvent, KillOptions, KillOutcome};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let scheduler = aurora_testkit::ScriptedScheduler::running([("www/prod/web", 2)]);
/// # let cluster = aurora_cluster::Cluster::direct("west", scheduler.url());
/// # let client = aurora_rpc::SchedulerClient::connect(&cluster)?;
/// let job = "west/www/prod/web".parse()?;
/// let options = KillOptions::default();
/// let outcome = operations::kill(&client, &job, None, &options, &Hooks::none(), |event| {
///     if let KillEvent::Killed { instances } = event {
///         println!("ended: {instances}");
///     }
/// })
/// .await?;
/// assert_eq!(outcome, KillOutcome::Killed { instances: "0-1".parse()? });
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::KillFailed`] when the kill of a batch was stopped by a hook, could not be sent or was refused, or
/// nothing is known of its instances; any other error is of the look at which instances are active.
pub async fn kill(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    options: &KillOptions,
    hooks: &Hooks,
    mut on_event: impl FnMut(KillEvent<'_>),
) -> Result<KillOutcome, Error> {
    let reply = active_instances(client, job).await?;
    on_event(KillEvent::Looked { reply: &reply });
    let active = reply.value;
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
        let dead = kill_batch(client, job, &batch, options, hooks, &mut on_event)
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
    hooks: &Hooks,
    on_event: &mut impl FnMut(KillEvent<'_>),
) -> Result<bool, Error> {
    send_kill(client, job, Some(instances), hooks, on_event).await?;
    let waited = wait_until(client, job, Some(instances), Goal::Terminal, options.pace).await?;
    Ok(match &waited {
        // A task that the scheduler has forgotten is dead.
        Waited::Reached | Waited::NoTasks => {
            on_event(KillEvent::Killed { instances });
            true
        }
        Waited::Refused(_) if options.refused_look_is_success => {
            on_event(KillEvent::Killed { instances });
            true
        }
        Waited::Refused(error) => {
            on_event(KillEvent::Unconfirmed { instances, error });
            false
        }
        Waited::TimedOut { pending } => {
            on_event(KillEvent::TooLate { instances, pending });
            false
        }
    })
}

/// Kills `instances`, or all with `None`, with one call and without looking which are active, and
/// waits for them to die at `pace`. `hooks` run around the call.
///
/// # Errors
/// As [`SchedulerClient::kill_tasks`], [`Hooks::around`] and [`wait_until`].
pub async fn kill_at_once(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    pace: Pace,
    hooks: &Hooks,
    mut on_event: impl FnMut(KillEvent<'_>),
) -> Result<Waited, Error> {
    send_kill(client, job, instances, hooks, &mut on_event).await?;
    wait_until(client, job, instances, Goal::Terminal, pace).await
}

async fn send_kill(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    hooks: &Hooks,
    on_event: &mut impl FnMut(KillEvent<'_>),
) -> Result<(), Error> {
    // The list of a large range is long, and only hooks read it.
    let listed = instances.filter(|_| !hooks.is_empty());
    let listed: Option<Vec<u32>> = listed.map(|instances| instances.iter().collect());
    let call = HookedCall::kill_job(job.clone(), listed.as_deref(), hooks.config());
    let sending = async {
        on_event(KillEvent::Killing { instances });
        client.kill_tasks(job, instances).await
    };
    let reply = hooks.around(&call, sending, Reply::to_response).await?;
    on_event(KillEvent::Accepted { reply: &reply });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(text: &str) -> InstanceSet {
        text.parse().unwrap()
    }

    #[test]
    fn progress_knows_what_is_dead_and_what_is_not_known() {
        let mut progress = KillProgress::default();
        assert!(!progress.covers(None) && !progress.covers(Some(&set("0"))));
        let (first, second) = (set("0"), set("1"));
        progress.note(&KillEvent::Killing {
            instances: Some(&first),
        });
        assert_eq!(progress.unknown, Some(KillTarget::Instances(set("0"))));
        assert!(progress.covers(Some(&first)) && !progress.covers(Some(&set("0-3"))));
        progress.note(&KillEvent::Killed { instances: &first });
        assert_eq!((&progress.killed, &progress.unknown), (&first, &None));
        progress.note(&KillEvent::Killing {
            instances: Some(&second),
        });
        assert!(progress.covers(Some(&set("0-1"))) && !progress.covers(None));
        let pending = set("1");
        progress.note(&KillEvent::TooLate {
            instances: &second,
            pending: &pending,
        });
        assert!(!progress.covers(Some(&set("0-1"))), "its end is not known");
        progress.note(&KillEvent::Killing { instances: None });
        assert!(progress.covers(None));
    }
}
