//! `aurora config list`: the keys of the jobs in a job file.

use std::path::PathBuf;

use aurora_config::{Error, ErrorKind};
use clap::Args;

use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, unloadable};
use crate::options::ReadArgs;

/// List the jobs that a job file defines
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora config list web.aurora
  aurora config list --bind where=test web.aurora")]
pub(crate) struct ListArgs {
    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: ListArgs, context: &Context) -> Result<()> {
    let options = context.load_options(&args.read, None)?;
    let configuration = context
        .load(&args.file, options)?
        .map_err(|error| unlisted(&error))?;
    context.warn_of(&configuration);
    let keys = configuration.list()?.join(", ");
    context.output.line(format_args!("jobs=[{keys}]"));
    Ok(())
}

/// A file that is not well formed has a code of its own here; exceptions that it raises have not.
fn unlisted(error: &Error) -> Failure {
    let heading = "Error loading configuration file";
    match error.kind() {
        ErrorKind::Exception | ErrorKind::Limit => {
            unloadable(error, heading, exit::INVALID_CONFIGURATION)
        }
        _ => unloadable(error, heading, exit::COMMAND_FAILURE).announced(),
    }
}
