//! `aurora job list`: the keys of jobs.

use aurora_jobkey::JobKeyPattern;
use clap::Args;

use super::matching;
use crate::context::Context;
use crate::failure::Result;

/// List the keys of jobs that match
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job list west/www             all jobs of one role
  aurora job list 'west/*/prod/web-*'  jobs of any role by environment and name
  aurora job list '*'                  all jobs of all known clusters

A key without wildcards is printed as it is; nobody is asked whether the job exists.")]
pub(crate) struct ListArgs {
    /// Job key; parts may be left out at the end or hold the wildcards `*`, `?` and `[…]`
    #[arg(value_name = "CLUSTER[/ROLE[/ENV[/NAME]]]")]
    pattern: JobKeyPattern,
}

pub(crate) fn run(args: ListArgs, context: &Context) -> Result<()> {
    for key in context.block_on(matching::jobs(&args.pattern, context))? {
        context.output.line(key);
    }
    Ok(())
}
