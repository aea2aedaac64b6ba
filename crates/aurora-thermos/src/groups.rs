//! All process groups of one task, so that they can be killed from anywhere at any time.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use nix::sys::signal::Signal;

use crate::proc_table;
use crate::process::Group;

/// Rounds of looking for strays that are still being forked while others are killed.
const SWEEPS: usize = 10;

/// The living groups of one task.
#[derive(Debug)]
pub(crate) struct Groups {
    home: Option<Home>,
    state: Mutex<State>,
}

/// Every process that lives here belongs to the task, whatever session it is in.
#[derive(Debug)]
pub(crate) struct Home {
    pub(crate) sandbox: PathBuf,
    pub(crate) uid: u32,
    /// Start of the task in clock ticks since boot.
    pub(crate) since: u64,
}

#[derive(Debug, Default)]
struct State {
    closed: bool,
    groups: Vec<Weak<Group>>,
}

impl Groups {
    pub(crate) fn new(home: Option<Home>) -> Groups {
        Groups {
            home,
            state: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a group, unless the task is over: then it is killed instead.
    pub(crate) fn add(&self, group: &Arc<Group>) {
        let mut state = self.lock();
        if state.closed {
            group.signal(Signal::SIGKILL);
            return;
        }
        state.groups.retain(|known| known.strong_count() > 0);
        state.groups.push(Arc::downgrade(group));
    }

    /// Signals every group. Looks through the process table and, with SIGKILL, waits some milliseconds for
    /// the dying.
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

    /// Kills processes of the task that left their session and lost their parent.
    pub(crate) fn sweep(&self) {
        let Some(home) = &self.home else { return };
        for _ in 0..SWEEPS {
            let table = proc_table::snapshot().unwrap_or_default();
            let found = proc_table::strays(&table, &home.sandbox, home.uid, home.since);
            if found.is_empty() {
                return;
            }
            for stray in found {
                stray.signal(Signal::SIGKILL);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Kills everything, and every group that is added later. Does nothing the second time.
    pub(crate) fn close(&self) {
        if !std::mem::replace(&mut self.lock().closed, true) {
            self.signal(Signal::SIGKILL);
            self.sweep();
        }
    }
}
