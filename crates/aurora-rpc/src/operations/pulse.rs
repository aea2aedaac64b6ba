//! Pulses, which let a coordinated update continue.

use std::time::Duration;

use aurora_api::{JobUpdateKey, JobUpdatePulseStatus};

use super::wait::SHORTEST_PAUSE;
use crate::client::SchedulerClient;
use crate::error::Error;

/// Pulses an update until the scheduler says that it is over, or knows no such update: at once, then
/// after each `pause` of at least a millisecond. `on_pulse` is called after each pulse that the scheduler accepted.
///
/// Dropping the future ends the pulses, and a coordinated update then waits for others to pulse it.
///
/// # Errors
/// As [`SchedulerClient::pulse_job_update`], of the pulse that failed.
pub async fn pulse_to_the_end(
    client: &SchedulerClient,
    key: &JobUpdateKey,
    pause: Duration,
    mut on_pulse: impl FnMut(JobUpdatePulseStatus) + Send,
) -> Result<(), Error> {
    let pause = pause.max(SHORTEST_PAUSE);
    loop {
        let status = client.pulse_job_update(key.clone()).await?.value;
        on_pulse(status);
        if status == JobUpdatePulseStatus::FINISHED {
            return Ok(());
        }
        client.clock().sleep(pause).await;
    }
}
