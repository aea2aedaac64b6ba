//! The options of one task run: folders, user, environment.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::logs::Console;
use crate::spec::Logger;

/// Program search path of a process when the caller sets none.
const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs of one process after which it counts as failed, as under the Aurora executor.
const DEFAULT_RUN_LIMIT: u32 = 100;

/// The folders, the user and the environment of a task.
///
/// Nothing is taken from the environment of this process: processes see only
/// [`path`](Self::path) and [`environment`](Self::environment).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunnerOptions {
    /// Working folder and `HOME` of every process. Made with mode 0700 when missing. It must belong to
    /// this task alone: when the task ends, processes whose `HOME` it is are killed.
    pub sandbox: PathBuf,
    /// Folder of the log files; `None`: `.logs` in the sandbox.
    pub log_dir: Option<PathBuf>,
    /// File of the record of this task. Made when missing; must not hold another task's record.
    pub checkpoint: PathBuf,
    /// User that runs the processes; `None`: the user of this process. Another user needs root.
    pub user: Option<String>,
    /// Makes the sandbox the root folder of every process, which needs root and a bash inside.
    pub chroot: bool,
    /// Base of the environment; `HOME`, `USER`, `LOGNAME`, `PATH` and `BASH_ENV` override it.
    pub environment: Vec<(OsString, OsString)>,
    /// `PATH` of every process.
    pub path: OsString,
    /// Logger of the processes that have none.
    pub logger: Logger,
    /// Receives the output of processes that log to the console.
    pub console: Option<Console>,
    /// Runs (successful and failed together) after which a process has failed for good; `None` = no limit.
    pub run_limit: Option<u32>,
}

impl RunnerOptions {
    /// Options with a run limit of 100, an otherwise empty environment and the current user.
    pub fn new(sandbox: impl Into<PathBuf>, checkpoint: impl Into<PathBuf>) -> RunnerOptions {
        RunnerOptions {
            sandbox: sandbox.into(),
            log_dir: None,
            checkpoint: checkpoint.into(),
            user: None,
            chroot: false,
            environment: Vec::new(),
            path: DEFAULT_PATH.into(),
            logger: Logger::default(),
            console: None,
            run_limit: Some(DEFAULT_RUN_LIMIT),
        }
    }
}
