//! How far an operation has come that makes one call.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// How far an operation has come that makes one call which changes something. Operations report each
/// stage as it begins, so that a program knows what to say when it drops one half-way.
/// A stage is shown and read as `not sent`, `sent` or `executed`.
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
        f.write_str(self.name())
    }
}

impl FromStr for Stage {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut all = [Self::NotSent, Self::Sent, Self::Executed].into_iter();
        all.find(|stage| stage.name() == text)
            .ok_or_else(|| Error::BadStage {
                text: text.to_owned(),
            })
    }
}

impl Stage {
    const fn name(self) -> &'static str {
        match self {
            Self::NotSent => "not sent",
            Self::Sent => "sent",
            Self::Executed => "executed",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_reads_its_own_name_and_no_other_text() {
        for stage in [Stage::NotSent, Stage::Sent, Stage::Executed] {
            assert_eq!(stage.to_string().parse::<Stage>().unwrap(), stage);
        }
        let error = "not_sent".parse::<Stage>().unwrap_err();
        insta::assert_snapshot!(error, @"`not_sent` is not a stage of a call; use one of `not sent`, `sent` and `executed`");
    }
}
