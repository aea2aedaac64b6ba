//! `startJobUpdate`.

use std::collections::BTreeSet;

use aurora_api::calls::StartJobUpdate;
use aurora_api::{JobUpdateSettings, StartJobUpdateResult};

use super::super::reply::{CALLER, Outcome, Reply};
use super::super::{checks, quota};
use super::request::{Request, check_message};
use crate::engine::Engine;
use crate::model::{Group, JobId, Update, UpdateId};
use crate::updates::{self, groups};

/// The most failures of all instances together that an update may tolerate.
const MAX_FAILURES: i64 = 20_000;

/// Replies to `startJobUpdate`.
pub(crate) fn start(engine: &mut Engine, now: i64, call: &StartJobUpdate) -> Outcome {
    let request = Request::new(call.request.as_ref())?;
    let (job, settings) = (&request.job, request.settings);
    if !request.config.is_service.unwrap_or(false) {
        return Err(Reply::invalid(format!(
            "job {job} is not a service; only services can be updated"
        )));
    }
    check_settings(settings, request.count)?;
    let config = request.populate()?;
    checks::refuse_cron(engine, job, "updated")?;
    let current = engine.instances(job);
    let diff = request.diff(&current, &config)?;
    if diff.is_empty() {
        return Ok(Reply::ok_saying(format!(
            "Job {job} is already up to date."
        )));
    }
    if request.count <= 0 {
        return Err(Reply::invalid("instanceCount must be greater than 0"));
    }
    checks::check_task_ids(now, job, request.count.saturating_sub(1))?;

    let desired: BTreeSet<i32> = diff.add.union(&diff.update).copied().collect();
    let update = Update {
        id: UpdateId {
            job: job.clone(),
            id: uuid::Uuid::new_v4().to_string(),
        },
        user: CALLER.to_owned(),
        initial: groups(diff.update.union(&diff.remove), &current),
        desired: (!desired.is_empty()).then_some(Group {
            config,
            instances: desired,
        }),
        settings: settings.clone(),
        events: Vec::new(),
        instance_events: Vec::new(),
    };
    quota::check_update(engine, &update)?;
    check_free(engine, job)?;
    if settings.min_wait_in_instance_running_ms.unwrap_or(0) == 0 {
        return Err(Reply::error(
            "minWaitInInstanceRunningMs must be greater than 0",
        ));
    }
    check_message(call.message.as_deref())?;

    let key = update.id.to_wire();
    engine.change(now, |change| {
        updates::start(change, update, call.message.as_deref());
    })?;
    Ok(Reply::ok_with(aurora_api::Result::StartJobUpdateResult(
        StartJobUpdateResult { key: Some(key) },
    )))
}

fn check_settings(settings: &JobUpdateSettings, count: i32) -> Result<(), Reply> {
    if settings.update_group_size.unwrap_or(0) <= 0 {
        return Err(Reply::invalid("updateGroupSize must be greater than 0"));
    }
    let per_instance = settings.max_per_instance_failures.unwrap_or(0);
    for (name, number) in [
        ("maxPerInstanceFailures", per_instance),
        (
            "maxFailedInstances",
            settings.max_failed_instances.unwrap_or(0),
        ),
        (
            "minWaitInInstanceRunningMs",
            settings.min_wait_in_instance_running_ms.unwrap_or(0),
        ),
        (
            "blockIfNoPulsesAfterMs",
            settings.block_if_no_pulses_after_ms.unwrap_or(0),
        ),
    ] {
        if number < 0 {
            return Err(Reply::invalid(format!("{name} must not be negative")));
        }
    }
    if i64::from(per_instance) * i64::from(count) > MAX_FAILURES {
        return Err(Reply::invalid(format!(
            "maxPerInstanceFailures times the number of instances must not be above {MAX_FAILURES}"
        )));
    }
    Ok(())
}

/// Allows one update of a job at a time, and none while the job is locked.
fn check_free(engine: &Engine, job: &JobId) -> Result<(), Reply> {
    if let Some(rollout) = engine.state().rollouts.get(job) {
        return Err(Reply::invalid(format!(
            "job {job} is being updated already by update {}",
            rollout.id().id
        )));
    }
    if engine.state().locks.contains_key(job) {
        return Err(Reply::invalid(format!("job {job} is locked")));
    }
    Ok(())
}
