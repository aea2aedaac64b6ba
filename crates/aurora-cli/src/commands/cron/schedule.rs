//! `aurora cron schedule`: schedules a cron job of a job file.

use std::path::PathBuf;

use aurora_jobkey::JobKey;
use aurora_rpc::urls;
use clap::Args;

use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::ReadArgs;

/// Schedule a cron job, or replace its schedule and configuration
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora cron schedule west/www/prod/nightly nightly.aurora
  aurora cron schedule --bind hour=3 west/www/prod/nightly nightly.aurora

Active runs continue unchanged; `aurora job killall` ends them.")]
pub(crate) struct ScheduleArgs {
    /// The job to schedule
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: ScheduleArgs, context: &Context) -> Result<()> {
    let key = &args.key;
    context.start_if_embedded(key.cluster())?;
    let target = context.target(key.cluster())?;
    let job = context.load_job(&args.file, &args.read, key)?;
    if !job.is_cron() {
        return Err(Failure::new(
            exit::COMMAND_FAILURE,
            "Non-cron jobs may only be created with \"aurora job create\" command",
        ));
    }
    let description = job.to_job_configuration(&context.environment.user()?)?;
    let client = context.client(&target)?;
    let scheduling = async {
        tracing::info!("Registering job {} with cron", key.name());
        let answer = client.schedule_cron_job(description).await;
        let answer = answer.map_err(|error| {
            let heading = format!("Error scheduling cron job {key}:");
            refusal(error, &heading, exit::API_ERROR)
        })?;
        log_message(&answer);
        Ok(urls::job(&client.base_url().await?, key))
    };
    let page = context.block_on(scheduling).map_err(|failure| {
        failure.if_interrupted(|| {
            format!("The job may or may not have been scheduled; `aurora cron show {key}` shows its schedule")
        })
    })?;
    context.output.line(format_args!(
        "Cron job scheduled, status can be viewed at {page}"
    ));
    Ok(())
}
