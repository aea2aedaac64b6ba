//! The locks of jobs, as plain data.

use aurora_api::{Lock, LockKey};

use crate::task::JobId;

/// A new lock on a job.
pub(crate) fn new_lock(job: &JobId, token: String, user: &str, now: i64) -> Lock {
    Lock {
        key: Some(LockKey::Job(job.to_wire())),
        token: Some(token),
        user: Some(user.to_owned()),
        timestamp_ms: Some(now),
        message: None,
    }
}

/// The job that a lock is about.
pub(crate) fn locked_job(lock: &Lock) -> Option<JobId> {
    let LockKey::Job(key) = lock.key.as_ref()?;
    JobId::from_wire(key)
}
