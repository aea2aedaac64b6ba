//! The locks of jobs, as plain data.

use aurora_api::{Lock, LockKey};

use super::job::JobId;
use super::record::Record;

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

impl Record for Lock {
    type Wire = Self;

    fn to_wire(&self) -> Self {
        self.clone()
    }

    fn from_wire(wire: Self) -> Result<Self, &'static str> {
        locked_job(&wire).map(|_| wire).ok_or("no valid job key")
    }
}
