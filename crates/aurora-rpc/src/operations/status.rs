//! The tasks of a job, as `job status` shows them.

use std::collections::BTreeMap;
use std::fmt;

use aurora_api::{ScheduleStatus, ScheduledTask};
use aurora_jobkey::JobKey;

use super::wait::latest;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// The tasks of a job, each part sorted by instance; tasks of one instance stay in the order in
/// which the scheduler gave them.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct JobStatus {
    /// Tasks that run, or will, or are about to end.
    pub active: Vec<ScheduledTask>,
    /// Tasks that ended.
    pub inactive: Vec<ScheduledTask>,
}

impl JobStatus {
    /// Whether the scheduler knows no task at all.
    pub fn is_empty(&self) -> bool {
        self.active.is_empty() && self.inactive.is_empty()
    }

    /// The latest task of each instance, by instance: of all its tasks the one that began last.
    pub fn latest(&self) -> BTreeMap<u32, &ScheduledTask> {
        latest(self.active.iter().chain(&self.inactive))
            .into_iter()
            .filter_map(|(instance, task)| Some((u32::try_from(instance?).ok()?, task)))
            .collect()
    }

    /// The instances whose latest task ended without success, by instance.
    pub fn failed_instances(&self) -> Vec<FailedInstance> {
        let bad = [
            ScheduleStatus::FAILED,
            ScheduleStatus::KILLED,
            ScheduleStatus::LOST,
        ];
        let failed = |(instance, task): (u32, &ScheduledTask)| {
            let status = task.status.filter(|status| bad.contains(status))?;
            let last = task.task_events.as_ref().and_then(|events| events.last());
            Some(FailedInstance {
                instance,
                status,
                message: last
                    .and_then(|event| event.message.clone())
                    .unwrap_or_default(),
            })
        };
        self.latest().into_iter().filter_map(failed).collect()
    }
}

/// An instance whose latest task ended without success. It is shown as `FAILED: exit code 1`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FailedInstance {
    /// The instance.
    pub instance: u32,
    /// The state in which its task ended: `FAILED`, `KILLED` or `LOST`.
    pub status: ScheduleStatus,
    /// Why, as the task's last event says; it may be empty.
    pub message: String,
}

impl fmt::Display for FailedInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.message {
            "" => write!(f, "{}", self.status),
            message => write!(f, "{}: {message}", self.status),
        }
    }
}

/// Asks for the tasks of a job in all states, without the executor's part of their configuration.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn job_status(client: &SchedulerClient, job: &JobKey) -> Result<Reply<JobStatus>, Error> {
    let query = client.task_query(job, None, None)?;
    Ok(client.get_tasks_without_configs(query).await?.map(split))
}

fn split(tasks: Vec<ScheduledTask>) -> JobStatus {
    let (mut active, mut inactive): (Vec<_>, Vec<_>) = tasks
        .into_iter()
        .partition(|task| task.status.is_some_and(ScheduleStatus::is_active));
    active.sort_by_key(instance);
    inactive.sort_by_key(instance);
    JobStatus { active, inactive }
}

fn instance(task: &ScheduledTask) -> Option<i32> {
    task.assigned_task
        .as_ref()
        .and_then(|task| task.instance_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_api::{AssignedTask, TaskEvent};

    #[test]
    fn tasks_are_split_and_sorted_and_equal_ones_keep_their_order() {
        let task = |instance, status, id: &str| ScheduledTask {
            status: Some(status),
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                task_id: Some(id.to_owned()),
                ..AssignedTask::default()
            }),
            ..ScheduledTask::default()
        };
        let status = split(vec![
            task(2, ScheduleStatus::RUNNING, "a"),
            task(1, ScheduleStatus::FAILED, "b"),
            task(0, ScheduleStatus::THROTTLED, "c"),
            task(1, ScheduleStatus::LOST, "d"),
            task(0, ScheduleStatus::FINISHED, "e"),
        ]);
        let ids = |tasks: &[ScheduledTask]| -> String {
            let id = |task: &ScheduledTask| task.assigned_task.clone()?.task_id;
            tasks.iter().filter_map(id).collect()
        };
        assert_eq!(ids(&status.active), "ca");
        assert_eq!(ids(&status.inactive), "ebd");
        assert!(!status.is_empty());
        assert!(split(Vec::new()).is_empty());
    }

    #[test]
    fn the_task_that_began_last_speaks_for_its_instance() {
        let task = |instance, began, id: &str| ScheduledTask {
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                task_id: Some(id.to_owned()),
                ..AssignedTask::default()
            }),
            task_events: Some(vec![TaskEvent {
                timestamp: Some(began),
                ..TaskEvent::default()
            }]),
            ..ScheduledTask::default()
        };
        let status = JobStatus {
            active: vec![task(0, 9, "a")],
            inactive: vec![task(0, 1, "b"), task(1, 2, "c"), task(1, 3, "d")],
        };
        let ids: Vec<_> = status
            .latest()
            .into_iter()
            .map(|(instance, task)| {
                (
                    instance,
                    task.assigned_task.clone().unwrap().task_id.unwrap(),
                )
            })
            .collect();
        assert_eq!(ids, [(0, "a".to_owned()), (1, "d".to_owned())]);
    }

    #[test]
    fn the_latest_task_of_an_instance_tells_how_it_ended() {
        let task = |instance, began, status, message: &str| ScheduledTask {
            status: Some(status),
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                ..AssignedTask::default()
            }),
            task_events: Some(vec![TaskEvent {
                timestamp: Some(began),
                message: Some(message.to_owned()),
                ..TaskEvent::default()
            }]),
            ..ScheduledTask::default()
        };
        let status = JobStatus {
            active: vec![task(0, 9, ScheduleStatus::PENDING, "")],
            inactive: vec![
                task(0, 1, ScheduleStatus::FAILED, "replaced since"),
                task(1, 1, ScheduleStatus::LOST, "older"),
                task(1, 2, ScheduleStatus::FAILED, "exit code 1"),
                task(2, 1, ScheduleStatus::FAILED, "older"),
                task(2, 2, ScheduleStatus::FINISHED, ""),
                task(3, 1, ScheduleStatus::KILLED, ""),
            ],
        };
        let failed: Vec<_> = status
            .failed_instances()
            .iter()
            .map(|failed| (failed.instance, failed.to_string()))
            .collect();
        let expected = [(1, "FAILED: exit code 1"), (3, "KILLED")];
        assert_eq!(
            failed,
            expected.map(|(instance, end)| (instance, end.to_owned()))
        );
    }
}
