//! Development tasks, run as `cargo xtask COMMAND`. One module a command.

// A task speaks to the developer's terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod api;
mod cargo;
mod codegen;
mod docs;
#[cfg(test)]
mod docs_names;
#[cfg(test)]
mod guide;
#[cfg(test)]
mod msrv;
mod mutants;
mod output;
#[cfg(test)]
mod packages;
mod process;
mod release;
mod test;
#[cfg(test)]
mod trees;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;

/// What every command gives back: an error is shown as it prints itself.
type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Development tasks of this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
enum Command {
    /// List the public API of each published library in `docs/api`.
    Api(output::Arguments),
    /// Generate the Rust types of the scheduler API from its IDL.
    Codegen(output::Arguments),
    /// Regenerate the pages of `docs` that come from the sources, and the man pages.
    Docs(output::Arguments),
    /// Measure how many deliberate faults the tests of a crate notice.
    Mutants(mutants::Arguments),
    /// Make a candidate for a release; a dry run unless it is published.
    ReleaseCandidate(release::candidate::Arguments),
    /// Check the signature, the checksum and the content of a candidate, and run its tests.
    VerifyReleaseCandidate(release::verify::Arguments),
    /// Make a candidate that passed its vote the release.
    Release(release::finish::Arguments),
    /// Install what the tests need and run every suite.
    Test(test::Arguments),
}

fn main() -> ExitCode {
    let outcome = match Command::parse() {
        Command::Api(arguments) => api::run(&arguments),
        Command::Codegen(arguments) => codegen::run(&arguments),
        Command::Docs(arguments) => docs::run(&arguments),
        Command::Mutants(arguments) => mutants::run(&arguments),
        Command::ReleaseCandidate(arguments) => release::candidate::run(&arguments),
        Command::VerifyReleaseCandidate(arguments) => release::verify::run(&arguments),
        Command::Release(arguments) => release::finish::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The root folder of the workspace that this binary was built in.
fn workspace_root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}
