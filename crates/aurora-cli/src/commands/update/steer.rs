//! `aurora update pause`, `resume` and `abort`: steer the update of a job that is under way.

use std::cell::Cell;

use aurora_jobkey::JobKey;
use clap::Args;

use super::active::active;
use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};

/// Halt an update; what is updated by then stays so
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update pause west/www/prod/web
  aurora update pause -m 'looking at instance 3' west/www/prod/web

`aurora update resume` lets it go on, `aurora update abort` ends it for good.")]
pub(crate) struct PauseArgs {
    #[command(flatten)]
    steer: SteerArgs,
}

/// Let a paused update go on
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update resume west/www/prod/web
  aurora update resume -m 'instance 3 was a bad host' west/www/prod/web")]
pub(crate) struct ResumeArgs {
    #[command(flatten)]
    steer: SteerArgs,
}

/// End an update for good, and leave all instances as they are
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update abort west/www/prod/web
  aurora update abort -m 'wrong version' west/www/prod/web

Some instances may be updated by then and others not. To put them back, update to the old configuration.")]
pub(crate) struct AbortArgs {
    #[command(flatten)]
    steer: SteerArgs,
}

/// What all three take.
#[derive(Args, Debug)]
struct SteerArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Why, for those who look at the update later
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
}

#[derive(Clone, Copy)]
enum Steering {
    Pause,
    Resume,
    Abort,
}

impl Steering {
    fn verb(self) -> &'static str {
        match self {
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Abort => "abort",
        }
    }

    fn done(self) -> &'static str {
        match self {
            Self::Pause => "paused",
            Self::Resume => "resumed",
            Self::Abort => "aborted",
        }
    }
}

pub(crate) fn pause(args: PauseArgs, context: &Context) -> Result<()> {
    run(args.steer, Steering::Pause, context)
}

pub(crate) fn resume(args: ResumeArgs, context: &Context) -> Result<()> {
    run(args.steer, Steering::Resume, context)
}

pub(crate) fn abort(args: AbortArgs, context: &Context) -> Result<()> {
    run(args.steer, Steering::Abort, context)
}

fn run(args: SteerArgs, steering: Steering, context: &Context) -> Result<()> {
    let SteerArgs { key, message } = args;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let asked = Cell::new(false);
    let steer = async {
        let update = active(&client, &key, "No active update found for this job.").await?;
        asked.set(true);
        let answer = match steering {
            Steering::Pause => client.pause_job_update(update, message).await,
            Steering::Resume => client.resume_job_update(update, message).await,
            Steering::Abort => client.abort_job_update(update, message).await,
        };
        let heading = format!("Failed to {} update due to error:", steering.verb());
        log_message(&answer.map_err(|error| refusal(error, &heading, exit::API_ERROR))?);
        Ok(())
    };
    let done = steering.done();
    context.block_on(steer).map_err(|failure| {
        failure.if_interrupted(|| match asked.get() {
            false => format!("No update was {done}"),
            true => format!(
                "Whether the update was {done} is not known; `aurora update info {key}` shows it"
            ),
        })
    })?;
    context.output.line(format_args!("Update has been {done}."));
    Ok(())
}
