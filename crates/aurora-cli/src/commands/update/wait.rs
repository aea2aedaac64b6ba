//! `aurora update wait`: waits until an update ends.

use aurora_jobkey::JobKey;
use clap::Args;

use super::follow::Followed;
use crate::context::Context;
use crate::failure::Result;
use crate::options::FormatArgs;

/// Wait until an update ends, and report how it ended
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update wait west/www/prod/web              the active update
  aurora update wait west/www/prod/web a1b2c3d4-…   the update with this id
  aurora update wait -o json west/www/prod/web      the result as JSON

Exit codes: 0 if the update rolled forward, 4 if it was rolled back, 20 if it was aborted, failed or ended in an \
error. Ctrl-C stops the wait, not the update.")]
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
