//! The calls that change jobs. Every check comes before the first change, in the order that decides which error a client
//! sees.

use std::collections::BTreeSet;
use std::sync::Arc;

use aurora_api::TaskConfig;
use aurora_api::calls::{AddInstances, CreateJob, KillTasks, RestartShards};

use super::reply::{CALLER, Outcome, Reply, job_of};
use super::{checks, locks, query, quota};
use crate::engine::Engine;
use crate::model::{JobId, TaskState};
use crate::validate::{self, MAX_INSTANCES};

/// Replies to `createJob`.
pub(crate) fn create_job(engine: &mut Engine, now: i64, call: &CreateJob) -> Outcome {
    let Some(description) = &call.description else {
        return Err(Reply::error("the call has no job description"));
    };
    let valid = validate::job(description)?;
    let job = &valid.job;
    if description.cron_schedule.is_some() {
        return Err(Reply::invalid(format!(
            "job {job} has a cron schedule; use scheduleCronJob for it"
        )));
    }
    locks::check(engine, job, call.lock.as_ref())?;
    if engine.active_tasks(job).next().is_some() || engine.state().crons.contains_key(job) {
        return Err(Reply::invalid(format!("Job already exists: {job}")));
    }
    let instances: Vec<i32> = (0..valid.instances).collect();
    check_growth(engine, now, job, &valid.config, 0, &instances)?;
    engine.change(now, |change| {
        for &instance in &instances {
            change.add(job, instance, &valid.config);
        }
    })?;
    Ok(Reply::ok_saying(format!(
        "{} new tasks pending for job {job}",
        valid.instances
    )))
}

/// Replies to `addInstances`, in both its forms.
pub(crate) fn add_instances(engine: &mut Engine, now: i64, call: &AddInstances) -> Outcome {
    if let Some(key) = &call.key {
        let job = job_of(key.job_key.as_ref())?;
        checks::refuse_cron(engine, &job, "given more instances")?;
        locks::check(engine, &job, call.lock.as_ref())?;
        let count = call.count.unwrap_or(0);
        if count <= 0 {
            return Err(Reply::invalid("count must be greater than 0"));
        }
        let source = key.instance_id.unwrap_or(0);
        let Some(config) = engine
            .active_tasks(&job)
            .find(|task| task.instance == source)
            .map(|task| Arc::clone(&task.config))
        else {
            return Err(Reply::invalid(format!(
                "instance {source} of job {job} is not active, so it cannot be copied"
            )));
        };
        let last = engine
            .active_tasks(&job)
            .map(|task| task.instance)
            .max()
            .unwrap_or(0);
        let instances: Option<Vec<i32>> = (1..=count)
            .take(MAX_INSTANCES + 1)
            .map(|step| last.checked_add(step))
            .collect();
        let instances = instances.ok_or_else(|| Reply::invalid("instance ids are exhausted"))?;
        add(engine, now, &job, &config, &instances)?;
        return Ok(Reply::ok_saying(format!(
            "{count} new tasks pending for job {job}"
        )));
    }

    let Some(config) = &call.config else {
        return Err(Reply::error("the call names neither key nor config"));
    };
    let job = job_of(config.key.as_ref())?;
    checks::refuse_cron(engine, &job, "given more instances")?;
    locks::check(engine, &job, call.lock.as_ref())?;
    let Some(task) = &config.task_config else {
        return Err(Reply::error("config has no task configuration"));
    };
    let task = Arc::new(validate::task(task)?);
    validate::same_job(&task, &job)?;
    let instances: Vec<i32> = config.instance_ids.iter().flatten().copied().collect();
    if instances.is_empty() {
        return Err(Reply::invalid("instanceIds must not be empty"));
    }
    if let Some(negative) = instances.iter().find(|id| **id < 0) {
        return Err(Reply::invalid(format!(
            "instance id {negative} is negative"
        )));
    }
    if let Some(taken) = engine
        .active_tasks(&job)
        .find(|task| instances.contains(&task.instance))
    {
        return Err(Reply::invalid(format!(
            "instance {} of job {job} is active already",
            taken.instance
        )));
    }
    add(engine, now, &job, &task, &instances)?;
    Ok(Reply::ok_saying(
        "AddInstancesConfig is deprecated; pass key and count instead",
    ))
}

