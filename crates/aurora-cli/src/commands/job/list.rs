//! `aurora job list`: the keys of jobs.

use aurora_jobkey::{JobKey, JobKeyPattern};
use clap::Args;

use super::matching;
use crate::context::Context;
use crate::failure::Result;
use crate::options::FormatArgs;

/// List the keys of matching jobs
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job list west/www             all jobs of one role
  aurora job list 'west/*/prod/web-*'  jobs of any role by environment and name
  aurora job list '*'                  all jobs of all known clusters
  aurora job list -o json west/www     a JSON list of keys

A complete key without wildcards is printed as it is, without asking the scheduler.")]
pub(crate) struct ListArgs {
    /// Job key; trailing parts may be omitted, and parts may contain the wildcards `*`, `?` and `[…]`
    #[arg(value_name = "CLUSTER[/ROLE[/ENV[/NAME]]]")]
    pattern: JobKeyPattern,

    #[command(flatten)]
    pub(super) format: FormatArgs,
}

pub(crate) fn run(args: ListArgs, context: &Context) -> Result<()> {
    let keys = context.block_on(matching::jobs(&args.pattern, context))?;
    if context.output.is_for_programs() {
        let keys: Vec<_> = keys.iter().map(JobKey::to_string).collect();
        context.output.json(&keys);
    } else {
        for key in keys {
            context.output.line(key);
        }
    }
    Ok(())
}
