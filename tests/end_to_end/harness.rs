//! A fresh machine: an empty home, a cleared environment, and an embedded cluster of its own.

use std::{
    fs,
    io::Read as _,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    thread,
    time::{Duration, Instant},
};

use tempfile::TempDir;

/// How long anything may take before a test gives up on it.
const PATIENCE: Duration = Duration::from_secs(60);

/// One user's machine. Dropping it stops its embedded cluster.
pub(crate) struct Machine {
    folder: TempDir,
}

/// How a command ended.
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    /// The same run, once it is sure that it ended with `code`.
    pub(crate) fn ended_with(self, code: i32) -> Self {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }

    pub(crate) fn succeeded(self) -> Self {
        self.ended_with(0)
    }

    pub(crate) fn says(self, text: &str) -> Self {
        assert!(
            self.stdout.contains(text) || self.stderr.contains(text),
            "`{text}` is missing.\nstdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Where the embedded cluster keeps its state, sandboxes included.
    pub(crate) fn cluster_folder(&self) -> PathBuf {
        self.path().join("devcluster")
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aurora-under-test"));
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path())
            .env("USER", "tester")
            .env("LOGNAME", "tester")
            .env("AURORA_CONFIG_ROOT", self.path())
            .env("AURORA_DEVCLUSTER_DIR", self.cluster_folder())
            .stdin(Stdio::null());
        command
    }

    #[must_use]
    pub(crate) fn aurora(&self, args: &[&str]) -> Run {
        self.command(args).output().unwrap().into()
    }

    /// Starts a command and lets it run.
    pub(crate) fn spawn(&self, args: &[&str]) -> Child {
        self.command(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        fs::write(self.path().join(name), text).unwrap();
        name.to_owned()
    }

    /// Waits until `job status` shows `text`, and returns what it showed.
    pub(crate) fn wait_for_status(&self, key: &str, text: &str) -> String {
        let mut last = String::new();
        eventually(&format!("`{text}` in the status of {key}"), || {
            let run = self.aurora(&["job", "status", key]);
            last = format!("{}{}", run.stdout, run.stderr);
            run.stdout.contains(text).then_some(run.stdout)
        })
    }

    /// The process id of the embedded cluster.
    pub(crate) fn cluster_pid(&self) -> i32 {
        let run = self
            .aurora(&["devcluster", "status", "-o", "json"])
            .succeeded();
        let status: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
        i32::try_from(status["pid"].as_i64().unwrap()).unwrap()
    }

    /// Files below the cluster's folder with this name.
    pub(crate) fn cluster_files(&self, name: &str) -> Vec<PathBuf> {
        let mut found = Vec::new();
        find(&self.cluster_folder(), name, &mut found);
        found
    }

    /// Command lines of the processes on this machine that mention `text`.
    pub(crate) fn processes_with(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            if let Ok(line) = fs::read(entry.path().join("cmdline")) {
                let line = String::from_utf8_lossy(&line).replace('\0', " ");
                if line.contains(text)
                    && entry.file_name() != std::process::id().to_string().as_str()
                {
                    found.push(line);
                }
            }
        }
        found
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        let _ = self.command(&["devcluster", "stop"]).output();
    }
}

/// Asks again and again until there is an answer.
pub(crate) fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} in vain for {what}"
        );
        thread::sleep(Duration::from_millis(100));
    }
}

/// The body of an HTTP answer.
pub(crate) fn http_get(port: u16, path: &str) -> Option<String> {
    use std::io::Write as _;
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n"
    )
    .ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    answer
        .split_once("\r\n\r\n")
        .map(|(_, body)| body.to_owned())
}

fn find(folder: &Path, name: &str, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() && !path.is_symlink() {
            find(&path, name, found);
        } else if entry.file_name() == name {
            found.push(path);
        }
    }
}

/// An example file of the repository.
pub(crate) fn example(name: &str) -> String {
    format!("{}/../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}
