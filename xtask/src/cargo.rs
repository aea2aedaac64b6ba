//! Cargo, run by a task that cargo runs.

use std::env;

use xshell::{Shell, cmd};

use crate::Outcome;

/// Runs cargo as if it were not run by cargo: build scripts that look at the variables of the outer one would run
/// anew each time, and all that depends on them would be compiled again.
pub(crate) fn cargo(shell: &Shell, arguments: &[&str]) -> Outcome {
    let own = env::vars_os().map(|(name, _)| name).filter(|name| {
        let name = name.to_string_lossy();
        name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    });
    let command = own.fold(cmd!(shell, "cargo {arguments...}"), |command, name| {
        command.env_remove(name)
    });
    Ok(command.run()?)
}
