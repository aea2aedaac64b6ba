//! `aurora cron deschedule`: removes a cron job.

use aurora_jobkey::JobKey;
use clap::Args;

use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};

/// Remove a cron job; it starts no more runs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora cron deschedule west/www/prod/nightly

An active run continues; `aurora job killall` ends it.")]
pub(crate) struct DescheduleArgs {
    /// The cron job to remove
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,
}

pub(crate) fn run(args: DescheduleArgs, context: &Context) -> Result<()> {
    let key = &args.key;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let descheduling = async {
        tracing::info!("Removing cron schedule for job {key}");
        let answer = client.deschedule_cron_job(key).await.map_err(|error| {
            let heading = format!("Error descheduling cron job {key}:");
            refusal(error, &heading, exit::API_ERROR)
        })?;
        log_message(&answer);
        Ok(())
    };
    context.block_on(descheduling).map_err(|failure| {
        failure.if_interrupted(|| {
            format!("The job may or may not have been removed; `aurora cron show {key}` shows whether it still exists")
        })
    })?;
    context.output.line("Cron descheduling succeeded.");
    Ok(())
}
