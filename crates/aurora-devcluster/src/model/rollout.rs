//! The progress of an active update. It is in memory only: after a restart every instance is examined again.

use std::collections::BTreeMap;

use super::update::UpdateId;

/// The progress of an active update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rollout {
    pub(crate) id: UpdateId,
    /// In milliseconds since 1970; 0 before the first one.
    pub(crate) last_pulse: i64,
    /// Present while the update rolls forward or back.
    pub(crate) updater: Option<Updater>,
}

impl Rollout {
    pub(crate) fn new(id: UpdateId) -> Self {
        Self {
            id,
            last_pulse: 0,
            updater: None,
        }
    }

    pub(crate) fn id(&self) -> &UpdateId {
        &self.id
    }
}

/// The progress of one instance.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Stage {
    #[default]
    Idle,
    Working,
    Succeeded,
    Failed,
}

/// One instance of a rolling update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) stage: Stage,
    pub(crate) failures: i32,
    /// When to check again whether the instance is stable, in milliseconds since 1970.
    pub(crate) check_at: Option<i64>,
}

/// All instances of a rolling update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Updater {
    pub(crate) instances: BTreeMap<i32, Progress>,
}
