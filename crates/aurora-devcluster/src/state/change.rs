//! One all-or-nothing change of the state: the state machine's effects gathered until they are stored.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use aurora_api::TaskConfig;

use super::tables::{Draft, Patch, State};
use crate::Timings;
use crate::flapping::{doubling, penalty};
use crate::model::{Event, JobId, Task, TaskState, millis, new_task_id};
use crate::state_machine::{Effect, Facts, Transition, transition};

/// Something that the executor has to do once the change is stored.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Order {
    /// Run the task.
    Launch(Box<Task>),
    /// End the task, if it runs.
    Kill(String),
    /// Remove what the task left on disk.
    Forget(String),
}

/// An event of an instance of a job that is being updated.
#[derive(Debug)]
pub(crate) struct Notice {
    pub(crate) job: JobId,
    pub(crate) instance: i32,
    /// The task, if it has ended without having been killed.
    pub(crate) ended: Option<Box<Task>>,
}

/// A source of numbers in `[0, 1)`.
pub(crate) type Random = Box<dyn FnMut() -> f64 + Send>;

/// A change in the making. It is invisible until the scheduler has stored it.
pub(crate) struct Change<'e> {
    pub(crate) tables: Draft<'e>,
    notices: VecDeque<Notice>,
    stopping: bool,
    orders: Vec<Order>,
    throttled: BTreeMap<String, i64>,
    timings: &'e Timings,
    scheduler: &'e str,
    random: &'e mut Random,
    now: i64,
}

/// What a change does once it is stored.
#[derive(Debug, Default)]
pub(crate) struct ChangeSet {
    pub(crate) patch: Patch,
    pub(crate) orders: Vec<Order>,
    /// When throttled tasks may continue, in milliseconds since 1970.
    pub(crate) throttled: BTreeMap<String, i64>,
}

impl<'e> Change<'e> {
    pub(crate) fn new(
        state: &'e State,
        timings: &'e Timings,
        scheduler: &'e str,
        random: &'e mut Random,
        now: i64,
    ) -> Self {
        Self {
            tables: Draft::new(state),
            notices: VecDeque::new(),
            stopping: false,
            orders: Vec::new(),
            throttled: BTreeMap::new(),
            timings,
            scheduler,
            random,
            now,
        }
    }

    pub(crate) fn finish(self) -> ChangeSet {
        ChangeSet {
            patch: self.tables.into_patch(),
            orders: self.orders,
            throttled: self.throttled,
        }
    }

    /// The time of the change, in milliseconds since 1970.
    pub(crate) fn now(&self) -> i64 {
        self.now
    }

    /// The task as this change leaves it.
    pub(crate) fn get(&self, id: &str) -> Option<&Task> {
        self.tables.tasks.get(&id.to_owned())
    }

    /// The task that an instance has now.
    pub(crate) fn active(&self, job: &JobId, instance: i32) -> Option<&Task> {
        self.tables
            .tasks
            .iter()
            .map(|(_, task)| task)
            .find(|task| task.instance == instance && task.state.is_active() && task.job == *job)
    }

