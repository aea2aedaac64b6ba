//! Everything that can keep a task from starting or from being recovered.

use std::io;
use std::path::PathBuf;

use crate::plan_error::PlanError;

/// Why a task could not be started, recovered or recorded.
///
/// What happens to a task that did start is not an error but a [`TaskOutcome`](crate::TaskOutcome).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The processes cannot be brought into an order, or one of them is malformed.
    #[error(transparent)]
    Plan(#[from] PlanError),

    /// The logger of a process asks for rotation that cannot work.
    #[error(
        "the logger of process '{process}' rotates at {log_size} bytes and keeps {backups} old files; both must be at least 1"
    )]
    Logger {
        /// The process.
        process: String,
        /// Its `log_size`.
        log_size: u64,
        /// Its `backups`.
        backups: u32,
    },

    /// The user is not in the user database of this machine.
    #[error(
        "unknown user '{user}': create the user on this machine or run the task as another one"
    )]
    UnknownUser {
        /// The name as given.
        user: String,
    },

    /// The user database could not be asked.
    #[error("could not look up user '{user}': {source}")]
    UserLookup {
        /// The name as given.
        user: String,
        /// What the system said.
        source: io::Error,
    },

    /// Only root may run processes as somebody else.
    #[error("running as user '{user}' needs root, and this process runs as '{current}'")]
    UserNeedsRoot {
        /// The wanted user.
        user: String,
        /// The user of this process.
        current: String,
    },

    /// Only root may change the root folder of a process.
    #[error("a changed root folder needs root, and this process runs as '{current}'")]
    ChrootNeedsRoot {
        /// The user of this process.
        current: String,
    },

    /// The sandbox could not be made or used.
    #[error("cannot use {} as the sandbox: {source}", path.display())]
    Sandbox {
        /// The sandbox.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The log folder could not be made.
    #[error("cannot write logs below {}: {source}", path.display())]
    LogDir {
        /// The log folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// The process that watches over this one could not be started.
    #[error("cannot start the guard of task '{task}' with /bin/bash: {source}")]
    Guard {
        /// The task.
        task: String,
        /// What the system said.
        source: io::Error,
    },

    /// The async runtime ended while the task was being prepared.
    #[error("task '{task}' was not started because the runtime is ending: {source}")]
    Runtime {
        /// The task.
        task: String,
        /// What the runtime said.
        source: io::Error,
    },

    /// The checkpoint could not be read or written.
    #[error("cannot {action} the checkpoint {}: {source}", path.display())]
    Checkpoint {
        /// What was tried: `open`, `read`, `write`, `lock`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },

    /// Another runner has this checkpoint.
    #[error(
        "the checkpoint {} is in use by another runner; wait until it has ended",
        path.display()
    )]
    CheckpointInUse {
        /// The file.
        path: PathBuf,
    },

    /// The checkpoint already tells of a task.
    #[error(
        "the checkpoint {} already holds the record of a task; recover it, then start with a new file",
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
        /// What the system said.
        source: io::Error,
    },

    /// Processes of a crashed task would not die.
    #[error("processes {pids:?} of task '{task}' are still alive after SIGKILL")]
    StillAlive {
        /// The task.
        task: String,
        /// The processes.
        pids: Vec<u32>,
    },
}
