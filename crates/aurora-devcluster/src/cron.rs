//! Runs of cron jobs, inside of changes of the state.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use aurora_api::CronCollisionPolicy;

use crate::model::{CronRun, JobId, TaskState, millis};
use crate::state::{Change, State};
use crate::validate;

/// The first and the longest wait for tasks that are being killed.
const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// Why a run is skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Skipped {
    /// The job is not a cron job any more.
    Unknown,
    /// The previous run has not begun yet.
    Waiting,
    /// The job's policy does not let a run begin while tasks are active.
    Active,
    /// The template does not pass the checks.
    Invalid(String),
}

impl fmt::Display for Skipped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("the job is not a cron job"),
            Self::Waiting => f.write_str("the previous run still waits for the job's tasks to end"),
            Self::Active => f.write_str("tasks of the previous run are active"),
            Self::Invalid(reason) => write!(f, "the job is not valid: {reason}"),
        }
    }
}

/// Begins a run.
///
/// # Errors
/// Why the job does not allow a run now.
pub(crate) fn fire(change: &mut Change<'_>, job: &JobId) -> Result<(), Skipped> {
    let Some(cron) = change.tables.crons.get(job) else {
        return Err(Skipped::Unknown);
    };
    if change.tables.cron_runs.get(job).is_some() {
        return Err(Skipped::Waiting);
    }
    // It may have been stored by a release with other rules.
    if let Err(refusal) = validate::job(&cron.template) {
        return Err(Skipped::Invalid(refusal.to_string()));
    }
    let (config, instances, policy) = (Arc::clone(&cron.config), cron.instances, cron.policy);
    let active = change.active_ids(job);
    if !active.is_empty() && policy != CronCollisionPolicy::KILL_EXISTING {
        return Err(Skipped::Active);
    }
    for id in &active {
        change.move_to(id, TaskState::Killing, Some("Killed by cronScheduler"));
    }
    let run = CronRun {
        config,
        instances,
        check_at: change.now(),
        wait: Duration::ZERO,
    };
    change.tables.cron_runs.put(job.clone(), run);
    check_run(change, job);
    Ok(())
}

/// Launches a waiting run once the job has no active task, else sets the time of its next check.
pub(crate) fn check_run(change: &mut Change<'_>, job: &JobId) {
    let Some(run) = change.tables.cron_runs.get(job).cloned() else {
        return;
    };
    if change.active_ids(job).is_empty() {
        change.tables.cron_runs.remove(job.clone());
        for instance in 0..run.instances {
            change.add(job, instance, &run.config);
        }
        return;
    }
    let wait = if run.wait.is_zero() {
        FIRST_WAIT
    } else {
        change.random_doubling(run.wait).min(LONGEST_WAIT)
    };
    let check_at = change.now().saturating_add(millis(wait));
    change.tables.cron_runs.put(
        job.clone(),
        CronRun {
            check_at,
            wait,
            ..run
        },
    );
}

/// When to check a waiting run next, in milliseconds since 1970.
pub(crate) fn next_check(state: &State) -> Option<i64> {
    state.cron_runs.values().map(|run| run.check_at).min()
}

/// The jobs with runs that are due for a check.
pub(crate) fn overdue(state: &State, now: i64) -> Vec<JobId> {
    state
        .cron_runs
        .iter()
        .filter(|(_, run)| run.check_at <= now)
        .map(|(job, _)| job.clone())
        .collect()
}
