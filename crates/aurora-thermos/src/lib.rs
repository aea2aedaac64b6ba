//! Runs the processes of one Apache Aurora task on this machine, as Thermos does.
//!
//! A [`TaskSpec`] says what to run: bash command lines, their order, how often each may fail, what runs at
//! the end. [`TaskRunner::start`] runs it: each process in a session of its own, its output in log files,
//! every step on record in a checkpoint file. [`TaskHandle`] watches and stops it, [`recover`] cleans up
//! after a supervising process that died. [`HealthChecker`] and [`HttpTeardown`] are for whoever looks after
//! a running task.
//!
//! The crate knows processes, users, files and the clock of this machine (Linux). It knows no schedulers, no
//! job configurations, no templates and no ports: command lines arrive ready to run. It reads no environment
//! variables and prints nothing.
//!
//! ```
//! use aurora_thermos::{FinalState, ProcessSpec, RunnerOptions, TaskRunner, TaskSpec};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let task = TaskSpec::new("hello", [ProcessSpec::new("greet", "echo hello from $PWD")]);
//! let options = RunnerOptions::new(folder.path().join("sandbox"), folder.path().join("checkpoint"));
//!
//! let runner = TaskRunner::start(task, options).await?;
//! assert_eq!(runner.wait().await.state, FinalState::Success);
//!
//! let log = std::fs::read_to_string(folder.path().join("sandbox/.logs/greet/0/stdout"))?;
//! assert!(log.starts_with("hello from "));
//! # Ok(())
//! # }
//! ```
//!
//! # No process outlives its task
//!
//! A task's processes are killed when it ends, when its [`TaskRunner`] is dropped, when the runtime ends, and
//! when this process dies, even by SIGKILL: a small companion process sees to the last. Should that one die
//! too, [`recover`] finds what is left, by process ids together with their start times, so that an id
//! used again is never mistaken.
//!
//! # Differences from Thermos 0.12.0
//!
//! - SIGTERM goes to whole process trees, as its documentation says, not to bash alone.
//! - Names must be unique, as its documentation says; there the last one won.
//! - A run that was killed by a signal is repeated after a second at the earliest.
//! - An unhealthy task launches nothing more on its way out.
//! - Standard input is empty and SIGPIPE has its default effect; there both were whatever the runner had.
//! - Processes that leave their session are killed at the end of the task, as a container would.

mod bytes;
mod checkpoint;
mod clock;
mod engine;
mod error;
mod groups;
mod guard;
mod health;
mod http;
mod lifecycle;
mod logs;
mod options;
mod plan;
mod prepared;
mod proc_table;
mod process;
mod recovery;
mod request;
mod spec;
mod state;
mod status;
mod supervise;
#[allow(unsafe_code)]
mod sys;
mod task;
mod user;
mod verdict;

pub use bytes::Bytes;
pub use error::Error;
pub use health::{
    HealthChecker, HealthSettings, HttpHealthChecker, ShellHealthChecker, ShellMode, Unhealthy,
};
pub use lifecycle::{HttpTeardown, Teardown};
pub use logs::Console;
pub use options::RunnerOptions;
pub use plan::Plan;
pub use recovery::{Leftover, Recovery, RunRecord, recover};
pub use spec::{LogDestination, LogMode, Logger, ProcessSpec, RotatePolicy, TaskSpec};
pub use state::{FinalState, ProcessState, Stage};
pub use status::{Events, ProcessStatus, TaskEvent, TaskOutcome, TaskStatus};
pub use task::{TaskHandle, TaskRunner};
