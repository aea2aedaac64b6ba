//! The process of the embedded devcluster, as seen from outside: whether it runs, where, and how it is started.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use aurora_cluster::Cluster;
use aurora_devcluster::{RunningCluster, Stopped};

use super::CLUSTER;
use crate::environment::Environment;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::output::Output;
use crate::variables::DEVCLUSTER_DIR;

/// How long a daemon may take until it accepts connections. After a crash, it cleans up first.
const START_LIMIT: Duration = Duration::from_secs(30);
/// How long a daemon may take to stop its tasks and itself, before it is killed.
const STOP_LIMIT: Duration = Duration::from_secs(30);
/// Time between two attempts to connect.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// How long one attempt to connect may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);
/// A log that is larger than this, in bytes, is rotated at the next start.
const LOG_LIMIT: u64 = 8 * 1024 * 1024;
/// How many lines of the log are shown for a failed start.
const TAIL_LINES: usize = 12;

/// The devcluster of one folder.
#[derive(Clone, Debug)]
pub(crate) struct Embedded {
    root: PathBuf,
}

impl Embedded {
    /// The devcluster of the folder that the environment variables name.
    pub(crate) fn of(environment: &Environment) -> Result<Self> {
        Ok(Self {
            root: folder(environment)?,
        })
    }

    /// Its folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The daemon's log.
    pub(crate) fn log(&self) -> PathBuf {
        aurora_devcluster::log_path(&self.root)
    }

    /// The running copy, if there is one.
    pub(crate) fn find(&self) -> Result<Option<RunningCluster>> {
        Ok(RunningCluster::find(&self.root)?)
    }

    /// Starts a daemon in the background, waits until it accepts connections, and prints one line about it.
    ///
    /// If another command starts one at the same time, one of the two wins and both commands use it.
    pub(crate) fn start(
        &self,
        port: Option<u16>,
        verbose: bool,
        output: &Output,
    ) -> Result<RunningCluster> {
        let mut log = self.open_log()?;
        let before = log.seek(SeekFrom::End(0)).unwrap_or_default();
        let mut child = self.spawn(port, verbose, log)?;
        let deadline = Instant::now() + START_LIMIT;
        let mut ended = None;
        loop {
            if let Some(running) = self.find()?
                && answers(&running.url)
            {
                if u32::try_from(running.pid).is_ok_and(|pid| pid == child.id()) {
                    output.note(format_args!(
                        "Started the devcluster at {}; `aurora devcluster stop` stops it",
                        running.url
                    ));
                }
                return Ok(running);
            }
            if ended.is_none() {
                ended = child.try_wait().ok().flatten();
            }
            let code = ended.and_then(|status| status.code());
            // COMMAND_FAILURE means that another copy was faster; wait for that one.
            let lost = ended.is_some() && code != Some(i32::from(exit::COMMAND_FAILURE));
            if lost || Instant::now() > deadline {
                let code = code.and_then(|code| u8::try_from(code).ok());
                let reason = if lost {
                    "the devcluster did not start".to_owned()
                } else {
                    format!(
                        "the devcluster did not accept connections within {} s",
                        START_LIMIT.as_secs()
                    )
                };
                return Err(self.start_failure(reason, code, before));
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    /// Stops it, and returns how it stopped.
    pub(crate) async fn stop(&self) -> Result<Stopped> {
        Ok(aurora_devcluster::stop(&self.root, STOP_LIMIT).await?)
    }

    /// Opens the log for the daemon, in a folder that only its owner can look into.
    fn open_log(&self) -> Result<File> {
        let failure = |path: &Path, error: std::io::Error| {
            Failure::new(
                exit::COMMAND_FAILURE,
                format!(
                    "cannot use `{}` for the devcluster: {error}",
                    path.display()
                ),
            )
            .hint("set `AURORA_DEVCLUSTER_DIR` to a folder for its state and sandboxes")
        };
        std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.root)
            .map_err(|error| failure(&self.root, error))?;
        let path = self.log();
        if path.metadata().is_ok_and(|log| log.len() > LOG_LIMIT) {
            let aside = path.with_extension("log.1");
            std::fs::rename(&path, &aside).map_err(|error| failure(&aside, error))?;
        }
        File::options()
            .create(true)
            .append(true)
            .open(&path)
            .map_err(|error| failure(&path, error))
    }

    fn spawn(&self, port: Option<u16>, verbose: bool, log: File) -> Result<Child> {
        let failure = |error: std::io::Error| {
            Failure::new(
                exit::COMMAND_FAILURE,
                format!("cannot start the devcluster's process: {error}"),
            )
        };
        let mut command = Command::new(std::env::current_exe().map_err(failure)?);
        command
            .args(["devcluster", "run", "--detach"])
            .env(DEVCLUSTER_DIR, &self.root)
            .current_dir(&self.root)
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failure)?)
            .stderr(log);
        if let Some(port) = port {
            command.arg("--port").arg(port.to_string());
        }
        if verbose {
            command.arg("--verbose");
        }
        command.spawn().map_err(failure)
    }

