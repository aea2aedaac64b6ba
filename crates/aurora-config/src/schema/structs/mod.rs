//! The structs of a job, each declared once: as files write it, and as typed Rust.

mod container;
mod health;
mod job;
mod logger;
mod task;

pub use container::{Container, Docker, Parameter};
pub use health::{
    HealthCheckConfig, HealthCheckerConfig, HttpHealthChecker, HttpLifecycleConfig,
    LifecycleConfig, ShellHealthChecker,
};
pub use job::{Announcer, Job, UpdateConfig};
pub use logger::{Logger, LoggerDestination, LoggerMode, RotatePolicy};
pub use task::{Constraint, Process, Resources, Task};

/// What the declarations need.
mod prelude {
    pub(super) use std::collections::BTreeMap;

    pub(super) use serde::{Deserialize, Deserializer, Serialize, Serializer, ser::SerializeMap};

    pub(super) use crate::schema::{
        declare::{declare, declare_enumeration},
        table::{Enumeration, Field, FieldType, Literal, Presence, Struct},
        values::{Bytes, Seconds, documented_min_duration},
    };
}
