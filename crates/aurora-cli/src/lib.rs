//! The `aurora` command: arguments in, output and exit codes out.
//!
//! A verb parses its arguments, calls one operation of a library and prints the result. The rules of Aurora are in the
//! libraries, where other programs can use them too.

mod abort;
mod access;
mod app;
mod arguments;
mod browser;
mod cli;
mod commands;
mod completion;
mod context;
mod diff;
mod embedded;
mod environment;
mod exit;
mod failure;
mod job_file;
mod logging;
mod man;
mod options;
mod output;
mod plan;
mod progress;
mod python_text;
mod runtime;
mod ssh;
mod style;
mod suggestions;
mod target;
mod timing;
mod variables;

use std::process::ExitCode;

pub use man::{ManPage, man_pages};
pub use timing::Timing;

/// Runs the command that the arguments of this process ask for.
///
/// It is a library only so that other packages of the workspace can build the very same command for their tests.
pub fn main() -> ExitCode {
    main_with(Timing::default())
}

/// As [`main`], with another clock or other time limits.
pub fn main_with(timing: Timing) -> ExitCode {
    ExitCode::from(app::run(arguments::of_this_process().into_iter(), timing))
}
