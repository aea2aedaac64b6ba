//! The calls about cron jobs.

use aurora_api::calls::{DescheduleCronJob, ReplaceCronTemplate, ScheduleCronJob, StartCronJob};
use aurora_api::{CronCollisionPolicy, JobConfiguration, Lock, TaskConfig};

use super::reply::{Outcome, Reply, job_of};
use super::{checks, locks, quota};
use crate::cron;
use crate::engine::Engine;
use crate::model::{CronJob, JobId};
use crate::validate::{self, MAX_INSTANCES};

/// Replies to `scheduleCronJob`.
pub(crate) fn schedule(engine: &mut Engine, now: i64, call: &ScheduleCronJob) -> Outcome {
    let description = call.description.as_ref();
    put(
        engine,
        now,
        description,
        call.lock.as_ref(),
        |engine, job| {
            let is_new = !engine.state().crons.contains_key(job);
            if is_new && engine.active_tasks(job).next().is_some() {
                return Err(Reply::invalid(format!(
                    "job {job} has active tasks and no cron schedule; kill it first"
                )));
            }
            Ok(())
        },
    )
}

/// Replies to `replaceCronTemplate`.
pub(crate) fn replace(engine: &mut Engine, now: i64, call: &ReplaceCronTemplate) -> Outcome {
    let config = call.config.as_ref();
    put(engine, now, config, call.lock.as_ref(), |engine, job| {
        scheduled(engine, job)
    })
}

fn put(
    engine: &mut Engine,
    now: i64,
    description: Option<&JobConfiguration>,
    lock: Option<&Lock>,
    may: impl Fn(&Engine, &JobId) -> Result<(), Reply>,
) -> Outcome {
    let description = description.ok_or_else(|| Reply::error("the call has no job description"))?;
    let job = job_of(description.key.as_ref())?;
    let valid = validate::job(description)?;
    if description.cron_schedule.is_none() {
        return Err(Reply::invalid(format!(
            "job {job} has no cron schedule; use createJob for it"
        )));
    }
    locks::check(engine, &job, lock)?;
    may(engine, &job)?;
    if usize::try_from(valid.instances).is_ok_and(|count| count > MAX_INSTANCES) {
        return Err(Reply::invalid(format!(
            "job {job} would have more than {MAX_INSTANCES} instances"
        )));
    }
    checks::check_task_ids(now, &job, valid.instances.saturating_sub(1))?;
    quota::check_cron(engine, &job, &valid.config, valid.instances)?;
    let template = JobConfiguration {
        task_config: Some(TaskConfig::clone(&valid.config)),
        cron_collision_policy: Some(
            description
                .cron_collision_policy
                .unwrap_or(CronCollisionPolicy::KILL_EXISTING),
        ),
        ..description.clone()
    };
    let cron = CronJob::new(template).map_err(Reply::invalid)?;
    if cron.policy == CronCollisionPolicy::RUN_OVERLAP {
        return Err(Reply::invalid(
            "RUN_OVERLAP is not supported any more; use KILL_EXISTING or CANCEL_NEW",
        ));
    }
    engine.change(now, |change| change.tables.crons.put(job, cron))?;
    Ok(Reply::ok())
}

/// Replies to `descheduleCronJob`.
pub(crate) fn deschedule(engine: &mut Engine, now: i64, call: &DescheduleCronJob) -> Outcome {
    let job = job_of(call.job.as_ref())?;
    locks::check(engine, &job, call.lock.as_ref())?;
    scheduled(engine, &job)?;
    engine.change(now, |change| change.tables.crons.remove(job))?;
    Ok(Reply::ok())
}

/// Replies to `startCronJob`. The run begins with the reply, and waits if the job's tasks have to be killed first.
pub(crate) fn start(engine: &mut Engine, now: i64, call: &StartCronJob) -> Outcome {
    let job = job_of(call.job.as_ref())?;
    scheduled(engine, &job)?;
    match engine.change(now, |change| cron::fire(change, &job))? {
        Ok(()) => Ok(Reply::ok()),
        // As with a scheduled run: the policy was followed, so this is not an error.
        Err(reason) => Ok(Reply::ok_saying(format!(
            "No run of job {job} begins now: {reason}"
        ))),
    }
}

fn scheduled(engine: &Engine, job: &JobId) -> Result<(), Reply> {
    if engine.state().crons.contains_key(job) {
        return Ok(());
    }
    Err(Reply::invalid(format!(
        "No cron template found for job {job}"
    )))
}
