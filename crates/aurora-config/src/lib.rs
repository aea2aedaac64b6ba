//! Apache Aurora job configuration: the object model, templates, `.aurora` files and conversion to
//! the API.

mod configuration;
mod diagnostic;
#[cfg(feature = "python")]
mod dsl;
mod error;
mod job;
mod loaded;
mod options;
#[cfg_attr(
    not(feature = "python"),
    allow(dead_code, reason = "sets of all kinds serve the Python binding only")
)]
mod python2;
#[cfg_attr(
    not(feature = "python"),
    allow(
        dead_code,
        unused_imports,
        reason = "the helper functions serve the Python binding only"
    )
)]
mod schema;
pub mod template;
#[cfg_attr(
    not(feature = "python"),
    allow(
        dead_code,
        unused_imports,
        reason = "parts of the object model serve the Python binding only"
    )
)]
mod value;

pub use configuration::Configuration;
pub use diagnostic::Diagnostic;
pub use error::{Error, ErrorKind};
pub use job::{
    Announcer, Constraint, Container, Docker, HealthCheckConfig, HealthCheckerConfig,
    HttpHealthChecker, HttpLifecycleConfig, Job, LifecycleConfig, Logger, LoggerDestination,
    LoggerMode, Parameter, Process, Resources, RotatePolicy, ShellHealthChecker, Task,
    UpdateConfig,
};
pub use loaded::LoadedJob;
pub use options::{Binding, LoadOptions, OutputSink, OutputStream};
