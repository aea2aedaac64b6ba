#![doc = include_str!("../README.md")]
//!
//! # Items
//!
//! - [`Configuration`] is a file with its jobs; [`LoadOptions`] and [`Binding`] say how to read it.
//! - [`LoadedJob`] is one job, bound and checked: [`LoadedJob::to_job_configuration`],
//!   [`LoadedJob::to_job_update_request`], [`LoadedJob::inspect`].
//! - [`Hook`] is an object of a file whose methods run around calls to the scheduler.
//! - [`Job`] and the structs below it are jobs as plain data; [`Job::from_executor_data`] reads what
//!   a running task was given.
//! - [`Configuration::check`] finds everything that is wrong with all jobs: a [`Report`].
//! - [`CronSchedule`] reads cron schedules as the scheduler does, and knows the next run.
//! - [`Error`] says which rule was broken, where in the file and the job, and what may help.
//! - [`json_schema`] and [`field_reference`] describe configurations to editors and to people.
//! - [`RunningTask`] puts the values of a running task into a text.
//!
//! Where the documentation and the released client differ, [`aurora_compat::Compat`] decides.
//!
//! The crate knows nothing of clusters, the network and the terminal. It reads the files that it is
//! given and those that they include, and no environment variables but those it is handed.
//! A Python file can do what Python can; with [`LoadOptions::hermetic`], it is held to the same.

mod configuration;
mod cron_schedule;
mod diagnostic;
mod error;
mod evaluated;
mod helpers;
mod hooks;
mod job;
mod loaded;
mod options;
#[cfg(feature = "python")]
mod python;
mod report;
mod running_task;
mod schema;
mod source;

pub use configuration::Configuration;
pub use cron_schedule::CronSchedule;
pub use diagnostic::{Diagnostic, Remedy};
pub use error::{Blame, Error, ErrorKind};
pub use hooks::{Hook, HookConfig, HookEvent, HookRun, HookValue, HookedCall};
pub use loaded::{LoadedJob, Rendered, task_dump};
pub use options::{Binding, LoadOptions};
pub use python27::{OutputSink, OutputStream};
pub use report::{CheckedJob, Finding, Report, Severity};
pub use running_task::RunningTask;
pub use schema::{
    Announcer, Bytes, Constraint, Container, CronCollisionPolicy, Docker, HealthCheckConfig,
    HealthCheckerConfig, HostConstraint, HttpHealthChecker, HttpLifecycleConfig, Job,
    LifecycleConfig, Logger, LoggerDestination, LoggerMode, Parameter, Process, Resources,
    RotatePolicy, Seconds, ShellHealthChecker, Task, Tier, UpdateConfig, field_reference,
    json_schema,
};

pub use pystachio::FieldPath;
