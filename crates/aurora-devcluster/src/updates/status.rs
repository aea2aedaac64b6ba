//! Which status of an update may follow which, and what users can ask for.

use aurora_api::JobUpdateStatus as Status;

/// Something that a user wants of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wish {
    Pause,
    Resume,
    Abort,
}

/// The status that a wish leads to; `None` if it cannot be granted. The present status means that nothing is to be done.
///
/// `lacks_pulse` says whether the update would have to wait for a pulse if it went on now.
pub(crate) fn target(status: Status, wish: Wish, lacks_pulse: bool) -> Option<Status> {
    let target = match (wish, is_back(status)) {
        (Wish::Abort, _) => Status::ABORTED,
        (Wish::Pause, false) => Status::ROLL_FORWARD_PAUSED,
        (Wish::Pause, true) => Status::ROLL_BACK_PAUSED,
        (Wish::Resume, back) if lacks_pulse => awaiting(back),
        (Wish::Resume, back) => rolling(back),
    };
    if status == target {
        return Some(target);
    }
    let granted = match wish {
        Wish::Abort | Wish::Pause => status.is_active(),
        Wish::Resume => is_paused(status),
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
            assert_eq!(target(*status, Wish::Pause, false), *pause, "{status}");
            assert_eq!(target(*status, Wish::Resume, false), *resume, "{status}");
            assert_eq!(
                target(*status, Wish::Resume, true),
                *without_pulse,
                "{status}"
            );
            assert_eq!(target(*status, Wish::Abort, false), *abort, "{status}");
        }
    }
}