    /// The ids of all tasks that are part of a job now.
    pub(crate) fn active_ids(&self, job: &JobId) -> Vec<String> {
        self.tables
            .tasks
            .iter()
            .filter(|(_, task)| task.state.is_active() && task.job == *job)
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// The ids of all tasks that hold something of the host.
    pub(crate) fn assigned_ids(&self) -> Vec<String> {
        self.tables
            .tasks
            .iter()
            .filter(|(_, task)| task.state.is_assigned())
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// Has the processes of a task ended, whatever its state.
    pub(crate) fn end(&mut self, id: &str) {
        self.orders.push(Order::Kill(id.to_owned()));
    }

    /// A wait after one of `wait`: once to twice as long.
    pub(crate) fn random_doubling(&mut self, wait: Duration) -> Duration {
        doubling(wait, &mut self.random)
    }

    /// The cluster is being stopped: what happens to tasks from now on does not count against them.
    pub(crate) fn stop(&mut self) {
        self.stopping = true;
    }

    pub(crate) fn is_stopping(&self) -> bool {
        self.stopping
    }

    /// The next event of an instance of a job that is being updated.
    pub(crate) fn next_notice(&mut self) -> Option<Notice> {
        self.notices.pop_front()
    }

    fn notify(&mut self, task: &Task) {
        if self.tables.rollouts.get(&task.job).is_none() {
            return;
        }
        let killed = task.last_event_in(|state| state == TaskState::Killing);
        let ended = task.state.is_terminal() && killed.is_none();
        self.notices.push_back(Notice {
            job: task.job.clone(),
            instance: task.instance,
            ended: ended.then(|| Box::new(task.clone())),
        });
    }

    /// Adds a task that waits to be scheduled.
    pub(crate) fn add(&mut self, job: &JobId, instance: i32, config: &Arc<TaskConfig>) {
        let task = self.new_task(job.clone(), instance, Arc::clone(config));
        self.enter(task, TaskState::Pending, None);
    }

    /// Moves a task if the state machine allows it, with everything that follows. Returns whether it moved.
    pub(crate) fn move_to(&mut self, id: &str, to: TaskState, message: Option<&str>) -> bool {
        let task = self.get(id).cloned();
        let facts = task.as_ref().map(Facts::of).unwrap_or_default();
        match transition(task.as_ref().map(|task| task.state), to, facts) {
            Transition::Stay => false,
            Transition::Refused { kill } => {
                if kill {
                    self.orders.push(Order::Kill(id.to_owned()));
                }
                false
            }
            Transition::Move(effects) => {
                if let Some(task) = task {
                    self.apply(task, to, message, &effects);
                }
                true
            }
        }
    }

    /// Gives a pending task its host and ports and has it launched.
    pub(crate) fn assign(
        &mut self,
        id: &str,
        host: &str,
        host_id: &str,
        ports: BTreeMap<String, i32>,
    ) {
        let Some(mut task) = self.get(id).cloned() else {
            return;
        };
        task.host = Some((host.to_owned(), host_id.to_owned()));
        task.ports = ports;
        self.tables.tasks.put(id.to_owned(), task);
        if self.move_to(id, TaskState::Assigned, None)
            && let Some(task) = self.get(id).cloned()
        {
            self.orders.push(Order::Launch(Box::new(task)));
        }
    }

    /// Recomputes how long a throttled task of an earlier run waits.
    pub(crate) fn resume_throttled(&mut self, id: &str) {
        let Some(task) = self.get(id).cloned() else {
            return;
        };
        let wait = self.penalty(task.ancestor.as_deref());
        let until = task.since().saturating_add(millis(wait));
        self.throttled.insert(id.to_owned(), until);
    }

    fn new_task(&self, job: JobId, instance: i32, config: Arc<TaskConfig>) -> Task {
        Task {
            id: new_task_id(self.now, &job, instance, &uuid::Uuid::new_v4()),
            job,
            instance,
            state: TaskState::Init,
            failure_count: 0,
            ancestor: None,
            events: Vec::new(),
            host: None,
            ports: BTreeMap::new(),
            config,
        }
    }

    /// INIT to the first stored state.
    fn enter(&mut self, task: Task, state: TaskState, message: Option<&str>) {
        self.apply(task, state, message, &[Effect::Save]);
    }

    fn apply(&mut self, mut task: Task, to: TaskState, message: Option<&str>, effects: &[Effect]) {
        let id = task.id.clone();
        for effect in effects {
            match effect {
                Effect::CountFailure => {
                    task.failure_count = task.failure_count.saturating_add(1);
                }
                Effect::Save => {
                    task.state = to;
                    task.events.push(Event {
                        at: self.now,
                        state: to,
                        message: message.map(str::to_owned),
                        scheduler: Some(self.scheduler.to_owned()),
                    });
                    self.tables.tasks.put(id.clone(), task.clone());
                    self.notify(&task);
                }
                Effect::Reschedule => self.replace(&task),
                Effect::Kill => self.orders.push(Order::Kill(id.clone())),
                Effect::Delete => {
                    self.tables.tasks.remove(id.clone());
                    self.orders.push(Order::Forget(id.clone()));
                    // It has vanished without having ended.
                    if !task.state.is_terminal() {
                        self.notify(&task);
                    }
                }
            }
        }
    }

    fn replace(&mut self, dying: &Task) {
        let mut task = self.new_task(dying.job.clone(), dying.instance, Arc::clone(&dying.config));
        task.failure_count = dying.failure_count;
        task.ancestor = Some(dying.id.clone());
        // The dying task's own end is not held against it, so a first failure never waits.
        let announced = self.penalty(dying.ancestor.as_deref());
        if announced.is_zero() {
            self.enter(task, TaskState::Pending, Some("Rescheduled"));
            return;
        }
        // The wait itself counts the dying task too, as the released scheduler does; so it differs from the message.
        let wait = self.penalty(Some(&dying.id));
        let until = self.now.saturating_add(millis(wait));
        self.throttled.insert(task.id.clone(), until);
        let message = format!(
            "Rescheduled, penalized for {} ms for flapping",
            announced.as_millis()
        );
        self.enter(task, TaskState::Throttled, Some(&message));
    }

    fn penalty(&mut self, first_ancestor: Option<&str>) -> Duration {
        let tasks = &self.tables.tasks;
        let find = |id: &str| tasks.get(&id.to_owned());
        let chain = std::iter::successors(first_ancestor.and_then(find), |task| {
            task.ancestor.as_deref().and_then(find)
        });
        penalty(chain, self.timings, &mut self.random)
    }
}
