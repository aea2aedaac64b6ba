//! How far an operation has come that makes one call.

use std::fmt;

/// How far an operation has come that makes one call which changes something. Operations report each
/// stage as it begins, so that a program knows what to say when it drops one half-way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Stage {
    /// The call was not made. Hooks may be running.
    #[default]
    NotSent,
    /// The call was made and has no reply yet: whether the scheduler executed it is not known.
    Sent,
    /// The scheduler executed the call. Hooks may be running.
    Executed,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotSent => "not sent",
            Self::Sent => "sent",
            Self::Executed => "executed",
        })
    }
}
