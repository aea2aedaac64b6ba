//! Task tiers.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// How a scheduler places the tasks of a job.
///
/// 0.12.0 documents one tier. Schedulers have a list of their own, so that every other name is a tier too.
///
/// ```
/// use aurora_config::Tier;
///
/// assert_eq!(Tier::from("revocable"), Tier::Revocable);
/// assert_eq!(Tier::from("preferred").to_string(), "preferred");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Tier {
    /// On resources that other tasks have and do not use. The host may take them back at any time.
    Revocable,
    /// Another tier of the scheduler.
    Other(String),
}

impl Tier {
    /// The text of files.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Revocable => "revocable",
            Self::Other(name) => name,
        }
    }

    pub(in crate::schema) fn of_text(name: &str) -> Self {
        Self::from(name)
    }
}

impl From<&str> for Tier {
    fn from(name: &str) -> Self {
        if name == Self::Revocable.name() {
            Self::Revocable
        } else {
            Self::Other(name.to_owned())
        }
    }
}

impl FromStr for Tier {
    type Err = Infallible;

    fn from_str(name: &str) -> Result<Self, Infallible> {
        Ok(Self::from(name))
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for Tier {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
