//! The calls of the API, as functions of the scheduler's state: what is checked in which order, and the replies.

pub(crate) mod admin;
mod checks;
pub(crate) mod cron;
mod jobs;
mod locks;
mod query;
mod quota;
mod reads;
mod reply;
pub(crate) mod updates;

pub(crate) use jobs::{add_instances, create_job, kill_tasks, restart_shards};
pub(crate) use locks::{acquire_lock, get_locks, release_lock};
pub(crate) use quota::{get_quota, set_quota};
pub(crate) use reads::{
    config_summary, job_summary, jobs, pending_reasons, populate_job_config, role_summary,
    tasks_status, tasks_without_configs,
};
pub(crate) use reply::Reply;

#[cfg(test)]
mod tests;
