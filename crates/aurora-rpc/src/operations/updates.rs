//! Finding updates: the active one of a job, and all that match.

use std::collections::BTreeSet;

use aurora_api::{
    ACTIVE_JOB_UPDATE_STATES, JobUpdateKey, JobUpdateQuery, JobUpdateStatus, JobUpdateSummary,
};
use aurora_jobkey::{JobKey, PartialJobKey};

use crate::answer::Answer;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::wire;

/// What a search for the active update of a job found.
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub enum ActiveUpdate {
    /// No update of the job is under way.
    None,
    /// This one.
    One(JobUpdateKey),
    /// More than one, which schedulers do not let happen.
    Several(Vec<JobUpdateSummary>),
}

/// Looks for the update of a job that is under way: rolling, paused or waiting for a pulse.
///
/// # Errors
/// As [`SchedulerClient::call`]; [`Error::MissingResult`] for an update without a key.
pub async fn active_update(client: &SchedulerClient, job: &JobKey) -> Result<ActiveUpdate, Error> {
    let query = JobUpdateQuery {
        job_key: Some(client.job_key(job)?),
        update_statuses: Some(ACTIVE_JOB_UPDATE_STATES.iter().copied().collect()),
        ..JobUpdateQuery::default()
    };
    let mut updates = client.get_job_update_summaries(query).await?.value;
    Ok(match (updates.pop(), updates.is_empty()) {
        (None, _) => ActiveUpdate::None,
        (Some(only), true) => ActiveUpdate::One(only.key.ok_or(Error::MissingResult {
            method: "getJobUpdateSummaries",
            wanted: "key",
        })?),
        (Some(last), false) => {
            updates.push(last);
            ActiveUpdate::Several(updates)
        }
    })
}

/// Which updates to list, beside those of a job, environment, role or cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UpdateFilter {
    /// The states that they may be in; any, if there are none.
    pub statuses: BTreeSet<JobUpdateStatus>,
    /// Who started them.
    pub user: Option<String>,
}

/// The updates of all jobs below `scope`, newest first. The scheduler knows no environments, so
/// updates of other ones are left out here.
///
/// # Errors
/// As [`SchedulerClient::call`]; [`Error::NoJobKey`] when the four parts of `scope` are no job key;
/// [`Error::WrongCluster`] for a job of another cluster.
pub async fn list_updates(
    client: &SchedulerClient,
    scope: &PartialJobKey,
    filter: &UpdateFilter,
) -> Result<Answer<Vec<JobUpdateSummary>>, Error> {
    let job = scope.to_job_key().map_err(|source| Error::NoJobKey {
        text: scope.to_string(),
        source,
    })?;
    let job_key = job.as_ref().map(|job| client.job_key(job)).transpose()?;
    let query = JobUpdateQuery {
        role: match job_key {
            None => scope.role().map(str::to_owned),
            Some(_) => None,
        },
        job_key,
        user: filter.user.clone(),
        update_statuses: Some(filter.statuses.clone()).filter(|statuses| !statuses.is_empty()),
        ..JobUpdateQuery::default()
    };
    let mut answer = client.get_job_update_summaries(query).await?;
    if let Some(environment) = scope.environment() {
        answer.value.retain(|update| {
            let job = update.key.as_ref().and_then(|key| key.job.as_ref());
            job.and_then(|job| job.environment.as_deref()) == Some(environment)
        });
    }
    Ok(answer)
}

/// The key of an update of a job, by its id.
///
/// # Errors
/// The job is not one of the client's cluster.
pub fn update_key(client: &SchedulerClient, job: &JobKey, id: &str) -> Result<JobUpdateKey, Error> {
    client.job_key(job)?;
    Ok(JobUpdateKey {
        job: Some(wire::job_key(job)),
        id: Some(id.to_owned()),
    })
}
