//! Starting an update with looks between the attempts, so that it starts once.

use std::time::Duration;

use aurora_api::calls::StartJobUpdate;
use aurora_api::{
    JobConfiguration, JobKey as WireJobKey, JobUpdateDetails, JobUpdateInstructions, JobUpdateKey,
    JobUpdateQuery, JobUpdateRequest, JobUpdateSettings, JobUpdateSummary, Response,
    Result as ResultBranch, TaskConfig,
};
use tracing::Instrument;

use super::job::comparable;
use crate::client::SchedulerClient;
use crate::error::Delivery;
use crate::error::Error;
use crate::outcome::Started;
use crate::reply::Reply;

const METHOD: &str = "startJobUpdate";
/// How far the clock of the scheduler may be from ours.
const CLOCK_SKEW: Duration = Duration::from_secs(600);

/// Makes the call until it succeeds or the update is found to have started.
pub(crate) async fn start_update(
    client: &SchedulerClient,
    call: &StartJobUpdate,
) -> Result<Reply<Started>, Error> {
    let request = client.encode(call).with_looks_between();
    let began = client.clock().unix_time();
    let mut attempts = client.attempts(&request);
    let span = attempts.span();
    async {
        loop {
            let failure = match client.attempt(&request, &attempts).await {
                Ok(response) => {
                    let reply = started(response);
                    if reply.value != Started::NothingToDo || !attempts.lost_reply() {
                        return Ok(reply);
                    }
                    // There may be nothing left to do because the update is over already.
                    let client = client.with_retry(attempts.rest());
                    return Ok(match look(&client, call, began).await {
                        Ok(Found::Ours(key)) => reply.map(|_| Started::FoundAfterLostReply(key)),
                        _ => reply,
                    });
                }
                Err(error) => attempts.pause_after(error).await,
            };
            if !attempts.lost_reply() {
                failure?;
                continue;
            }
            let client = client.with_retry(attempts.rest());
            let found = look(&client, call, began).await;
            let error = match (found, failure) {
                (Ok(Found::Ours(key)), _) => {
                    tracing::debug!(?key, "the update has started, although the reply was lost");
                    let value = Started::FoundAfterLostReply(key);
                    return Ok(Reply::new(value, Vec::new(), None));
                }
                (Ok(Found::Nothing), Ok(_)) => continue,
                (Ok(Found::Nothing), Err(error)) if error.delivery() == Delivery::NotExecuted => {
                    return Err(error);
                }
                (Ok(Found::Nothing | Found::Unclear), Ok(error) | Err(error)) => error,
                (Err(looking), Ok(error) | Err(error)) => {
                    tracing::debug!(error = %looking, "cannot check whether the update started");
                    error
                }
            };
            return Err(Error::outcome_unknown(METHOD, client.cluster(), error));
        }
    }
    .instrument(span)
    .await
}

fn started(mut response: Response) -> Reply<Started> {
    let key = match response.result.take() {
        Some(ResultBranch::StartJobUpdateResult(result)) => result.key,
        _ => None,
    };
    Reply::of(response).map(|()| key.map_or(Started::NothingToDo, Started::Confirmed))
}

/// The result of a look at the updates of a job.
enum Found {
    /// The update that was asked for.
    Ours(JobUpdateKey),
    /// An update like it that is over, and may have been there before.
    Unclear,
    /// No update like it.
    Nothing,
}

