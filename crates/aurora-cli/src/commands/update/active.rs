//! The active update of a job, for verbs that take no id.

use aurora_api::JobUpdateKey;
use aurora_jobkey::JobKey;
use aurora_rpc::SchedulerClient;
use aurora_rpc::operations::{self, ActiveUpdate};

use super::follow::several;
use crate::commands::log_message;
use crate::exit;
use crate::failure::{Failure, Result};

/// The key of the update with an id, else of the job's active update. `none` is the message if there is none.
pub(super) async fn named_or_active(
    client: &SchedulerClient,
    job: &JobKey,
    id: Option<&str>,
    none: &str,
) -> Result<JobUpdateKey> {
    match id {
        Some(id) => Ok(operations::update_key(client, job, id)?),
        None => active(client, job, none).await,
    }
}

/// The key of the job's active update. `none` is the message if there is none.
pub(super) async fn active(
    client: &SchedulerClient,
    job: &JobKey,
    none: &str,
) -> Result<JobUpdateKey> {
    let answer = operations::active_update(client, job).await?;
    log_message(&answer);
    match answer.value {
        ActiveUpdate::One(key) => Ok(key),
        ActiveUpdate::None => Err(Failure::new(exit::INVALID_PARAMETER, none).announced()),
        ActiveUpdate::Several(updates) => Err(several(
            "The scheduler returned multiple active updates for this job.",
            &updates,
        )),
    }
}
