//! Domain types as the API's structs.

use std::collections::BTreeSet;

use aurora_api::{JobKey as WireJobKey, ScheduleStatus, TaskQuery};
use aurora_jobkey::{InstanceSet, JobKey};

use crate::error::Error;

/// More instances than any job may have, which keeps `0-4000000000` from filling the memory.
const MAX_INSTANCES: u64 = 100_000;

/// The API's form of a job key, which does not name the cluster.
pub fn job_key(job: &JobKey) -> WireJobKey {
    job.into()
}

/// The query for the tasks of one job: those in one of `statuses` if given, and of `instances` if
/// given. An empty set of instances finds nothing, so it is left out only when it is `None`.
///
/// # Errors
/// `instances` is empty, or too large to send.
pub fn task_query(
    job: &JobKey,
    statuses: Option<BTreeSet<ScheduleStatus>>,
    instances: Option<&InstanceSet>,
) -> Result<TaskQuery, Error> {
    Ok(TaskQuery {
        job_keys: Some(BTreeSet::from([job_key(job)])),
        statuses,
        instance_ids: instances
            .map(|instances| instance_ids("a task query", instances))
            .transpose()?,
        ..TaskQuery::default()
    })
}

/// Instances for `method`. None at all would mean all of them to the scheduler.
pub(crate) fn instance_ids(
    method: &'static str,
    instances: &InstanceSet,
) -> Result<BTreeSet<i32>, Error> {
    if instances.is_empty() {
        return Err(Error::NoInstances { method });
    }
    let too_large = || Error::TooManyInstances {
        method,
        instances: instances.clone(),
    };
    if instances.len() > MAX_INSTANCES {
        return Err(too_large());
    }
    instances
        .iter()
        .map(|instance| i32::try_from(instance).map_err(|_| too_large()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_instances_never_becomes_all_instances() {
        let error = instance_ids("killTasks", &InstanceSet::new()).unwrap_err();
        insta::assert_snapshot!(error, @"killTasks needs at least one instance; name the instances, or ask for all of them");
    }

    #[test]
    fn instances_that_no_job_can_have_are_refused_without_being_listed() {
        for text in ["0-4294967295", "4294967295"] {
            let error = instance_ids("killTasks", &text.parse().unwrap()).unwrap_err();
            assert!(matches!(error, Error::TooManyInstances { .. }), "{error}");
        }
    }
}
