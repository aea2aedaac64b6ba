//! Cargo, run by a task that cargo runs.

use std::{env, process::Command};

use xshell::{Shell, cmd};

use crate::Outcome;

/// A run of cargo as if no other cargo ran it: build scripts that look at the variables of the outer one would run
/// again each time, and everything that depends on them would be compiled again.
pub(crate) fn command(shell: &Shell, arguments: &[&str]) -> Command {
    let mut command = Command::from(cmd!(shell, "cargo {arguments...}"));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs cargo to its end, with its command line shown.
pub(crate) fn run(shell: &Shell, arguments: &[&str]) -> Outcome {
    eprintln!("$ cargo {}", arguments.join(" "));
    let status = command(shell, arguments).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`cargo {}` failed: {status}", arguments.join(" ")).into())
    }
}
