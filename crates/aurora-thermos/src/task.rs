//! A running task: starting it, watching it, stopping it.

use std::io;
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;

use crate::engine::Engine;
use crate::error::Error;
use crate::groups::Groups;
use crate::options::RunnerOptions;
use crate::prepared::Prepared;
use crate::request::Request;
use crate::spec::TaskSpec;
use crate::state::{FinalState, Stage};
use crate::status::{Events, ProcessStatus, TaskEvent, TaskOutcome, TaskStatus};

/// Events kept for a reader that falls behind.
const EVENTS_KEPT: usize = 1024;

/// One running task. Dropping it kills every process of the task with SIGKILL, at once.
///
/// The same happens when the runtime ends, and, by a small companion process, when this process dies in
/// any way. To let a task end in its own time, [`kill`](Self::kill) it and [`wait`](Self::wait).
#[derive(Debug)]
pub struct TaskRunner {
    handle: TaskHandle,
    first_events: Option<broadcast::Receiver<TaskEvent>>,
    groups: Arc<Groups>,
    engine: JoinHandle<()>,
}

/// Another view of a running task; any number may exist, and dropping one changes nothing.
#[derive(Clone, Debug)]
pub struct TaskHandle {
    requests: mpsc::UnboundedSender<Request>,
    status: watch::Receiver<TaskStatus>,
    /// Weak, so that readers see the end of the events when the task is gone.
    events: Weak<broadcast::Sender<TaskEvent>>,
}

impl TaskRunner {
    /// Checks the task, prepares sandbox, logs and checkpoint, and starts it. Needs a tokio runtime with
    /// I/O and time enabled.
    ///
    /// # Errors
    ///
    /// Every [`Error`] but those of recovery; nothing runs then.
    pub async fn start(spec: TaskSpec, options: RunnerOptions) -> Result<TaskRunner, Error> {
        // The user database and the disk may take their time.
        let task = spec.name.clone();
        let prepared = tokio::task::spawn_blocking(move || Prepared::new(spec, options))
            .await
            .map_err(|error| Error::Runtime {
                task,
                source: io::Error::other(error),
            })??;
        Ok(TaskRunner::run(prepared))
    }

    fn run(prepared: Prepared) -> TaskRunner {
        let (requests, incoming) = mpsc::unbounded_channel();
        let (events, first_events) = broadcast::channel(EVENTS_KEPT);
        let events = Arc::new(events);
        let (publish, status) = watch::channel(TaskStatus {
            stage: Stage::Active,
            outcome: None,
            processes: prepared
                .spec
                .processes
                .iter()
                .map(|process| ProcessStatus::new(&process.name))
                .collect(),
        });
        let handle = TaskHandle {
            requests,
            status,
            events: Arc::downgrade(&events),
        };
        let groups = Arc::new(Groups::new(prepared.home()));
        let engine = Engine::new(prepared, incoming, events, publish, Arc::clone(&groups));
        TaskRunner {
            handle,
            first_events: Some(first_events),
            groups,
            engine: tokio::spawn(engine.run()),
        }
    }

    /// The events of the task. The first call gives all of them from the start, a later one those from
    /// now on.
    pub fn events(&mut self) -> Events {
        match self.first_events.take() {
            Some(events) => Events(events),
            None => self.handle.events(),
        }
    }

    /// Another view of the task, which may outlive the runner.
    pub fn handle(&self) -> TaskHandle {
        self.handle.clone()
    }

    /// See [`TaskHandle::kill`].
    pub fn kill(&self, grace: Duration) {
        self.handle.kill(grace);
    }

    /// See [`TaskHandle::lose`].
    pub fn lose(&self) {
        self.handle.lose();
    }

    /// See [`TaskHandle::status`].
    pub fn status(&self) -> TaskStatus {
        self.handle.status()
    }

    /// See [`TaskHandle::outcome`].
    pub fn outcome(&self) -> Option<TaskOutcome> {
        self.handle.outcome()
    }

    /// See [`TaskHandle::wait`].
    pub async fn wait(&self) -> TaskOutcome {
        self.handle.wait().await
    }
}

impl Drop for TaskRunner {
    fn drop(&mut self) {
        // Aborting alone would leave the killing to a runtime that may never run again.
        self.groups.close();
        self.engine.abort();
    }
}

impl TaskHandle {
    /// Kills the task: SIGTERM to everything that runs, then the finalizing processes, and SIGKILL to what
    /// is left after `grace`, which all of that shares. With no grace SIGKILL comes at once and nothing
    /// is finalized. The outcome is KILLED.
    ///
    /// Another call sends SIGTERM again and restarts the grace period. Ignored after the end.
    pub fn kill(&self, grace: Duration) {
        self.request(Request::new(FinalState::Killed, grace));
    }

    /// Abandons the task: SIGKILL at once, nothing is finalized, the outcome is LOST.
    pub fn lose(&self) {
        self.request(Request::new(FinalState::Lost, Duration::ZERO));
    }

    fn request(&self, request: Request) {
        // The receiver is gone once the task has ended, and then nothing is left to stop.
        let _ = self.requests.send(request);
    }

    /// The current status of the task.
    pub fn status(&self) -> TaskStatus {
        self.status.borrow().clone()
    }

    /// The outcome, if the task has ended.
    pub fn outcome(&self) -> Option<TaskOutcome> {
        self.status.borrow().outcome.clone()
    }

    /// Waits for the end of the task. Cancel-safe; may be called any number of times.
    ///
    /// When the [`TaskRunner`] is dropped before that, the outcome is LOST.
    pub async fn wait(&self) -> TaskOutcome {
        let mut status = self.status.clone();
        let ended = status.wait_for(|status| status.outcome.is_some()).await;
        ended
            .ok()
            .and_then(|status| status.outcome.clone())
            .unwrap_or_else(|| TaskOutcome {
                state: FinalState::Lost,
                reason: "the runner was dropped before the task had ended".to_owned(),
            })
    }

    /// The events from now on.
    pub fn events(&self) -> Events {
        Events(match self.events.upgrade() {
            Some(events) => events.subscribe(),
            None => broadcast::channel(1).1,
        })
    }
}
