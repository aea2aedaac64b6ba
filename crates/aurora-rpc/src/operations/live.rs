//! The tasks of a job that may be running processes on a host.

use aurora_api::{LIVE_STATES, ScheduledTask};
use aurora_jobkey::{InstanceSet, JobKey};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// The live tasks of a job, or of some of its instances, in the order of the scheduler.
///
/// # Errors
/// As [`SchedulerClient::call`], and when `instances` is empty or too large to send.
pub async fn live_tasks(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
) -> Result<Reply<Vec<ScheduledTask>>, Error> {
    let query = client.task_query(job, Some(LIVE_STATES), instances)?;
    client.get_tasks_status(query).await
}
