//! Finding, locking and stopping the one cluster of a root folder.
//!
//! The lock is an advisory lock on a file, which the system drops when its holder dies, however it dies. So a stale
//! file never looks like a running cluster.

use std::fs::TryLockError;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fs_err::File;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::{Error, leftovers};

/// How often a wait looks again.
const POLL: Duration = Duration::from_millis(50);
/// How long a new copy waits for the lock: a process that only looks holds it for a moment.
const LOCK_WAIT: Duration = Duration::from_millis(500);
/// How long the end of a killed process may take to show.
const DEATH_WAIT: Duration = Duration::from_secs(5);

/// A running development cluster, as other processes see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct RunningCluster {
    /// The process that runs it.
    pub pid: i32,
    /// The scheduler's address, such as `http://127.0.0.1:8081`, without a trailing slash.
    pub url: String,
    /// When it started.
    pub started: jiff::Timestamp,
}

impl RunningCluster {
    /// The cluster that runs in a root folder, if any does.
    ///
    /// One that is just starting and has no address yet is not found.
    ///
    /// # Errors
    ///
    /// [`Error::Io`] when a file under the root cannot be read.
    pub fn find(root: &Path) -> Result<Option<Self>, Error> {
        let layout = Layout::new(root);
        let Some(file) = absent_is_none(File::open(layout.lock()))
            .map_err(|source| Error::io("looking for a running development cluster", source))?
        else {
            return Ok(None);
        };
        match file.file().try_lock() {
            Ok(()) => Ok(None),
            Err(TryLockError::WouldBlock) => read_endpoint(&layout),
            Err(TryLockError::Error(source)) => Err(Error::io(
                format!("testing the lock `{}`", layout.lock().display()),
                source,
            )),
        }
    }
}

/// How a [`stop`] went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stopped {
    /// Nothing was running.
    NotRunning,
    /// The cluster ended by itself when asked to.
    Gracefully,
    /// The cluster did not end in time and was killed; what its tasks had left was killed too.
    Killed,
}

/// Stops the cluster of a root folder and all its tasks.
///
/// Asks it to end (SIGTERM) and waits up to `timeout`; after that kills it and every process that its tasks left.
/// Processes left by a cluster that crashed earlier are killed in any case.
///
/// # Errors
///
/// [`Error::Signal`] when the cluster belongs to another user, [`Error::DoesNotEnd`] when it survives SIGKILL, and
/// those of [`RunningCluster::find`].
pub async fn stop(root: &Path, timeout: Duration) -> Result<Stopped, Error> {
    let layout = Layout::new(root);
    let Some(instance) = find_or_clean_up(&layout, timeout).await? else {
        return Ok(Stopped::NotRunning);
    };
    signal(instance.pid, Signal::SIGTERM)?;
    if wait_for_end(root, instance.pid, timeout).await? {
        return Ok(Stopped::Gracefully);
    }
    signal(instance.pid, Signal::SIGKILL)?;
    if !wait_for_end(root, instance.pid, DEATH_WAIT).await? {
        return Err(Error::DoesNotEnd {
            pid: instance.pid,
            after: timeout.saturating_add(DEATH_WAIT),
        });
    }
    let _lock = Lock::take(&layout)?;
    leftovers::kill_all(&layout).await?;
    Ok(Stopped::Killed)
}

/// The running cluster; if there is none, what a crashed one has left is ended. One that is just starting is waited for.
async fn find_or_clean_up(
    layout: &Layout,
    timeout: Duration,
) -> Result<Option<RunningCluster>, Error> {
    let deadline = Instant::now() + timeout;
    loop {
        if let Some(instance) = RunningCluster::find(layout.root())? {
            return Ok(Some(instance));
        }
        if !layout.root().is_dir() {
            return Ok(None);
        }
        match Lock::take(layout) {
            Ok(_lock) => {
                leftovers::kill_all(layout).await?;
                return Ok(None);
            }
            Err(Error::AlreadyRunning { .. }) if Instant::now() < deadline => {
                tokio::time::sleep(POLL).await;
            }
            Err(error) => return Err(error),
        }
    }
}

/// The log file of a daemon. The process that starts the daemon opens it. It need not exist.
#[must_use]
pub fn log_path(root: &Path) -> PathBuf {
    Layout::new(root).log()
}

/// The folder with what the processes of a task wrote, in `PROCESS/RUN/stdout` and `PROCESS/RUN/stderr`; runs are
/// counted from 0. It need not exist.
#[must_use]
pub fn task_log_dir(root: &Path, task_id: &str) -> PathBuf {
    Layout::new(root).logs(task_id)
}

/// Waits until the lock is free or another process has it.
async fn wait_for_end(root: &Path, pid: i32, timeout: Duration) -> Result<bool, Error> {
    let deadline = Instant::now() + timeout;
    loop {
        if RunningCluster::find(root)?.is_none_or(|found| found.pid != pid) && !is_alive(pid) {
            return Ok(true);
        }
        if Instant::now() >= deadline {
            return Ok(false);
        }
        tokio::time::sleep(POLL).await;
    }
}

