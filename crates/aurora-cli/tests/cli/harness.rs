//! One temporary home for each test, and the outcome of a run as text.

use std::path::{Path, PathBuf};
use std::process;

use assert_cmd::Command;
use tempfile::TempDir;

/// A temporary home, working folder and configuration root.
pub(crate) struct Home {
    folder: TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "etc", "work"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    /// Writes the system's `clusters.json`.
    pub(crate) fn with_clusters(self, text: &str) -> Self {
        std::fs::write(self.folder.path().join("etc/clusters.json"), text).unwrap();
        self
    }

    /// Writes a file into the working folder.
    pub(crate) fn with_file(self, name: &str, text: &str) -> Self {
        std::fs::write(self.work().join(name), text).unwrap();
        self
    }

    /// Where everything is in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub(crate) fn devcluster(&self) -> PathBuf {
        self.folder.path().join("devcluster")
    }

    /// `aurora` with nothing of the tester's environment.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        Command::from_std(self.process(arguments))
    }

    /// The same, for whoever watches it while it runs.
    pub(crate) fn process(&self, arguments: &[&str]) -> process::Command {
        let mut command = process::Command::new(env!("CARGO_BIN_EXE_aurora"));
        command
            .env_clear()
            .env("HOME", self.folder.path().join("home"))
            .env("AURORA_CONFIG_ROOT", self.folder.path().join("etc"))
            .env("AURORA_DEVCLUSTER_DIR", self.devcluster())
            .env("LOGNAME", "alice")
            .env("TZ", "UTC")
            .env("COLUMNS", "100")
            .current_dir(self.work())
            .args(arguments);
        command
    }

    /// Runs `aurora` and shows everything that can be seen of it, folders made fixed.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        show(&mut self.command(arguments), self.folder.path())
    }

    /// As `run`, with one more variable.
    pub(crate) fn run_with(&self, variable: (&str, &str), arguments: &[&str]) -> String {
        let mut command = self.command(arguments);
        show(command.env(variable.0, variable.1), self.folder.path())
    }
}

fn show(command: &mut Command, folder: &Path) -> String {
    let output = command.output().unwrap();
    let mut text = match output.status.code() {
        Some(code) => format!("exit {code}\n"),
        None => format!("{}\n", output.status),
    };
    for (name, bytes) in [("stdout", output.stdout), ("stderr", output.stderr)] {
        let stream = String::from_utf8(bytes).unwrap();
        if !stream.is_empty() {
            text.push_str(&format!("--- {name}\n{stream}"));
        }
    }
    text.replace(&folder.display().to_string(), "[HOME]")
}
