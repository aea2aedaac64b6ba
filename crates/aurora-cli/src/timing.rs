//! The clock and the time limits that a command works by, which tests replace.

use std::sync::Arc;

use aurora_rpc::{Clock, SearchLimits, TokioClock};

/// The clock and the time limits of a command.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Timing {
    /// The clock of all pauses, and of the time of day.
    pub clock: Arc<dyn Clock>,
    /// How long the command searches ZooKeeper for a leading scheduler. This is real time.
    pub search: SearchLimits,
}

impl Default for Timing {
    /// Real time, and the limits of release 0.12.0.
    fn default() -> Self {
        Self {
            clock: Arc::new(TokioClock::new()),
            search: SearchLimits::default(),
        }
    }
}
