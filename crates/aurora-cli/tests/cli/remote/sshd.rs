//! A real SSH server of a test's own, on a free port of the loopback.

use std::fs::{self, DirBuilder, File};
use std::net::TcpListener;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use nix::unistd::{User, getuid};
use tempfile::TempDir;

use crate::left_out;

/// Where the Debian package `openssh-server` puts the server, which has to be started by its whole path.
const SERVER: &str = "/usr/sbin/sshd";
/// What a server that root starts wants to be there, as the system's own service makes it.
const EMPTY_FOLDER: &str = "/run/sshd";
/// A slow machine that compiles meanwhile may need it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(120);

/// Any host name leads to the server, which nobody has met before.
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
pub(crate) struct Sshd {
    folder: TempDir,
    port: u16,
    process: Child,
}

impl Sshd {
    /// A server that lets the user of the tests in; nothing if there is none, which is told.
    pub(crate) fn start() -> Option<Self> {
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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let settings = format!(
            "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\n\
             StrictModes no\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n\
             PermitRootLogin prohibit-password\nMaxStartups 100\n",
            path("host_key").display(),
            path("authorized_keys").display(),
        );
        fs::write(path("sshd_config"), settings).unwrap();
        let log = File::create(path("log")).unwrap();
        // The shell ends the server as soon as the pipe is closed, which the end of this process
        // does too.
        let process = Command::new("sh")
            .args(["-c", "\"$@\" & read -r _; kill $!", "sh"])
            .args([SERVER, "-D", "-e", "-f"])
            .arg(path("sshd_config"))
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self {
            folder,
            port,
            process,
        }
    }

    /// What `--ssh-options` needs to get in.
    pub(crate) fn options(&self) -> String {
        format!(
            "-p {} -i {} -F {}",
            self.port,
            self.path("key").display(),
            self.path("ssh_config").display()
        )
    }

    /// The account that the server lets in: that of the tests.
    pub(crate) fn user() -> String {
        User::from_uid(getuid()).unwrap().unwrap().name
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Waits until it serves. Fails when somebody else took its port meanwhile.
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

impl Drop for Sshd {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        let _ = self.process.wait();
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
