//! Groups of states.

use crate::{
    ACTIVE_JOB_UPDATE_STATES, ACTIVE_STATES, JobUpdateStatus, LIVE_STATES, SLAVE_ASSIGNED_STATES,
    ScheduleStatus, TERMINAL_STATES,
};

impl ScheduleStatus {
    /// Whether a task in this state occupies its instance of the job: one of [`ACTIVE_STATES`].
    pub fn is_active(self) -> bool {
        ACTIVE_STATES.contains(&self)
    }

    /// Whether a task in this state may be running its processes: one of [`LIVE_STATES`].
    pub fn is_live(self) -> bool {
        LIVE_STATES.contains(&self)
    }

    /// Whether a task in this state is over: one of [`TERMINAL_STATES`].
    pub fn is_terminal(self) -> bool {
        TERMINAL_STATES.contains(&self)
    }

    /// Whether a task in this state has a host: one of [`SLAVE_ASSIGNED_STATES`].
    pub fn is_assigned(self) -> bool {
        SLAVE_ASSIGNED_STATES.contains(&self)
    }
}

impl JobUpdateStatus {
    /// Whether an update in this state locks its job: one of [`ACTIVE_JOB_UPDATE_STATES`].
    pub fn is_active(self) -> bool {
        ACTIVE_JOB_UPDATE_STATES.contains(&self)
    }
}
