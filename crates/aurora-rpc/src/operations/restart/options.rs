//! The limits of a restart in batches.

use std::num::NonZeroUsize;
use std::time::Duration;

/// How to restart in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RestartOptions {
    /// How many instances a batch has. Default: 1.
    pub batch_size: NonZeroUsize,
    /// How long an instance has to run to count as healthy; it has to run for longer than this.
    /// Default: 30 seconds.
    pub watch: Duration,
    /// How long an instance may take to be seen running. Default: 60 seconds.
    pub threshold: Duration,
    /// The pause between two looks at a batch. Less than a millisecond counts as one. Default: 3
    /// seconds.
    pub poll: Duration,
    /// How often one instance may fail and be restarted again, before it counts as failed.
    /// `None` is without limit: an instance that is never healthy is tried for ever. Default: 0.
    pub max_failures_per_instance: Option<u32>,
    /// How many failed instances are tolerated. With one more, the restart gives up and does not touch the
    /// rest. Default: 0.
    pub max_failed_instances: u32,
    /// Whether a tolerated instance is restarted again until it is healthy, as the released client does,
    /// which may continue for ever. Default: no, it is restarted once more.
    pub endless: bool,
}

impl Default for RestartOptions {
    fn default() -> Self {
        Self {
            batch_size: NonZeroUsize::MIN,
            watch: Duration::from_secs(30),
            threshold: Duration::from_secs(60),
            poll: Duration::from_secs(3),
            max_failures_per_instance: Some(0),
            max_failed_instances: 0,
            endless: false,
        }
    }
}

impl RestartOptions {
    /// The same with another size of batches.
    pub fn batch_size(mut self, batch_size: NonZeroUsize) -> Self {
        self.batch_size = batch_size;
        self
    }

    /// The same with another time that an instance has to run.
    pub fn watch(mut self, watch: Duration) -> Self {
        self.watch = watch;
        self
    }

    /// The same with another time that an instance may take to run.
    pub fn threshold(mut self, threshold: Duration) -> Self {
        self.threshold = threshold;
        self
    }

    /// The same with another pause between two looks.
    pub fn poll(mut self, poll: Duration) -> Self {
        self.poll = poll;
        self
    }

    /// The same with another number of failures of one instance.
    pub fn max_failures_per_instance(mut self, limit: Option<u32>) -> Self {
        self.max_failures_per_instance = limit;
        self
    }

    /// The same with another number of failed instances.
    pub fn max_failed_instances(mut self, limit: u32) -> Self {
        self.max_failed_instances = limit;
        self
    }

    /// The same with or without an end to the tries of a failed instance.
    pub fn endless(mut self, endless: bool) -> Self {
        self.endless = endless;
        self
    }

    pub(super) fn is_over(&self, failures: u32) -> bool {
        self.max_failures_per_instance
            .is_some_and(|limit| failures > limit)
    }

    /// Whether an instance is restarted again after that number of failures.
    pub(super) fn tries_again(&self, failures: u32) -> bool {
        self.endless || !self.is_over(failures.saturating_sub(1))
    }
}
