//! The result of a restart in batches.

use std::collections::BTreeMap;
use std::fmt;

use aurora_api::Response;
use aurora_jobkey::InstanceSet;

use super::options::RestartOptions;
use crate::reply::Reply;

/// How a restart in batches ended.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[must_use]
#[non_exhaustive]
pub struct RestartOutcome {
    /// In which way it ended.
    pub end: RestartEnd,
    /// The instances that were restarted and are healthy.
    pub restarted: InstanceSet,
    /// The instances that were restarted and whose last try failed.
    pub failed: InstanceSet,
    /// The instances that nothing was done to.
    pub untouched: InstanceSet,
    /// How often each instance failed that ever did, healthy in the end or not.
    pub failures: BTreeMap<u32, u32>,
    /// The limits that held.
    pub options: RestartOptions,
    /// The scheduler's reply to the last batch, for its messages.
    pub reply: Option<Reply<()>>,
}

/// In which way a restart ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum RestartEnd {
    /// The job has no active instance. Nothing was sent.
    NothingToRestart,
    /// Every instance is healthy.
    Restarted,
    /// Some instances failed, but no more than are tolerated: every one was restarted.
    Incomplete,
    /// More instances failed than are tolerated: the rest was not touched.
    GaveUp,
}

impl fmt::Display for RestartEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingToRestart => "nothing to restart",
            Self::Restarted => "restarted",
            Self::Incomplete => "incomplete",
            Self::GaveUp => "given up",
        })
    }
}

impl RestartOutcome {
    /// The instances that failed more often than one may, with their failures: those that count
    /// against [`RestartOptions::max_failed_instances`].
    pub fn over_limit(&self) -> BTreeMap<u32, u32> {
        let over = |&(_, failures): &(&u32, &u32)| self.options.is_over(*failures);
        let failures = self.failures.iter().filter(over);
        failures.map(|(i, failures)| (*i, *failures)).collect()
    }

    /// The response to the last batch, or an empty one if nothing was sent: what hooks get after a restart.
    pub(super) fn to_response(&self) -> Response {
        match &self.reply {
            Some(reply) => reply.to_response(),
            None => Reply::new((), Vec::new(), None).to_response(),
        }
    }

    /// Whether no instance failed or was left untouched.
    pub fn is_success(&self) -> bool {
        matches!(
            self.end,
            RestartEnd::NothingToRestart | RestartEnd::Restarted
        )
    }
}
