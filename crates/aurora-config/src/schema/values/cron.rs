//! What happens to the runs of a cron job that overlap.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize};

use crate::Error;

/// What happens when a cron job is due while its last run is active.
///
/// ```
/// use aurora_config::CronCollisionPolicy;
///
/// let policy: CronCollisionPolicy = "CANCEL_NEW".parse()?;
/// assert_eq!(policy, CronCollisionPolicy::CancelNew);
/// assert_eq!(policy.to_string(), "CANCEL_NEW");
/// # Ok::<(), aurora_config::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CronCollisionPolicy {
    /// The last run is killed, and the next one starts.
    #[default]
    KillExisting,
    /// The next run is left out.
    CancelNew,
    /// Both run. Schedulers refuse such jobs.
    RunOverlap,
}

impl CronCollisionPolicy {
    const ALL: [Self; 3] = [Self::KillExisting, Self::CancelNew, Self::RunOverlap];

    /// The text of files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::KillExisting => "KILL_EXISTING",
            Self::CancelNew => "CANCEL_NEW",
            Self::RunOverlap => "RUN_OVERLAP",
        }
    }

    /// The policy of a job that may have another one, which is an error of its conversion.
    pub(in crate::schema) fn of_text(name: &str) -> Self {
        name.parse().unwrap_or_default()
    }
}

impl fmt::Display for CronCollisionPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Upper and lower case are the same, as in the released client.
impl FromStr for CronCollisionPolicy {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let mut policies = Self::ALL.into_iter();
        let found = policies.find(|policy| policy.name().eq_ignore_ascii_case(name));
        found.ok_or_else(|| Error::CronCollisionPolicy {
            name: name.to_owned(),
        })
    }
}

impl<'de> Deserialize<'de> for CronCollisionPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        name.parse().map_err(serde::de::Error::custom)
    }
}
