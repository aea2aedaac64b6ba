//! Asking a running task to end.

use std::time::Duration;

use tokio::time::Instant;

use crate::clock::after;
use crate::state::FinalState;

/// A request to end the task.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) state: FinalState,
    pub(crate) deadline: Instant,
}

impl Request {
    /// A request made now.
    pub(crate) fn new(state: FinalState, grace: Duration) -> Request {
        Request {
            state,
            deadline: after(Instant::now(), grace),
        }
    }
}
