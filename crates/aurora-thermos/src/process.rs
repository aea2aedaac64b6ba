//! One run of one process: launching bash as the leader of its own session, signalling everything that
//! belongs to it, and reaping it.

use std::ffi::OsString;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use nix::errno::Errno;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::guard::{Guard, reap_later};
use crate::proc_table::{self, Entry};
use crate::sys;
use crate::user::Identity;

/// File in the sandbox that bash reads before each command line.
const PROFILE: &str = ".thermos_profile";

/// Rounds of looking for processes that are still being forked while others are killed.
const SWEEPS: usize = 20;

/// What all processes of a task have in common.
#[derive(Debug)]
pub(crate) struct LaunchContext {
    pub(crate) sandbox: PathBuf,
    pub(crate) chroot: bool,
    pub(crate) user: Identity,
    pub(crate) environment: Vec<(OsString, OsString)>,
    pub(crate) path: OsString,
}

impl LaunchContext {
    fn command(&self, cmdline: &str) -> Command {
        let inside = |path: &Path| {
            if self.chroot {
                Path::new("/").join(path)
            } else {
                self.sandbox.join(path)
            }
        };
        let home = if self.chroot {
            &self.user.home
        } else {
            &self.sandbox
        };
        let mut command = Command::new("/bin/bash");
        command
            .arg("-c")
            .arg(cmdline)
            .current_dir(&self.sandbox)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .env("HOME", home)
            .env("USER", &self.user.name)
            .env("LOGNAME", &self.user.name)
            .env("PATH", &self.path);
        if self.sandbox.join(PROFILE).exists() {
            command.env("BASH_ENV", inside(Path::new(PROFILE)));
        }
        command
    }
}

/// A process just launched.
#[derive(Debug)]
pub(crate) struct Launched {
    pub(crate) group: Arc<Group>,
    pub(crate) stdout: OwnedFd,
    pub(crate) stderr: OwnedFd,
}

/// Starts a command line. Blocks until bash has taken over; when the answer is dropped, so is the process.
pub(crate) fn launch(
    context: &LaunchContext,
    cmdline: &str,
    guard: Arc<Guard>,
) -> io::Result<Launched> {
    let mut command = context.command(cmdline);
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = guard.spawn(&mut command, &context.user, context.chroot)?;
    let pipes = child.stdout.take().zip(child.stderr.take());
    let group = Group::new(child, Some(guard))?;
    let (stdout, stderr) = pipes.ok_or_else(|| io::Error::other("bash has no output pipes"))?;
    Ok(Launched {
        group: Arc::new(group),
        stdout: stdout.into(),
        stderr: stderr.into(),
    })
}

/// A session led by one child of ours: that child and whatever it started.
///
/// The child is reaped only by [`finish`](Self::finish) or on drop. Until then its number stays its own
/// even when it has exited, so signals to its group reach no other process.
#[derive(Debug)]
pub(crate) struct Group {
    pid: i32,
    /// Start time of the child in clock ticks since boot.
    start: u64,
    exit: OwnedFd,
    guard: Option<Arc<Guard>>,
    state: Mutex<GroupState>,
}

#[derive(Debug)]
struct GroupState {
    /// `None` once reaped.
    child: Option<Child>,
    status: Option<ExitStatus>,
    /// Descendants seen at some time: one that makes its own session and loses its parent cannot be
    /// found by its relations any more.
    seen: Vec<Entry>,
}

impl Group {
    pub(crate) fn new(mut child: Child, guard: Option<Arc<Guard>>) -> io::Result<Group> {
        let pid = child.id() as i32;
        let exit = sys::pidfd_open(pid).inspect_err(|_| {
            let _ = killpg(Pid::from_raw(pid), Signal::SIGKILL);
            let _ = child.wait();
        })?;
        Ok(Group {
            pid,
            // A child that has not been reaped always has an entry.
            start: Entry::of(pid).map_or(0, |entry| entry.start),
            exit,
            guard,
            state: Mutex::new(GroupState {
                child: Some(child),
                status: None,
                seen: Vec::new(),
            }),
        })
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid
    }

    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// Waits until the child has exited, without reaping it. Cancel-safe.
    pub(crate) async fn exited(&self) -> io::Result<()> {
        sys::exited(self.exit.try_clone()?).await
    }

    /// Sends a signal to everything that belongs to the child. Nothing happens once it was reaped.
    pub(crate) fn signal(&self, signal: Signal) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.child.is_some() {
            self.signal_locked(&mut state, signal);
        }
    }

    fn signal_locked(&self, state: &mut GroupState, signal: Signal) {
        // Members first: a process that left the group is found only while its parent lives.
        let tree = self.members(state);
        if tree.is_empty() {
            return;
        }
        let _ = killpg(Pid::from_raw(self.pid), signal);
        for entry in tree.iter().filter(|entry| entry.group != self.pid) {
            entry.signal(signal);
        }
        if signal != Signal::SIGKILL {
            return;
        }
        for _ in 0..SWEEPS {
            let left = self.members(state);
            if left.is_empty() {
                return;
            }
            for entry in left {
                entry.signal(signal);
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// Everything alive that belongs to the child, the child included.
    fn members(&self, state: &mut GroupState) -> Vec<Entry> {
        let Ok(table) = proc_table::snapshot() else {
            return Vec::new();
        };
        let mut members = proc_table::tree(&table, self.pid);
        for entry in &table {
            let known = state
                .seen
                .iter()
                .any(|seen| (seen.pid, seen.start) == (entry.pid, entry.start));
            if known && !members.iter().any(|member| member.pid == entry.pid) {
                members.push(*entry);
            }
        }
        state.seen.clone_from(&members);
        members
    }

    /// Kills what is left of the session, reaps the child and returns how it ended. Blocks until the child
    /// has exited; a child that still runs is killed.
    pub(crate) fn finish(&self) -> io::Result<ExitStatus> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.child.is_some() {
            self.signal_locked(&mut state, Signal::SIGKILL);
            self.forget();
        }
        if let Some(mut child) = state.child.take() {
            state.status = Some(child.wait()?);
        }
        state.status.ok_or_else(|| Errno::ECHILD.into())
    }

    fn forget(&self) {
        if let Some(guard) = &self.guard {
            guard.forget(self.pid);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.child.is_some() {
            self.signal_locked(&mut state, Signal::SIGKILL);
            self.forget();
        }
        if let Some(child) = state.child.take() {
            reap_later(child);
        }
    }
}

/// Exit code of a run, or the negative number of the signal that ended it.
pub(crate) fn return_code(status: ExitStatus) -> i32 {
    match (status.code(), status.signal()) {
        (Some(code), _) => code,
        (None, signal) => -signal.unwrap_or(0),
    }
}
