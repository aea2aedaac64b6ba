//! The calls that only read.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use aurora_api::{
    ConfigSummary, ConfigSummaryResult, GetJobsResult, GetPendingReasonResult, JobConfiguration,
    JobKey, JobStats, JobSummary, JobSummaryResult, PendingReason, PopulateJobResult, RoleSummary,
    RoleSummaryResult, ScheduleStatusResult, TaskConfig, TaskQuery,
};

use super::query;
use super::reply::{Outcome, Reply, job_of};
use super::updates::config_groups;
use crate::engine::Engine;
use crate::fit::join;
use crate::model::{JobId, Task, TaskState};
use crate::validate;

/// Replies to `getTasksStatus`.
pub(crate) fn tasks_status(engine: &Engine, query: Option<&TaskQuery>) -> Outcome {
    let tasks = find(engine, query)?
        .into_iter()
        .map(Task::to_wire)
        .collect();
    Ok(Reply::ok_with(aurora_api::Result::ScheduleStatusResult(
        ScheduleStatusResult { tasks: Some(tasks) },
    )))
}

/// Replies to `getTasksWithoutConfigs`.
pub(crate) fn tasks_without_configs(engine: &Engine, query: Option<&TaskQuery>) -> Outcome {
    let mut tasks: Vec<_> = find(engine, query)?
        .into_iter()
        .map(Task::to_wire)
        .collect();
    for task in &mut tasks {
        if let Some(config) = task.assigned_task.as_mut().and_then(|it| it.task.as_mut()) {
            config.executor_config = None;
        }
    }
    Ok(Reply::ok_with(aurora_api::Result::ScheduleStatusResult(
        ScheduleStatusResult { tasks: Some(tasks) },
    )))
}

fn find<'e>(engine: &'e Engine, query: Option<&TaskQuery>) -> Result<Vec<&'e Task>, Reply> {
    let Some(query) = query else {
        return Err(Reply::error("the call has no query"));
    };
    query::select(engine.tasks(), query)
}

/// Replies to `getPendingReason`.
pub(crate) fn pending_reasons(engine: &Engine, query: Option<&TaskQuery>) -> Outcome {
    if query.is_some_and(|query| query.statuses.is_some() || query.slave_hosts.is_some()) {
        return Err(Reply::invalid(
            "statuses and slaveHosts cannot be part of this query",
        ));
    }
    let pending = engine.pending();
    let reasons = find(engine, query)?
        .into_iter()
        .filter_map(|task| {
            Some(PendingReason {
                task_id: Some(task.id.clone()),
                reason: Some(join(pending.get(task.id.as_str())?, ",")),
            })
        })
        .collect();
    Ok(Reply::ok_with(aurora_api::Result::GetPendingReasonResult(
        GetPendingReasonResult {
            reasons: Some(reasons),
        },
    )))
}

/// Replies to `getConfigSummary`.
pub(crate) fn config_summary(engine: &Engine, key: Option<&JobKey>) -> Outcome {
    let job = job_of(key)?;
    let current = engine.instances(&job);
    let groups = config_groups(current.keys(), &current);
    Ok(Reply::ok_with(aurora_api::Result::ConfigSummaryResult(
        ConfigSummaryResult {
            summary: Some(ConfigSummary {
                key: Some(job.to_wire()),
                groups: Some(groups),
            }),
        },
    )))
}

/// Replies to `getJobs`: jobs with active tasks, and cron jobs.
pub(crate) fn jobs(engine: &Engine, role: Option<&str>) -> Reply {
    let configs = by_job(engine, role)
        .into_iter()
        .filter_map(|(job, tasks)| {
            let active: Vec<&Task> = tasks
                .into_iter()
                .filter(|it| it.state.is_active())
                .collect();
            describe(engine, job, &active)
        })
        .collect();
    Reply::ok_with(aurora_api::Result::GetJobsResult(GetJobsResult {
        configs: Some(configs),
    }))
}

