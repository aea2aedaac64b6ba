//! Pausing, resuming and aborting updates, and pulses for them.

use aurora_api::{JobUpdateKey, PulseJobUpdateResult};

use super::super::reply::{CALLER, Outcome, Reply};
use super::request::check_message;
use crate::engine::Engine;
use crate::model::UpdateId;
use crate::updates::{self, Control};

/// Replies to `pauseJobUpdate`, `resumeJobUpdate` and `abortJobUpdate`.
pub(crate) fn request(
    engine: &mut Engine,
    now: i64,
    key: Option<&JobUpdateKey>,
    message: Option<&str>,
    control: Control,
) -> Outcome {
    let id = update_of(key)?;
    let Some(update) = engine.state().updates.get(&id) else {
        return Err(Reply::invalid(format!("update {id} does not exist")));
    };
    let status = update.status();
    check_message(message)?;
    let granted = engine.change(now, |change| {
        updates::control(change, &id, control, CALLER, message)
    })?;
    if granted {
        return Ok(Reply::ok());
    }
    let verb = match control {
        Control::Pause => "paused",
        Control::Resume => "resumed",
        Control::Abort => "aborted",
    };
    Err(Reply::invalid(format!(
        "update {id} cannot be {verb}: it is {status}"
    )))
}

/// Replies to `pulseJobUpdate`.
pub(crate) fn pulse(engine: &mut Engine, now: i64, key: Option<&JobUpdateKey>) -> Outcome {
    let id = update_of(key)?;
    let status = engine.change(now, |change| updates::pulse(change, &id))?;
    Ok(Reply::ok_with(aurora_api::Result::PulseJobUpdateResult(
        PulseJobUpdateResult {
            status: Some(status),
        },
    )))
}

fn update_of(key: Option<&JobUpdateKey>) -> Result<UpdateId, Reply> {
    key.and_then(UpdateId::from_wire)
        .ok_or_else(|| Reply::error("the update key is missing or malformed"))
}
