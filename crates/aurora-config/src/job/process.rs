//! Tasks and their processes.

use serde::{Deserialize, Serialize};

use super::setters::setters;

/// Processes that run together on one host, and what they need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Task {
    /// The name of the task.
    pub name: String,
    /// What runs.
    #[serde(default)]
    pub processes: Vec<Process>,
    /// Which processes wait for which others.
    #[serde(default)]
    pub constraints: Vec<Constraint>,
    /// What the task takes of a host; a job cannot be created without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// How many processes must fail for the task to have failed; 0 for never.
    #[serde(default = "one")]
    pub max_failures: i64,
    /// How many processes may run at the same time; 0 for any number.
    #[serde(default)]
    pub max_concurrency: i64,
    /// Seconds for final processes to end in.
    #[serde(default = "thirty")]
    pub finalization_wait: i64,
    /// Not used by the executor, which runs processes under the role of the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
}

fn one() -> i64 {
    1
}

fn thirty() -> i64 {
    30
}

impl Task {
    /// A task with the defaults of the schema, and no resources yet.
    pub fn new(name: impl Into<String>, processes: Vec<Process>) -> Self {
        Self {
            name: name.into(),
            processes,
            constraints: Vec::new(),
            resources: None,
            max_failures: 1,
            max_concurrency: 0,
            finalization_wait: 30,
            user: None,
        }
    }
}

setters! { Task {
    with_name name: text;
    with_processes processes: list(Process);
    with_constraints constraints: list(Constraint);
    with_resources resources: some value(Resources);
    with_max_failures max_failures: value(i64);
    with_max_concurrency max_concurrency: value(i64);
    with_finalization_wait finalization_wait: value(i64);
    with_user user: some text;
} }

/// Processes, by name, that run one after another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Constraint {
    /// The names, first to last.
    #[serde(default)]
    pub order: Vec<String>,
}

impl Constraint {
    /// Processes, by name, that run one after another.
    pub fn order(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            order: names.into_iter().map(Into::into).collect(),
        }
    }
}

/// A share of a host.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Resources {
    /// Cores; may be a fraction.
    pub cpu: f64,
    /// Memory in bytes.
    pub ram: i64,
    /// Disk in bytes.
    pub disk: i64,
}

impl Resources {
    /// Cores, and bytes of memory and disk.
    pub fn new(cpu: f64, ram: i64, disk: i64) -> Self {
        Self { cpu, ram, disk }
    }
}

/// A command line that is run by bash.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Process {
    /// The name of the process, also that of its log folder.
    pub name: String,
    /// What is run.
    pub cmdline: String,
    /// Not used by the executor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resources: Option<Resources>,
    /// How many runs must fail for the process to have failed; 0 for never.
    #[serde(default = "one")]
    pub max_failures: i64,
    /// Whether it is run again after it succeeded.
    #[serde(default)]
    pub daemon: bool,
    /// Whether the task does not wait for it.
    #[serde(default)]
    pub ephemeral: bool,
    /// Seconds from the end of one run to the start of the next, at least.
    #[serde(default = "documented_min_duration")]
    pub min_duration: i64,
    /// Whether it runs after all ordinary processes.
    #[serde(rename = "final", default)]
    pub is_final: bool,
    /// Where its output goes; to files that are kept if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logger: Option<Logger>,
}

fn documented_min_duration() -> i64 {
    aurora_compat::Compat::Documented
        .default_min_duration()
        .into()
}

impl Process {
    /// A process with the documented defaults.
    pub fn new(name: impl Into<String>, cmdline: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            cmdline: cmdline.into(),
            resources: None,
            max_failures: 1,
            daemon: false,
            ephemeral: false,
            min_duration: documented_min_duration(),
            is_final: false,
            logger: None,
        }
    }
}

setters! { Process {
    with_name name: text;
    with_cmdline cmdline: text;
    with_resources resources: some value(Resources);
    with_max_failures max_failures: value(i64);
    with_daemon daemon: value(bool);
    with_ephemeral ephemeral: value(bool);
    with_min_duration min_duration: value(i64);
    with_final is_final: value(bool);
    with_logger logger: some value(Logger);
} }

/// Where the output of a process goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Logger {
    /// To files, to the console of the executor, to both or nowhere.
    pub destination: LoggerDestination,
    /// Whether log files are rotated.
    pub mode: LoggerMode,
    /// How log files are rotated; released executors insist on it in the mode that rotates.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotate: Option<RotatePolicy>,
}

setters! { Logger {
    with_destination destination: value(LoggerDestination);
    with_mode mode: value(LoggerMode);
    with_rotate rotate: some value(RotatePolicy);
} }

/// Where output goes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoggerDestination {
    /// To `stdout` and `stderr` in the log folder of the process.
    #[default]
    File,
    /// To the output of the executor.
    Console,
    /// To both.
    Both,
    /// Nowhere.
    None,
}

/// Whether log files are rotated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LoggerMode {
    /// They grow.
    #[default]
    Standard,
    /// They are rotated.
    Rotate,
}

/// How log files are rotated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct RotatePolicy {
    /// Bytes at which a file is put aside.
    pub log_size: i64,
    /// How many files are kept aside.
    pub backups: i64,
}

impl Default for RotatePolicy {
    fn default() -> Self {
        Self {
            log_size: 100 << 20,
            backups: 5,
        }
    }
}

setters! { RotatePolicy {
    with_log_size log_size: value(i64);
    with_backups backups: value(i64);
} }
