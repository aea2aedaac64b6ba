//! Operations that take more than one call, hooks around a call, or arithmetic on a reply: create, update,
//! kill and restart jobs; compare a job with what runs; wait for instances; find, follow and pulse updates;
//! compute availability; list jobs and their tasks.
//!
//! They report through return values and events, and print nothing. All pauses use the client's
//! [`Clock`](crate::Clock). A program that drops an operation half-way knows from the events how far it came:
//! see [`Stage`] and [`KillProgress`].

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
