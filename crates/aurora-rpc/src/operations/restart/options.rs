//! The limits of a restart in batches.

use std::num::NonZeroUsize;
use std::time::Duration;

use aurora_config::HookValue;
use serde_json::json;

/// How to restart in batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
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
    /// The limit of failures of one instance as hooks see it, for a program that was given another number than
    /// it applies. Default: `None`, which shows `max_failures_per_instance`, or -1 if that has no limit.
    pub shown_failure_limit: Option<i64>,
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
            shown_failure_limit: None,
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

    /// The same with another limit of failures of one instance for hooks to see.
    pub fn shown_failure_limit(mut self, limit: Option<i64>) -> Self {
        self.shown_failure_limit = limit;
        self
    }

    /// The settings as hooks see them, in whole seconds, with the names of release 0.12.0.
    pub(super) fn to_hook_value(self) -> HookValue {
        let per_instance = self
            .shown_failure_limit
            .unwrap_or_else(|| self.max_failures_per_instance.map_or(-1, i64::from));
        let settings = json!({
            "batch_size": self.batch_size,
            "watch_secs": self.watch.as_secs(),
            "restart_threshold": self.threshold.as_secs(),
            "health_check_interval_seconds": self.poll.as_secs(),
            "max_per_instance_failures": per_instance,
            "max_total_failures": self.max_failed_instances,
        });
        HookValue::record("RestartSettings", &settings)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(options: RestartOptions) -> String {
        match options.to_hook_value() {
            HookValue::Record { text, .. } => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn hooks_see_the_settings_of_the_release() {
        let options = RestartOptions::default().batch_size(NonZeroUsize::new(4).unwrap());
        insta::assert_snapshot!(shown(options), @r#"RestartSettings({"batch_size":4,"watch_secs":30,"restart_threshold":60,"health_check_interval_seconds":3,"max_per_instance_failures":0,"max_total_failures":0})"#);
        let endless = options.max_failures_per_instance(None);
        assert!(shown(endless).contains("max_per_instance_failures\":-1,"));
        let given = options.shown_failure_limit(Some(-7));
        assert!(shown(given).contains("max_per_instance_failures\":-7,"));
    }
}
