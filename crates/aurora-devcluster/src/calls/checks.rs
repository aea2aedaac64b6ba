//! Checks of several calls against the current state.

use super::reply::Reply;
use crate::engine::Engine;
use crate::model::{JobId, new_task_id};
use crate::validate::MAX_TASK_ID;

/// Refuses a job whose longest task id would be too long.
pub(super) fn check_task_ids(now: i64, job: &JobId, longest: i32) -> Result<(), Reply> {
    let length = new_task_id(now, job, longest, &uuid::Uuid::nil()).len();
    if length > MAX_TASK_ID {
        return Err(Reply::invalid(format!(
            "task ids of job {job} would have {length} characters, and at most {MAX_TASK_ID} are allowed; shorten the role or the job name"
        )));
    }
    Ok(())
}

/// Refuses what cannot be done with cron jobs.
pub(super) fn refuse_cron(engine: &Engine, job: &JobId, done: &str) -> Result<(), Reply> {
    if engine.state().crons.contains_key(job) {
        return Err(Reply::invalid(format!(
            "job {job} is scheduled with cron and cannot be {done}; use scheduleCronJob to replace it"
        )));
    }
    Ok(())
}
