//! Reads Apache Aurora job configurations, checks them, and converts them for the scheduler.
//!
//! A configuration is an `.aurora` file (a Python 2.7 program over an object model with templates),
//! JSON, or a [`Job`] made in Rust. Whichever it is, one job is chosen by its key, its templates are
//! resolved, the checks of the client are made, and the result is the structure that the scheduler
//! takes, with executor data that is byte for byte what the 0.12.0 client writes.
//!
//! ```
//! use aurora_config::{Configuration, Job, LoadOptions, Process, Resources, Task};
//!
//! let key = "devcluster/www/prod/web".parse()?;
//! let serve = Process::new("serve", "./serve -p {{thermos.ports[http]}} --for {{customer}}");
//! let task = Task::new("web", vec![serve]).with_resources(Resources::new(0.5, 64 << 20, 1 << 30));
//!
//! let mut options = LoadOptions::default();
//! options.bindings.push("customer=acme".parse()?);
//! let configuration = Configuration::from_jobs(&[Job::new(&key, task)], &options)?;
//!
//! let job = configuration.job(&key)?;
//! assert_eq!(job.job().task.processes[0].cmdline, "./serve -p {{thermos.ports[http]}} --for acme");
//! let task = job.to_job_configuration("me")?.task_config.unwrap_or_default();
//! assert!(task.requested_ports.is_some_and(|ports| ports.contains("http")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`Configuration`] is a file with its jobs; [`LoadOptions`] and [`Binding`] say how to read it.
//! - [`LoadedJob`] is one job, bound and checked: [`LoadedJob::to_job_configuration`],
//!   [`LoadedJob::to_job_update_request`], [`LoadedJob::inspect`].
//! - [`Hook`] is an object of a file whose methods run around calls to the scheduler.
//! - [`Job`] and the structs below it are jobs as plain data; [`Job::from_executor_data`] reads what
//!   a running task was given.
//! - [`Configuration::check`] finds everything that is wrong with all jobs: a [`Report`].
//! - [`Error`] says which rule was broken, where in the file and the job, and what may help.
//! - [`json_schema`] and [`field_reference`] describe configurations to editors and to people.
//! - [`template`] has references and their replacement, for whoever runs a task.
//!
//! Where the documentation and the released client differ, [`aurora_compat::Compat`] decides.
//!
//! The crate knows nothing of clusters, the network and the terminal. It reads the files that it is
//! given and those that they include, and no environment variables but those it is handed.
//! A Python file can do what Python can; with [`LoadOptions::hermetic`], it is held to the same.

mod configuration;
mod diagnostic;
mod error;
mod evaluated;
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
pub use diagnostic::Diagnostic;
pub use error::{Blame, Error, ErrorKind};
pub use hooks::{Hook, HookConfig, HookEvent, HookRun, HookValue, HookedCall};
pub use job::{
    Announcer, Constraint, Container, CronCollisionPolicy, Docker, HealthCheckConfig,
    HealthCheckerConfig, HttpHealthChecker, HttpLifecycleConfig, Job, LifecycleConfig, Logger,
    LoggerDestination, LoggerMode, Parameter, Process, Resources, RotatePolicy, ShellHealthChecker,
    Task, UpdateConfig,
};
pub use loaded::{LoadedJob, Rendered, task_dump};
pub use options::{Binding, LoadOptions, OutputSink, OutputStream};
pub use report::{CheckedJob, Finding, Report, Severity};
pub use running_task::RunningTask;
pub use schema::{field_reference, json_schema};

pub use pystachio::FieldPath;

/// Templates, and the values that a running task has for them.
pub mod template {
    pub use crate::running_task::RunningTask;
    pub use pystachio::{
        Reference, ReferenceError, Step, SubstituteError, Substitution, substitute,
    };
}
