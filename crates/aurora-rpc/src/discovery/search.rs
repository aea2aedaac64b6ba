//! How long a leader is looked for, and the report of searches that fail.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Error;

/// How long the search for a leader in ZooKeeper may take. The defaults are those of Aurora 0.12.0.
///
/// It is real time, as the time-outs of the network are. Less than a millisecond counts as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SearchLimits {
    /// How long one try waits for a first member to register. Default: 10 seconds.
    pub first_member: Duration,
    /// How long a try then waits for the list of members, if there is none yet. Default: 10 seconds.
    pub list: Duration,
    /// No try begins when this time has passed since the first one began: the attempt of the call
    /// has failed, and the [`RetryPolicy`](crate::RetryPolicy) decides. The first is always made,
    /// and one that has begun is not cut off. Default: 60 seconds.
    pub search: Duration,
    /// How long one ZooKeeper server may take to be found, to be connected to, to open a session
    /// and for every answer; then the next one is tried. Default: 3 seconds.
    pub server: Duration,
    /// How long a server keeps a session that sends nothing, in whole seconds; the session
    /// itself gives up a server that is silent for twice as long. Default: 10 seconds; at least 2.
    pub session: Duration,
}

impl Default for SearchLimits {
    fn default() -> Self {
        Self {
            first_member: Duration::from_secs(10),
            list: Duration::from_secs(10),
            search: Duration::from_secs(60),
            server: Duration::from_secs(3),
            session: Duration::from_secs(10),
        }
    }
}

/// A try to find the leader that failed.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct FailedSearch<'a> {
    /// Name of the cluster.
    pub cluster: &'a str,
    /// Why it failed: [`Error::NoLeader`] or [`Error::ZooKeeper`].
    pub error: &'a Error,
    /// Time since the first try of the attempt began.
    pub elapsed: Duration,
    pub(super) limits: &'a SearchLimits,
}

impl FailedSearch<'_> {
    /// The text by which the released client names the failure, as in
    /// `Could not connect to scheduler: TEXT`.
    pub fn text(&self) -> String {
        match self.error {
            Error::NoLeader { cluster, .. } => format!("No schedulers detected in {cluster}!"),
            _ => {
                let limit = self.limits.list.as_secs_f64();
                format!("Failed to connect to Zookeeper within {limit} seconds.")
            }
        }
    }
}

/// The function that receives each search that fails.
#[derive(Clone)]
pub(crate) struct SearchHook(Arc<dyn Fn(&FailedSearch<'_>) + Send + Sync>);

impl SearchHook {
    pub(crate) fn new(hook: impl Fn(&FailedSearch<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }

    pub(super) fn report(&self, failed: &FailedSearch<'_>) {
        (self.0)(failed);
    }
}

impl Default for SearchHook {
    fn default() -> Self {
        Self::new(|_| ())
    }
}

impl fmt::Debug for SearchHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SearchHook")
    }
}