    /// The failure of a start, with the last lines of the daemon's log.
    fn start_failure(&self, reason: String, code: Option<u8>, log_start: u64) -> Failure {
        let code = code
            .filter(|code| *code != exit::SUCCESS)
            .unwrap_or(exit::COMMAND_FAILURE);
        let mut failure = Failure::new(code, format!("{reason}; the last lines of its log:"));
        for line in tail(&self.log(), log_start, TAIL_LINES) {
            failure = failure.detail(line);
        }
        failure.hint(format!("the whole log is in `{}`", self.log().display()))
    }
}

/// The running devcluster as a cluster to talk to.
pub(crate) fn running_cluster(environment: &Environment) -> Result<Cluster> {
    let embedded = Embedded::of(environment)?;
    let running = embedded.find()?.ok_or_else(not_running)?;
    let mut cluster = Cluster::direct(CLUSTER, running.url);
    cluster.slave_root = embedded.root().to_str().map(str::to_owned);
    cluster.slave_run_directory = Some("latest".to_owned());
    Ok(cluster)
}

/// Starts the devcluster in the background, unless it runs.
pub(crate) fn start_if_stopped(
    environment: &Environment,
    verbose: bool,
    output: &Output,
) -> Result<()> {
    let embedded = Embedded::of(environment)?;
    if embedded.find()?.is_none() {
        embedded.start(None, verbose, output)?;
    }
    Ok(())
}

/// Whether the devcluster runs.
pub(crate) fn is_running(environment: &Environment) -> Result<bool> {
    Ok(Embedded::of(environment)?.find()?.is_some())
}

/// The failure of verbs that need a running devcluster.
pub(crate) fn not_running() -> Failure {
    Failure::new(exit::NETWORK_ERROR, "The devcluster is not running")
        .hint("`aurora devcluster start` starts it, and so does `aurora job create devcluster/…`")
}

/// The devcluster's folder: `AURORA_DEVCLUSTER_DIR`, else `devcluster` in the folder for data.
fn folder(environment: &Environment) -> Result<PathBuf> {
    if let Some(dir) = environment.get(DEVCLUSTER_DIR) {
        return std::path::absolute(dir).map_err(|error| {
            Failure::new(
                exit::INVALID_CONFIGURATION,
                format!("cannot resolve `{DEVCLUSTER_DIR}`: {error}"),
            )
        });
    }
    let data = environment.data_dir().ok_or_else(|| {
        Failure::new(
            exit::INVALID_CONFIGURATION,
            "no home folder to keep the devcluster in",
        )
        .hint(format!(
            "set `{DEVCLUSTER_DIR}` to a folder for its state and sandboxes"
        ))
    })?;
    Ok(data.join("devcluster"))
}

/// Whether the address of a running copy accepts connections.
fn answers(url: &str) -> bool {
    let authority = url.strip_prefix("http://").unwrap_or(url);
    let authority = authority.split('/').next().unwrap_or(authority);
    authority
        .parse::<SocketAddr>()
        .is_ok_and(|address| TcpStream::connect_timeout(&address, CONNECT_LIMIT).is_ok())
}

/// The last `lines` lines of a file, from the position `start` at the earliest.
fn tail(path: &Path, start: u64, lines: usize) -> Vec<String> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|mut file| {
        file.seek(SeekFrom::Start(start))?;
        file.read_to_end(&mut bytes)
    });
    if read.is_err() {
        return Vec::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..]
        .iter()
        .map(|line| (*line).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_answers_while_a_process_listens() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        assert!(answers(&url));
        assert!(answers(&format!("{url}/scheduler")));
        // No process of a test listens at this port, while that of the listener may be taken again at once.
        assert!(!answers("http://127.0.0.1:1"));
        assert!(!answers("http://"));
    }

    #[test]
    fn the_tail_begins_where_this_start_began() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "old\none\ntwo\nthree\n").unwrap();
        assert_eq!(tail(&path, 4, 2), ["two", "three"]);
        assert_eq!(tail(&path, 4, 9), ["one", "two", "three"]);
        assert!(tail(&folder.path().join("none"), 0, 9).is_empty());
    }

    #[test]
    fn the_folder_is_in_the_data_folder_or_the_named_one() {
        let dir = |variables: &[(&str, &str)]| folder(&Environment::of(variables));
        let home = ("HOME", "/home/alice");
        assert_eq!(
            dir(&[home]).unwrap(),
            PathBuf::from("/home/alice/.local/share/aurora/devcluster")
        );
        assert_eq!(
            dir(&[home, ("XDG_DATA_HOME", "/data")]).unwrap(),
            PathBuf::from("/data/aurora/devcluster")
        );
        assert_eq!(
            dir(&[home, ("XDG_DATA_HOME", "data")]).unwrap(),
            PathBuf::from("/home/alice/.local/share/aurora/devcluster")
        );
        assert_eq!(
            dir(&[home, (DEVCLUSTER_DIR, "/tmp/dev")]).unwrap(),
            PathBuf::from("/tmp/dev")
        );
        assert!(dir(&[(DEVCLUSTER_DIR, "dev")]).unwrap().is_absolute());
        assert_eq!(dir(&[]).unwrap_err().code(), exit::INVALID_CONFIGURATION);
    }
}
