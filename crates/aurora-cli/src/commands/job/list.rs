//! `aurora job list`: the keys of jobs.

use aurora_jobkey::{JobKey, JobKeyPattern};
use clap::Args;

use super::matching;
use crate::context::Context;
use crate::failure::Result;
use crate::options::FormatArgs;

/// List the keys of jobs that match
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job list west/www             all jobs of one role
  aurora job list 'west/*/prod/web-*'  jobs of any role by environment and name
  aurora job list '*'                  all jobs of all known clusters
  aurora job list -o json west/www     a JSON list of keys

A key without wildcards is printed as it is; nobody is asked whether the job exists.")]
pub(crate) struct ListArgs {
    /// Job key; parts may be left out at the end or hold the wildcards `*`, `?` and `[…]`
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
