//! Whether a job is the one that a lost attempt was to create.

use std::collections::{BTreeMap, BTreeSet};

use aurora_api::{JobConfiguration, ScheduleStatus, ScheduledTask, TaskConfig, TaskQuery};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::outcome::Created;
use crate::reply::Reply;

/// Decides what the refusal of a repeated `createJob` means.
///
/// The scheduler refuses a job that exists. If the existing one is, to the last field, what the
/// scheduler would have made of `description`, the first attempt made it or might as well have.
pub(crate) async fn created_job(
    client: &SchedulerClient,
    description: JobConfiguration,
    refusal: Error,
) -> Result<Reply<Created>, Error> {
    match is_job(client, description).await {
        Ok(true) => {
            tracing::debug!(%refusal, "the job exists as it was asked for: its creation succeeded");
            Ok(Reply::new(Created::FoundAfterLostReply, Vec::new(), None))
        }
        Ok(false) => Err(refusal),
        Err(error) => {
            tracing::debug!(%error, "cannot check whether the job was created");
            let cluster = client.cluster();
            Err(Error::outcome_unknown("createJob", cluster, refusal))
        }
    }
}

async fn is_job(client: &SchedulerClient, description: JobConfiguration) -> Result<bool, Error> {
    let Some(key) = description.key.clone() else {
        return Ok(false);
    };
    let count = description.instance_count.unwrap_or(0);
    let wanted = client.populate_job_config(description).await?.value;
    let query = TaskQuery {
        job_keys: Some(BTreeSet::from([key])),
        ..TaskQuery::default()
    };
    let found = client.get_tasks_status(query).await?.value;
    Ok(is_made_of(&found, wanted, count))
}

/// Whether these are the tasks of a job of `count` instances of `wanted`.
///
/// Instances that ended already count too, as short tasks may end before anyone looks.
fn is_made_of(tasks: &[ScheduledTask], wanted: TaskConfig, count: i32) -> bool {
    let wanted = comparable(wanted);
    let mut instances = BTreeSet::new();
    let mut any_active = false;
    for task in tasks {
        let is_active = task.status.is_some_and(ScheduleStatus::is_active);
        let (Some(instance), Some(config)) = task
            .assigned_task
            .as_ref()
            .map_or((None, None), |task| (task.instance_id, task.task.clone()))
        else {
            return false;
        };
        let is_wanted = comparable(config) == wanted && (0..count).contains(&instance);
        if is_active && !is_wanted {
            return false;
        }
        any_active |= is_active;
        if is_wanted {
            instances.insert(instance);
        }
    }
    any_active && instances.into_iter().eq(0..count)
}

/// A configuration in which an empty collection and a missing one are the same: storing a task
/// turns one into the other.
pub(crate) fn comparable(mut config: TaskConfig) -> TaskConfig {
    config.constraints = config.constraints.filter(|all| !all.is_empty());
    config.requested_ports = config.requested_ports.filter(|all| !all.is_empty());
    config.metadata = config.metadata.filter(|all| !all.is_empty());
    config.task_links = config
        .task_links
        .filter(|all: &BTreeMap<_, _>| !all.is_empty());
    config
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_api::{AssignedTask, Identity};

    fn config(user: &str) -> TaskConfig {
        TaskConfig {
            owner: Some(Identity {
                role: Some("www".to_owned()),
                user: Some(user.to_owned()),
            }),
            num_cpus: Some(0.5.into()),
            ..TaskConfig::default()
        }
    }

    fn task(instance: i32, user: &str, status: ScheduleStatus) -> ScheduledTask {
        let mut config = config(user);
        config.constraints = Some(BTreeSet::new());
        ScheduledTask {
            status: Some(status),
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                task: Some(config),
                ..AssignedTask::default()
            }),
            ..ScheduledTask::default()
        }
    }

    const RUNNING: ScheduleStatus = ScheduleStatus::RUNNING;
    const FINISHED: ScheduleStatus = ScheduleStatus::FINISHED;

    #[test]
    fn the_same_job_is_recognised_even_when_some_of_it_has_ended() {
        let tasks = [task(1, "alice", FINISHED), task(0, "alice", RUNNING)];
        assert!(is_made_of(&tasks, config("alice"), 2));
    }

    #[test]
    fn another_job_is_not_ours() {
        let alice = config("alice");
        let other = [task(0, "bob", RUNNING)];
        assert!(!is_made_of(&other, alice.clone(), 1), "another owner");
        let fewer = [task(0, "alice", RUNNING)];
        assert!(!is_made_of(&fewer, alice.clone(), 2), "too few instances");
        let more = [task(0, "alice", RUNNING), task(1, "alice", RUNNING)];
        assert!(!is_made_of(&more, alice.clone(), 1), "too many instances");
        let mixed = [task(0, "alice", RUNNING), task(0, "bob", FINISHED)];
        assert!(is_made_of(&mixed, alice.clone(), 1), "history of another");
        let ended = [task(0, "alice", FINISHED)];
        assert!(!is_made_of(&ended, alice.clone(), 1), "nothing is active");
        assert!(!is_made_of(&[], alice, 0), "no tasks");
    }
}
