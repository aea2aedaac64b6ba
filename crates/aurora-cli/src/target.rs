//! The cluster that a command talks to, and how often it asks its scheduler.

use std::time::Duration;

use aurora_cluster::Cluster;
use aurora_rpc::operations::{Pace, UPDATE_PAUSE};

/// A cluster to talk to.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) cluster: Cluster,
    /// Whether it is the scheduler of this machine, which may be asked more often.
    pub(crate) is_embedded: bool,
}

impl Target {
    /// How often to look whether instances are dead.
    pub(crate) fn kill_pace(&self) -> Pace {
        self.pace(Pace::KILL)
    }

    /// How often to look whether instances run or have ended.
    pub(crate) fn patient_pace(&self) -> Pace {
        self.pace(Pace::PATIENT)
    }

    /// How often to look at an update.
    pub(crate) fn update_pause(&self) -> Duration {
        if self.is_embedded {
            Duration::from_millis(500)
        } else {
            UPDATE_PAUSE
        }
    }

    fn pace(&self, mut pace: Pace) -> Pace {
        if self.is_embedded {
            pace.first_pause = Duration::from_millis(50);
            pace.longest_pause = Duration::from_secs(1);
        }
        pace
    }
}
