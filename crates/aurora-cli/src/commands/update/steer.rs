//! `aurora update pause`, `resume` and `abort`: control the active update of a job.

use std::cell::Cell;

use aurora_jobkey::JobKey;
use clap::Args;

use super::active::active;
use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Result, refusal};

/// Pause an update; instances already updated stay updated
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update pause west/www/prod/web
  aurora update pause -m 'looking at instance 3' west/www/prod/web

`aurora update resume` continues the update, `aurora update abort` ends it.")]
pub(crate) struct PauseArgs {
    #[command(flatten)]
    control: ControlArgs,
}

/// Resume a paused update
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update resume west/www/prod/web
  aurora update resume -m 'instance 3 was a bad host' west/www/prod/web")]
pub(crate) struct ResumeArgs {
    #[command(flatten)]
    control: ControlArgs,
}

/// Abort an update; all instances stay as they are
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update abort west/www/prod/web
  aurora update abort -m 'wrong version' west/www/prod/web

Some instances may already be updated. To roll them back, start an update to the old configuration.")]
pub(crate) struct AbortArgs {
    #[command(flatten)]
    control: ControlArgs,
}

/// The arguments of all three.
#[derive(Args, Debug)]
struct ControlArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// The reason, kept in the history of the update
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
}

#[derive(Clone, Copy)]
enum Control {
    Pause,
    Resume,
    Abort,
}

impl Control {
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
    run(args.control, Control::Pause, context)
}

pub(crate) fn resume(args: ResumeArgs, context: &Context) -> Result<()> {
    run(args.control, Control::Resume, context)
}

pub(crate) fn abort(args: AbortArgs, context: &Context) -> Result<()> {
    run(args.control, Control::Abort, context)
}

fn run(args: ControlArgs, control: Control, context: &Context) -> Result<()> {
    let ControlArgs { key, message } = args;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let asked = Cell::new(false);
    let call = async {
        let update = active(&client, &key, "No active update found for this job.").await?;
        asked.set(true);
        let answer = match control {
            Control::Pause => client.pause_job_update(update, message).await,
            Control::Resume => client.resume_job_update(update, message).await,
            Control::Abort => client.abort_job_update(update, message).await,
        };
        let heading = format!("Failed to {} update due to error:", control.verb());
        log_message(&answer.map_err(|error| refusal(error, &heading, exit::API_ERROR))?);
        Ok(())
    };
    let done = control.done();
    context.block_on(call).map_err(|failure| {
        failure.if_interrupted(|| match asked.get() {
            false => format!("No update was {done}"),
            true => format!(
                "The update may or may not have been {done}; `aurora update info {key}` shows its state"
            ),
        })
    })?;
    context.output.line(format_args!("Update has been {done}."));
    Ok(())
}
