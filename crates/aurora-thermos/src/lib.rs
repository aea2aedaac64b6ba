#![doc = include_str!("../README.md")]
//!
//! # Limits of its knowledge
//!
//! The crate knows processes, users, files and the clock of this machine (Linux), and the executor data of a task. It
//! knows no schedulers, and reads no job files. It reads no environment variables and prints nothing.

mod bytes;
mod checkpoint;
mod clock;
mod engine;
mod error;
mod executor_data;
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
pub use executor_data::{Assignment, JobTask};
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
