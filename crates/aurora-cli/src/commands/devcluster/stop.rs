//! `aurora devcluster stop`.

use aurora_devcluster::Stopped;
use clap::Args;

use crate::context::Context;
use crate::embedded::Embedded;
use crate::failure::Result;

/// Stop the development cluster and the tasks it runs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora devcluster stop

Jobs are kept, and run again at the next start.")]
pub(crate) struct StopArgs {}

pub(crate) fn run(StopArgs {}: StopArgs, context: &Context) -> Result<()> {
    let embedded = Embedded::of(&context.environment)?;
    let stopped = context.block_on(embedded.stop()).map_err(|failure| {
        failure.if_interrupted(|| "The devcluster may still be stopping".to_owned())
    })?;
    context.output.note(match stopped {
        Stopped::NotRunning => "The devcluster is not running",
        Stopped::Killed => {
            "The devcluster did not stop in time and was killed, with all of its tasks"
        }
        _ => "The devcluster has stopped",
    });
    Ok(())
}
