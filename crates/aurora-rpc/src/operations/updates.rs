//! Finding updates: the active one of a job, and all that match.

use std::collections::BTreeSet;

use aurora_api::{
    ACTIVE_JOB_UPDATE_STATES, JobUpdateKey, JobUpdateQuery, JobUpdateStatus, JobUpdateSummary,
};
use aurora_jobkey::{JobKey, PartialJobKey};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;
use crate::wire;

/// What a search for the active update of a job found.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
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
pub async fn active_update(
    client: &SchedulerClient,
    job: &JobKey,
) -> Result<Reply<ActiveUpdate>, Error> {
    let query = JobUpdateQuery {
        job_key: Some(client.job_key(job)?),
        update_statuses: Some(ACTIVE_JOB_UPDATE_STATES.iter().copied().collect()),
        ..JobUpdateQuery::default()
    };
    let reply = client.get_job_update_summaries(query).await?;
    let only = match &*reply.value {
        [only] => Some(only.key.clone().ok_or(Error::MissingResult {
            method: "getJobUpdateSummaries",
            wanted: "key",
        })?),
        _ => None,
    };
    Ok(reply.map(|updates| match only {
        Some(key) => ActiveUpdate::One(key),
        None if updates.is_empty() => ActiveUpdate::None,
        None => ActiveUpdate::Several(updates),
    }))
}

/// The groups of states that updates are listed by, with their names.
const STATUS_GROUPS: [(&str, &[JobUpdateStatus]); 7] = {
    use JobUpdateStatus as S;
    const OVER: &[S] = &[
        S::ROLLED_FORWARD,
        S::ROLLED_BACK,
        S::ABORTED,
        S::ERROR,
        S::FAILED,
    ];
    [
        ("active", ACTIVE_JOB_UPDATE_STATES),
        ("inactive", OVER),
        ("all", &[]),
        (
            "blocked",
            &[S::ROLL_FORWARD_AWAITING_PULSE, S::ROLL_BACK_AWAITING_PULSE],
        ),
        ("paused", &[S::ROLL_FORWARD_PAUSED, S::ROLL_BACK_PAUSED]),
        ("failed", &[S::ERROR, S::FAILED, S::ROLLED_BACK]),
        ("succeeded", &[S::ROLLED_FORWARD]),
    ]
};

/// The words that [`update_statuses`] knows: groups of states, then states.
pub fn update_status_names() -> Vec<&'static str> {
    let groups = STATUS_GROUPS.iter().map(|(name, _)| *name);
    let states = all_statuses().into_iter().filter_map(JobUpdateStatus::name);
    groups.chain(states).collect()
}

/// The states that a word means: a group (`active`, `inactive`, `all`, `blocked`, `paused`,
/// `failed`, `succeeded`), or a state by its name in the API.
pub fn update_statuses(word: &str) -> Option<BTreeSet<JobUpdateStatus>> {
    if word == "all" {
        return Some(all_statuses());
    }
    match STATUS_GROUPS.iter().find(|(name, _)| *name == word) {
        Some((_, states)) => Some(states.iter().copied().collect()),
        None => Some([JobUpdateStatus::from_name(word)?].into()),
    }
}

fn all_statuses() -> BTreeSet<JobUpdateStatus> {
    let groups = STATUS_GROUPS.iter();
    groups
        .flat_map(|(_, states)| states.iter().copied())
        .collect()
}

/// Which updates to list, in addition to the limits of a job, environment, role or cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(default))]
#[non_exhaustive]
pub struct UpdateFilter {
    /// The states that they may be in; any, if there are none.
    pub statuses: BTreeSet<JobUpdateStatus>,
    /// Who started them; anyone with `None`.
    pub user: Option<String>,
}

impl UpdateFilter {
    /// The same with other states.
    pub fn statuses(mut self, statuses: impl IntoIterator<Item = JobUpdateStatus>) -> Self {
        self.statuses = statuses.into_iter().collect();
        self
    }

    /// The same with another user.
    pub fn user(mut self, user: Option<String>) -> Self {
        self.user = user;
        self
    }
}

/// The updates of all jobs below `scope`, newest first. The scheduler knows no environments, so
/// updates of other ones are left out here.
///
/// # Errors
/// As [`SchedulerClient::call`]; [`Error::NoJobKey`] when the four parts of `scope` are not a job key;
/// [`Error::WrongCluster`] for a job of another cluster.
pub async fn list_updates(
    client: &SchedulerClient,
    scope: &PartialJobKey,
    filter: &UpdateFilter,
) -> Result<Reply<Vec<JobUpdateSummary>>, Error> {
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
    let mut reply = client.get_job_update_summaries(query).await?;
    if let Some(environment) = scope.environment() {
        reply.value.retain(|update| {
            let job = update.key.as_ref().and_then(|key| key.job.as_ref());
            job.and_then(|job| job.environment.as_deref()) == Some(environment)
        });
    }
    Ok(reply)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_names_of_states_are_those_of_the_release() {
        let numbers = |word: &str| -> Option<Vec<i32>> {
            update_statuses(word).map(|states| states.iter().map(|state| state.0).collect())
        };
        for (word, expected) in [
            ("active", &[0, 1, 2, 3, 9, 10][..]),
            ("inactive", &[4, 5, 6, 7, 8]),
            ("all", &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]),
            ("blocked", &[9, 10]),
            ("paused", &[2, 3]),
            ("failed", &[5, 7, 8]),
            ("succeeded", &[4]),
            ("ROLLED_BACK", &[5]),
        ] {
            assert_eq!(numbers(word).as_deref(), Some(expected), "{word}");
        }
        for word in ["nope", "ACTIVE", "rolled_back", ""] {
            assert_eq!(numbers(word), None, "{word}");
        }
        let names = update_status_names();
        assert_eq!(names.len(), 18);
        assert!(names.iter().all(|name| update_statuses(name).is_some()));
    }
}