async fn look(
    client: &SchedulerClient,
    call: &StartJobUpdate,
    began: Duration,
) -> Result<Found, Error> {
    let Some(request) = &call.request else {
        return Ok(Found::Nothing);
    };
    let Some(job) = request.task_config.as_ref().and_then(job_of) else {
        return Ok(Found::Nothing);
    };
    let query = JobUpdateQuery {
        job_key: Some(job.clone()),
        ..JobUpdateQuery::default()
    };
    let mut updates = client.get_job_update_summaries(query).await?.value;
    let earliest = began.saturating_sub(CLOCK_SKEW);
    let user = client.user().await?;
    updates.retain(|update| created(update) >= earliest && (user.is_none() || user == update.user));
    if updates.is_empty() {
        return Ok(Found::Nothing);
    }
    let description = JobConfiguration {
        key: Some(job),
        owner: request.task_config.as_ref().and_then(|c| c.owner.clone()),
        task_config: request.task_config.clone(),
        instance_count: request.instance_count,
        ..JobConfiguration::default()
    };
    let config = client.populate_job_config(description).await?.value;
    let mut found = Found::Nothing;
    for update in updates {
        let Some(key) = update.key.clone() else {
            continue;
        };
        let details = client.get_job_update_details(key.clone()).await?.value;
        if !is_update_of(&details, request, &config, call.message.as_deref()) {
            continue;
        }
        let status = update.state.as_ref().and_then(|state| state.status);
        // One that goes on does what was asked for, whatever the clocks say.
        if status.is_some_and(|status| status.is_active()) || created(&update) >= began {
            return Ok(Found::Ours(key));
        }
        found = Found::Unclear;
    }
    Ok(found)
}

/// The job that the scheduler takes the request to be for.
fn job_of(config: &TaskConfig) -> Option<WireJobKey> {
    Some(WireJobKey {
        role: Some(config.owner.as_ref()?.role.clone()?),
        environment: Some(config.environment.clone()?),
        name: Some(config.job_name.clone()?),
    })
}

fn created(update: &JobUpdateSummary) -> Duration {
    let created = update
        .state
        .as_ref()
        .and_then(|s| s.created_timestamp_ms)
        .and_then(|ms| u64::try_from(ms).ok());
    Duration::from_millis(created.unwrap_or(0))
}

/// Whether an update is what `request` asks for; `config` is its task configuration as the
/// scheduler would keep it.
fn is_update_of(
    details: &JobUpdateDetails,
    request: &JobUpdateRequest,
    config: &TaskConfig,
    message: Option<&str>,
) -> bool {
    let instructions = details
        .update
        .as_ref()
        .and_then(|update| update.instructions.as_ref());
    let Some(JobUpdateInstructions {
        desired_state,
        settings,
        ..
    }) = instructions
    else {
        return false;
    };
    let wanted = comparable_settings(request.settings.clone());
    let is_coordinated = wanted.block_if_no_pulses_after_ms > Some(0);
    if comparable_settings(settings.clone()) != wanted {
        return false;
    }
    // The first event of a coordinated update says that it waits for a pulse.
    let mut events = details.update_events.iter().flatten();
    let has_message = |wanted| events.any(|event| event.message.as_deref() == Some(wanted));
    if !is_coordinated && !message.is_none_or(has_message) {
        return false;
    }
    // Without a desired state it only removes instances.
    let Some(desired) = desired_state else {
        return true;
    };
    let count = request.instance_count.unwrap_or(0);
    let within = desired
        .instances
        .iter()
        .flatten()
        .all(|range| range.last < Some(count));
    let desired = desired.task.clone().unwrap_or_default();
    within && comparable(desired) == comparable(config.clone())
}

/// Settings in which what is missing is what the scheduler takes it for.
fn comparable_settings(settings: Option<JobUpdateSettings>) -> JobUpdateSettings {
    let settings = settings.unwrap_or_default();
    let number = |value: Option<i32>| Some(value.unwrap_or(0));
    let flag = |value: Option<bool>| Some(value.unwrap_or(false));
    JobUpdateSettings {
        update_group_size: number(settings.update_group_size),
        max_per_instance_failures: number(settings.max_per_instance_failures),
        max_failed_instances: number(settings.max_failed_instances),
        min_wait_in_instance_running_ms: number(settings.min_wait_in_instance_running_ms),
        rollback_on_failure: flag(settings.rollback_on_failure),
        update_only_these_instances: settings
            .update_only_these_instances
            .filter(|ranges| !ranges.is_empty()),
        wait_for_batch_completion: flag(settings.wait_for_batch_completion),
        block_if_no_pulses_after_ms: number(settings.block_if_no_pulses_after_ms),
    }
}
