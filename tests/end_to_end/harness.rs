//! A fresh machine: an empty home, a cleared environment, and an embedded cluster of its own.

use std::{
    fs,
    io::Read as _,
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use aurora_testkit::{
    command::{Home, Run},
    eventually,
};

/// One user's machine. Dropping it stops its embedded cluster.
pub(crate) struct Machine {
    home: Home,
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self {
            home: Home::of(env!("CARGO_BIN_EXE_aurora-under-test")),
        }
    }

    /// The folder in which commands run.
    pub(crate) fn work(&self) -> PathBuf {
        self.home.work()
    }

    /// Where the embedded cluster keeps its state, sandboxes included.
    pub(crate) fn cluster_folder(&self) -> PathBuf {
        self.home.devcluster()
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = self.home.command(args);
        command
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("USER", "tester")
            .env("LOGNAME", "tester");
        command
    }

    /// Another program in the place of the command.
    pub(crate) fn shell(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        self.home.prepare(&mut command);
        command
    }

    pub(crate) fn aurora(&self, args: &[&str]) -> Run {
        Run::of(&mut self.command(args))
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
        fs::write(self.work().join(name), text).unwrap();
        name.to_owned()
    }

    /// Writes the system's `clusters.json`.
    pub(crate) fn clusters(&self, text: &str) {
        fs::write(self.home.etc().join("clusters.json"), text).unwrap();
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
