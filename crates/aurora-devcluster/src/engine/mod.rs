//! The scheduler: its state, in memory and on disk, and what time does to it.
//!
//! Everything here is synchronous and takes the time as an argument. What the executor has to do goes out as
//! [`Order`]s, after the change that caused them is on disk.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use aurora_api::{MaintenanceMode, TaskConfig};
use jiff::tz::TimeZone;

use crate::fit::{Host, Usage, Veto};
use crate::model::{CronJob, JobId, Task, TaskState, Update, UpdateId, millis};
use crate::state::{Change, ChangeSet, Order, Random, State, Store};
use crate::{Error, Timings, cron, maintenance, ports, updates};

/// The id of the one host.
pub(crate) const HOST_ID: &str = "devcluster";

/// How often waiting tasks are tried again when nothing happens in the cluster itself.
const PENDING_RETRY: Duration = Duration::from_secs(1);

/// How late a cron job may still run.
const CRON_DELAY: Duration = Duration::from_secs(60);

/// The state of the whole cluster.
pub(crate) struct Engine {
    state: State,
    store: Store,
    host: Host,
    timings: Timings,
    task_ports: RangeInclusive<u16>,
    random: Random,
    throttled_until: BTreeMap<String, i64>,
    /// When cron jobs run next, in milliseconds since 1970, as far as it has been worked out.
    cron_times: BTreeMap<JobId, Option<i64>>,
    time_zone: TimeZone,
    next_sweep: i64,
    /// No new task starts once the cluster is being stopped.
    stopping: bool,
    /// Counts stored changes.
    revision: u64,
    orders: Box<dyn FnMut(Order) + Send>,
}

/// What an engine needs apart from its store.
pub(crate) struct EngineSettings {
    pub(crate) host: Host,
    pub(crate) timings: Timings,
    pub(crate) task_ports: RangeInclusive<u16>,
    pub(crate) random: Random,
    /// Of the schedules of cron jobs.
    pub(crate) time_zone: TimeZone,
    /// Takes the orders for the executor.
    pub(crate) orders: Box<dyn FnMut(Order) + Send>,
}

