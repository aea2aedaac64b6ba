//! An update of a job with its history: what it is to do and what it has done.

mod wire;

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use aurora_api::{JobUpdateAction, JobUpdateKey, JobUpdateSettings, JobUpdateStatus, TaskConfig};

use super::job::{JobId, MalformedKey, is_identifier};

/// The name of an update.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct UpdateId {
    pub(crate) job: JobId,
    /// A random UUID, which is the token of the job's lock as well.
    pub(crate) id: String,
}

impl fmt::Display for UpdateId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.job, self.id)
    }
}

impl FromStr for UpdateId {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, MalformedKey> {
        let (job, id) = text.rsplit_once('/').ok_or(MalformedKey)?;
        let id = Some(id).filter(|id| is_identifier(id));
        Ok(Self {
            job: job.parse()?,
            id: id.ok_or(MalformedKey)?.to_owned(),
        })
    }
}

impl UpdateId {
    /// The update behind a key on the wire; `None` if the job is missing or malformed.
    pub(crate) fn from_wire(key: &JobUpdateKey) -> Option<Self> {
        Some(Self {
            job: key.job.as_ref().and_then(JobId::from_wire)?,
            id: key.id.clone().filter(|id| is_identifier(id))?,
        })
    }

    pub(crate) fn to_wire(&self) -> JobUpdateKey {
        JobUpdateKey {
            job: Some(self.job.to_wire()),
            id: Some(self.id.clone()),
        }
    }
}

/// Instances that share a configuration.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Group {
    pub(crate) config: Arc<TaskConfig>,
    pub(crate) instances: BTreeSet<i32>,
}

/// A change of an update's status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UpdateEvent {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) status: JobUpdateStatus,
    /// Who asked for it, if anybody did.
    pub(crate) user: Option<String>,
    pub(crate) message: Option<String>,
}

/// What an update did with an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InstanceEvent {
    /// Milliseconds since 1970.
    pub(crate) at: i64,
    pub(crate) instance: i32,
    pub(crate) action: JobUpdateAction,
}

/// An update with its history.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Update {
    pub(crate) id: UpdateId,
    /// Who started it.
    pub(crate) user: String,
    /// The instances that are replaced or removed, as they were.
    pub(crate) initial: Vec<Group>,
    /// The instances that are added or replaced, as they are to be.
    pub(crate) desired: Option<Group>,
    pub(crate) settings: JobUpdateSettings,
    pub(crate) events: Vec<UpdateEvent>,
    pub(crate) instance_events: Vec<InstanceEvent>,
}

impl Update {
    pub(crate) fn status(&self) -> JobUpdateStatus {
        // An update without events is never stored; a new one has none for a moment.
        self.events
            .last()
            .map_or(JobUpdateStatus::ERROR, |event| event.status)
    }

    /// When the update was started.
    pub(crate) fn created(&self) -> i64 {
        self.events.first().map_or(0, |event| event.at)
    }

    /// The time of the latest event, whatever it was about.
    pub(crate) fn modified(&self) -> i64 {
        let of_instances = self.instance_events.iter().map(|event| event.at);
        let of_update = self.events.iter().map(|event| event.at);
        of_update.chain(of_instances).max().unwrap_or(0)
    }

    /// All instances that the update touches.
    pub(crate) fn scope(&self) -> BTreeSet<i32> {
        let groups = self.initial.iter().chain(&self.desired);
        groups
            .flat_map(|group| group.instances.iter().copied())
            .collect()
    }

    /// What the instance is to be, going forward or `back`; `None` if it is not to be at all.
    pub(crate) fn wanted(&self, instance: i32, back: bool) -> Option<&Arc<TaskConfig>> {
        let groups = if back {
            self.initial.as_slice()
        } else {
            self.desired.as_slice()
        };
        groups
            .iter()
            .find(|group| group.instances.contains(&instance))
            .map(|group| &group.config)
    }

    /// The most instances in work at a time.
    pub(crate) fn group_size(&self) -> usize {
        usize::try_from(self.settings.update_group_size.unwrap_or(1)).map_or(1, |size| size.max(1))
    }

    /// Milliseconds without a pulse after which the update waits for one, if it does at all.
    pub(crate) fn pulse_limit(&self) -> Option<i64> {
        self.settings
            .block_if_no_pulses_after_ms
            .filter(|limit| *limit > 0)
            .map(i64::from)
    }

    /// Whether a pulse at `last` is too old for the update to go on.
    pub(crate) fn lacks_pulse(&self, last: i64, now: i64) -> bool {
        self.pulse_limit()
            .is_some_and(|limit| now.saturating_sub(last) >= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_their_own_text() {
        let key: UpdateId = "www/prod/web/u-1".parse().unwrap();
        assert_eq!((key.job.name.as_str(), key.id.as_str()), ("web", "u-1"));
        assert_eq!(key.to_string(), "www/prod/web/u-1");
        for text in ["", "www/prod/web", "www/prod/web/", "www/prod/web/u 1"] {
            assert_eq!(text.parse::<UpdateId>(), Err(MalformedKey), "{text}");
        }
    }
}
