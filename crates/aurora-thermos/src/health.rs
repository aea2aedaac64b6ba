//! Health checks of a running task, over HTTP or by a command.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use crate::guard::Guard;
use crate::http;
use crate::process::{self, Group};
use crate::user::Identity;

/// Characters of a body that a reason shows.
const SHOWN: usize = 10;

/// When and how often to check.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HealthSettings {
    /// Time before the first check. Zero means at once; the first check then counts as any other, while in
    /// Thermos its failure is never tolerated.
    pub initial_interval: Duration,
    /// Time between the end of a check and the next one.
    pub interval: Duration,
    /// Time that one check may take; longer is a failure.
    pub timeout: Duration,
    /// Failures in a row that are tolerated. One more makes the task unhealthy.
    pub max_consecutive_failures: u32,
    /// While this file exists, checks are skipped and count as passed. Thermos uses `.healthchecksnooze` in
    /// the sandbox.
    pub snooze_file: Option<PathBuf>,
}

impl Default for HealthSettings {
    /// The documented defaults: first check after 15 s, then one every 10 s, time-out 1 s, no failure tolerated.
    fn default() -> Self {
        HealthSettings {
            initial_interval: Duration::from_secs(15),
            interval: Duration::from_secs(10),
            timeout: Duration::from_secs(1),
            max_consecutive_failures: 0,
            snooze_file: None,
        }
    }
}

/// The failure of a check.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
#[non_exhaustive]
pub struct Unhealthy {
    /// The reason: one sentence without a full stop.
    pub reason: String,
}

impl Unhealthy {
    fn new(reason: impl Into<String>) -> Unhealthy {
        Unhealthy {
            reason: reason.into(),
        }
    }
}

/// A health check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HealthChecker {
    /// An HTTP request.
    Http(HttpHealthChecker),
    /// A command.
    Shell(ShellHealthChecker),
}

impl HealthChecker {
    /// Checks once. Cancel-safe; a command still running is killed.
    ///
    /// # Errors
    ///
    /// [`Unhealthy`] with the reason, also when the check takes longer than `timeout`.
    pub async fn check(&self, timeout: Duration) -> Result<(), Unhealthy> {
        match self {
            HealthChecker::Http(checker) => checker.check(timeout).await,
            HealthChecker::Shell(checker) => checker.check(timeout).await,
        }
    }

    /// Checks repeatedly, and returns when the task is unhealthy. Drop the future to stop.
    pub async fn watch(&self, settings: &HealthSettings) -> Unhealthy {
        watch(settings, || self.check(settings.timeout)).await
    }
}

/// Not an `AsyncFnMut`: with one, the compiler cannot see that the future may move between threads.
async fn watch<F: Future<Output = Result<(), Unhealthy>>>(
    settings: &HealthSettings,
    mut check: impl FnMut() -> F,
) -> Unhealthy {
    let mut failures = 0_u32;
    let mut pause = settings.initial_interval;
    loop {
        tokio::time::sleep(pause).await;
        pause = settings.interval;
        let snoozed = match &settings.snooze_file {
            Some(file) => tokio::fs::try_exists(file).await.unwrap_or(false),
            None => false,
        };
        match if snoozed { Ok(()) } else { check().await } {
            Ok(()) => failures = 0,
            Err(unhealthy) => {
                tracing::debug!(reason = unhealthy.reason, failures, "health check failed");
                if failures >= settings.max_consecutive_failures {
                    return unhealthy;
                }
                failures += 1;
            }
        }
    }
}

/// A check by a GET request to `localhost`. Redirects are followed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpHealthChecker {
    /// Port of the task.
    pub port: u16,
    /// Path to ask for.
    pub endpoint: String,
    /// Body of a healthy task's response, without regard to case and surrounding white space; `None` or empty: any.
    pub expected_response: Option<String>,
    /// Status code of a healthy task's response; `None`: any.
    pub expected_response_code: Option<u16>,
}

