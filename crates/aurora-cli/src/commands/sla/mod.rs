//! `aurora sla`: the availability of jobs.

mod get_job_uptime;
mod get_task_up_count;

use aurora_jobkey::JobKey;
use aurora_rpc::operations::sla::{Uptimes, job_uptimes};
use clap::Subcommand;

use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};

/// What to show of the availability of jobs.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    GetJobUptime(get_job_uptime::UptimeArgs),
    GetTaskUpCount(get_task_up_count::UpCountArgs),
}

impl Verb {
    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::GetJobUptime(args) => args.format.is_json(),
            Self::GetTaskUpCount(args) => args.format.is_json(),
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::GetJobUptime(args) => get_job_uptime::run(args, context),
            Self::GetTaskUpCount(args) => get_task_up_count::run(args, context),
        }
    }
}

/// How long the instances of a job have been running. In released mode, a refusal counts as no instances.
fn uptimes(key: &JobKey, context: &Context) -> Result<Uptimes> {
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let result = context.block_on(async { Ok(job_uptimes(&client, key).await) })?;
    let error = match result {
        Ok(answer) => {
            tracing::info!(
                "Response from scheduler: OK (message: {})",
                answer.message()
            );
            return Ok(answer.value);
        }
        Err(error) => error,
    };
    if let Some((code, messages)) = error.rejection() {
        let message = messages.join(", ");
        tracing::info!("Response from scheduler: {code} (message: {message})");
        if !target.cluster.compat.exit_codes_tell_the_truth() {
            return Ok(Uptimes::default());
        }
    }
    Err(refusal(error, "Command failure:", exit::API_ERROR))
}
