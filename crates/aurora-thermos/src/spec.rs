//! A task as the runner takes it: its processes, their order and their logs.

use std::time::Duration;

use crate::bytes::Bytes;

/// One task: a set of processes and the rules under which they run together.
///
/// Command lines are ready to run: no text in it is a template. [`TaskSpec::new`] sets the defaults; change the fields
/// after that.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TaskSpec {
    /// Name of the task, for messages and the checkpoint.
    pub name: String,
    /// All processes, ordinary and finalizing, each name once.
    pub processes: Vec<ProcessSpec>,
    /// `order` lists: in each, every process waits until the one before it has finished.
    pub constraints: Vec<Vec<String>>,
    /// Number of permanently failed ordinary processes at which the task fails; 0 = no limit.
    pub max_failures: u32,
    /// Number of processes of one plan that may run at the same time; 0 = unlimited.
    pub max_concurrency: u32,
    /// Time for stopping what still runs and for the finalizing processes, both together.
    pub finalization_wait: Duration,
}

impl TaskSpec {
    /// Creates a task with the documented defaults: one failure, unlimited concurrency, 30 s to finalize.
    pub fn new(
        name: impl Into<String>,
        processes: impl IntoIterator<Item = ProcessSpec>,
    ) -> TaskSpec {
        TaskSpec {
            name: name.into(),
            processes: processes.into_iter().collect(),
            constraints: Vec::new(),
            max_failures: 1,
            max_concurrency: 0,
            finalization_wait: Duration::from_secs(30),
        }
    }
}

/// One process of a task: a command line for bash and when to run it again.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessSpec {
    /// Unique in its task; becomes a folder name below the log folder.
    pub name: String,
    /// Text for `/bin/bash -c`.
    pub cmdline: String,
    /// Failed runs after which the process has failed for good; 0 = no limit.
    pub max_failures: u32,
    /// A successful exit is followed by another run instead of finishing the process.
    pub daemon: bool,
    /// The task does not wait for this process.
    pub ephemeral: bool,
    /// Least time between the end of a run and the start of the next one.
    pub min_duration: Duration,
    /// Belongs to the finalizing plan, which runs when the ordinary processes have ended.
    pub is_final: bool,
    /// Where its output goes; `None` takes [`RunnerOptions::logger`](crate::RunnerOptions).
    pub logger: Option<Logger>,
}

impl ProcessSpec {
    /// Creates a process with the documented defaults: one failure, 15 s between runs, ordinary.
    pub fn new(name: impl Into<String>, cmdline: impl Into<String>) -> ProcessSpec {
        ProcessSpec {
            name: name.into(),
            cmdline: cmdline.into(),
            max_failures: 1,
            daemon: false,
            ephemeral: false,
            min_duration: Duration::from_secs(15),
            is_final: false,
            logger: None,
        }
    }
}

/// Where the output of a process goes and whether its files are rotated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Logger {
    /// Files, console, both or nowhere.
    pub destination: LogDestination,
    /// One growing file, or rotation by size.
    pub mode: LogMode,
}

impl Logger {
    /// A logger for a destination and a mode.
    #[must_use]
    pub fn new(destination: LogDestination, mode: LogMode) -> Logger {
        Logger { destination, mode }
    }
}

/// Where output goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogDestination {
    /// `stdout` and `stderr` in `<log_dir>/<process>/<run>/`.
    #[default]
    File,
    /// The writers in [`RunnerOptions::console`](crate::RunnerOptions); without them, nowhere.
    Console,
    /// Files and console.
    Both,
    /// Discarded.
    None,
}

impl LogDestination {
    pub(crate) fn to_file(self) -> bool {
        matches!(self, LogDestination::File | LogDestination::Both)
    }

    pub(crate) fn to_console(self) -> bool {
        matches!(self, LogDestination::Console | LogDestination::Both)
    }
}

/// How log files grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogMode {
    /// One file, without a limit.
    #[default]
    Standard,
    /// Rotated by size.
    Rotate(RotatePolicy),
}

/// When a log file is put aside and how many old ones stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RotatePolicy {
    /// Size at which a file is put aside, at least 1 byte. A file may grow past it by one chunk (64 KiB).
    pub log_size: Bytes,
    /// Old files kept, at least 1: `stdout.1` is the youngest.
    pub backups: u32,
}

impl RotatePolicy {
    /// Rotation at `log_size` that keeps `backups` old files.
    #[must_use]
    pub fn new(log_size: Bytes, backups: u32) -> RotatePolicy {
        RotatePolicy { log_size, backups }
    }
}

impl Default for RotatePolicy {
    /// 100 MiB and 5 old files, as documented.
    fn default() -> Self {
        RotatePolicy {
            log_size: Bytes::mebibytes(100),
            backups: 5,
        }
    }
}
