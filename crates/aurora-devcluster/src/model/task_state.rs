//! The states of a task.

use aurora_api::ScheduleStatus;

/// A state of a task. `Deleted` is never stored: it is the absence that pruning leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum TaskState {
    Init,
    Throttled,
    Pending,
    Assigned,
    Starting,
    Running,
    Preempting,
    Restarting,
    Draining,
    Killing,
    Finished,
    Failed,
    Killed,
    Lost,
    Deleted,
}

use TaskState::{
    Assigned, Deleted, Draining, Failed, Finished, Init, Killed, Killing, Lost, Pending,
    Preempting, Restarting, Running, Starting, Throttled,
};

impl TaskState {
    /// Every state, in the order of a task's life.
    pub(crate) const ALL: [Self; 15] = [
        Init, Throttled, Pending, Assigned, Starting, Running, Preempting, Restarting, Draining,
        Killing, Finished, Failed, Killed, Lost, Deleted,
    ];

    /// Whether the task counts as part of its job.
    pub(crate) fn is_active(self) -> bool {
        matches!(self, Throttled | Pending) || self.is_assigned()
    }

    /// Whether the task holds resources of a host.
    pub(crate) fn is_assigned(self) -> bool {
        matches!(
            self,
            Assigned | Starting | Running | Preempting | Restarting | Draining | Killing
        )
    }

    /// Whether the task has ended.
    pub(crate) fn is_terminal(self) -> bool {
        matches!(self, Finished | Failed | Killed | Lost)
    }

    /// The state's name on pages and in messages.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Init => "INIT",
            Throttled => "THROTTLED",
            Pending => "PENDING",
            Assigned => "ASSIGNED",
            Starting => "STARTING",
            Running => "RUNNING",
            Preempting => "PREEMPTING",
            Restarting => "RESTARTING",
            Draining => "DRAINING",
            Killing => "KILLING",
            Finished => "FINISHED",
            Failed => "FAILED",
            Killed => "KILLED",
            Lost => "LOST",
            Deleted => "DELETED",
        }
    }

    /// The number that the state has on the wire, where it has one.
    pub(crate) fn to_wire(self) -> Option<ScheduleStatus> {
        Some(match self {
            Init => ScheduleStatus::INIT,
            Throttled => ScheduleStatus::THROTTLED,
            Pending => ScheduleStatus::PENDING,
            Assigned => ScheduleStatus::ASSIGNED,
            Starting => ScheduleStatus::STARTING,
            Running => ScheduleStatus::RUNNING,
            Preempting => ScheduleStatus::PREEMPTING,
            Restarting => ScheduleStatus::RESTARTING,
            Draining => ScheduleStatus::DRAINING,
            Killing => ScheduleStatus::KILLING,
            Finished => ScheduleStatus::FINISHED,
            Failed => ScheduleStatus::FAILED,
            Killed => ScheduleStatus::KILLED,
            Lost => ScheduleStatus::LOST,
            Deleted => return None,
        })
    }

    /// The state behind a number on the wire.
    pub(crate) fn from_wire(status: ScheduleStatus) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|state| state.to_wire() == Some(status))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_those_of_the_api() {
        for state in TaskState::ALL {
            let Some(wire) = state.to_wire() else {
                assert_eq!(state, Deleted);
                continue;
            };
            assert_eq!(TaskState::from_wire(wire), Some(state));
            assert_eq!(state.is_active(), aurora_api::ACTIVE_STATES.contains(&wire));
            assert_eq!(
                state.is_assigned(),
                aurora_api::SLAVE_ASSIGNED_STATES.contains(&wire)
            );
            assert_eq!(
                state.is_terminal(),
                aurora_api::TERMINAL_STATES.contains(&wire)
            );
        }
        assert_eq!(TaskState::from_wire(ScheduleStatus(99)), None);
    }
}
