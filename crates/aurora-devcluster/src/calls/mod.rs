//! The calls of the API, as functions of the scheduler's state: what is checked in which order, and what is answered.

pub(crate) mod admin;
pub(crate) mod cron;
mod jobs;
mod locks;
mod query;
mod quota;
mod reads;
mod reply;
pub(crate) mod updates;
mod validate;

pub(crate) use jobs::{add_instances, create_job, kill_tasks, restart_shards};
pub(crate) use locks::{acquire_lock, get_locks, release_lock};
pub(crate) use quota::{get_quota, set_quota};
pub(crate) use reads::{
    config_summary, job_summary, jobs, join, pending_reasons, populate_job_config, role_summary,
    tasks_status, tasks_without_configs,
};
pub(crate) use reply::Reply;

use aurora_api::JobKey;

use crate::model::JobId;

/// The caller's name in audit messages: nobody has to say who they are.
const CALLER: &str = "UNSECURE";

/// What a call has come to: `Err` is a refusal, which has changed nothing.
type Outcome = Result<Reply, Reply>;

/// The job that a call names.
fn job_of(key: Option<&JobKey>) -> Result<JobId, Reply> {
    key.and_then(JobId::from_wire)
        .ok_or_else(|| Reply::error("the job key is missing or malformed"))
}

#[cfg(test)]
mod tests;
