//! What takes more than one call, or arithmetic on its answer: waiting for instances, killing and
//! restarting in batches, finding, following and pulsing updates and saying what one would do, figures of
//! availability, schedules, listing, status.
//!
//! They report through return values and events, and print nothing. All pauses go by the client's
//! [`Clock`](crate::Clock).

mod active;
mod compare;
mod create;
mod cron;
mod hooks;
mod kill;
mod list;
mod live;
mod plan;
mod pulse;
mod restart;
pub mod sla;
mod stage;
mod start;
mod status;
mod task_text;
mod update;
mod updates;
mod wait;
mod wanted;
mod watch;

pub use active::{Activity, active_instances, check_active};
pub use compare::{Comparison, CompatDifference, compare};
pub use create::{CreatedEnd, CreatedOptions, CreatedStep, await_created, create};
pub use cron::cron_schedule;
pub use hooks::{HookFailure, Hooks, RunningHook};
pub use kill::{KillEvent, KillOptions, KillOutcome, KillProgress, KillTarget, kill, kill_at_once};
pub use list::list_jobs;
pub use live::live_tasks;
pub use plan::{
    PlannedGroup, UpdatePlan, active_tasks, is_same_task, populated_from_other, update_plan,
};
pub use pulse::pulse_to_the_end;
pub use restart::{RestartEnd, RestartEvent, RestartOptions, RestartOutcome, restart};
pub use stage::Stage;
pub use start::{start_cron, start_update};
pub use status::{FailedInstance, JobStatus, job_status};
pub use task_text::{FieldChange, field_changes, task_text};
pub use update::{UPDATE_PAUSE, UpdateEnd, UpdateEvent, UpdateEvents, follow_update};
pub use updates::{
    ActiveUpdate, UpdateFilter, active_update, list_updates, update_key, update_status_names,
    update_statuses,
};
pub use wait::{Goal, Pace, Waited, wait_until};
pub use wanted::{JobCreation, JobUpdate, WantedJob};
