//! A real SSH server of a test's own, on a free port of the loopback.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::{User, getuid};
use tempfile::TempDir;

use crate::ports::free_address;
use crate::process::Process;
use crate::{PATIENCE, left_out};

/// Where the Debian package `openssh-server` puts the server, which has to be started by its whole path.
const SERVER: &str = "/usr/sbin/sshd";
/// What a server that root starts wants to be there, as the system's own service makes it.
const EMPTY_FOLDER: &str = "/run/sshd";

/// Any host name leads to the server, whose key is new to the client.
const CLIENT: &str = "\
Host *
  HostName 127.0.0.1
  BatchMode yes
  ConnectTimeout 60
  GlobalKnownHostsFile /dev/null
  IdentitiesOnly yes
  LogLevel ERROR
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
";

/// One server. It is killed when it is dropped, and when this process ends without that.
#[derive(Debug)]
pub struct Sshd {
    // Ends before its folder.
    _process: Process,
    folder: TempDir,
    port: u16,
}

impl Sshd {
    /// A server that lets the user of the tests in; nothing without one: the test is left out by name.
    pub fn start() -> Option<Self> {
        if !is_installed() {
            return None;
        }
        if getuid().is_root() {
            let mut folder = DirBuilder::new();
            folder
                .recursive(true)
                .mode(0o755)
                .create(EMPTY_FOLDER)
                .unwrap();
        }
        for _ in 0..5 {
            let mut server = Self::spawn();
            if server.comes_up() {
                return Some(server);
            }
        }
        panic!("sshd finds no free port");
    }

    fn spawn() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        make_key(&path("host_key"));
        make_key(&path("key"));
        fs::rename(path("key.pub"), path("authorized_keys")).unwrap();
        fs::write(path("ssh_config"), CLIENT).unwrap();
        let port = free_address().port();
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin prohibit-password\nMaxStartups 100\n",
            path("host_key").display(),
            path("authorized_keys").display(),
        );
        fs::write(path("sshd_config"), settings).unwrap();
        let settings = path("sshd_config");
        let words = [SERVER, "-D", "-e", "-f"].map(Path::new);
        let words = words.into_iter().chain([&*settings]);
        let process = Process::start(Process::shell(), words, &path("log"));
        Self {
            folder,
            port,
            _process: process,
        }
    }

    /// What `--ssh-options` needs to get in.
    pub fn options(&self) -> String {
        format!(
            "-p {} -i {} -F {}",
            self.port,
            self.path("key").display(),
            self.path("ssh_config").display()
        )
    }

    /// The account that the server lets in: that of the tests.
    pub fn user() -> String {
        User::from_uid(getuid()).unwrap().unwrap().name
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits until it serves. Fails when another program took its port.
    fn comes_up(&mut self) -> bool {
        let deadline = Instant::now() + PATIENCE;
        let log = || fs::read_to_string(self.path("log")).unwrap();
        while Instant::now() < deadline {
            let log = log();
            if log.contains("Server listening on") {
                return true;
            }
            if log.contains("Address already in use") {
                return false;
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("sshd does not come up: {}", log());
    }
}

fn make_key(path: &Path) {
    let made = Command::new("ssh-keygen")
        .args(["-q", "-t", "ed25519", "-N", "", "-f"])
        .arg(path)
        .status();
    assert!(made.unwrap().success());
}

/// Whether client and server are there; if not, the test is left out by name.
fn is_installed() -> bool {
    let has_client = Command::new("ssh").arg("-V").stderr(Stdio::null()).status();
    let is_installed = has_client.is_ok() && Path::new(SERVER).is_file();
    left_out::unless(is_installed, "SSH", &["openssh-server", "openssh-client"])
}
