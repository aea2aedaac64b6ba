//! What an error says about the call: whether the scheduler executed it, and whether to retry it.

use std::fmt;

use aurora_api::ResponseCode;

use super::Error;
use super::status::HttpStatus;
use crate::reply::join_messages;

/// What is known of an attempt that brought no usable reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Delivery {
    /// The scheduler did not execute the call: it never received it, or refused it.
    NotExecuted,
    /// The scheduler may have executed the call.
    Unknown,
}

impl HttpStatus {
    /// What the status means for the call.
    fn delivery(&self) -> Delivery {
        match self.code {
            // A gateway that lost the scheduler, or a scheduler that failed half-way.
            408 | 500 | 502 | 504 => Delivery::Unknown,
            _ => Delivery::NotExecuted,
        }
    }
}

impl fmt::Display for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotExecuted => "not executed",
            Self::Unknown => "unknown",
        })
    }
}

impl Error {
    /// Whether the same call may succeed a little later, so that it is worth another attempt.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::ZooKeeper { .. }
                | Self::NoLeader { .. }
                | Self::NoEndpoint { .. }
                | Self::Refused { .. }
                | Self::UnknownHost { .. }
                | Self::Unreachable { .. }
                | Self::ConnectTimedOut { .. }
                | Self::TimedOut { .. }
                | Self::ConnectionLost { .. }
                | Self::Transport { .. }
                | Self::Status { .. }
                | Self::TooManyRedirects { .. }
                | Self::Transient { .. }
        )
    }

    /// Whether the scheduler may have executed the call that failed.
    pub fn delivery(&self) -> Delivery {
        match self {
            Self::TimedOut { .. }
            | Self::ConnectionLost { .. }
            | Self::Transport { .. }
            | Self::NotHttp { .. }
            | Self::TooLarge { .. }
            | Self::Packing { .. }
            | Self::NotThrift { .. }
            | Self::Exception { .. }
            | Self::EmptyResult { .. }
            | Self::MissingResult { .. }
            | Self::DeadlinePassed { .. }
            | Self::OutcomeUnknown { .. } => Delivery::Unknown,
            Self::Status { status, .. } => status.delivery(),
            Self::GaveUp { may_have_run, .. } if *may_have_run => Delivery::Unknown,
            Self::HookExited { sent: true, .. } => Delivery::Unknown,
            Self::KillFailed { source, .. } | Self::RestartFailed { source, .. } => {
                source.delivery()
            }
            _ => Delivery::NotExecuted,
        }
    }

    /// The error of a call that the scheduler may or may not have executed.
    pub(crate) fn outcome_unknown(method: &'static str, cluster: &str, source: Self) -> Self {
        Self::OutcomeUnknown {
            method,
            cluster: cluster.to_owned(),
            source: Box::new(source),
        }
    }

    /// The response code and messages, if the scheduler itself refused the call.
    pub fn rejection(&self) -> Option<(ResponseCode, &[String])> {
        match self {
            Self::Rejected { code, messages, .. } => Some((*code, messages)),
            Self::KillFailed { source, .. } | Self::RestartFailed { source, .. } => {
                source.rejection()
            }
            _ => None,
        }
    }

    /// The text by which the released client names a failure that it retries, as in
    /// `Connection error with scheduler: TEXT, reconnecting...`.
    pub fn connection_text(&self) -> String {
        match self {
            Self::Transient { messages, .. } => join_messages(messages),
            Self::ZooKeeper { cluster, .. }
            | Self::NoLeader { cluster, .. }
            | Self::NoEndpoint { cluster, .. } => {
                format!("Timed out trying to connect to scheduler at {cluster}")
            }
            Self::TimedOut { url, .. } | Self::ConnectTimedOut { url, .. } => {
                format!("Timed out talking to {url}")
            }
            Self::Status { url, status } => format!("Unknown error talking to {url}: {status}"),
            Self::Refused { url, .. } => {
                format!("Unknown error talking to {url}: Connection refused")
            }
            Self::UnknownHost { url, reason }
            | Self::Unreachable { url, reason }
            | Self::ConnectionLost { url, reason } => {
                format!("Unknown error talking to {url}: {reason}")
            }
            other => other.to_string(),
        }
    }
}
