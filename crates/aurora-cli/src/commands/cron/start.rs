//! `aurora cron start`: starts a run of a cron job.

use std::cell::Cell;
use std::sync::OnceLock;

use aurora_jobkey::JobKey;
use aurora_rpc::operations::{self, Stage};
use clap::Args;

use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};
use crate::options::HookArgs;

/// Start a run of a cron job now, regardless of its schedule
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora cron start west/www/prod/nightly
  aurora cron start --config nightly.aurora west/www/prod/nightly")]
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
    let stage = Cell::new(Stage::default());
    let starting = async {
        let loaded = context.load_hooks(&args.hooks, key).await?;
        let hooks = hooks.get_or_init(|| loaded);
        let on_stage = |reached| {
            if reached == Stage::Sent {
                tracing::info!("Starting cron job: {key}");
            }
            stage.set(reached);
        };
        let answer = operations::start_cron(&client, key, hooks, on_stage)
            .await
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
        failure
            .naming_hook(hooks.get())
            .if_interrupted(|| progress(stage.get(), key))
    })
}

/// The result so far, for a user who interrupts the command.
fn progress(stage: Stage, key: &JobKey) -> String {
    match stage {
        Stage::NotSent => "No run was started".to_owned(),
        Stage::Executed => format!("A run was started; `aurora job status {key}` shows its tasks"),
        _ => {
            format!("A run may or may not have started; `aurora job status {key}` shows its tasks")
        }
    }
}
