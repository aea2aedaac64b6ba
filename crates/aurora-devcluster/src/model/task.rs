//! One task as the scheduler holds it, and its form on the wire.

use std::collections::BTreeMap;
use std::sync::Arc;

use aurora_api::{AssignedTask, ScheduledTask, TaskConfig, TaskEvent};

use super::job::JobId;
use super::record::Record;
use super::task_state::TaskState;

/// One entry of a task's history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) state: TaskState,
    pub(crate) message: Option<String>,
    pub(crate) scheduler: Option<String>,
}

/// A task with its history.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Task {
    pub(crate) id: String,
    pub(crate) job: JobId,
    pub(crate) instance: i32,
    pub(crate) state: TaskState,
    pub(crate) failure_count: i32,
    pub(crate) ancestor: Option<String>,
    pub(crate) events: Vec<Event>,
    /// Host name and host id, once assigned.
    pub(crate) host: Option<(String, String)>,
    pub(crate) ports: BTreeMap<String, i32>,
    /// Shared by the instances of a job.
    pub(crate) config: Arc<TaskConfig>,
}

impl Task {
    /// When the task entered its present state.
    pub(crate) fn since(&self) -> i64 {
        self.events.last().map_or(0, |event| event.at)
    }

    /// When the task was made.
    pub(crate) fn created(&self) -> i64 {
        self.events.first().map_or(0, |event| event.at)
    }

    /// The time of the latest event in the given state.
    pub(crate) fn last_event_in(&self, wanted: impl Fn(TaskState) -> bool) -> Option<i64> {
        self.events
            .iter()
            .rev()
            .find(|event| wanted(event.state))
            .map(|event| event.at)
    }

    pub(crate) fn to_wire(&self) -> ScheduledTask {
        let (host, host_id) = match &self.host {
            Some((name, id)) => (Some(name.clone()), Some(id.clone())),
            None => (None, None),
        };
        ScheduledTask {
            assigned_task: Some(AssignedTask {
                task_id: Some(self.id.clone()),
                slave_id: host_id,
                slave_host: host,
                task: Some(TaskConfig::clone(&self.config)),
                assigned_ports: Some(self.ports.clone()),
                instance_id: Some(self.instance),
            }),
            status: self.state.to_wire(),
            failure_count: Some(self.failure_count),
            task_events: Some(self.events.iter().map(Event::to_wire).collect()),
            ancestor_id: self.ancestor.clone(),
        }
    }

    /// The task behind a stored record; the reason when the record lacks something that every task has.
    pub(crate) fn from_wire(task: ScheduledTask) -> Result<Self, &'static str> {
        let assigned = task.assigned_task.ok_or("no assignedTask")?;
        let config = assigned.task.ok_or("no task configuration")?;
        let job = config
            .job
            .as_ref()
            .and_then(JobId::from_wire)
            .ok_or("no valid job key")?;
        let events = task
            .task_events
            .unwrap_or_default()
            .into_iter()
            .map(Event::from_wire)
            .collect::<Option<Vec<_>>>()
            .ok_or("an event in no known state")?;
        Ok(Self {
            id: assigned.task_id.ok_or("no task id")?,
            job,
            instance: assigned.instance_id.ok_or("no instance")?,
            state: task
                .status
                .and_then(TaskState::from_wire)
                .ok_or("no known state")?,
            failure_count: task.failure_count.unwrap_or(0),
            ancestor: task.ancestor_id,
            events,
            host: assigned.slave_host.zip(assigned.slave_id),
            ports: assigned.assigned_ports.unwrap_or_default(),
            config: Arc::new(config),
        })
    }
}

impl Event {
    fn to_wire(&self) -> TaskEvent {
        TaskEvent {
            timestamp: Some(self.at),
            status: self.state.to_wire(),
            message: self.message.clone(),
            scheduler: self.scheduler.clone(),
        }
    }

    fn from_wire(event: TaskEvent) -> Option<Self> {
        Some(Self {
            at: event.timestamp?,
            state: TaskState::from_wire(event.status?)?,
            message: event.message,
            scheduler: event.scheduler,
        })
    }
}

impl Record for Task {
    type Wire = ScheduledTask;

    fn to_wire(&self) -> ScheduledTask {
        Task::to_wire(self)
    }

    fn from_wire(wire: ScheduledTask) -> Result<Self, &'static str> {
        Task::from_wire(wire)
    }
}

/// A new task id: `<epoch ms>-<role>-<env>-<job>-<instance>-<uuid>` with every character but letters, digits, `_` and
/// `-` replaced by `-`. Not to be parsed back.
pub(crate) fn new_task_id(now: i64, job: &JobId, instance: i32, uuid: &uuid::Uuid) -> String {
    format!(
        "{now}-{}-{}-{}-{instance}-{uuid}",
        job.role, job.environment, job.name
    )
    .chars()
    .map(|c| {
        if c.is_ascii_alphanumeric() || c == '_' || c == '-' {
            c
        } else {
            '-'
        }
    })
    .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A stored task of `www/prod/web` for the tests of other modules.
    pub(crate) fn sample(id: &str, state: TaskState, events: &[(i64, TaskState)]) -> Task {
        let job = JobId {
            role: "www".to_owned(),
            environment: "prod".to_owned(),
            name: "web".to_owned(),
        };
        Task {
            id: id.to_owned(),
            instance: 0,
            state,
            failure_count: 0,
            ancestor: None,
            events: events
                .iter()
                .map(|&(at, state)| Event {
                    at,
                    state,
                    message: None,
                    scheduler: Some("here".to_owned()),
                })
                .collect(),
            host: None,
            ports: BTreeMap::new(),
            config: Arc::new(TaskConfig {
                job: Some(job.to_wire()),
                num_cpus: Some(1.0.into()),
                ram_mb: Some(100),
                disk_mb: Some(10),
                ..TaskConfig::default()
            }),
            job,
        }
    }

    #[test]
    fn a_task_survives_the_wire() {
        let mut task = sample(
            "a",
            TaskState::Assigned,
            &[(1, TaskState::Pending), (2, TaskState::Assigned)],
        );
        assert_eq!(Task::from_wire(task.to_wire()), Ok(task.clone()));
        task.host = Some(("h".to_owned(), "id".to_owned()));
        task.ports.insert("http".to_owned(), 31_000);
        task.ancestor = Some("before".to_owned());
        task.events[1].message = Some("why".to_owned());
        assert_eq!(Task::from_wire(task.to_wire()), Ok(task));
    }

    #[test]
    fn records_that_are_no_tasks_are_refused() {
        assert!(Task::from_wire(ScheduledTask::default()).is_err());
        let mut wire = sample("a", TaskState::Pending, &[]).to_wire();
        wire.status = Some(aurora_api::ScheduleStatus(99));
        assert_eq!(Task::from_wire(wire), Err("no known state"));
    }

    #[test]
    fn dots_become_dashes_in_ids() {
        let job = JobId {
            role: "a.b".to_owned(),
            environment: "prod".to_owned(),
            name: "x_y-z".to_owned(),
        };
        assert_eq!(
            new_task_id(5, &job, 12, &uuid::Uuid::nil()),
            "5-a-b-prod-x_y-z-12-00000000-0000-0000-0000-000000000000"
        );
    }
}
