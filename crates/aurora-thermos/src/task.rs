//! The public side of a running task: starting it, watching it, stopping it.

use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, watch};
use tokio::task::JoinHandle;

use crate::checkpoint::{Checkpoint, Event, Header, VERSION};
use crate::engine::{Engine, Request};
use crate::error::Error;
use crate::groups::{Groups, Home};
use crate::guard::Guard;
use crate::logs;
use crate::options::RunnerOptions;
use crate::plan::Plan;
use crate::proc_table::{self, Entry};
use crate::process::Surroundings;
use crate::spec::{LogMode, TaskSpec};
use crate::status::{Events, FinalState, ProcessStatus, Stage, TaskEvent, TaskOutcome, TaskStatus};
use crate::user::Identity;

/// Events kept for a reader that falls behind.
const EVENTS_KEPT: usize = 1024;

/// One running task. Dropping it kills every process of the task with SIGKILL, at once.
///
/// The same happens when the runtime ends, and, by a small companion process, when this process dies in
/// any way. To let a task end in its own time, [`kill`](Self::kill) it and [`wait`](Self::wait).
#[derive(Debug)]
pub struct TaskRunner {
    handle: TaskHandle,
    first_events: Option<broadcast::Receiver<TaskEvent>>,
    groups: Arc<Groups>,
    engine: JoinHandle<()>,
}

/// Another view on a running task; any number may exist, and dropping one changes nothing.
#[derive(Clone, Debug)]
pub struct TaskHandle {
    requests: mpsc::UnboundedSender<Request>,
    status: watch::Receiver<TaskStatus>,
    /// Weak, so that readers see the end of the events when the task is gone.
    events: Weak<broadcast::Sender<TaskEvent>>,
}

impl TaskRunner {
    /// Checks the task, prepares sandbox, logs and checkpoint, and starts it. Needs a tokio runtime with
    /// I/O and time enabled.
    ///
    /// # Errors
    ///
    /// Every [`Error`] but those of recovery; nothing runs then.
    pub async fn start(spec: TaskSpec, options: RunnerOptions) -> Result<TaskRunner, Error> {
        // The user database and the disk may take their time.
        let task = spec.name.clone();
        let prepared = tokio::task::spawn_blocking(move || Prepared::new(spec, options))
            .await
            .map_err(|error| Error::Runtime {
                task,
                source: io::Error::other(error),
            })??;
        Ok(TaskRunner::run(prepared))
    }

    fn run(prepared: Prepared) -> TaskRunner {
        let (requests, incoming) = mpsc::unbounded_channel();
        let (events, first_events) = broadcast::channel(EVENTS_KEPT);
        let events = Arc::new(events);
        let (publish, status) = watch::channel(TaskStatus {
            stage: Stage::Active,
            outcome: None,
            processes: prepared
                .spec
                .processes
                .iter()
                .map(|process| ProcessStatus::new(&process.name))
                .collect(),
        });
        let handle = TaskHandle {
            requests,
            status,
            events: Arc::downgrade(&events),
        };
        let groups = Arc::new(Groups::new(prepared.home()));
        let engine = Engine::new(prepared, incoming, events, publish, Arc::clone(&groups));
        TaskRunner {
            handle,
            first_events: Some(first_events),
            groups,
            engine: tokio::spawn(engine.run()),
        }
    }

    /// The events of the task. The first call gives all of them from the start, a later one those from
    /// now on.
    pub fn events(&mut self) -> Events {
        match self.first_events.take() {
            Some(events) => Events(events),
            None => self.handle.events(),
        }
    }

    /// A handle for others.
    pub fn handle(&self) -> TaskHandle {
        self.handle.clone()
    }

    /// See [`TaskHandle::kill`].
    pub fn kill(&self, grace: Duration) {
        self.handle.kill(grace);
    }

    /// See [`TaskHandle::lose`].
    pub fn lose(&self) {
        self.handle.lose();
    }

    /// See [`TaskHandle::status`].
    pub fn status(&self) -> TaskStatus {
        self.handle.status()
    }

    /// See [`TaskHandle::outcome`].
    pub fn outcome(&self) -> Option<TaskOutcome> {
        self.handle.outcome()
    }

    /// See [`TaskHandle::wait`].
    pub async fn wait(&self) -> TaskOutcome {
        self.handle.wait().await
    }
}

impl Drop for TaskRunner {
    fn drop(&mut self) {
        // Aborting alone would leave the killing to a runtime that may never run again.
        self.groups.close();
        self.engine.abort();
    }
}

impl TaskHandle {
    /// Kills the task: SIGTERM to everything that runs, then the finalizing processes, and SIGKILL to what
    /// is left after `grace`, which all of that shares. With no grace SIGKILL comes at once and nothing
    /// is finalized. The outcome is KILLED.
    ///
    /// Another call sends SIGTERM again and sets the time anew. Ignored after the end.
    pub fn kill(&self, grace: Duration) {
        self.request(Request::new(FinalState::Killed, grace));
    }

    /// Gives the task up: SIGKILL at once, nothing is finalized, the outcome is LOST.
    pub fn lose(&self) {
        self.request(Request::new(FinalState::Lost, Duration::ZERO));
    }

    fn request(&self, request: Request) {
        // Nobody listens any more once the task has ended, and then nothing is left to stop.
        let _ = self.requests.send(request);
    }

    /// The task as it stands.
    pub fn status(&self) -> TaskStatus {
        self.status.borrow().clone()
    }

    /// The outcome, if the task has ended.
    pub fn outcome(&self) -> Option<TaskOutcome> {
        self.status.borrow().outcome.clone()
    }

    /// Waits for the end of the task. Cancel-safe; may be called any number of times.
    ///
    /// When the [`TaskRunner`] is dropped before that, the outcome is LOST.
    pub async fn wait(&self) -> TaskOutcome {
        let mut status = self.status.clone();
        let ended = status.wait_for(|status| status.outcome.is_some()).await;
        ended
            .ok()
            .and_then(|status| status.outcome.clone())
            .unwrap_or_else(|| TaskOutcome {
                state: FinalState::Lost,
                reason: "the runner was dropped before the task had ended".to_owned(),
            })
    }

    /// The events from now on.
    pub fn events(&self) -> Events {
        Events(match self.events.upgrade() {
            Some(events) => events.subscribe(),
            None => broadcast::channel(1).1,
        })
    }
}

/// A task that is ready to run.
pub(crate) struct Prepared {
    pub(crate) spec: TaskSpec,
    pub(crate) options: RunnerOptions,
    pub(crate) regular: Plan,
    pub(crate) finalizing: Plan,
    pub(crate) surroundings: Arc<Surroundings>,
    pub(crate) log_dir: PathBuf,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) guard: Arc<Guard>,
    /// Whether whoever lives in the sandbox belongs to the task.
    pub(crate) owns_sandbox: bool,
}

impl Prepared {
    fn new(spec: TaskSpec, options: RunnerOptions) -> Result<Prepared, Error> {
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
            surroundings: Arc::new(Surroundings {
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
}

impl Prepared {
    fn home(&self) -> Option<Home> {
        self.owns_sandbox.then(|| Home {
            sandbox: self.surroundings.sandbox.clone(),
            uid: self.surroundings.user.uid.as_raw(),
            since: self.guard.start_time(),
        })
    }
}

fn check_loggers(spec: &TaskSpec, options: &RunnerOptions) -> Result<(), Error> {
    for process in &spec.processes {
        let logger = process.logger.unwrap_or(options.logger);
        if let LogMode::Rotate(policy) = logger.mode
            && logger.destination.to_file()
            && (policy.log_size == 0 || policy.backups == 0)
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
