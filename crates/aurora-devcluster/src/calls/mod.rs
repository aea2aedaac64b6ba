//! The calls of the API, as functions of the scheduler's state: what is checked in which order, and what is answered.

mod jobs;
mod query;
mod quota;
mod reads;
mod reply;
mod validate;

pub(crate) use jobs::{add_instances, create_job, kill_tasks, restart_shards};
pub(crate) use quota::get_quota;
pub(crate) use reads::{
    config_summary, job_summary, jobs, join, pending_reasons, populate_job_config, role_summary,
    tasks_status, tasks_without_configs,
};
pub(crate) use reply::Reply;

#[cfg(test)]
mod tests;