impl HttpHealthChecker {
    /// The documented check: `/health` answers `ok`.
    pub fn new(port: u16) -> HttpHealthChecker {
        HttpHealthChecker {
            port,
            endpoint: "/health".to_owned(),
            expected_response: Some("ok".to_owned()),
            expected_response_code: None,
        }
    }

    async fn check(&self, timeout: Duration) -> Result<(), Unhealthy> {
        let answer = http::get(self.port, &self.endpoint, timeout)
            .await
            .map_err(Unhealthy::new)?;
        self.judge(&answer)
    }

    fn judge(&self, answer: &http::Answer) -> Result<(), Unhealthy> {
        let expected = self.expected_response.as_deref().unwrap_or_default();
        let expected = expected.to_lowercase();
        let body = answer.body.trim().to_lowercase();
        if !expected.is_empty() && body != expected {
            return Err(Unhealthy::new(format!(
                "expected the response '{}', got '{}' (code {})",
                shown(&expected),
                shown(&body),
                answer.code
            )));
        }
        if let Some(code) = self.expected_response_code
            && answer.code != code
        {
            return Err(Unhealthy::new(format!(
                "expected the response code {code}, got {}",
                answer.code
            )));
        }
        Ok(())
    }
}

fn shown(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}

/// How a shell check reads its command.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ShellMode {
    /// `/bin/bash -c`, as the documentation promises a shell command.
    #[default]
    Bash,
    /// Split into words by shell rules and executed without a shell, as Thermos 0.12.0 does.
    Words,
}

/// A check by a command; exit code 0 means healthy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShellHealthChecker {
    /// The command.
    pub command: String,
    /// How it is read.
    pub mode: ShellMode,
    /// Where it runs.
    pub directory: PathBuf,
    /// All environment variables of the command.
    pub environment: Vec<(OsString, OsString)>,
    /// User that runs the command; `None`: the user of this process. Another user needs root.
    pub user: Option<String>,
}

impl ShellHealthChecker {
    /// A check by bash with an empty environment and the current user.
    pub fn new(command: impl Into<String>, directory: impl Into<PathBuf>) -> ShellHealthChecker {
        ShellHealthChecker {
            command: command.into(),
            mode: ShellMode::default(),
            directory: directory.into(),
            environment: Vec::new(),
            user: None,
        }
    }

    async fn check(&self, timeout: Duration) -> Result<(), Unhealthy> {
        let checker = self.clone();
        let run = async {
            let group = tokio::task::spawn_blocking(move || checker.launch())
                .await
                .map_err(|error| Unhealthy::new(error.to_string()))??;
            let ended = group.exited().await;
            let status = tokio::task::spawn_blocking(move || group.finish())
                .await
                .map_err(io::Error::other)
                .flatten();
            ended.and(status).map_err(|error| self.failed(&error))
        };
        let status = tokio::time::timeout(timeout, run).await.map_err(|_| {
            Unhealthy::new(format!(
                "the command '{}' did not end within {timeout:?}",
                self.command
            ))
        })??;
        match process::return_code(status) {
            0 => Ok(()),
            code @ 1.. => Err(Unhealthy::new(format!(
                "the command '{}' exited with {code}",
                self.command
            ))),
            signal => Err(Unhealthy::new(format!(
                "the command '{}' died by signal {}",
                self.command, -signal
            ))),
        }
    }

