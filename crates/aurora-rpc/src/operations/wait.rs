//! Waiting until the instances of a job are in a state.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use aurora_api::{ScheduleStatus, ScheduledTask};
use aurora_jobkey::{InstanceSet, JobKey};

use crate::client::SchedulerClient;
use crate::error::Error;

/// Without a pause a wait would ask as fast as the scheduler replies.
pub(super) const SHORTEST_PAUSE: Duration = Duration::from_millis(1);

/// What every instance has to be for a wait to end. It is shown and read as `running or ended` or `ended`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Goal {
    /// On its host, or ended. An instance that is being killed counts as running.
    RunningOrFinished,
    /// Ended, in whatever way.
    Terminal,
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Goal {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut all = [Self::RunningOrFinished, Self::Terminal].into_iter();
        all.find(|goal| goal.name() == text)
            .ok_or_else(|| Error::BadGoal {
                text: text.to_owned(),
            })
    }
}

impl Goal {
    const fn name(self) -> &'static str {
        match self {
            Self::RunningOrFinished => "running or ended",
            Self::Terminal => "ended",
        }
    }

    fn is_met_by(self, status: ScheduleStatus) -> bool {
        status.is_terminal() || self == Self::RunningOrFinished && status.is_live()
    }
}

/// How often to look, and for how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pace {
    /// The pause after the first look. Each following pause is twice as long. Less than a
    /// millisecond counts as one.
    pub first_pause: Duration,
    /// No pause is longer than this.
    pub longest_pause: Duration,
    /// The wait gives up rather than let its pauses add up to more than this.
    pub limit: Option<Duration>,
}

impl Pace {
    /// As Aurora 0.12.0 waits for a job to run or finish: pauses of 2, 4, 8 … 128, 150, 150 …
    /// seconds, for ever.
    pub const PATIENT: Self = Self {
        first_pause: Duration::from_secs(2),
        longest_pause: Duration::from_secs(150),
        limit: None,
    };

    /// As Aurora 0.12.0 waits for instances to die: pauses of 2, 4, 8 … 128 seconds, 254 in all.
    pub const KILL: Self = Self {
        limit: Some(Duration::from_secs(254)),
        ..Self::PATIENT
    };

    /// The same pace with another limit.
    pub const fn with_limit(self, limit: Option<Duration>) -> Self {
        Self { limit, ..self }
    }
}

/// How a wait ended.
#[derive(Debug)]
#[must_use]
pub enum Waited {
    /// Every instance meets the goal.
    Reached,
    /// The scheduler knows no task of the job, or of those instances.
    NoTasks,
    /// The scheduler refused to say: an [`Error::Rejected`].
    Refused(Error),
    /// The limit came first.
    TimedOut {
        /// The instances that do not meet the goal.
        pending: InstanceSet,
    },
}

impl Waited {
    /// Whether the released client takes this for a success: all but running out of time.
    pub fn is_success_in_release(&self) -> bool {
        !matches!(self, Self::TimedOut { .. })
    }
}

/// Looks at the instances of a job until all of them meet `goal`: at once, then after pauses.
///
/// `instances` is which of them count; all of the job's with `None`. Of the tasks of an instance,
/// the one that began last counts.
///
/// # Errors
/// A look failed for another reason than a refusal; `instances` is empty or too large.
pub async fn wait_until(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    goal: Goal,
    pace: Pace,
) -> Result<Waited, Error> {
    let query = client.task_query(job, None, instances)?;
    let longest_pause = pace.longest_pause.max(SHORTEST_PAUSE);
    let mut pause = pace.first_pause.clamp(SHORTEST_PAUSE, longest_pause);
    let mut paused = Duration::ZERO;
    loop {
        let tasks = match client.get_tasks_without_configs(query.clone()).await {
            Ok(reply) => reply.value,
            Err(refusal @ Error::Rejected { .. }) => return Ok(Waited::Refused(refusal)),
            Err(error) => return Err(error),
        };
        if tasks.is_empty() {
            return Ok(Waited::NoTasks);
        }
        let pending = pending(&tasks, goal);
        if pending.is_empty() {
            return Ok(Waited::Reached);
        }
        if pace.limit.is_some_and(|limit| paused + pause > limit) {
            let pending = pending
                .into_iter()
                .filter_map(|instance| u32::try_from(instance?).ok())
                .collect();
            return Ok(Waited::TimedOut { pending });
        }
        tracing::debug!(%job, waiting = pending.len(), ?pause, "instances are not there yet");
        client.clock().sleep(pause).await;
        paused += pause;
        pause = pause.saturating_mul(2).min(longest_pause);
    }
}

/// The instances that do not meet the goal.
fn pending(tasks: &[ScheduledTask], goal: Goal) -> Vec<Option<i32>> {
    latest(tasks)
        .into_iter()
        .filter(|(_, task)| !task.status.is_some_and(|status| goal.is_met_by(status)))
        .map(|(instance, _)| instance)
        .collect()
}

/// The latest task of each instance: the one that began last.
pub(super) fn latest<'a>(
    tasks: impl IntoIterator<Item = &'a ScheduledTask>,
) -> BTreeMap<Option<i32>, &'a ScheduledTask> {
    let mut latest: BTreeMap<Option<i32>, &ScheduledTask> = BTreeMap::new();
    for task in tasks {
        let instance = task
            .assigned_task
            .as_ref()
            .and_then(|task| task.instance_id);
        latest
            .entry(instance)
            .and_modify(|known| {
                if began(task) > began(known) {
                    *known = task;
                }
            })
            .or_insert(task);
    }
    latest
}

/// The time of a task's first event.
fn began(task: &ScheduledTask) -> Option<i64> {
    task.task_events.as_ref()?.first()?.timestamp
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_api::{AssignedTask, TaskEvent};

    fn task(instance: i32, began: i64, status: ScheduleStatus) -> ScheduledTask {
        ScheduledTask {
            status: Some(status),
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                ..AssignedTask::default()
            }),
            task_events: Some(vec![TaskEvent {
                timestamp: Some(began),
                ..TaskEvent::default()
            }]),
            ..ScheduledTask::default()
        }
    }

    #[test]
    fn the_task_that_began_last_speaks_for_its_instance() {
        let tasks = [
            task(0, 5, ScheduleStatus::PENDING),
            task(0, 3, ScheduleStatus::RUNNING),
            task(1, 1, ScheduleStatus::PENDING),
            task(1, 2, ScheduleStatus::KILLING),
        ];
        assert_eq!(pending(&tasks, Goal::RunningOrFinished), [Some(0)]);
        assert_eq!(pending(&tasks, Goal::Terminal), [Some(0), Some(1)]);
    }

    #[test]
    fn a_goal_reads_its_own_name_and_no_other_text() {
        for goal in [Goal::RunningOrFinished, Goal::Terminal] {
            assert_eq!(goal.to_string().parse::<Goal>().unwrap(), goal);
        }
        let error = "RUNNING".parse::<Goal>().unwrap_err();
        insta::assert_snapshot!(error, @"`RUNNING` is not a goal of a wait; use `running or ended` or `ended`");
    }

    #[test]
    fn a_task_without_a_state_meets_no_goal() {
        assert_eq!(pending(&[ScheduledTask::default()], Goal::Terminal), [None]);
    }
}
