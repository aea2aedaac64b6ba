//! What a test may put in the place of the world outside.

use std::sync::Arc;

use aurora_rpc::{Clock, SearchLimits, TokioClock};

/// The world outside of a command, as far as it is not a file or an address: time.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Surroundings {
    /// The clock of all pauses, and of the time of day.
    pub clock: Arc<dyn Clock>,
    /// How long a leading scheduler is looked for in ZooKeeper. This is real time.
    pub search: SearchLimits,
}

impl Default for Surroundings {
    /// Real time, and the limits of release 0.12.0.
    fn default() -> Self {
        Self {
            clock: Arc::new(TokioClock::new()),
            search: SearchLimits::default(),
        }
    }
}
