//! The errors of starting, recovering and recording a task.

use std::io;
use std::path::PathBuf;

use crate::bytes::Bytes;

/// The reason why a task cannot be started, recovered or recorded.
///
/// The end of a task that did start is not an error but a [`TaskOutcome`](crate::TaskOutcome).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The name cannot be a folder name below the log folder.
    #[error(
        "`{}` is not a process name; it must not be empty, start with `.`, or contain `/` or NUL",
        name.escape_default()
    )]
    InvalidName {
        /// The name as given.
        name: String,
    },
    /// Two processes share a name.
    #[error("two processes are named `{name}`; give each its own name")]
    DuplicateName {
        /// The shared name.
        name: String,
    },
    /// A command line contains a NUL character, which no program can take.
    #[error("the command line of process `{process}` contains a NUL character")]
    NulInCommandLine {
        /// The process.
        process: String,
    },
    /// An `order` list without names.
    #[error("order constraint {number} is empty; name at least one process or remove it")]
    EmptyOrder {
        /// Position among the constraints, from 1.
        number: usize,
    },
    /// An `order` list that joins a process with names outside of its plan.
    #[error(
        "order constraint {number} joins `{inside}` with `{outside}`, which is {}",
        if *.other_plan { "in the other plan; final and ordinary processes cannot be ordered together" } else { "not a process of this task" }
    )]
    MixedOrder {
        /// Position among the constraints, from 1.
        number: usize,
        /// A name in the plan.
        inside: String,
        /// A name that is not.
        outside: String,
        /// Whether the other name is a process of the other plan.
        other_plan: bool,
    },
    /// A process waits for one that never finishes.
    #[error(
        "process `{process}` is ordered after `{daemon}`, which is a daemon and never finishes"
    )]
    AfterDaemon {
        /// The process that waits.
        process: String,
        /// The daemon.
        daemon: String,
    },
    /// A process that counts waits for one that does not.
    #[error(
        "process `{process}` is ordered after `{ephemeral}`, which is ephemeral; make `{process}` ephemeral too or drop the order"
    )]
    AfterEphemeral {
        /// The process that waits.
        process: String,
        /// The ephemeral one.
        ephemeral: String,
    },
    /// Processes that wait for each other.
    #[error("the order of processes has a cycle: {}", names.join(" -> "))]
    Cycle {
        /// The names along the cycle; the first one is repeated at the end.
        names: Vec<String>,
    },

    /// The logger of a process asks for rotation that cannot work.
    #[error(
        "the logger of process `{process}` rotates at {log_size} and keeps {backups} old files; both must be at least 1"
    )]
    Logger {
        /// The process.
        process: String,
        /// Its `log_size`.
        log_size: Bytes,
        /// Its `backups`.
        backups: u32,
    },

    /// The user is not in the user database of this machine.
    #[error(
        "unknown user `{user}`; create the user on this machine, or run the task as another user"
    )]
    UnknownUser {
        /// The name as given.
        user: String,
    },

    /// The user database cannot be read.
    #[error("cannot look up user `{user}`: {source}")]
    UserLookup {
        /// The name as given.
        user: String,
        /// The error of the system.
        source: io::Error,
    },

    /// Only root may run processes as another user.
    #[error("cannot run as user `{user}`: this process runs as `{current}`; run it as root")]
    UserNeedsRoot {
        /// The wanted user.
        user: String,
        /// The user of this process.
        current: String,
    },

    /// Only root may change the root folder of a process.
    #[error("cannot change the root folder: this process runs as `{current}`; run it as root")]
    ChrootNeedsRoot {
        /// The user of this process.
        current: String,
    },

    /// The sandbox could not be made or used.
    #[error("cannot use {} as the sandbox: {source}", path.display())]
    Sandbox {
        /// The sandbox.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },

    /// The log folder could not be made.
    #[error("cannot write logs below {}: {source}", path.display())]
    LogDir {
        /// The log folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },

    /// The companion process that kills leftovers could not be started.
    #[error("cannot start the guard of task `{task}` with /bin/bash: {source}")]
    Guard {
        /// The task.
        task: String,
        /// The error of the system.
        source: io::Error,
    },

    /// The async runtime ended while the task was being prepared.
    #[error("task `{task}` cannot start because the runtime is ending: {source}")]
    Runtime {
        /// The task.
        task: String,
        /// The error of the runtime.
        source: io::Error,
    },

    /// The checkpoint could not be read or written.
    #[error("cannot {action} the checkpoint {}: {source}", path.display())]
    Checkpoint {
        /// What was tried: `open`, `read`, `write`, `lock`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },

    /// Another runner has this checkpoint.
    #[error(
        "the checkpoint {} is in use by another runner; wait until that one ends",
        path.display()
    )]
    CheckpointInUse {
        /// The file.
        path: PathBuf,
    },

    /// The checkpoint already holds the record of a task.
    #[error(
        "the checkpoint {} already holds the record of a task; recover that task, then use a new file",
        path.display()
    )]
    CheckpointExists {
        /// The file.
        path: PathBuf,
    },

    /// A complete line of the checkpoint is not a record.
    #[error("{}:{line}:{column}: not a checkpoint record: {reason}", path.display())]
    CheckpointCorrupt {
        /// The file.
        path: PathBuf,
        /// Line number, from 1.
        line: usize,
        /// Column number, from 1.
        column: usize,
        /// What is wrong with it.
        reason: String,
    },

    /// The process table could not be read.
    #[error("cannot read the process table in /proc: {source}")]
    ProcessTable {
        /// The error of the system.
        source: io::Error,
    },

    /// Processes of a crashed task survived SIGKILL.
    #[error(
        "processes {pids:?} of task `{task}` are still alive after SIGKILL; check their state with `ps`"
    )]
    StillAlive {
        /// The task.
        task: String,
        /// The processes.
        pids: Vec<u32>,
    },

    /// A text is not the name of a state.
    #[error("`{text}` is not a {of}; expected one of {}", known.join(", "))]
    UnknownState {
        /// The text.
        text: String,
        /// What it was read as: `stage`, `final state` or `process state`.
        of: &'static str,
        /// The names of all states of that kind.
        known: &'static [&'static str],
    },

    /// Executor data is not the JSON text of a job.
    #[error("the executor data is not a job: {0}")]
    ExecutorData(#[source] serde_json::Error),

    /// A text of a job cannot be resolved.
    #[error("cannot resolve the references of the task: {0}")]
    Template(String),

    /// A task has references without a value.
    #[error(
        "the task refers to {}, which {} no value; request the port or bind the name",
        references.join(", "),
        if references.len() == 1 { "has" } else { "have" }
    )]
    UnboundReferences {
        /// The references, each once, in alphabetical order.
        references: Vec<String>,
    },

    /// A name in the port map refers to itself.
    #[error("port `{name}` leads back to itself in the port map; give it a port")]
    PortMap {
        /// The name.
        name: String,
    },

    /// A number of a job does not fit.
    #[error("{field} cannot be {value}; use a number that fits")]
    OutOfRange {
        /// The field of the job.
        field: &'static str,
        /// The number.
        value: String,
    },
}
