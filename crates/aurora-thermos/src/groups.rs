//! All process groups of one task, so that they can be killed from anywhere at any time.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use nix::sys::signal::Signal;

use crate::process::Group;

/// The living groups of one task.
#[derive(Debug, Default)]
pub(crate) struct Groups(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    closed: bool,
    groups: Vec<Weak<Group>>,
}

impl Groups {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a group, unless the task is over: then it is killed instead, and `false` returned.
    pub(crate) fn add(&self, group: &Arc<Group>) -> bool {
        let mut state = self.lock();
        if state.closed {
            group.signal(Signal::SIGKILL);
            return false;
        }
        state.groups.retain(|known| known.strong_count() > 0);
        state.groups.push(Arc::downgrade(group));
        true
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let groups: Vec<Arc<Group>> = self
            .lock()
            .groups
            .iter()
            .filter_map(Weak::upgrade)
            .collect();
        for group in groups {
            group.signal(signal);
        }
    }

    /// Kills every group, and every one that is added later.
    pub(crate) fn close(&self) {
        self.lock().closed = true;
        self.signal(Signal::SIGKILL);
    }
}
