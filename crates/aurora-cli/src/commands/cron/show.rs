//! `aurora cron show`: the schedule of a cron job.

use aurora_jobkey::JobKey;
use aurora_rpc::operations;
use clap::Args;
use serde_json::json;

use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::FormatArgs;

/// Show the schedule of a cron job
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora cron show west/www/prod/nightly
  aurora cron show -o json west/www/prod/nightly")]
pub(crate) struct ShowArgs {
    /// The cron job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    #[command(flatten)]
    pub(super) format: FormatArgs,
}

pub(crate) fn run(args: ShowArgs, context: &Context) -> Result<()> {
    let key = &args.key;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let answer = context.block_on(async {
        tracing::info!("Retrieving jobs for role {}", key.role());
        operations::cron_schedule(&client, key)
            .await
            .map_err(|error| {
                let heading = format!("Error getting cron status for {key} from server");
                refusal(error, &heading, exit::INVALID_PARAMETER)
            })
    })?;
    log_message(&answer);
    let Some(schedule) = answer.value else {
        let heading = format!("No cron entry found for job {key}");
        return Err(Failure::new(exit::INVALID_PARAMETER, heading).announced());
    };
    if context.output.is_for_programs() {
        let entry = json!({"job": key.to_string(), "schedule": schedule});
        context.output.json(&entry);
    } else {
        context.output.line(format_args!("{key}\t {schedule}"));
    }
    Ok(())
}
