//! After a lost reply: checking whether the scheduler executed the first attempt.

mod job;
mod update;

use aurora_api::{JobConfiguration, Lock};
use aurora_jobkey::JobKey;

use crate::client::{Exchange, SchedulerClient};
use crate::error::Error;
use crate::wire;

pub(crate) use job::{comparable, created_job};
pub(crate) use update::start_update;

/// Whether a refused repetition of `descheduleCronJob` means that the job has no schedule.
pub(crate) async fn is_descheduled(
    client: &SchedulerClient,
    job: &JobKey,
    exchange: &Exchange,
) -> bool {
    if !is_refused_repetition(exchange) {
        return false;
    }
    let client = client.with_retry(exchange.rest);
    let key = wire::job_key(job);
    let has_schedule = |job: &JobConfiguration| {
        job.key.as_ref() == Some(&key) && job.cron_schedule.as_ref().is_some_and(|s| !s.is_empty())
    };
    match client.get_jobs(Some(job.role())).await {
        Ok(reply) => !reply.value.iter().any(has_schedule),
        Err(error) => cannot_tell("descheduleCronJob", &error),
    }
}

/// Whether a refused repetition of `releaseLock` means that the lock is gone.
pub(crate) async fn is_released(
    client: &SchedulerClient,
    lock: Option<&Lock>,
    exchange: &Exchange,
) -> bool {
    let Some(token) = lock.and_then(|lock| lock.token.as_ref()) else {
        return false;
    };
    if !is_refused_repetition(exchange) {
        return false;
    }
    let client = client.with_retry(exchange.rest);
    match client.get_locks().await {
        Ok(reply) => !reply
            .value
            .iter()
            .any(|lock| lock.token.as_ref() == Some(token)),
        Err(error) => cannot_tell("releaseLock", &error),
    }
}

fn is_refused_repetition(exchange: &Exchange) -> bool {
    exchange.lost_reply && matches!(exchange.result, Err(Error::Rejected { .. }))
}

fn cannot_tell(method: &str, error: &Error) -> bool {
    tracing::debug!(method, %error, "cannot check whether the call was executed");
    false
}
