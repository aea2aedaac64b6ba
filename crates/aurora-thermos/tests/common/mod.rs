//! A place to run tasks in, and looking at processes.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aurora_thermos::{ProcessSpec, RunnerOptions, TaskOutcome, TaskRunner, TaskSpec};

/// Time in which anything that a test waits for must have happened.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A process without a pause between its runs.
pub fn process(name: &str, cmdline: &str) -> ProcessSpec {
    ProcessSpec {
        min_duration: Duration::ZERO,
        ..ProcessSpec::new(name, cmdline)
    }
}

/// A temporary folder with a sandbox and a checkpoint.
pub struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn sandbox(&self) -> PathBuf {
        self.path().join("sandbox")
    }

    pub fn checkpoint(&self) -> PathBuf {
        self.path().join("checkpoint")
    }

    pub fn options(&self) -> RunnerOptions {
        RunnerOptions::new(self.sandbox(), self.checkpoint())
    }

    pub async fn start(&self, task: TaskSpec) -> TaskRunner {
        TaskRunner::start(task, self.options()).await.unwrap()
    }

    pub async fn run(&self, task: TaskSpec) -> TaskOutcome {
        let runner = self.start(task).await;
        tokio::time::timeout(PATIENCE, runner.wait()).await.unwrap()
    }

    pub fn log(&self, process: &str, run: u32, file: &str) -> String {
        let path = self
            .sandbox()
            .join(".logs")
            .join(process)
            .join(run.to_string())
            .join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub fn stdout(&self, process: &str, run: u32) -> String {
        self.log(process, run, "stdout")
    }

    /// Contents of a file in the sandbox, once it has a complete line.
    pub async fn file(&self, name: &str) -> String {
        let path = self.sandbox().join(name);
        eventually(&format!("{} is written", path.display()), || {
            fs::read_to_string(&path)
                .ok()
                .filter(|text| text.ends_with('\n'))
        })
        .await
    }

    /// A process id that a command wrote into a file in the sandbox.
    pub async fn pid(&self, name: &str) -> i32 {
        self.file(name).await.trim().parse().unwrap()
    }
}

/// Looks until there is an answer.
pub async fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(start.elapsed() < PATIENCE, "waited too long until {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Whether a process exists and is not a zombie.
pub fn alive(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        let state = stat.rsplit(')').next().unwrap().trim_start();
        !state.starts_with(['Z', 'X'])
    })
}

/// Waits until a process is gone.
pub async fn dead(pid: i32) {
    eventually(&format!("process {pid} is gone"), || {
        (!alive(pid)).then_some(())
    })
    .await;
}
