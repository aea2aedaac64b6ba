//! A home of a test's own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::Run;

/// The user by whom the command runs.
const USER: &str = "alice";

/// A temporary home, working folder and configuration root for runs of one program.
#[derive(Debug)]
pub struct Home {
    program: PathBuf,
    folder: TempDir,
}

impl Home {
    /// A new one for runs of `program`.
    pub fn of(program: impl Into<PathBuf>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "etc", "work", "tmp"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self {
            program: program.into(),
            folder,
        }
    }

    /// Writes the system's `clusters.json`.
    #[must_use]
    pub fn with_clusters(self, text: &str) -> Self {
        fs::write(self.etc().join("clusters.json"), text).unwrap();
        self
    }

    /// Writes a file into the working folder.
    #[must_use]
    pub fn with_file(self, name: &str, text: &str) -> Self {
        let path = self.work().join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).unwrap();
        }
        fs::write(path, text).unwrap();
        self
    }

    /// The folder that holds all others.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// `$HOME`.
    pub fn home(&self) -> PathBuf {
        self.folder().join("home")
    }

    /// Where the system's `clusters.json` is.
    pub fn etc(&self) -> PathBuf {
        self.folder().join("etc")
    }

    /// The folder in which the command runs.
    pub fn work(&self) -> PathBuf {
        self.folder().join("work")
    }

    /// Where the embedded cluster keeps its state, sandboxes included.
    pub fn devcluster(&self) -> PathBuf {
        self.folder().join("devcluster")
    }

    /// A run of the program that has not started yet.
    ///
    /// Its environment has no `PATH` and no `USER`. `HOME`, `TMPDIR` and Aurora's folders are those of this home,
    /// `LOGNAME` is `alice`, `TZ` is UTC, and `COLUMNS` is 100. Its standard input is empty.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        self.prepare(&mut command);
        command.args(arguments);
        command
    }

    /// Gives another program, such as a shell, the same environment and working folder.
    pub fn prepare(&self, command: &mut Command) {
        command
            .env_clear()
            .env("HOME", self.home())
            .env("TMPDIR", self.folder().join("tmp"))
            .env("AURORA_CONFIG_ROOT", self.etc())
            .env("AURORA_DEVCLUSTER_DIR", self.devcluster())
            .env("LOGNAME", USER)
            .env("TZ", "UTC")
            .env("COLUMNS", "100")
            .current_dir(self.work())
            .stdin(Stdio::null());
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    /// Runs the program and shows all that can be seen of it, with `[HOME]` for the folder.
    #[must_use = "compare it with what is to be shown"]
    pub fn show(&self, arguments: &[&str]) -> String {
        self.shown(&self.run(arguments))
    }

    /// As [`Home::show`], with one more variable.
    #[must_use = "compare it with what is to be shown"]
    pub fn show_with(&self, (name, value): (&str, &str), arguments: &[&str]) -> String {
        let mut command = self.command(arguments);
        self.shown(&Run::of(command.env(name, value)))
    }

    fn shown(&self, run: &Run) -> String {
        let folder = self.folder().display().to_string();
        run.to_string().replace(&folder, "[HOME]")
    }
}
