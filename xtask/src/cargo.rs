//! Cargo, run by a task that cargo runs.

use std::{env, path::PathBuf, process::Command};

use serde_json::Value;
use xshell::{Shell, cmd};

use crate::{Outcome, process::output, workspace_root};

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

/// The crates that are published, as cargo describes them.
pub(crate) fn published() -> Outcome<Vec<Value>> {
    let described = metadata()?;
    let packages = described["packages"].as_array().into_iter().flatten();
    let published = packages.filter(|it| it["publish"] != Value::Array(Vec::new()));
    Ok(published.cloned().collect())
}

/// The folder that cargo builds in.
pub(crate) fn target_folder() -> Outcome<PathBuf> {
    let described = metadata()?;
    let folder = described["target_directory"].as_str();
    let folder = folder.ok_or("`cargo metadata` names no target folder")?;
    Ok(folder.into())
}

/// What cargo knows about the workspace.
pub(crate) fn metadata() -> Outcome<Value> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.current_dir(workspace_root());
    let words = [
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
    ];
    Ok(serde_json::from_str(&output(cargo.args(words))?)?)
}
