//! `aurora job inspect`: one job of a job file, as text or as the scheduler receives it.

use std::path::PathBuf;

use aurora_jobkey::JobKey;
use clap::Args;

use crate::context::Context;
use crate::failure::Result;
use crate::options::{FormatArgs, ReadArgs};

/// Check a job of a job file and show its parts, without a scheduler
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job inspect west/www/prod/web web.aurora
  aurora job inspect --bind version=1.2 west/www/prod/web web.aurora
  aurora job inspect -o json west/www/prod/web web.aurora")]
pub(crate) struct InspectArgs {
    /// The job to show
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Print the JobConfiguration that the scheduler would receive
    #[arg(long)]
    raw: bool,

    #[command(flatten)]
    pub(super) format: FormatArgs,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: InspectArgs, context: &Context) -> Result<()> {
    let is_json = context.output.is_for_programs();
    let job = context.load_job(&args.file, &args.read, &args.key)?;
    if args.raw || is_json {
        let user = context.environment.user()?;
        let compat = context.compat(Some(args.key.cluster()))?;
        if is_json || compat.raw_inspect_is_json() {
            let configuration = job.to_job_configuration(&user)?;
            context.output.json(&aurora_api::to_json(&configuration));
        } else {
            context.output.line(job.python_form(&user)?);
        }
    } else {
        context.output.bytes(job.inspect()?.as_bytes());
    }
    Ok(())
}