    fn launch(&self) -> Result<Group, Unhealthy> {
        let words = match self.mode {
            ShellMode::Bash => vec![
                "/bin/bash".to_owned(),
                "-c".to_owned(),
                self.command.clone(),
            ],
            ShellMode::Words => shlex::split(&self.command).unwrap_or_default(),
        };
        let Some((program, arguments)) = words.split_first() else {
            return Err(Unhealthy::new(format!(
                "the command '{}' has no words or an open quote",
                self.command
            )));
        };
        let user = Identity::resolve(self.user.as_deref())
            .map_err(|error| Unhealthy::new(error.to_string()))?;
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.directory)
            .env_clear()
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut start = || {
            let guard = Arc::new(Guard::start("health check")?);
            let child = guard.spawn(&mut command, &user, false)?;
            Group::new(child, Some(guard))
        };
        start().map_err(|error: io::Error| self.failed(&error))
    }

    fn failed(&self, error: &io::Error) -> Unhealthy {
        Unhealthy::new(format!(
            "the command '{}' cannot run: {error}",
            self.command
        ))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;
    use tokio::time::Instant;

    fn settings(max_consecutive_failures: u32) -> HealthSettings {
        HealthSettings {
            max_consecutive_failures,
            ..HealthSettings::default()
        }
    }

    /// Seconds at which the checks were made, when each takes a second and answers as given.
    async fn times(settings: &HealthSettings, answers: &[bool]) -> Vec<u64> {
        let start = Instant::now();
        let answers = RefCell::new(answers.iter());
        let times = RefCell::new(Vec::new());
        let unhealthy = watch(settings, || async {
            times.borrow_mut().push(start.elapsed().as_secs());
            tokio::time::sleep(Duration::from_secs(1)).await;
            match answers.borrow_mut().next() {
                Some(true) => Ok(()),
                Some(false) => Err(Unhealthy::new("no")),
                None => panic!("asked after the end"),
            }
        })
        .await;
        assert_eq!(unhealthy.reason, "no");
        assert_eq!(answers.borrow().len(), 0);
        times.into_inner()
    }

    #[test]
    fn body_and_code_decide_whether_a_response_is_healthy() {
        let reason = |checker: &HttpHealthChecker, code, body: &str| {
            let body = body.to_owned();
            let judged = checker.judge(&http::Answer { code, body });
            judged.err().map(|unhealthy| unhealthy.reason)
        };
        let documented = HttpHealthChecker::new(80);
        assert_eq!(reason(&documented, 500, " OK\n"), None);
        let long = "x".repeat(SHOWN + 1);
        let wrong = format!(
            "expected the response 'ok', got '{}' (code 200)",
            &long[1..]
        );
        assert_eq!(reason(&documented, 200, &long), Some(wrong));
        let by_code = HttpHealthChecker {
            expected_response: None,
            expected_response_code: Some(204),
            ..documented
        };
        assert_eq!(reason(&by_code, 204, "whatever"), None);
        let wrong = "expected the response code 204, got 200".to_owned();
        assert_eq!(reason(&by_code, 200, "whatever"), Some(wrong));
    }

    #[tokio::test]
    async fn a_check_asks_the_kind_that_it_is() {
        let shell = |command| HealthChecker::Shell(ShellHealthChecker::new(command, "/"));
        let timeout = Duration::from_secs(60);
        assert_eq!(shell("exit 0").check(timeout).await, Ok(()));
        let unhealthy = shell("exit 3").check(timeout).await.unwrap_err();
        assert_eq!(unhealthy.reason, "the command 'exit 3' exited with 3");
        // Port 0 cannot be connected to.
        let http = HealthChecker::Http(HttpHealthChecker::new(0));
        assert!(http.check(timeout).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn the_interval_runs_from_the_end_of_a_check() {
        assert_eq!(
            times(&settings(0), &[true, true, false]).await,
            [15, 26, 37]
        );
    }

    #[tokio::test(start_paused = true)]
    async fn failures_are_forgiven_until_too_many_come_in_a_row() {
        let answers = [false, false, true, false, false, false];
        assert_eq!(times(&settings(2), &answers).await.len(), 6);
    }

    #[tokio::test(start_paused = true)]
    async fn a_snoozed_check_is_not_made_and_counts_as_good() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".healthchecksnooze");
        std::fs::write(&file, "").unwrap();
        let settings = HealthSettings {
            snooze_file: Some(file.clone()),
            ..settings(0)
        };
        let watching = watch(&settings, || async { Err(Unhealthy::new("sick")) });
        tokio::pin!(watching);
        let hour = tokio::time::sleep(Duration::from_secs(3600));
        tokio::select! {
            unhealthy = &mut watching => panic!("{unhealthy}"),
            () = hour => {}
        }
        std::fs::remove_file(file).unwrap();
        assert_eq!(watching.await.reason, "sick");
    }
}
