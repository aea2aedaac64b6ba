//! What callers see of a task while it runs and when it has ended.

use std::fmt;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

/// Stage of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Ordinary processes run.
    Active,
    /// Ordinary processes are being stopped.
    Cleaning,
    /// Finalizing processes run.
    Finalizing,
    /// Nothing runs any more; the outcome is known.
    Ended,
}

/// State in which a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinalState {
    /// Every process that counts has finished, with fewer failures than the task allows.
    Success,
    /// Too many processes failed, or a failed one blocks others.
    Failed,
    /// It was killed on request.
    Killed,
    /// It was given up: on request, or because its record could not be kept.
    Lost,
}

impl fmt::Display for FinalState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FinalState::Success => "SUCCESS",
            FinalState::Failed => "FAILED",
            FinalState::Killed => "KILLED",
            FinalState::Lost => "LOST",
        })
    }
}

/// How a task ended and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskOutcome {
    /// The state.
    pub state: FinalState,
    /// One sentence for people, without a full stop.
    pub reason: String,
}

/// State of the latest run of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    /// Picked for launch.
    Forked,
    /// Bash runs, or something that it started still holds its output.
    Running,
    /// Bash exited with 0.
    Success,
    /// Bash exited with another code, or could not be started.
    Failed,
    /// Bash died by a signal.
    Killed,
    /// Nobody saw its end.
    Lost,
}

impl ProcessState {
    /// Whether the run is over.
    pub fn is_terminal(self) -> bool {
        !matches!(self, ProcessState::Forked | ProcessState::Running)
    }
}

/// One process as it stands.
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

/// A task as it stands.
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
    /// Output of a run could not be kept and was discarded from then on. Comes when the run has ended.
    LogTrouble {
        /// The process.
        process: String,
        /// Index of the run, from 0.
        run: u32,
        /// What went wrong, with the path.
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