impl Engine {
    /// An engine over a store with the state that was read from it.
    pub(crate) fn new(store: Store, state: State, settings: EngineSettings) -> Self {
        Self {
            state,
            store,
            host: settings.host,
            timings: settings.timings,
            task_ports: settings.task_ports,
            random: settings.random,
            throttled_until: BTreeMap::new(),
            cron_times: BTreeMap::new(),
            time_zone: settings.time_zone,
            next_sweep: 0,
            stopping: false,
            revision: 0,
            orders: settings.orders,
        }
    }

    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) fn tasks(&self) -> impl Iterator<Item = &Task> + Clone {
        self.state.tasks.values()
    }

    pub(crate) fn task(&self, id: &str) -> Option<&Task> {
        self.state.tasks.get(id)
    }

    /// The tasks of a job that are part of it now.
    pub(crate) fn active_tasks<'e>(&'e self, job: &'e JobId) -> impl Iterator<Item = &'e Task> {
        self.tasks()
            .filter(move |task| task.state.is_active() && task.job == *job)
    }

    /// The instances of a job that are part of it now, with their configurations.
    pub(crate) fn instances(&self, job: &JobId) -> BTreeMap<i32, Arc<TaskConfig>> {
        self.active_tasks(job)
            .map(|task| (task.instance, Arc::clone(&task.config)))
            .collect()
    }

    /// A number that differs after every stored change.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn host(&self) -> &Host {
        &self.host
    }

    /// Whether the host is in maintenance.
    pub(crate) fn mode(&self) -> MaintenanceMode {
        let stored = self.state.hosts.get(&self.host.name);
        stored.map_or(MaintenanceMode::NONE, |it| it.mode)
    }

    /// Compacts the storage.
    pub(crate) fn compact(&mut self) -> Result<(), Error> {
        self.store.compact()
    }

    /// Makes a change and stores it. An error means that nothing has changed.
    pub(crate) fn change<T>(
        &mut self,
        now: i64,
        work: impl FnOnce(&mut Change<'_>) -> T,
    ) -> Result<T, Error> {
        let mut change = Change::new(
            &self.state,
            &self.timings,
            &self.host.name,
            &mut self.random,
            now,
        );
        if self.stopping {
            change.stop();
        }
        let result = work(&mut change);
        updates::settle(&mut change);
        maintenance::settle(&mut change);
        let change_set = change.finish();
        self.commit(change_set)?;
        Ok(result)
    }

    fn commit(&mut self, change_set: ChangeSet) -> Result<(), Error> {
        if !change_set.patch.is_empty() {
            self.store.write(&change_set.patch, &self.state)?;
            self.revision = self.revision.wrapping_add(1);
        }
        for (id, task) in &change_set.patch.tasks {
            if task
                .as_ref()
                .is_none_or(|task| task.state != TaskState::Throttled)
            {
                self.throttled_until.remove(id);
            }
        }
        for job in change_set.patch.crons.keys() {
            self.cron_times.remove(job);
        }
        self.state.apply(change_set.patch);
        self.throttled_until.extend(change_set.throttled);
        for order in change_set.orders {
            (self.orders)(order);
        }
        Ok(())
    }

    /// Takes a report of the executor.
    pub(crate) fn report(
        &mut self,
        now: i64,
        id: &str,
        state: TaskState,
        message: Option<&str>,
    ) -> Result<(), Error> {
        self.change(now, |change| {
            change.move_to(id, state, message);
        })
    }

    /// After the store was opened: tasks that ran when the last run ended are lost; their processes are gone by now.
    pub(crate) fn recover(&mut self, now: i64) -> Result<(), Error> {
        let lost = self.ids(|task| task.state.is_assigned());
        let throttled = self.ids(|task| task.state == TaskState::Throttled);
        self.change(now, |change| {
            for id in &lost {
                let message = "The development cluster ended while the task was on it";
                change.move_to(id, TaskState::Lost, Some(message));
            }
            for id in &throttled {
                change.resume_throttled(id);
            }
        })?;
        // Only now, because an update does not count that end.
        self.change(now, updates::resume_all)
    }

    /// Before the cluster stops: no new task starts, and every running one is ended so that it comes back with
    /// the next start. This is what draining a host is, and it keeps the stop from counting as flapping.
    pub(crate) fn drain(&mut self, now: i64) -> Result<(), Error> {
        self.stopping = true;
        let ids = self.ids(|task| task.state.is_assigned());
        self.change(now, |change| {
            for id in &ids {
                let message = "Draining machine for maintenance.";
                change.move_to(id, TaskState::Draining, Some(message));
            }
        })
    }

    /// Does everything that is due, and returns when the next thing is.
    pub(crate) fn tick(&mut self, now: i64) -> Result<Option<i64>, Error> {
        if self.stopping {
            return Ok(None);
        }
        self.time_out(now)?;
        self.check_updates(now)?;
        self.run_crons(now)?;
        self.sweep(now)?;
        self.schedule(now)?;
        Ok(self.next_wake(now))
    }

    fn time_out(&mut self, now: i64) -> Result<(), Error> {
        let released: Vec<String> = self
            .throttled_until
            .iter()
            .filter(|(_, until)| **until <= now)
            .map(|(id, _)| id.clone())
            .collect();
        let late = millis(self.timings.transient_timeout);
        let lost =
            self.ids(|task| is_transient(task.state) && task.since().saturating_add(late) <= now);
        if released.is_empty() && lost.is_empty() {
            return Ok(());
        }
        self.change(now, |change| {
            for id in &released {
                change.move_to(id, TaskState::Pending, None);
            }
            for id in &lost {
                change.move_to(id, TaskState::Lost, Some("Task timed out"));
            }
        })
    }

    fn check_updates(&mut self, now: i64) -> Result<(), Error> {
        let due = updates::overdue(&self.state, now);
        if due.is_empty() {
            return Ok(());
        }
        self.change(now, |change| {
            for (job, instance) in due {
                updates::check_instance(change, job, instance);
            }
        })
    }

    fn run_crons(&mut self, now: i64) -> Result<(), Error> {
        for (job, cron) in &self.state.crons {
            self.cron_times
                .entry(job.clone())
                .or_insert_with(|| cron.next_run(now, &self.time_zone));
        }
        let due: Vec<(JobId, i64)> = self
            .cron_times
            .iter()
            .filter_map(|(job, at)| Some((job.clone(), (*at)?)))
            .filter(|(_, at)| *at <= now)
            .collect();
        let waiting = cron::overdue(&self.state, now);
        if due.is_empty() && waiting.is_empty() {
            return Ok(());
        }
        self.change(now, |change| {
            for job in &waiting {
                cron::check_run(change, job);
            }
            for (job, at) in &due {
                // This machine may have slept; missed runs are not made up for.
                if now.saturating_sub(*at) <= millis(CRON_DELAY)
                    && let Err(reason) = cron::fire(change, job)
                {
                    tracing::info!(%job, %reason, "a cron run is skipped");
                }
            }
        })?;
        for (job, _) in due {
            let cron = self.state.crons.get(&job);
            let next = cron.and_then(|cron| cron.next_run(now, &self.time_zone));
            self.cron_times.insert(job, next);
        }
        Ok(())
    }

    /// When a cron job runs next, in milliseconds since 1970, if it ever does.
    pub(crate) fn next_run(&self, now: i64, cron: &CronJob) -> Option<i64> {
        cron.next_run(now, &self.time_zone)
    }

    /// Removes tasks and updates that ended long ago, or that exceed the number kept of one job.
    fn sweep(&mut self, now: i64) -> Result<(), Error> {
        if now < self.next_sweep {
            return Ok(());
        }
        self.next_sweep = now.saturating_add(millis(self.timings.history_sweep).max(1));
        let (tasks, updates) = (self.old_tasks(now), self.old_updates(now));
        if tasks.is_empty() && updates.is_empty() {
            return Ok(());
        }
        self.change(now, |change| {
            for id in &tasks {
                change.move_to(id, TaskState::Deleted, None);
            }
            for id in updates {
                change.tables.updates.remove(id);
            }
        })
    }

    fn old_tasks(&self, now: i64) -> Vec<String> {
        let mut ended: BTreeMap<&JobId, Vec<&Task>> = BTreeMap::new();
        for task in self.tasks().filter(|task| task.state.is_terminal()) {
            ended.entry(&task.job).or_default().push(task);
        }
        let (max_age, min_age) = (
            millis(self.timings.history_max_age),
            millis(self.timings.history_min_age),
        );
        let mut old = Vec::new();
        for tasks in ended.values_mut() {
            tasks.sort_by_key(|task| std::cmp::Reverse(task.since()));
            for (rank, task) in tasks.iter().enumerate() {
                let age = now.saturating_sub(task.since());
                let surplus = rank >= self.timings.history_per_job && age >= min_age;
                if surplus || age >= max_age {
                    old.push(task.id.clone());
                }
            }
        }
        old
    }

    fn old_updates(&self, now: i64) -> Vec<UpdateId> {
        let mut over: BTreeMap<&JobId, Vec<&Update>> = BTreeMap::new();
        let updates = self.state.updates.values();
        for update in updates.filter(|update| !update.status().is_active()) {
            over.entry(&update.id.job).or_default().push(update);
        }
        let max_age = millis(self.timings.update_history_max_age);
        let mut old = Vec::new();
        for updates in over.values_mut() {
            updates.sort_by_key(|update| std::cmp::Reverse(update.modified()));
            for (rank, update) in updates.iter().enumerate() {
                let age = now.saturating_sub(update.modified());
                if rank >= self.timings.update_history_per_job || age >= max_age {
                    old.push(update.id.clone());
                }
            }
        }
        old
    }

    /// Puts every waiting task on the host that fits there, the one that waits longest first.
    fn schedule(&mut self, now: i64) -> Result<(), Error> {
        let start = random_index(&mut self.random, self.task_ports.len());
        let mut waiting: Vec<&Task> = self
            .tasks()
            .filter(|task| task.state == TaskState::Pending)
            .collect();
        if waiting.is_empty() {
            return Ok(());
        }
        waiting.sort_by_key(|task| (task.since(), task.instance));
        let mut usage = self.usage();
        let mut taken: BTreeSet<u16> = self.ports_in_use();
        let mut placed = Vec::new();
        for task in waiting {
            if !self.host.vetoes(&task.job, &task.config, &usage).is_empty() {
                continue;
            }
            let names = task.config.requested_ports.clone().unwrap_or_default();
            let Some(ports) =
                ports::assign(&names, &self.task_ports, &taken, start, ports::is_free)
            else {
                continue;
            };
            taken.extend(ports.values().filter_map(|port| u16::try_from(*port).ok()));
            usage.add(&task.job, &task.config);
            placed.push((task.id.clone(), ports));
        }
        if placed.is_empty() {
            return Ok(());
        }
        let host = self.host.name.clone();
        self.change(now, |change| {
            for (id, ports) in placed {
                change.assign(&id, &host, HOST_ID, ports);
            }
        })
    }

    /// Every pending task with why it waits, as it is now; no reason if nothing prevents its start.
    pub(crate) fn pending(&self) -> BTreeMap<&str, Vec<Veto>> {
        let usage = self.usage();
        self.tasks()
            .filter(|task| task.state == TaskState::Pending)
            .map(|task| {
                let vetoes = self.host.vetoes(&task.job, &task.config, &usage);
                (task.id.as_str(), vetoes)
            })
            .collect()
    }

    fn usage(&self) -> Usage {
        let mut usage = Usage::of(self.tasks());
        usage.closed = maintenance::veto(self.mode());
        usage
    }

    fn ports_in_use(&self) -> BTreeSet<u16> {
        self.tasks()
            .filter(|task| task.state.is_assigned())
            .flat_map(|task| task.ports.values())
            .filter_map(|port| u16::try_from(*port).ok())
            .collect()
    }

    fn next_wake(&self, now: i64) -> Option<i64> {
        let late = millis(self.timings.transient_timeout);
        let timeouts = self
            .tasks()
            .filter(|task| is_transient(task.state))
            .map(|task| task.since().saturating_add(late));
        let releases = self.throttled_until.values().copied();
        // Other programs take and free ports without notice.
        let waits = self.tasks().any(|task| task.state == TaskState::Pending);
        let again = waits.then(|| now.saturating_add(millis(PENDING_RETRY)));
        timeouts
            .chain(releases)
            .chain(updates::next_check(&self.state))
            .chain(cron::next_check(&self.state))
            .chain(self.cron_times.values().copied().flatten())
            .chain(again)
            .chain([self.next_sweep])
            .min()
    }

    fn ids(&self, wanted: impl Fn(&Task) -> bool) -> Vec<String> {
        self.tasks()
            .filter(|task| wanted(task))
            .map(|task| task.id.clone())
            .collect()
    }
}

/// States that a task must leave soon. STARTING has no limit, as in the released scheduler.
fn is_transient(state: TaskState) -> bool {
    matches!(
        state,
        TaskState::Assigned
            | TaskState::Preempting
            | TaskState::Restarting
            | TaskState::Draining
            | TaskState::Killing
    )
}

fn random_index(random: &mut Random, length: usize) -> usize {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    // The product is below `length`, so nothing is cut off but the fraction.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let index = (random().clamp(0.0, 1.0) * f64::from(length)) as u32;
    usize::try_from(index).unwrap_or(0)
}

#[cfg(test)]
pub(crate) mod tests;