fn signal(pid: i32, signal: Signal) -> Result<(), Error> {
    match kill(Pid::from_raw(pid), signal) {
        Ok(()) | Err(nix::errno::Errno::ESRCH) => Ok(()),
        Err(errno) => Err(Error::Signal {
            pid,
            reason: errno.desc().to_owned(),
        }),
    }
}

/// Whether the process runs; one that only waits for its parent to notice its end does not.
fn is_alive(pid: i32) -> bool {
    let Ok(stat) = fs_err::read_to_string(format!("/proc/{pid}/stat")) else {
        return false;
    };
    // The name before the state is in parentheses and may hold anything.
    let state = stat.rsplit(')').next().unwrap_or_default().trim_start();
    !state.starts_with(['Z', 'X'])
}

fn read_endpoint(layout: &Layout) -> Result<Option<RunningCluster>, Error> {
    let path = layout.endpoint();
    let Some(text) = absent_is_none(fs_err::read_to_string(&path))
        .map_err(|source| Error::io("looking for a running development cluster", source))?
    else {
        return Ok(None);
    };
    // Left by a dead cluster while a new one is about to write its own.
    let instance: Option<RunningCluster> = serde_json::from_str(&text).ok();
    Ok(instance.filter(|instance| instance.pid > 0 && is_alive(instance.pid)))
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The right to run in a root folder; given back when dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    layout: Layout,
    _file: File,
}

impl Lock {
    /// Takes the lock; the error names the process that has it.
    pub(crate) fn take(layout: &Layout) -> Result<Self, Error> {
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(layout.lock())
            .map_err(|source| Error::io("opening the lock", source))?;
        let deadline = Instant::now() + LOCK_WAIT;
        loop {
            match file.file().try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                    std::thread::sleep(POLL);
                }
                Err(TryLockError::WouldBlock) => {
                    return Err(Error::AlreadyRunning {
                        root: layout.root().to_owned(),
                        pid: read_endpoint(layout)?.map(|instance| instance.pid),
                    });
                }
                Err(TryLockError::Error(source)) => {
                    return Err(Error::io("taking the lock", source));
                }
            }
        }
        let lock = Self {
            layout: layout.clone(),
            _file: file,
        };
        lock.withdraw()
            .map_err(|source| Error::io("removing a stale endpoint file", source))?;
        Ok(lock)
    }

    /// Publishes the address of the cluster.
    pub(crate) fn announce(&self, url: &str) -> Result<RunningCluster, Error> {
        let instance = RunningCluster {
            pid: nix::unistd::getpid().as_raw(),
            url: url.to_owned(),
            started: jiff::Timestamp::now(),
        };
        let write = || {
            let text = serde_json::to_string(&instance).map_err(io::Error::other)?;
            let path = self.layout.endpoint();
            let new = path.with_extension("new");
            fs_err::write(&new, text)?;
            fs_err::rename(&new, &path)
        };
        write().map_err(|source| Error::io("writing the endpoint file", source))?;
        Ok(instance)
    }

    fn withdraw(&self) -> io::Result<()> {
        absent_is_none(fs_err::remove_file(self.layout.endpoint())).map(|_| ())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A process that finds the file without the lock knows that it is stale.
        let _ = self.withdraw();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_runs_in_an_empty_folder() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);
        assert_eq!(
            RunningCluster::find(&folder.path().join("absent")).unwrap(),
            None
        );
    }

    #[test]
    fn a_second_copy_is_refused_and_stale_files_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let layout = Layout::new(folder.path());
        fs_err::write(layout.lock(), "left behind").unwrap();
        fs_err::write(layout.endpoint(), "{\"pid\":1}").unwrap();
        assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);

        let lock = Lock::take(&layout).unwrap();
        assert_eq!(
            RunningCluster::find(folder.path()).unwrap(),
            None,
            "no address yet"
        );
        let announced = lock.announce("http://127.0.0.1:1").unwrap();
        assert_eq!(
            RunningCluster::find(folder.path()).unwrap(),
            Some(announced)
        );
        let error = Lock::take(&layout).unwrap_err();
        assert!(
            matches!(error, Error::AlreadyRunning { pid: Some(pid), .. } if pid.unsigned_abs() == std::process::id()),
            "{error}"
        );

        drop(lock);
        assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);
        Lock::take(&layout).unwrap();
    }

    #[tokio::test]
    async fn stopping_nothing_is_no_error() {
        let folder = tempfile::tempdir().unwrap();
        let stopped = stop(folder.path(), Duration::ZERO).await.unwrap();
        assert_eq!(stopped, Stopped::NotRunning);
        let absent = folder.path().join("absent");
        assert_eq!(
            stop(&absent, Duration::ZERO).await.unwrap(),
            Stopped::NotRunning
        );
        assert!(!absent.exists());
    }
}
