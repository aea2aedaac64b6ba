//! A place to run tasks in, and looking at processes.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use aurora_thermos::{ProcessSpec, RunnerOptions, TaskEvent, TaskOutcome, TaskRunner, TaskSpec};

/// Time in which anything that a test waits for must have happened.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// Changes a value in place, as the fields of a type that may grow ask for.
pub(crate) trait With: Sized {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

impl<T> With for T {}

/// A process without a pause between its runs.
pub(crate) fn process(name: &str, cmdline: &str) -> ProcessSpec {
    ProcessSpec::new(name, cmdline).with(|it| it.min_duration = Duration::ZERO)
}

/// A temporary folder with a sandbox and a checkpoint.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Place {
        Place {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn sandbox(&self) -> PathBuf {
        self.path().join("sandbox")
    }

    pub(crate) fn checkpoint(&self) -> PathBuf {
        self.path().join("checkpoint")
    }

    pub(crate) fn options(&self) -> RunnerOptions {
        RunnerOptions::new(self.sandbox(), self.checkpoint())
    }

    pub(crate) async fn start(&self, task: TaskSpec) -> TaskRunner {
        TaskRunner::start(task, self.options()).await.unwrap()
    }

    pub(crate) async fn run(&self, task: TaskSpec) -> TaskOutcome {
        let runner = self.start(task).await;
        tokio::time::timeout(PATIENCE, runner.wait()).await.unwrap()
    }

    pub(crate) fn log(&self, process: &str, run: u32, file: &str) -> String {
        let path = self
            .sandbox()
            .join(".logs")
            .join(process)
            .join(run.to_string())
            .join(file);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    pub(crate) fn stdout(&self, process: &str, run: u32) -> String {
        self.log(process, run, "stdout")
    }

    /// Contents of a file in the sandbox, once it has a complete line.
    pub(crate) async fn file(&self, name: &str) -> String {
        let path = self.sandbox().join(name);
        eventually(&format!("{} is written", path.display()), || {
            fs::read_to_string(&path)
                .ok()
                .filter(|text| text.ends_with('\n'))
        })
        .await
    }

    /// A process id that a command wrote into a file in the sandbox.
    pub(crate) async fn pid(&self, name: &str) -> i32 {
        self.file(name).await.trim().parse().unwrap()
    }
}

/// Looks until there is an answer.
pub(crate) async fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
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
pub(crate) fn alive(pid: i32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| {
        let state = stat.rsplit(')').next().unwrap().trim_start();
        !state.starts_with(['Z', 'X'])
    })
}

/// Waits until a process is gone.
pub(crate) async fn dead(pid: i32) {
    eventually(&format!("process {pid} is gone"), || {
        (!alive(pid)).then_some(())
    })
    .await;
}

/// Children of a process.
pub(crate) fn children(parent: i32) -> Vec<i32> {
    let pids = fs::read_dir("/proc").unwrap().filter_map(|item| {
        let name = item.ok()?.file_name();
        name.to_str()?.parse::<i32>().ok()
    });
    pids.filter(|pid| {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let parent_of = stat
            .rsplit(')')
            .next()
            .and_then(|rest| rest.split_whitespace().nth(1)?.parse::<i32>().ok());
        parent_of == Some(parent)
    })
    .collect()
}

/// Command line of a process, words separated by blanks; empty when it is gone or a zombie.
pub(crate) fn cmdline(pid: i32) -> String {
    fs::read_to_string(format!("/proc/{pid}/cmdline"))
        .unwrap_or_default()
        .replace('\0', " ")
}

/// A task whose processes run one after the other.
pub(crate) fn ordered<const N: usize>(processes: [ProcessSpec; N]) -> TaskSpec {
    let order = processes.iter().map(|it| it.name.clone()).collect();
    TaskSpec::new("t", processes).with(|it| it.constraints = vec![order])
}

/// Runs a task to its end and returns its events too.
pub(crate) async fn watch(place: &Place, task: TaskSpec) -> (TaskOutcome, Vec<TaskEvent>) {
    let mut runner = place.start(task).await;
    let mut events = runner.events();
    let mut seen = Vec::new();
    let read = async {
        while let Some(event) = events.next().await {
            seen.push(event);
        }
    };
    tokio::time::timeout(PATIENCE, read).await.unwrap();
    (runner.wait().await, seen)
}
