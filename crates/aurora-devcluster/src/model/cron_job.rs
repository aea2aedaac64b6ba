//! A job that runs by the clock, and a run of it that waits.

use std::sync::Arc;
use std::time::Duration;

use aurora_api::{CronCollisionPolicy, JobConfiguration, TaskConfig};
use aurora_config::CronSchedule;
use jiff::{Timestamp, tz::TimeZone};

use super::job::JobId;
use super::record::Record;

/// A job that runs by the clock.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CronJob {
    pub(crate) job: JobId,
    /// As it was given, with the defaults of its tasks filled in.
    pub(crate) template: JobConfiguration,
    pub(crate) schedule: CronSchedule,
    pub(crate) policy: CronCollisionPolicy,
    pub(crate) instances: i32,
    pub(crate) config: Arc<TaskConfig>,
}

impl CronJob {
    /// The job behind a template; the reason if it is none.
    pub(crate) fn new(template: JobConfiguration) -> Result<Self, String> {
        let key = template.key.as_ref().and_then(JobId::from_wire);
        let text = template.cron_schedule.as_deref().unwrap_or_default();
        Ok(Self {
            job: key.ok_or("the job key is missing or malformed")?,
            schedule: text
                .parse()
                .map_err(|error: aurora_config::Error| error.to_string())?,
            policy: template
                .cron_collision_policy
                .unwrap_or(CronCollisionPolicy::KILL_EXISTING),
            instances: template.instance_count.unwrap_or(0),
            config: Arc::new(
                template
                    .task_config
                    .clone()
                    .ok_or("the job has no task configuration")?,
            ),
            template,
        })
    }

    /// The time of the first run after `now`, both in milliseconds since 1970.
    pub(crate) fn next_run(&self, now: i64, zone: &TimeZone) -> Option<i64> {
        let now = Timestamp::from_millisecond(now).ok()?;
        let next = self.schedule.next_after(now, zone)?;
        Some(next.as_millisecond())
    }
}

impl Record for CronJob {
    type Wire = JobConfiguration;

    fn to_wire(&self) -> JobConfiguration {
        self.template.clone()
    }

    fn from_wire(wire: JobConfiguration) -> Result<Self, &'static str> {
        Self::new(wire).map_err(|_| "no valid cron job")
    }
}

/// A run that waits for the end of the job's tasks. It is in memory only.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CronRun {
    pub(crate) config: Arc<TaskConfig>,
    pub(crate) instances: i32,
    /// When to check next whether the tasks have ended, in milliseconds since 1970.
    pub(crate) check_at: i64,
    pub(crate) wait: Duration,
}
