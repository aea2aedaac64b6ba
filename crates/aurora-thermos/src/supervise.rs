//! One run from its launch to its end, with its output.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::unix::pipe;

use crate::guard::Guard;
use crate::logs::{self, Console, Sink};
use crate::process::{self, Group, Launched, Surroundings};
use crate::spec::Logger;

/// All that a launch needs.
pub(crate) struct Launch {
    pub(crate) surroundings: Arc<Surroundings>,
    pub(crate) guard: Arc<Guard>,
    pub(crate) process: String,
    pub(crate) run: u32,
    pub(crate) cmdline: String,
    pub(crate) log_dir: PathBuf,
    pub(crate) logger: Logger,
    pub(crate) console: Option<Console>,
}

/// A run that has started.
pub(crate) struct Started {
    launched: Launched,
    out: Sink,
    err: Sink,
}

/// How a run ended.
pub(crate) struct RunEnd {
    pub(crate) result: RunResult,
    /// What went wrong with its output.
    pub(crate) trouble: Vec<String>,
}

/// What came out of a run.
pub(crate) enum RunResult {
    /// Exit code, or the negative number of a signal.
    Ended(i32),
    /// Bash could not be started.
    NotLaunched(String),
    /// Nobody saw its end.
    Lost(String),
}

impl Launch {
    /// Opens the logs and starts bash. Blocks until both is done.
    pub(crate) fn start(self) -> io::Result<Started> {
        let (out, err) = logs::open(
            &self.log_dir,
            &self.process,
            self.run,
            self.logger,
            self.console.as_ref(),
            &self.surroundings.user,
        )?;
        let launched = process::launch(&self.surroundings, &self.cmdline, self.guard)
            .map_err(|error| io::Error::new(error.kind(), format!("/bin/bash: {error}")))?;
        Ok(Started { launched, out, err })
    }
}

impl Started {
    pub(crate) fn group(&self) -> &Arc<Group> {
        &self.launched.group
    }

    /// Sees the run to its end: bash has exited and both streams have ended. Then whatever is left of its
    /// session is killed.
    pub(crate) async fn supervise(self) -> RunEnd {
        let Started { launched, out, err } = self;
        let group = launched.group;
        let mut trouble = Vec::new();
        let watched: io::Result<()> = async {
            let stdout = pipe::Receiver::from_owned_fd(launched.stdout)?;
            let stderr = pipe::Receiver::from_owned_fd(launched.stderr)?;
            let (out, err, exited) = tokio::join!(
                logs::pump(stdout, out),
                logs::pump(stderr, err),
                group.exited()
            );
            trouble.extend(out.into_iter().chain(err));
            exited
        }
        .await;
        let result = match (watched, finish(group).await) {
            (Err(error), _) => RunResult::Lost(error.to_string()),
            (Ok(()), result) => result,
        };
        RunEnd { result, trouble }
    }
}

/// Kills what is left of a session and tells how its leader ended.
pub(crate) async fn finish(group: Arc<Group>) -> RunResult {
    let status = tokio::task::spawn_blocking(move || group.finish())
        .await
        .map_err(io::Error::other)
        .flatten();
    match status {
        Ok(status) => RunResult::Ended(process::return_code(status)),
        Err(error) => RunResult::Lost(error.to_string()),
    }
}
