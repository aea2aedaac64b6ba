//! Which instances of a job are active.

use aurora_api::ACTIVE_STATES;
use aurora_jobkey::{InstanceSet, JobKey};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// The instances of a job that are active.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn active_instances(
    client: &SchedulerClient,
    job: &JobKey,
) -> Result<Reply<InstanceSet>, Error> {
    let query = client.task_query(job, Some(ACTIVE_STATES), None)?;
    let reply = client.get_tasks_without_configs(query).await?;
    Ok(reply.map(|tasks| {
        tasks
            .iter()
            .filter_map(|task| task.assigned_task.as_ref()?.instance_id)
            .filter_map(|instance| u32::try_from(instance).ok())
            .collect()
    }))
}

/// The active instances of a job, compared with a set of expected ones.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Activity {
    /// All active instances of the job.
    pub active: InstanceSet,
    /// The expected ones that are not active.
    pub missing: InstanceSet,
}

/// Asks which of `instances` are not active.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn check_active(
    client: &SchedulerClient,
    job: &JobKey,
    instances: &InstanceSet,
) -> Result<Reply<Activity>, Error> {
    let reply = active_instances(client, job).await?;
    Ok(reply.map(|active| Activity {
        missing: instances.difference(&active),
        active,
    }))
}
