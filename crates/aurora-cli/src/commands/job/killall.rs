//! `aurora job killall`: kills all instances of a job.

use aurora_jobkey::JobKey;
use clap::Args;

use super::killing::Kill;
use crate::context::Context;
use crate::failure::Result;
use crate::options::KillArgs;

/// Kill all instances of a job
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job killall west/www/prod/web                one instance at a time
  aurora job killall --no-batching west/www/prod/web  all at once")]
pub(crate) struct KillallArgs {
    /// The job to kill
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    #[command(flatten)]
    kill: KillArgs,
}

pub(crate) fn run(args: KillallArgs, context: &Context) -> Result<()> {
    Kill::new(args.key, None, false, args.kill).run(context)?;
    context.output.line("Job killall succeeded");
    Ok(())
}
