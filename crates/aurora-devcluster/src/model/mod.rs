//! What the scheduler knows, as data: jobs, tasks, updates, locks. Each with its form on the wire and on disk; the rules
//! about them are elsewhere.

mod amount;
mod cron_job;
mod job;
mod lock;
mod maintenance;
pub(crate) mod ranges;
pub(crate) mod record;
mod rollout;
mod task;
mod task_state;
mod time;
mod update;

pub(crate) use amount::Amount;
pub(crate) use cron_job::{CronJob, CronRun};
pub(crate) use job::{JobId, is_identifier};
pub(crate) use lock::{locked_job, new_lock};
pub(crate) use maintenance::Maintenance;
pub(crate) use rollout::{Progress, Rollout, Stage, Updater};
#[cfg(test)]
pub(crate) use task::tests::sample;
pub(crate) use task::{Event, Task, new_task_id};
pub(crate) use task_state::TaskState;
pub(crate) use time::millis;
pub(crate) use update::{Group, InstanceEvent, Update, UpdateEvent, UpdateId};
