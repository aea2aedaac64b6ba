//! What became of a call whose reply may have been lost.

use aurora_api::JobUpdateKey;

/// How the client knows that a job was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Created {
    /// The scheduler confirmed it.
    Confirmed,
    /// The reply was lost and the repetition was refused, but the job that exists is the requested one.
    FoundAfterLostReply,
}

/// What became of the start of an update.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
pub enum Started {
    /// The scheduler started it.
    Confirmed(JobUpdateKey),
    /// The reply was lost, but the requested update exists.
    FoundAfterLostReply(JobUpdateKey),
    /// There is nothing to change.
    NothingToDo,
}

impl Started {
    /// The key of the update, if there is one.
    pub fn key(&self) -> Option<&JobUpdateKey> {
        match self {
            Self::Confirmed(key) | Self::FoundAfterLostReply(key) => Some(key),
            Self::NothingToDo => None,
        }
    }
}