/// Replies to `getJobSummary`: cron jobs, and every job of which anything is left.
pub(crate) fn job_summary(engine: &Engine, now: i64, role: Option<&str>) -> Reply {
    let summaries = by_job(engine, role)
        .into_iter()
        .filter_map(|(job, tasks)| {
            let cron = engine.state().crons.get(job);
            Some(JobSummary {
                job: Some(describe(engine, job, &tasks)?),
                stats: Some(stats(&tasks)),
                next_cron_run_ms: cron.and_then(|cron| engine.next_run(now, cron)),
            })
        })
        .collect();
    Reply::ok_with(aurora_api::Result::JobSummaryResult(JobSummaryResult {
        summaries: Some(summaries),
    }))
}

/// Replies to `getRoleSummary`.
pub(crate) fn role_summary(engine: &Engine) -> Reply {
    let mut counts: BTreeMap<&str, (i32, i32)> = BTreeMap::new();
    for (job, tasks) in by_job(engine, None) {
        let (jobs, crons) = counts.entry(&job.role).or_default();
        *jobs += i32::from(!tasks.is_empty());
        *crons += i32::from(engine.state().crons.contains_key(job));
    }
    let summaries = counts
        .into_iter()
        .map(|(role, (jobs, crons))| RoleSummary {
            role: Some(role.to_owned()),
            job_count: Some(jobs),
            cron_job_count: Some(crons),
        })
        .collect();
    Reply::ok_with(aurora_api::Result::RoleSummaryResult(RoleSummaryResult {
        summaries: Some(summaries),
    }))
}

/// Replies to `populateJobConfig`.
pub(crate) fn populate_job_config(description: Option<&JobConfiguration>) -> Outcome {
    let Some(description) = description else {
        return Err(Reply::error("the call has no job description"));
    };
    let valid = validate::job(description).map_err(|refusal| {
        let mut reply = Reply::from(refusal);
        for message in &mut reply.messages {
            *message = format!("Invalid configuration: {message}");
        }
        reply
    })?;
    Ok(Reply::ok_with(aurora_api::Result::PopulateJobResult(
        PopulateJobResult {
            task_config: Some(TaskConfig::clone(&valid.config)),
        },
    )))
}

/// The tasks of each job, of one role or of all. Cron jobs are there without tasks too.
fn by_job<'e>(engine: &'e Engine, role: Option<&str>) -> BTreeMap<&'e JobId, Vec<&'e Task>> {
    let mut jobs: BTreeMap<&JobId, Vec<&Task>> = BTreeMap::new();
    let role = role.filter(|role| !role.is_empty());
    let crons = engine.state().crons.keys();
    for job in crons.filter(|job| role.is_none_or(|role| job.role == role)) {
        jobs.entry(job).or_default();
    }
    for task in engine.tasks() {
        if role.is_none_or(|role| task.job.role == role) {
            jobs.entry(&task.job).or_default().push(task);
        }
    }
    jobs
}

/// The job as users see it: the template of a cron job, else derived from its tasks.
fn describe(engine: &Engine, job: &JobId, tasks: &[&Task]) -> Option<JobConfiguration> {
    match engine.state().crons.get(job) {
        Some(cron) => Some(cron.template.clone()),
        None => synthesize(job, tasks),
    }
}

/// Jobs are not stored: their configuration is that of a task, an active one before an ended one, a late one before an
/// early one.
fn synthesize(job: &JobId, tasks: &[&Task]) -> Option<JobConfiguration> {
    let model = tasks
        .iter()
        .max_by_key(|task| (task.state.is_active(), task.since(), Reverse(task.instance)))?;
    Some(JobConfiguration {
        key: Some(job.to_wire()),
        owner: model.config.owner.clone(),
        task_config: Some(TaskConfig::clone(&model.config)),
        instance_count: i32::try_from(tasks.len()).ok(),
        ..JobConfiguration::default()
    })
}

fn stats(tasks: &[&Task]) -> JobStats {
    let count = |wanted: fn(TaskState) -> bool| {
        let number = tasks.iter().filter(|task| wanted(task.state)).count();
        Some(i32::try_from(number).unwrap_or(i32::MAX))
    };
    JobStats {
        active_task_count: count(TaskState::is_assigned),
        finished_task_count: count(|it| matches!(it, TaskState::Finished | TaskState::Killed)),
        failed_task_count: count(|it| matches!(it, TaskState::Failed | TaskState::Lost)),
        pending_task_count: count(|it| {
            matches!(
                it,
                TaskState::Init | TaskState::Pending | TaskState::Throttled
            )
        }),
    }
}
