//! The schedules of cron jobs.

use aurora_jobkey::JobKey;

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// The schedule of a cron job, as in `0 3 * * *`; `None` if the job does not exist or has no schedule.
///
/// # Errors
/// As [`SchedulerClient::call`].
pub async fn cron_schedule(
    client: &SchedulerClient,
    job: &JobKey,
) -> Result<Reply<Option<String>>, Error> {
    let key = Some(client.job_key(job)?);
    let reply = client.get_jobs(Some(job.role())).await?;
    Ok(reply.map(|jobs| {
        let job = jobs.into_iter().find(|candidate| candidate.key == key);
        job?.cron_schedule.filter(|schedule| !schedule.is_empty())
    }))
}
