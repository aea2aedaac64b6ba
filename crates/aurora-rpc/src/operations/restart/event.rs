//! What a restart in batches reports while it runs.

use std::time::Duration;

use aurora_jobkey::InstanceSet;

use crate::error::Error;
use crate::reply::Reply;

/// What happens during a restart, as it happens.
#[derive(Debug)]
#[non_exhaustive]
pub enum RestartEvent<'a> {
    /// These instances are going to be restarted.
    Begins {
        /// The instances.
        instances: &'a InstanceSet,
    },
    /// The call is about to be sent.
    Restarting {
        /// The instances of the batch, in the order of the queue.
        instances: &'a [u32],
    },
    /// The scheduler accepted the call.
    Accepted {
        /// The instances of the batch.
        instances: &'a [u32],
        /// Its reply, for its messages.
        reply: &'a Reply<()>,
    },
    /// An instance runs for the first time since its restart.
    Running {
        /// The instance.
        instance: u32,
    },
    /// An instance has run for long enough.
    Healthy {
        /// The instance.
        instance: u32,
        /// How long that is: [`RestartOptions::watch`](super::RestartOptions::watch).
        watch: Duration,
    },
    /// An instance ran, and does so no more, or is another task by now. It has failed.
    Unhealthy {
        /// The instance.
        instance: u32,
    },
    /// An instance was not seen running in time. It has failed.
    NotRunning {
        /// The instance.
        instance: u32,
        /// The time it had: [`RestartOptions::threshold`](super::RestartOptions::threshold).
        threshold: Duration,
    },
    /// An instance runs, but not for long enough yet, and the time for its batch is over. It has
    /// failed.
    Undecided {
        /// The instance.
        instance: u32,
    },
    /// The scheduler refused to say what runs. Each instance that ran before has failed.
    LookRefused {
        /// The refusal.
        error: &'a Error,
    },
}
