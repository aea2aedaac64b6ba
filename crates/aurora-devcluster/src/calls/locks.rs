//! Locks on jobs: at most one a job. A change of a locked job has to show the lock as it was acquired.

use aurora_api::calls::{AcquireLock, ReleaseLock};
use aurora_api::{AcquireLockResult, GetLocksResult, Lock, LockKey, LockValidation};

use super::reply::{CALLER, Outcome, Reply, job_of};
use crate::engine::Engine;
use crate::model::{JobId, locked_job, new_lock};

/// Lets a change of a job pass that shows the job's lock, or none where there is none.
pub(super) fn check(engine: &Engine, job: &JobId, shown: Option<&Lock>) -> Result<(), Reply> {
    match (engine.state().locks.get(job), shown) {
        (None, None) => Ok(()),
        (Some(held), Some(shown)) if held == shown => Ok(()),
        (Some(held), _) => Err(Reply::lock_error(format!(
            "job {job} is locked by {}; wait for the end of its update or abort it",
            owner(held)
        ))),
        (None, Some(_)) => Err(Reply::lock_error(format!(
            "Invalid operation context: job {job} is not locked"
        ))),
    }
}

fn owner(lock: &Lock) -> &str {
    lock.user.as_deref().unwrap_or_default()
}

/// Replies to `acquireLock`.
pub(crate) fn acquire_lock(engine: &mut Engine, now: i64, call: &AcquireLock) -> Outcome {
    let LockKey::Job(key) = call
        .lock_key
        .as_ref()
        .ok_or_else(|| Reply::error("the call names no job"))?;
    let job = job_of(Some(key))?;
    if let Some(held) = engine.state().locks.get(&job) {
        let since = held.timestamp_ms.unwrap_or(0);
        return Err(Reply::lock_error(format!(
            "job {job} is locked since {} by {}",
            jiff::Timestamp::from_millisecond(since).unwrap_or_default(),
            owner(held)
        )));
    }
    let lock = new_lock(&job, uuid::Uuid::new_v4().to_string(), CALLER, now);
    engine.change(now, |change| change.tables.locks.put(job, lock.clone()))?;
    Ok(Reply::ok_with(aurora_api::Result::AcquireLockResult(
        AcquireLockResult { lock: Some(lock) },
    )))
}

/// Replies to `releaseLock`.
pub(crate) fn release_lock(engine: &mut Engine, now: i64, call: &ReleaseLock) -> Outcome {
    let Some(lock) = &call.lock else {
        return Err(Reply::error("the call has no lock"));
    };
    let job = locked_job(lock).ok_or_else(|| Reply::error("the lock names no job"))?;
    if call.validation != Some(LockValidation::UNCHECKED) {
        check(engine, &job, Some(lock))?;
    }
    if !engine.state().locks.contains_key(&job) {
        return Ok(Reply::ok_saying(format!("job {job} is not locked")));
    }
    engine.change(now, |change| change.tables.locks.remove(job))?;
    Ok(Reply::ok())
}

/// Replies to `getLocks`.
pub(crate) fn get_locks(engine: &Engine) -> Reply {
    let locks = engine.state().locks.values().cloned().collect();
    Reply::ok_with(aurora_api::Result::GetLocksResult(GetLocksResult {
        locks: Some(locks),
    }))
}
