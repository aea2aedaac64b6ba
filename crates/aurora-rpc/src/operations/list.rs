//! Finding jobs by a wildcard key.

use aurora_api::JobConfiguration;
use aurora_jobkey::{JobKey, JobKeyPattern};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

/// The jobs of the client's cluster that a pattern covers, sorted.
///
/// A pattern for every cluster has to be put to a client of each. A bound pattern needs no client,
/// as [`JobKeyPattern::to_job_key`] says what it names; here it finds the job if it exists.
///
/// # Errors
/// As [`SchedulerClient::call`]. A job whose key is none is left out with a warning in the log, as
/// one bad job must not hide the others.
pub async fn list_jobs(
    client: &SchedulerClient,
    pattern: &JobKeyPattern,
) -> Result<Reply<Vec<JobKey>>, Error> {
    let reply = client.get_jobs(pattern.exact_role()).await?;
    Ok(reply.map(|jobs| {
        let mut keys: Vec<JobKey> = jobs
            .iter()
            .filter_map(|job| key_of(client.cluster(), job))
            .filter(|key| pattern.matches(key))
            .collect();
        keys.sort();
        keys.dedup();
        keys
    }))
}

fn key_of(cluster: &str, job: &JobConfiguration) -> Option<JobKey> {
    let part = |text: &Option<String>| text.clone().unwrap_or_default();
    let key = job.key.clone().unwrap_or_default();
    let (role, environment, name) = (part(&key.role), part(&key.environment), part(&key.name));
    JobKey::new(cluster, &role, &environment, &name)
        .inspect_err(|error| {
            tracing::warn!(cluster, role, environment, name, %error, "the scheduler lists a job without a proper key");
        })
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_api::JobKey as WireJobKey;

    #[test]
    fn a_job_without_a_proper_key_is_left_out() {
        let job = |role: &str, name: Option<&str>| JobConfiguration {
            key: Some(WireJobKey {
                role: Some(role.to_owned()),
                environment: Some("prod".to_owned()),
                name: name.map(str::to_owned),
            }),
            ..JobConfiguration::default()
        };
        let key = key_of("west", &job("www", Some("web"))).unwrap();
        assert_eq!(key.to_string(), "west/www/prod/web");
        assert_eq!(key_of("west", &job("a b", Some("web"))), None);
        assert_eq!(key_of("west", &job("www", None)), None);
        assert_eq!(key_of("west", &JobConfiguration::default()), None);
    }
}
