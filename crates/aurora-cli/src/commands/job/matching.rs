//! The jobs that match a key with wildcards.

use aurora_jobkey::{JobKey, JobKeyPattern};
use aurora_rpc::operations;

use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::suggestions::user_hint;

/// The job of a bound pattern, or all matching jobs, cluster by cluster. The scheduler is not asked whether the job of
/// a bound pattern exists.
pub(super) async fn jobs(pattern: &JobKeyPattern, context: &Context) -> Result<Vec<JobKey>> {
    if pattern.is_bound() {
        return match pattern.to_job_key() {
            Ok(key) => Ok(vec![key]),
            Err(error) => {
                let heading = format!("`{pattern}` is not a job key: {error}");
                let hint = user_hint(&pattern.to_string(), &context.environment);
                Err(Failure::new(exit::USAGE, heading).hints(hint))
            }
        };
    }
    let clusters = if pattern.is_every_cluster() {
        context.cluster_names()?
    } else {
        vec![pattern.cluster().to_owned()]
    };
    let mut matches = Vec::new();
    for name in clusters {
        let target = context.target(&name)?;
        let client = context.client(&target)?;
        tracing::info!(
            "Retrieving jobs for role {}",
            pattern.exact_role().unwrap_or("None")
        );
        let jobs = operations::list_jobs(&client, pattern)
            .await
            .map_err(|error| refusal(error, "Command failure:", exit::COMMAND_FAILURE))?;
        log_message(&jobs);
        matches.extend(jobs.value);
    }
    Ok(matches)
}
