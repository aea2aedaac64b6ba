//! One run from its launch to its end, with its output.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::net::unix::pipe;

use crate::guard::Guard;
use crate::logs::{self, Console, Sink};
use crate::process::{self, Group, LaunchContext, Launched};
use crate::spec::Logger;

/// All that a launch needs.
pub(crate) struct Launch {
    pub(crate) context: Arc<LaunchContext>,
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
    /// Errors of writing its output.
    pub(crate) log_errors: Vec<String>,
}

/// What came out of a run.
pub(crate) enum RunResult {
    /// Exit code, or the negative number of a signal.
    Ended(i32),
    /// Bash could not be started.
    NotLaunched(String),
    /// No process saw its end.
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
            &self.context.user,
        )?;
        let launched = process::launch(&self.context, &self.cmdline, self.guard)
            .map_err(|error| io::Error::new(error.kind(), format!("/bin/bash: {error}")))?;
        Ok(Started { launched, out, err })
    }
}

impl Started {
    pub(crate) fn group(&self) -> &Arc<Group> {
        &self.launched.group
    }

    /// Waits until bash has exited and both streams have ended. Then kills what is left of the session.
    pub(crate) async fn supervise(self) -> RunEnd {
        let Started { launched, out, err } = self;
        let group = launched.group;
        let mut log_errors = Vec::new();
        let watched: io::Result<()> = async {
            let stdout = pipe::Receiver::from_owned_fd(launched.stdout)?;
            let stderr = pipe::Receiver::from_owned_fd(launched.stderr)?;
            let (out, err, exited) = tokio::join!(
                logs::pump(stdout, out),
                logs::pump(stderr, err),
                group.exited()
            );
            log_errors.extend(out.into_iter().chain(err));
            exited
        }
        .await;
        let result = match (watched, finish(group).await) {
            (Err(error), _) => RunResult::Lost(error.to_string()),
            (Ok(()), result) => result,
        };
        RunEnd { result, log_errors }
    }
}

/// Kills what is left of a session and returns how its leader ended.
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
