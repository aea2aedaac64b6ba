//! What the templates show, as plain data.

use serde::Serialize;

use super::logs::{ProcessLogs, process_logs};
use super::parts::{Crumb, age, utc};
use super::update::UpdateRow;
use crate::engine::Engine;
use crate::layout::Layout;
use crate::model::{JobId, Task, TaskState};

/// A page that lists roles, environments or jobs.
#[derive(Debug, Serialize)]
pub(super) struct ListPage {
    pub(super) title: String,
    pub(super) cluster: String,
    pub(super) crumbs: Vec<Crumb>,
    pub(super) kind: &'static str,
    pub(super) any: bool,
    pub(super) rows: Vec<ListRow>,
}

/// One entry of a list, with how many of its tasks are in what state.
#[derive(Debug, Default, Serialize)]
pub(super) struct ListRow {
    pub(super) name: String,
    pub(super) href: String,
    pub(super) pending: usize,
    pub(super) active: usize,
    pub(super) finished: usize,
    pub(super) failed: usize,
    /// The schedule of a cron job.
    pub(super) cron: String,
}

impl ListRow {
    pub(super) fn count(&mut self, state: TaskState) {
        let number = match state {
            TaskState::Finished | TaskState::Killed => &mut self.finished,
            TaskState::Failed | TaskState::Lost => &mut self.failed,
            state if state.is_assigned() => &mut self.active,
            _ => &mut self.pending,
        };
        *number += 1;
    }
}

/// The cron schedule and the updates of a job.
#[derive(Debug, Serialize)]
pub(super) struct CronAndUpdates {
    has_cron: bool,
    schedule: String,
    policy: String,
    next_run: String,
    cron_instances: i32,
    has_updates: bool,
    updates: Vec<UpdateRow>,
}

impl CronAndUpdates {
    pub(super) fn new(engine: &Engine, job: &JobId, now: i64) -> Self {
        let state = engine.state();
        let cron = state.crons.get(job);
        let next = cron.and_then(|cron| engine.next_run(now, cron));
        let all = state.updates.values();
        let mut updates: Vec<_> = all.filter(|update| update.id.job == *job).collect();
        updates.sort_by_key(|update| std::cmp::Reverse(update.created()));
        Self {
            has_cron: cron.is_some(),
            schedule: cron.map_or_else(String::new, |cron| cron.schedule.to_string()),
            policy: cron.map_or_else(String::new, |cron| cron.policy.to_string()),
            next_run: next.map_or_else(|| "never".to_owned(), utc),
            cron_instances: cron.map_or(0, |cron| cron.instances),
            has_updates: !updates.is_empty(),
            updates: updates.into_iter().map(UpdateRow::new).collect(),
        }
    }
}

/// The page of one job.
#[derive(Debug, Serialize)]
pub(super) struct JobPage {
    title: String,
    cluster: String,
    crumbs: Vec<Crumb>,
    any: bool,
    #[serde(flatten)]
    cron_and_updates: CronAndUpdates,
    has_active: bool,
    active: Vec<TaskView>,
    has_ended: bool,
    ended: Vec<TaskView>,
}

#[derive(Debug, Serialize)]
struct TaskView {
    id: String,
    instance: i32,
    state: &'static str,
    class: &'static str,
    since: String,
    age: String,
    reason: String,
    cpus: String,
    ram_mb: i64,
    disk_mb: i64,
    failures: i32,
    has_ports: bool,
    ports: Vec<PortView>,
    has_sandbox: bool,
    sandbox: String,
    events: Vec<EventView>,
    has_processes: bool,
    processes: Vec<ProcessLogs>,
}

#[derive(Debug, Serialize)]
struct PortView {
    name: String,
    port: i32,
}

#[derive(Debug, Serialize)]
struct EventView {
    time: String,
    state: &'static str,
    class: &'static str,
    message: String,
}

impl JobPage {
    /// The page of a job from its tasks, each with why it waits.
    pub(super) fn new(
        cluster: &str,
        layout: &Layout,
        job: &JobId,
        tasks: &[(Task, String)],
        cron_and_updates: CronAndUpdates,
        now: i64,
    ) -> Self {
        let parts = [job.role.clone(), job.environment.clone(), job.name.clone()];
        let view = |wanted: fn(TaskState) -> bool| -> Vec<TaskView> {
            tasks
                .iter()
                .filter(|(task, _)| wanted(task.state))
                .map(|(task, reason)| TaskView::new(layout, task, reason, now))
                .collect()
        };
        let active = view(TaskState::is_active);
        let ended = view(TaskState::is_terminal);
        Self {
            title: job.to_string(),
            cluster: cluster.to_owned(),
            crumbs: Crumb::trail(&parts),
            any: !tasks.is_empty() || cron_and_updates.has_cron || cron_and_updates.has_updates,
            cron_and_updates,
            has_active: !active.is_empty(),
            active,
            has_ended: !ended.is_empty(),
            ended,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }
}

impl TaskView {
    fn new(layout: &Layout, task: &Task, reason: &str, now: i64) -> Self {
        let sandbox = layout.sandbox(&task.id);
        let processes = process_logs(layout, &task.id);
        Self {
            id: task.id.clone(),
            instance: task.instance,
            state: task.state.name(),
            class: class(task.state),
            since: utc(task.since()),
            age: age(now.saturating_sub(task.since())),
            reason: reason.to_owned(),
            cpus: task.config.num_cpus.map_or(0.0, |cpus| cpus.0).to_string(),
            ram_mb: task.config.ram_mb.unwrap_or(0),
            disk_mb: task.config.disk_mb.unwrap_or(0),
            failures: task.failure_count,
            has_ports: !task.ports.is_empty(),
            ports: task
                .ports
                .iter()
                .map(|(name, port)| PortView {
                    name: name.clone(),
                    port: *port,
                })
                .collect(),
            has_sandbox: sandbox.is_dir(),
            sandbox: sandbox.display().to_string(),
            events: task
                .events
                .iter()
                .map(|event| EventView {
                    time: utc(event.at),
                    state: event.state.name(),
                    class: class(event.state),
                    message: event.message.clone().unwrap_or_default(),
                })
                .collect(),
            has_processes: !processes.is_empty(),
            processes,
        }
    }
}

/// The colour of a state.
fn class(state: TaskState) -> &'static str {
    match state {
        TaskState::Running | TaskState::Finished => "good",
        TaskState::Failed | TaskState::Lost => "bad",
        TaskState::Killed => "neutral",
        _ => "waiting",
    }
}
