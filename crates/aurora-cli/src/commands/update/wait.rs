//! `aurora update wait`: until an update is over.

use aurora_jobkey::JobKey;
use clap::Args;

use super::follow::Followed;
use crate::context::Context;
use crate::failure::Result;
use crate::options::FormatArgs;

/// Wait until an update is over, and say how it ended
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update wait west/www/prod/web              the update that is under way
  aurora update wait west/www/prod/web a1b2c3d4-…   one update
  aurora update wait -o json west/www/prod/web      its end as JSON, and all else on standard error

Exit codes: 0 when all instances are updated, 4 when the update was rolled back, 20 when it was aborted, failed or
ended in an error. Ctrl-C ends the wait, not the update.")]
pub(crate) struct WaitArgs {
    /// The job
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// Id of the update
    #[arg(value_name = "ID")]
    id: Option<String>,

    #[command(flatten)]
    pub(super) format: FormatArgs,
}

pub(crate) fn run(args: WaitArgs, context: &Context) -> Result<()> {
    let target = context.target(args.key.cluster())?;
    let client = context.client(&target)?;
    Followed::new(&args.key, args.id).wait(&client, &target, context)
}
