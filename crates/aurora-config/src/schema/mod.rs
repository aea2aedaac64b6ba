//! The schema of jobs: every struct with its fields, types and defaults.

mod build;
mod declare;
mod json_schema;
mod reference_page;
mod structs;
mod table;
#[cfg(test)]
mod typed;
mod values;

#[cfg(feature = "python")]
pub(crate) use build::Export;
pub(crate) use build::Schema;
pub use json_schema::json_schema;
pub use reference_page::field_reference;
pub use structs::{
    Announcer, Constraint, Container, Docker, HealthCheckConfig, HealthCheckerConfig,
    HttpHealthChecker, HttpLifecycleConfig, Job, LifecycleConfig, Logger, LoggerDestination,
    LoggerMode, Parameter, Process, Resources, RotatePolicy, ShellHealthChecker, Task,
    UpdateConfig,
};
pub use values::{Bytes, CronCollisionPolicy, HostConstraint, Seconds, Tier};
