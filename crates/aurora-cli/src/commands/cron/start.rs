//! `aurora cron start`: starts a run of a cron job.

use std::sync::OnceLock;

use aurora_config::HookedCall;
use aurora_jobkey::JobKey;
use clap::Args;

use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};
use crate::hooks::{self, response_of};
use crate::options::HookArgs;

/// Start a run of a cron job now, regardless of its schedule
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora cron start west/www/prod/nightly
  aurora cron start --config nightly.aurora west/www/prod/nightly   with the hooks of the file")]
pub(crate) struct StartArgs {
    /// The cron job to run
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Open the job's page in the web browser when done
    #[arg(long)]
    open_browser: bool,

    #[command(flatten)]
    hooks: HookArgs,
}

pub(crate) fn run(args: StartArgs, context: &Context) -> Result<()> {
    let key = &args.key;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let hooks = OnceLock::new();
    let starting = async {
        let loaded = context.load_hooks(&args.hooks, key).await?;
        let hooks = hooks.get_or_init(|| loaded);
        let call = HookedCall::start_cronjob(key.clone(), hooks.config());
        let making = async {
            tracing::info!("Starting cron job: {key}");
            client.start_cron_job(key).await
        };
        let answer = hooks
            .around(&call, making, response_of)
            .await?
            .map_err(|error| {
                let heading = format!("Error starting cron job {key}:");
                refusal(error, &heading, exit::API_ERROR)
            })?;
        log_message(&answer);
        if args.open_browser {
            open_job_page(&client, key, context).await?;
        }
        Ok(())
    };
    context.block_on(starting).map_err(|failure| {
        hooks::if_interrupted(hooks.get(), failure).if_interrupted(|| {
            format!("A run may or may not have started; `aurora job status {key}` shows its tasks")
        })
    })
}