fn add(
    engine: &mut Engine,
    now: i64,
    job: &JobId,
    config: &Arc<TaskConfig>,
    instances: &[i32],
) -> Result<(), Reply> {
    let active = engine.active_tasks(job).count();
    check_growth(engine, now, job, config, active, instances)?;
    engine.change(now, |change| {
        for &instance in instances {
            change.add(job, instance, config);
        }
    })?;
    Ok(())
}

/// Number of instances, length of the task ids, quota.
fn check_growth(
    engine: &Engine,
    now: i64,
    job: &JobId,
    config: &TaskConfig,
    active: usize,
    new: &[i32],
) -> Result<(), Reply> {
    if active.saturating_add(new.len()) > MAX_INSTANCES {
        return Err(Reply::invalid(format!(
            "job {job} would have more than {MAX_INSTANCES} instances"
        )));
    }
    checks::check_task_ids(now, job, new.iter().copied().max().unwrap_or(0))?;
    let count = i32::try_from(new.len()).unwrap_or(i32::MAX);
    quota::check(engine, &job.role, config, count)
}

/// Replies to `killTasks`, in both its forms. A query hides the job and the instances.
pub(crate) fn kill_tasks(engine: &mut Engine, now: i64, call: &KillTasks) -> Outcome {
    let deprecated = "The query form of killTasks is deprecated; pass job and instances instead";
    let (ids, note): (Vec<String>, Option<&str>) = if let Some(given) = &call.query {
        if given
            .job_name
            .as_ref()
            .is_some_and(|name| name.trim().is_empty())
        {
            return Err(Reply::invalid("jobName must not be blank"));
        }
        let mut given = given.clone();
        if given.statuses.as_ref().is_none_or(BTreeSet::is_empty) {
            given.statuses = Some(query::active_statuses());
        }
        let found = query::select(engine.tasks(), &given)?;
        for task in &found {
            locks::check(engine, &task.job, call.lock.as_ref())?;
        }
        let ids = found.iter().map(|task| task.id.clone()).collect();
        (ids, Some(deprecated))
    } else if let Some(key) = &call.job {
        let job = job_of(Some(key))?;
        locks::check(engine, &job, call.lock.as_ref())?;
        let wanted = call.instances.as_ref().filter(|set| !set.is_empty());
        let ids = engine
            .active_tasks(&job)
            .filter(|task| wanted.is_none_or(|set| set.contains(&task.instance)))
            .map(|task| task.id.clone())
            .collect();
        (ids, None)
    } else {
        return Err(Reply::error("the call names neither query nor job"));
    };

    let message = format!("Killed by {CALLER}");
    let killed = engine.change(now, |change| {
        ids.iter()
            .filter(|id| change.move_to(id, TaskState::Killing, Some(&message)))
            .count()
    })?;
    let mut reply = Reply::ok();
    reply.messages.extend(note.map(str::to_owned));
    if killed == 0 {
        reply.messages.push("No tasks to kill.".to_owned());
    }
    Ok(reply)
}

/// Replies to `restartShards`.
pub(crate) fn restart_shards(engine: &mut Engine, now: i64, call: &RestartShards) -> Outcome {
    let job = job_of(call.job.as_ref())?;
    let wanted = call.shard_ids.clone().unwrap_or_default();
    if wanted.is_empty() {
        return Err(Reply::error("shardIds must not be empty"));
    }
    locks::check(engine, &job, call.lock.as_ref())?;
    let ids: Vec<String> = engine
        .active_tasks(&job)
        .filter(|task| wanted.contains(&task.instance))
        .map(|task| task.id.clone())
        .collect();
    if ids.len() != wanted.len() {
        return Err(Reply::invalid(format!(
            "Not all requested shards are active in job {job}"
        )));
    }
    let message = format!("Restarted by {CALLER}");
    let restarted = engine.change(now, |change| {
        ids.iter()
            .filter(|id| change.move_to(id, TaskState::Restarting, Some(&message)))
            .count()
    })?;
    // The released scheduler replies OK as well, without the message.
    Ok(match ids.len() - restarted {
        0 => Reply::ok(),
        waiting => Reply::ok_saying(format!(
            "{waiting} of {} instances are not running, so they were not restarted.",
            ids.len()
        )),
    })
}
