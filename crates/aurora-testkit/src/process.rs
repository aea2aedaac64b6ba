//! Servers in processes of their own.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A server that is killed when this is dropped, and when the process of the tests ends without that.
#[derive(Debug)]
pub(crate) struct Process(Child);

impl Process {
    /// Starts a server whose output goes to a file. `shell` is a command that has the environment of the server.
    pub(crate) fn start<'a>(
        mut shell: Command,
        words: impl IntoIterator<Item = &'a Path>,
        log: &Path,
    ) -> Self {
        // The shell ends the server as soon as the pipe is closed, which the end of this process does too, and ends
        // with the server.
        let script =
            "exec 3<&0; \"$@\" & server=$!; { read -r _; kill -9 $server; } <&3 & wait $server";
        let log = File::create(log).unwrap();
        let child = shell
            .args(["-c", script, "sh"])
            .args(words)
            .stdin(Stdio::piped())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child)
    }

    /// The command that `start` takes, with the environment of the tests.
    pub(crate) fn shell() -> Command {
        Command::new("sh")
    }

    pub(crate) fn has_ended(&mut self) -> bool {
        self.0.try_wait().unwrap().is_some()
    }

    pub(crate) fn end(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}
