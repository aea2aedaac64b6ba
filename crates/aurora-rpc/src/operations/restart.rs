//! Restarting instances a few at a time, and watching that they stay healthy.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::num::NonZeroUsize;
use std::time::Duration;

use aurora_api::Response;
use aurora_jobkey::{InstanceSet, JobKey};

use super::active::active_instances;
use super::watch::watch;
use crate::answer::Answer;
use crate::client::SchedulerClient;
use crate::error::Error;

/// How to restart in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestartOptions {
    /// How many instances a batch has. Default: 1.
    pub batch_size: NonZeroUsize,
    /// How long an instance has to run to count as healthy; it has to run for longer than this.
    /// Default: 30 seconds.
    pub watch: Duration,
    /// How long an instance may take to be seen running. Default: 60 seconds.
    pub threshold: Duration,
    /// The pause between two looks at a batch. Less than a millisecond counts as one. Default: 3
    /// seconds.
    pub poll: Duration,
    /// How often one instance may fail and be restarted again, before it counts as failed.
    /// `None` is without limit: an instance that is never healthy is tried for ever. Default: 0.
    pub max_failures_per_instance: Option<u32>,
    /// How many failed instances are tolerated. With one more, the restart gives up and does not touch the
    /// rest. Default: 0.
    pub max_failed_instances: u32,
    /// Whether a tolerated instance is restarted again until it is healthy, as the released client does,
    /// which may continue for ever. Default: no, it is restarted once more.
    pub endless: bool,
}

impl Default for RestartOptions {
    fn default() -> Self {
        Self {
            batch_size: NonZeroUsize::MIN,
            watch: Duration::from_secs(30),
            threshold: Duration::from_secs(60),
            poll: Duration::from_secs(3),
            max_failures_per_instance: Some(0),
            max_failed_instances: 0,
            endless: false,
        }
    }
}

impl RestartOptions {
    /// The same with another size of batches.
    pub fn batch_size(mut self, batch_size: NonZeroUsize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// The same with another time that an instance has to run.
    pub fn watch(mut self, watch: Duration) -> Self {
        self.watch = watch;
        self
    }

    /// The same with another time that an instance may take to run.
    pub fn threshold(mut self, threshold: Duration) -> Self {
        self.threshold = threshold;
        self
    }

    /// The same with another pause between two looks.
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll;
        self
    }

    /// The same with another number of failures of one instance.
    pub fn max_failures_per_instance(mut self, limit: Option<u32>) -> Self {
        self.max_failures_per_instance = limit;
        self
    }

    /// The same with another number of failed instances.
    pub fn max_failed_instances(mut self, limit: u32) -> Self {
        self.max_failed_instances = limit;
        self
    }

    /// The same with or without an end to the tries of a failed instance.
    pub fn endless(mut self, endless: bool) -> Self {
        self.endless = endless;
        self
    }

    fn is_over(&self, failures: u32) -> bool {
        self.max_failures_per_instance
            .is_some_and(|limit| failures > limit)
    }

    /// Whether an instance is restarted again after that number of failures.
    fn tries_again(&self, failures: u32) -> bool {
        self.endless || !self.is_over(failures.saturating_sub(1))
    }
}

/// What happens during a restart, as it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum RestartEvent<'a> {
    /// These instances are going to be restarted.
    Begins {
        /// The instances.
        instances: &'a InstanceSet,
    },
    /// The call is about to be sent.
    Restarting {
        /// The instances of the batch, in the order of the queue.
        instances: &'a [u32],
    },
    /// The scheduler accepted the call.
    Accepted {
        /// The instances of the batch.
        instances: &'a [u32],
        /// Its answer, for its messages.
        answer: &'a Answer<()>,
    },
    /// An instance runs for the first time since its restart.
    Running {
        /// The instance.
        instance: u32,
    },
    /// An instance has run for long enough.
    Healthy {
        /// The instance.
        instance: u32,
        /// How long that is: [`RestartOptions::watch`].
        watch: Duration,
    },
    /// An instance ran, and does so no more, or is another task by now. It has failed.
    Unhealthy {
        /// The instance.
        instance: u32,
    },
    /// An instance was not seen running in time. It has failed.
    NotRunning {
        /// The instance.
        instance: u32,
        /// The time it had: [`RestartOptions::threshold`].
        threshold: Duration,
    },
    /// An instance runs, but not for long enough yet, and the time for its batch is over. It has
    /// failed.
    Undecided {
        /// The instance.
        instance: u32,
    },
    /// The scheduler refused to say what runs. Each instance that ran before has failed.
    LookRefused {
        /// The refusal.
        error: &'a Error,
    },
}

/// How a restart in batches ended.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
#[non_exhaustive]
pub struct RestartOutcome {
    /// In which way it ended.
    pub end: RestartEnd,
    /// The instances that were restarted and are healthy.
    pub restarted: InstanceSet,
    /// The instances that were restarted and whose last try failed.
    pub failed: InstanceSet,
    /// The instances that nothing was done to.
    pub untouched: InstanceSet,
    /// How often each instance failed that ever did, healthy in the end or not.
    pub failures: BTreeMap<u32, u32>,
    /// The limits that held.
    pub options: RestartOptions,
    /// The scheduler's answer to the last batch, for its messages.
    pub answer: Option<Answer<()>>,
}

