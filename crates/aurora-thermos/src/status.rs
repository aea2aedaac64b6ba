//! The status, the events and the outcome of a task.

use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use crate::state::{FinalState, ProcessState, Stage};

/// How a task ended and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TaskOutcome {
    /// The state.
    pub state: FinalState,
    /// One sentence for people, without a full stop.
    pub reason: String,
}

/// The current status of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessStatus {
    /// Its name.
    pub name: String,
    /// State of the latest run; `None` before the first.
    pub state: Option<ProcessState>,
    /// Number of runs begun. The latest has the index `runs - 1`, which is also its log folder.
    pub runs: u32,
    /// Runs that ended with code 0.
    pub successes: u32,
    /// Runs that ended with another code or could not be started.
    pub failures: u32,
    /// Process id of bash, which is also its process group and session, while running.
    pub pid: Option<u32>,
    /// Exit code of the latest run that ended; a signal counts as its negative number.
    pub return_code: Option<i32>,
    /// When the latest run started.
    pub started: Option<SystemTime>,
    /// When the latest run ended.
    pub ended: Option<SystemTime>,
}

impl ProcessStatus {
    pub(crate) fn new(name: &str) -> ProcessStatus {
        ProcessStatus {
            name: name.to_owned(),
            state: None,
            runs: 0,
            successes: 0,
            failures: 0,
            pid: None,
            return_code: None,
            started: None,
            ended: None,
        }
    }
}

/// The current status of a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskStatus {
    /// The stage.
    pub stage: Stage,
    /// The outcome, once ended.
    pub outcome: Option<TaskOutcome>,
    /// All processes, in the order of the task.
    pub processes: Vec<ProcessStatus>,
}

/// Something that happened to a task.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TaskEvent {
    /// A stage was entered.
    Stage(Stage),
    /// A run started.
    ProcessStarted {
        /// The process.
        process: String,
        /// Index of the run, from 0.
        run: u32,
        /// Process id of bash, which is also its process group and session.
        pid: u32,
    },
    /// A run ended.
    ProcessEnded {
        /// The process.
        process: String,
        /// Index of the run, from 0.
        run: u32,
        /// How.
        state: ProcessState,
        /// Exit code, or the negative number of the signal; `None` if bash could not be started.
        return_code: Option<i32>,
        /// Why bash could not be started.
        error: Option<String>,
    },
    /// Output of a run could not be written, and was discarded from then on. Published when the run has ended.
    LogFailed {
        /// The process.
        process: String,
        /// Index of the run, from 0.
        run: u32,
        /// The error, with the path.
        message: String,
    },
    /// The task ended. The last event.
    Ended(TaskOutcome),
}

/// The events of one task, in order.
///
/// A reader that falls behind by more than 1024 events loses the oldest ones.
#[derive(Debug)]
pub struct Events(pub(crate) broadcast::Receiver<TaskEvent>);

impl Events {
    /// The next event; `None` when the task has ended and everything was read. Cancel-safe.
    pub async fn next(&mut self) -> Option<TaskEvent> {
        loop {
            match self.0.recv().await {
                Ok(event) => return Some(event),
                Err(broadcast::error::RecvError::Lagged(_)) => {}
                Err(broadcast::error::RecvError::Closed) => return None,
            }
        }
    }
}
