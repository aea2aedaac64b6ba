//! `--strict`: all named instances must be active.

use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::{SchedulerClient, operations};

use crate::commands::log_message;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::python_text::python_instances;

/// Fails if one of `instances` is not active.
pub(super) async fn check(
    client: &SchedulerClient,
    job: &JobKey,
    instances: &InstanceSet,
) -> Result<()> {
    let activity = operations::check_active(client, job, instances)
        .await
        .map_err(|error| refusal(error, "Command failure:", exit::INVALID_PARAMETER))?;
    log_message(&activity);
    let activity = activity.value;
    if activity.missing.is_empty() {
        return Ok(());
    }
    let heading = format!(
        "Invalid instance parameter: {}",
        python_instances(&activity.missing)
    );
    Err(Failure::new(exit::INVALID_PARAMETER, heading).hint(format!(
        "active instances: {}",
        python_instances(&activity.active)
    )))
}
