//! How far an update that is not over has come. In memory only: a restart looks at every instance again.

use std::collections::BTreeMap;

use super::update::UpdateId;

/// The live side of an update that is not over. It is in memory only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rollout {
    pub(crate) id: UpdateId,
    /// In milliseconds since 1970; 0 before the first one.
    pub(crate) last_pulse: i64,
    /// There while the update rolls.
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

/// How far one instance is.
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
    /// When to look again whether the instance is stable, in milliseconds since 1970.
    pub(crate) look_at: Option<i64>,
}

/// All instances of a rolling update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Updater {
    pub(crate) instances: BTreeMap<i32, Progress>,
}
