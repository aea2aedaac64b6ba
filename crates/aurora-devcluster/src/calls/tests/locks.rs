//! Locks and quotas that users set.

use aurora_api::calls::{AcquireLock, ReleaseLock, SetQuota};
use aurora_api::{LockKey, LockValidation, ResourceAggregate};

use super::*;

fn lock(bench: &mut Bench) -> Result<Lock, Reply> {
    let call = AcquireLock {
        lock_key: Some(LockKey::Job(key())),
    };
    let reply = acquire_lock(&mut bench.engine, 5000, &call)?;
    match reply.result.as_deref() {
        Some(aurora_api::Result::AcquireLockResult(result)) => Ok(result.lock.clone().unwrap()),
        other => panic!("{other:?}"),
    }
}

fn release(bench: &mut Bench, lock: &Lock, validation: LockValidation) -> Reply {
    let call = ReleaseLock {
        lock: Some(lock.clone()),
        validation: Some(validation),
    };
    merge(release_lock(&mut bench.engine, 5001, &call))
}

#[test]
fn a_locked_job_is_changed_by_the_owner_of_the_lock_alone() {
    let mut bench = Bench::new();
    let held = lock(&mut bench).unwrap();
    let refused = lock(&mut bench).unwrap_err();
    assert_eq!(
        refused,
        Reply::lock_error("job www/prod/web is locked since 1970-01-01T00:00:05Z by UNSECURE")
    );
    let without = create(&mut bench, &job(1));
    assert_eq!(without.code, ResponseCode::LOCK_ERROR);
    let mut other = held.clone();
    other.user = text("mallory");
    for (shown, code) in [
        (&other, ResponseCode::LOCK_ERROR),
        (&held, ResponseCode::OK),
    ] {
        let call = CreateJob {
            description: Some(job(1)),
            lock: Some(shown.clone()),
        };
        assert_eq!(merge(create_job(&mut bench.engine, 0, &call)).code, code);
    }

    let mut bench = bench.reopen();
    let reply = get_locks(&bench.engine);
    let Some(aurora_api::Result::GetLocksResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    assert_eq!(result.locks, Some(BTreeSet::from([held.clone()])));

    let checked = LockValidation::CHECKED;
    assert_eq!(
        release(&mut bench, &other, checked).code,
        ResponseCode::LOCK_ERROR
    );
    assert_eq!(release(&mut bench, &held, checked), Reply::ok());
    assert_eq!(
        release(&mut bench, &held, checked).code,
        ResponseCode::LOCK_ERROR
    );
    lock(&mut bench).unwrap();
    assert_eq!(
        release(&mut bench, &other, LockValidation::UNCHECKED),
        Reply::ok()
    );
    assert!(bench.engine.state().locks.is_empty());
    assert_eq!(
        release(&mut bench, &other, LockValidation::UNCHECKED),
        Reply::ok_saying("job www/prod/web is not locked")
    );
}

#[test]
fn a_quota_takes_the_place_of_the_whole_machine() {
    let mut bench = Bench::new();
    let production = |instances| {
        changed(|job| {
            job.instance_count = Some(instances);
            job.task_config.as_mut().unwrap().production = Some(true);
        })
    };
    let set = |bench: &mut Bench, role: &str, cpus: f64| {
        let call = SetQuota {
            owner_role: text(role),
            quota: Some(ResourceAggregate {
                num_cpus: Some(cpus.into()),
                ram_mb: Some(1000),
                disk_mb: Some(1000),
            }),
        };
        merge(set_quota(&mut bench.engine, 1, &call))
    };
    assert_eq!(set(&mut bench, " ", 1.0).code, ResponseCode::ERROR);
    for refused_value in [-1.0, f64::NAN, f64::INFINITY] {
        let refused = set(&mut bench, "www", refused_value);
        assert_eq!(refused, Reply::invalid("a quota cannot be negative"));
    }
    assert_eq!(set(&mut bench, "www", 1.0), Reply::ok());
    assert_eq!(
        message_of(&create(&mut bench, &production(3))),
        "Insufficient resource quota: CPU quota exceeded by 0.50 core(s)"
    );
    assert_eq!(create(&mut bench, &production(2)).code, ResponseCode::OK);
    assert_eq!(
        message_of(&set(&mut bench, "www", 0.75)),
        "role www uses more than that already: CPU quota exceeded by 0.25 core(s)"
    );
    let bench = bench.reopen();
    let reply = get_quota(&bench.engine, Some("www"));
    let Some(aurora_api::Result::GetQuotaResult(quota)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    assert_eq!(quota.quota.as_ref().unwrap().num_cpus.unwrap().0, 1.0);
}
