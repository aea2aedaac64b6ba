//! What every handler of the service can use.

use std::time::Instant;

use crate::scheduler::Scheduler;

/// What every handler can use.
pub(crate) struct App {
    pub(crate) scheduler: Scheduler,
    pub(crate) cluster_name: String,
    pub(crate) started: Instant,
}