/// In which way a restart ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum RestartEnd {
    /// The job has no active instance. Nothing was sent.
    NothingToRestart,
    /// Every instance is healthy.
    Restarted,
    /// Some instances failed, but no more than are tolerated: every one was restarted.
    Incomplete,
    /// More instances failed than are tolerated: the rest was not touched.
    GaveUp,
}

impl fmt::Display for RestartEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingToRestart => "nothing to restart",
            Self::Restarted => "restarted",
            Self::Incomplete => "incomplete",
            Self::GaveUp => "given up",
        })
    }
}

impl RestartOutcome {
    /// The instances that failed more often than one may, with their failures: those that count
    /// against [`RestartOptions::max_failed_instances`].
    pub fn over_limit(&self) -> BTreeMap<u32, u32> {
        let over = |&(_, failures): &(&u32, &u32)| self.options.is_over(*failures);
        let failures = self.failures.iter().filter(over);
        failures.map(|(i, failures)| (*i, *failures)).collect()
    }

    /// The response to the last batch, or an empty one if nothing was sent: what hooks get after a restart.
    pub fn to_response(&self) -> Response {
        match &self.answer {
            Some(answer) => answer.to_response(),
            None => Answer::new((), Vec::new(), None).to_response(),
        }
    }

    /// Whether no instance failed or was left untouched.
    pub fn is_success(&self) -> bool {
        matches!(
            self.end,
            RestartEnd::NothingToRestart | RestartEnd::Restarted
        )
    }
}

/// Restarts `instances`, or all active ones with `None`, batch after batch in ascending order, and
/// watches each batch until its instances are healthy or have failed. Those that failed go to the
/// end of the queue.
///
/// # Errors
/// [`Error::RestartFailed`] when the restart of a batch could not be sent or was refused, or
/// nothing is known of its instances; any other error is of the look at which instances are active,
/// or says that `instances` is empty.
pub async fn restart(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    options: &RestartOptions,
    mut on_event: impl FnMut(RestartEvent<'_>) + Send,
) -> Result<RestartOutcome, Error> {
    if instances.is_some_and(InstanceSet::is_empty) {
        return Err(Error::NoInstances {
            method: "restartShards",
        });
    }
    let active = active_instances(client, job).await?.value;
    let targets = instances.unwrap_or(&active);
    let mut outcome = RestartOutcome {
        end: RestartEnd::NothingToRestart,
        restarted: InstanceSet::new(),
        failed: InstanceSet::new(),
        untouched: targets.clone(),
        failures: BTreeMap::new(),
        options: *options,
        answer: None,
    };
    if targets.is_empty() {
        return Ok(outcome);
    }
    on_event(RestartEvent::Begins { instances: targets });
    let mut queue: VecDeque<u32> = targets.iter().collect();
    outcome.end = loop {
        if outcome.over_limit().len()
            > usize::try_from(options.max_failed_instances).unwrap_or(usize::MAX)
        {
            break RestartEnd::GaveUp;
        }
        let size = options.batch_size.get().min(queue.len());
        let batch: Vec<u32> = queue.drain(..size).collect();
        if batch.is_empty() {
            break match outcome.failed.is_empty() {
                true => RestartEnd::Restarted,
                false => RestartEnd::Incomplete,
            };
        }
        let instances: InstanceSet = batch.iter().copied().collect();
        let result = restart_batch(client, job, &batch, options, &mut on_event).await;
        let (answer, failed) = result.map_err(|error| Error::RestartFailed {
            instances: instances.clone(),
            restarted: outcome.restarted.clone(),
            source: Box::new(error),
        })?;
        outcome.answer = Some(answer);
        outcome.untouched = outcome.untouched.difference(&instances);
        let failed_now: InstanceSet = failed.iter().copied().collect();
        let healthy = instances.difference(&failed_now);
        outcome.restarted = outcome.restarted.union(&healthy);
        outcome.failed = outcome.failed.difference(&healthy).union(&failed_now);
        for instance in failed {
            let failures = outcome.failures.entry(instance).or_default();
            *failures = failures.saturating_add(1);
            if options.tries_again(*failures) {
                queue.push_back(instance);
            }
        }
    };
    Ok(outcome)
}

/// Restarts and watches one batch: the scheduler's answer, and the instances that failed.
async fn restart_batch(
    client: &SchedulerClient,
    job: &JobKey,
    batch: &[u32],
    options: &RestartOptions,
    on_event: &mut (impl FnMut(RestartEvent<'_>) + Send),
) -> Result<(Answer<()>, Vec<u32>), Error> {
    on_event(RestartEvent::Restarting { instances: batch });
    let instances = batch.iter().copied().collect();
    let answer = client.restart_shards(job, &instances).await?;
    on_event(RestartEvent::Accepted {
        instances: batch,
        answer: &answer,
    });
    let failed = watch(client, job, batch, options, on_event).await?;
    Ok((answer, failed))
}
