//! `aurora job kill`: kills instances of a job.

use aurora_jobkey::InstanceKey;
use clap::Args;

use super::killing::Kill;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::options::KillArgs;

/// Kill instances of a job
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job kill west/www/prod/web/0             one instance
  aurora job kill west/www/prod/web/0,2,5-9       several, one by one
  aurora job kill --batch-size 5 west/www/prod/web/0-49

`aurora job killall` kills all instances.")]
pub(crate) struct KillInstancesArgs {
    /// The job and the instances to kill, as in `0,2,5-9`
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME/INSTANCES")]
    key: InstanceKey,

    /// Fail if a named instance is not active
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    kill: KillArgs,
}

pub(crate) fn run(args: KillInstancesArgs, context: &Context) -> Result<()> {
    let (job, Some(instances)) = args.key.into_parts() else {
        return Err(Failure::new(
            exit::INVALID_PARAMETER,
            "The instances list cannot be omitted in a kill command!; use killall to kill all instances",
        ));
    };
    Kill::new(job, Some(instances), args.strict, args.kill).run(context)?;
    context.output.line("Job kill succeeded");
    Ok(())
}
