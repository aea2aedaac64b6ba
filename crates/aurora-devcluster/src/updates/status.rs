//! The statuses of an update, and what users can ask for in each.

use aurora_api::JobUpdateStatus as Status;

/// What a user can do to an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Control {
    Pause,
    Resume,
    Abort,
}

/// The status that a control leads to; `None` if it is refused. The present status means that nothing changes.
///
/// `lacks_pulse` says whether the update would have to wait for a pulse if it continued now.
pub(crate) fn target(status: Status, control: Control, lacks_pulse: bool) -> Option<Status> {
    let target = match (control, is_back(status)) {
        (Control::Abort, _) => Status::ABORTED,
        (Control::Pause, false) => Status::ROLL_FORWARD_PAUSED,
        (Control::Pause, true) => Status::ROLL_BACK_PAUSED,
        (Control::Resume, back) if lacks_pulse => awaiting(back),
        (Control::Resume, back) => rolling(back),
    };
    if status == target {
        return Some(target);
    }
    let granted = match control {
        Control::Abort | Control::Pause => status.is_active(),
        Control::Resume => is_paused(status),
    };
    granted.then_some(target)
}

/// The status of an update that works, going forward or back.
pub(super) fn rolling(back: bool) -> Status {
    if back {
        Status::ROLLING_BACK
    } else {
        Status::ROLLING_FORWARD
    }
}

/// The status of an update that waits for a pulse.
pub(super) fn awaiting(back: bool) -> Status {
    if back {
        Status::ROLL_BACK_AWAITING_PULSE
    } else {
        Status::ROLL_FORWARD_AWAITING_PULSE
    }
}

pub(super) fn is_rolling(status: Status) -> bool {
    matches!(status, Status::ROLLING_FORWARD | Status::ROLLING_BACK)
}

pub(super) fn is_awaiting(status: Status) -> bool {
    matches!(
        status,
        Status::ROLL_FORWARD_AWAITING_PULSE | Status::ROLL_BACK_AWAITING_PULSE
    )
}

fn is_paused(status: Status) -> bool {
    matches!(
        status,
        Status::ROLL_FORWARD_PAUSED | Status::ROLL_BACK_PAUSED
    )
}

/// Whether the update is putting the old instances back.
pub(super) fn is_back(status: Status) -> bool {
    matches!(
        status,
        Status::ROLLING_BACK | Status::ROLL_BACK_PAUSED | Status::ROLL_BACK_AWAITING_PULSE
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Status, then where pause, resume, resume without a pulse, and abort lead; `-` is refused.
    const TABLE: &[(Status, [Option<Status>; 4])] = &[
        (
            Status::ROLLING_FORWARD,
            [
                Some(Status::ROLL_FORWARD_PAUSED),
                Some(Status::ROLLING_FORWARD),
                None,
                Some(Status::ABORTED),
            ],
        ),
        (
            Status::ROLL_BACK_PAUSED,
            [
                Some(Status::ROLL_BACK_PAUSED),
                Some(Status::ROLLING_BACK),
                Some(Status::ROLL_BACK_AWAITING_PULSE),
                Some(Status::ABORTED),
            ],
        ),
        (
            Status::ROLL_FORWARD_AWAITING_PULSE,
            [
                Some(Status::ROLL_FORWARD_PAUSED),
                None,
                Some(Status::ROLL_FORWARD_AWAITING_PULSE),
                Some(Status::ABORTED),
            ],
        ),
        (Status::ABORTED, [None, None, None, Some(Status::ABORTED)]),
        (Status::ROLLED_FORWARD, [None; 4]),
        (Status::ROLLED_BACK, [None; 4]),
        (Status::FAILED, [None; 4]),
        (Status::ERROR, [None; 4]),
    ];

    #[test]
    fn wishes_lead_where_the_status_allows() {
        for (status, [pause, resume, without_pulse, abort]) in TABLE {
            assert_eq!(target(*status, Control::Pause, false), *pause, "{status}");
            assert_eq!(target(*status, Control::Resume, false), *resume, "{status}");
            assert_eq!(
                target(*status, Control::Resume, true),
                *without_pulse,
                "{status}"
            );
            assert_eq!(target(*status, Control::Abort, false), *abort, "{status}");
        }
    }
}
