//! `aurora config list`: the keys of the jobs in a job file.

use std::path::{Path, PathBuf};

use aurora_config::{Error, ErrorKind};
use clap::Args;

use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, load_failure};
use crate::options::{FormatArgs, ReadArgs};

/// List the jobs that a job file defines
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora config list web.aurora
  aurora config list --bind where=test web.aurora
  aurora config list -o json web.aurora   a JSON list of keys")]
pub(crate) struct ListArgs {
    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    pub(super) format: FormatArgs,

    #[command(flatten)]
    read: ReadArgs,
}

pub(crate) fn run(args: ListArgs, context: &Context) -> Result<()> {
    let is_json = context.output.is_for_programs();
    let options = context.load_options(&args.read, None)?;
    let configuration = context
        .load(&args.file, options)?
        .map_err(|error| list_failure(&error, &args.file))?;
    context.print_warnings(&configuration);
    let keys = configuration.list()?;
    if is_json {
        context.output.json(&keys);
    } else {
        context
            .output
            .line(format_args!("jobs=[{}]", keys.join(", ")));
    }
    Ok(())
}

/// The failure of this verb for an error of the job file. A malformed file has a code of its own here, an exception that
/// the file raises does not.
fn list_failure(error: &Error, file: &Path) -> Failure {
    let heading = "Error loading configuration file";
    match error.kind() {
        ErrorKind::Load if is_reading_of(error, file) => {
            let path = file.display();
            let text = format!("{heading}: Could not load resource {path}");
            Failure::new(exit::COMMAND_FAILURE, text)
                .detail(error.to_string())
                .announced()
        }
        ErrorKind::Exception | ErrorKind::Limit => {
            load_failure(error, heading, exit::INVALID_CONFIGURATION)
        }
        _ => load_failure(error, heading, exit::COMMAND_FAILURE).announced(),
    }
}

/// Whether the file itself cannot be read, rather than one that it includes.
fn is_reading_of(error: &Error, file: &Path) -> bool {
    matches!(error, Error::Read { path, .. } if path == file)
}
