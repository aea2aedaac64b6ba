//! Everything that a task needs before its first process: checks, the user, folders, the checkpoint, the guard.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::bytes::Bytes;
use crate::checkpoint::{Checkpoint, Event, Header, VERSION};
use crate::error::Error;
use crate::groups::Home;
use crate::guard::Guard;
use crate::logs;
use crate::options::RunnerOptions;
use crate::plan::Plan;
use crate::proc_table::{self, Entry};
use crate::process::LaunchContext;
use crate::spec::{LogMode, TaskSpec};
use crate::user::Identity;

/// A task that is ready to run.
pub(crate) struct Prepared {
    pub(crate) spec: TaskSpec,
    pub(crate) options: RunnerOptions,
    pub(crate) regular: Plan,
    pub(crate) finalizing: Plan,
    pub(crate) context: Arc<LaunchContext>,
    pub(crate) log_dir: PathBuf,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) guard: Arc<Guard>,
    /// Whether every process in the sandbox belongs to the task.
    pub(crate) owns_sandbox: bool,
}

impl Prepared {
    /// Checks the task, then makes what it needs on this machine. Blocks on the user database and the disk.
    pub(crate) fn new(spec: TaskSpec, options: RunnerOptions) -> Result<Prepared, Error> {
        let (regular, finalizing) = Plan::of_task(&spec, options.run_limit)?;
        check_loggers(&spec, &options)?;
        let user = Identity::resolve(options.user.as_deref())?;
        if options.chroot && !nix::unistd::geteuid().is_root() {
            return Err(Error::ChrootNeedsRoot { current: user.name });
        }
        let sandbox = prepare_sandbox(&options.sandbox, &user)?;
        let log_dir = absolute(options.log_dir.as_deref().unwrap_or(&sandbox.join(".logs")))
            .and_then(|path| logs::prepare(&path, &sandbox, &user).map(|()| path))
            .map_err(|source| Error::LogDir {
                path: options.log_dir.clone().unwrap_or(sandbox.join(".logs")),
                source,
            })?;
        let owns_sandbox = sandbox.parent().is_some() && sandbox != user.home;
        let mut checkpoint = Checkpoint::create(&options.checkpoint)?;
        let guard = Guard::start(&spec.name).map_err(|source| Error::Guard {
            task: spec.name.clone(),
            source,
        })?;
        let own = std::process::id();
        checkpoint.append(Event::Task(Header {
            version: VERSION,
            task: spec.name.clone(),
            sandbox: sandbox.clone(),
            log_dir: log_dir.clone(),
            user: user.name.clone(),
            uid: user.uid.as_raw(),
            owns_sandbox,
            supervisor: own,
            supervisor_start: Entry::of(own as i32).map_or(0, |entry| entry.start),
            boot: proc_table::boot_id(),
        }))?;
        Ok(Prepared {
            regular,
            finalizing,
            context: Arc::new(LaunchContext {
                sandbox,
                chroot: options.chroot,
                user,
                environment: options.environment.clone(),
                path: options.path.clone(),
            }),
            log_dir,
            checkpoint,
            guard: Arc::new(guard),
            owns_sandbox,
            spec,
            options,
        })
    }

    /// What marks a process as one of the task.
    pub(crate) fn home(&self) -> Option<Home> {
        self.owns_sandbox.then(|| Home {
            sandbox: self.context.sandbox.clone(),
            uid: self.context.user.uid.as_raw(),
            since: self.guard.start_time(),
        })
    }
}

fn check_loggers(spec: &TaskSpec, options: &RunnerOptions) -> Result<(), Error> {
    for process in &spec.processes {
        let logger = process.logger.unwrap_or(options.logger);
        if let LogMode::Rotate(policy) = logger.mode
            && logger.destination.to_file()
            && (policy.log_size == Bytes::default() || policy.backups == 0)
        {
            return Err(Error::Logger {
                process: process.name.clone(),
                log_size: policy.log_size,
                backups: policy.backups,
            });
        }
    }
    Ok(())
}

/// Makes the sandbox, for its owner alone, if it is missing.
fn prepare_sandbox(path: &Path, user: &Identity) -> Result<PathBuf, Error> {
    let fail = |source| Error::Sandbox {
        path: path.to_owned(),
        source,
    };
    let path = absolute(path).map_err(fail)?;
    if path.is_dir() {
        return Ok(path);
    }
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(fail)?;
    }
    DirBuilder::new().mode(0o700).create(&path).map_err(fail)?;
    if user.switch {
        chown(&path, Some(user.uid.as_raw()), Some(user.gid.as_raw())).map_err(fail)?;
    }
    Ok(path)
}

fn absolute(path: &Path) -> io::Result<PathBuf> {
    std::path::absolute(path)
}
