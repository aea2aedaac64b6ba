//! The parts of a job that the executor reads, with the names and the defaults of release 0.12.0.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Deserialize;

use crate::bytes::Bytes;
use crate::error::Error;
use crate::health::{HealthChecker, HealthSettings, HttpHealthChecker, ShellHealthChecker};
use crate::lifecycle::HttpTeardown;
use crate::spec::{LogDestination, LogMode, Logger, ProcessSpec, RotatePolicy, TaskSpec};

/// The port whose presence turns HTTP health checks on.
const HEALTH_PORT: &str = "health";

/// A number of the job in the size that it has to fit.
fn number<T: TryFrom<i64>>(field: &'static str, value: i64) -> Result<T, Error> {
    T::try_from(value).map_err(|_| Error::OutOfRange {
        field,
        value: value.to_string(),
    })
}

/// Whole seconds; a negative number counts as 0.
fn seconds(number: i64) -> Duration {
    Duration::from_secs(u64::try_from(number).unwrap_or(0))
}

/// Seconds with a fraction; a negative number counts as 0.
fn fraction(field: &'static str, number: f64) -> Result<Duration, Error> {
    Duration::try_from_secs_f64(f64::max(number, 0.0)).map_err(|_| Error::OutOfRange {
        field,
        value: number.to_string(),
    })
}

/// A job; everything else in executor data is ignored.
#[derive(Deserialize)]
pub(super) struct Job {
    pub(super) task: Task,
    pub(super) health_check_config: Option<HealthCheckConfig>,
    pub(super) lifecycle: Option<Lifecycle>,
}

#[derive(Deserialize)]
#[serde(default)]
pub(super) struct Announcer {
    pub(super) primary_port: String,
    pub(super) portmap: BTreeMap<String, String>,
}

impl Default for Announcer {
    fn default() -> Announcer {
        Announcer {
            primary_port: "http".to_owned(),
            portmap: BTreeMap::from([("aurora".to_owned(), "{{primary_port}}".to_owned())]),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Task {
    name: String,
    #[serde(default)]
    processes: Vec<Process>,
    #[serde(default)]
    constraints: Vec<Constraint>,
    #[serde(default = "one")]
    max_failures: i64,
    #[serde(default)]
    max_concurrency: i64,
    finalization_wait: Option<i64>,
}

#[derive(Deserialize)]
struct Constraint {
    #[serde(default)]
    order: Vec<String>,
}

fn one() -> i64 {
    1
}

impl Task {
    pub(super) fn spec(self) -> Result<TaskSpec, Error> {
        let processes: Result<Vec<_>, _> = self.processes.into_iter().map(Process::spec).collect();
        let mut spec = TaskSpec::new(self.name, processes?);
        spec.constraints = self.constraints.into_iter().map(|it| it.order).collect();
        spec.max_failures = number("max_failures of the task", self.max_failures)?;
        spec.max_concurrency = number("max_concurrency", self.max_concurrency)?;
        if let Some(wait) = self.finalization_wait {
            spec.finalization_wait = seconds(wait);
        }
        Ok(spec)
    }
}

#[derive(Deserialize)]
struct Process {
    name: String,
    cmdline: String,
    #[serde(default = "one")]
    max_failures: i64,
    #[serde(default)]
    daemon: bool,
    #[serde(default)]
    ephemeral: bool,
    min_duration: Option<i64>,
    #[serde(rename = "final", default)]
    is_final: bool,
    logger: Option<JobLogger>,
}

impl Process {
    fn spec(self) -> Result<ProcessSpec, Error> {
        let mut spec = ProcessSpec::new(self.name, self.cmdline);
        // Thermos compares failures so far with the limit, so below zero the first one is too many.
        let max_failures = if self.max_failures < 0 {
            1
        } else {
            self.max_failures
        };
        spec.max_failures = number("max_failures of a process", max_failures)?;
        spec.daemon = self.daemon;
        spec.ephemeral = self.ephemeral;
        if let Some(pause) = self.min_duration {
            spec.min_duration = seconds(pause);
        }
        spec.is_final = self.is_final;
        spec.logger = self.logger.map(JobLogger::logger).transpose()?;
        Ok(spec)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct JobLogger {
    destination: Destination,
    mode: Mode,
    rotate: Option<Rotate>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Destination {
    #[default]
    File,
    Console,
    Both,
    None,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mode {
    #[default]
    Standard,
    Rotate,
}

#[derive(Deserialize)]
struct Rotate {
    log_size: Option<i64>,
    backups: Option<i64>,
}

impl JobLogger {
    fn logger(self) -> Result<Logger, Error> {
        let destination = match self.destination {
            Destination::File => LogDestination::File,
            Destination::Console => LogDestination::Console,
            Destination::Both => LogDestination::Both,
            Destination::None => LogDestination::None,
        };
        let mode = match self.mode {
            Mode::Standard => LogMode::Standard,
            Mode::Rotate => {
                // Without a policy the released runner refuses the task; its documented defaults apply here.
                let mut policy = RotatePolicy::default();
                if let Some(size) = self.rotate.as_ref().and_then(|it| it.log_size) {
                    policy.log_size = Bytes::new(number("log_size", size)?);
                }
                if let Some(backups) = self.rotate.as_ref().and_then(|it| it.backups) {
                    policy.backups = number("backups", backups)?;
                }
                LogMode::Rotate(policy)
            }
        };
        Ok(Logger::new(destination, mode))
    }
}

#[derive(Default, Deserialize)]
pub(super) struct HealthCheckConfig {
    health_checker: Option<Checker>,
    initial_interval_secs: Option<f64>,
    interval_secs: Option<f64>,
    max_consecutive_failures: Option<i64>,
    timeout_secs: Option<f64>,
}

/// With both set, the shell command counts.
#[derive(Default, Deserialize)]
struct Checker {
    http: Option<HttpCheck>,
    shell: Option<ShellCheck>,
}

#[derive(Deserialize)]
struct HttpCheck {
    endpoint: Option<String>,
    expected_response: Option<String>,
    expected_response_code: Option<i64>,
}

#[derive(Deserialize)]
struct ShellCheck {
    shell_command: String,
}

impl HealthCheckConfig {
    /// The check, and when it is made; `None` if there is none.
    pub(super) fn check(
        self,
        ports: &BTreeMap<String, u16>,
    ) -> Result<Option<(HealthChecker, HealthSettings)>, Error> {
        let mut settings = HealthSettings::default();
        for (field, given, setting) in [
            (
                "initial_interval_secs",
                self.initial_interval_secs,
                &mut settings.initial_interval,
            ),
            ("interval_secs", self.interval_secs, &mut settings.interval),
            ("timeout_secs", self.timeout_secs, &mut settings.timeout),
        ] {
            if let Some(number) = given {
                *setting = fraction(field, number)?;
            }
        }
        if let Some(failures) = self.max_consecutive_failures {
            settings.max_consecutive_failures = number("max_consecutive_failures", failures)?;
        }
        let wanted = self.health_checker.unwrap_or_default();
        let checker = match (wanted.shell, ports.get(HEALTH_PORT)) {
            (Some(shell), _) => {
                HealthChecker::Shell(ShellHealthChecker::new(shell.shell_command, "."))
            }
            (None, Some(&port)) => HealthChecker::Http(http_checker(port, wanted.http)?),
            (None, None) => return Ok(None),
        };
        Ok(Some((checker, settings)))
    }
}

fn http_checker(port: u16, given: Option<HttpCheck>) -> Result<HttpHealthChecker, Error> {
    let mut checker = HttpHealthChecker::new(port);
    let Some(given) = given else {
        return Ok(checker);
    };
    if let Some(endpoint) = given.endpoint {
        checker.endpoint = endpoint;
    }
    if let Some(response) = given.expected_response {
        checker.expected_response = Some(response);
    }
    let code: u16 = number(
        "expected_response_code",
        given.expected_response_code.unwrap_or(0),
    )?;
    checker.expected_response_code = Some(code).filter(|code| *code != 0);
    Ok(checker)
}

#[derive(Deserialize)]
pub(super) struct Lifecycle {
    pub(super) http: Option<HttpLifecycle>,
}

#[derive(Deserialize)]
pub(super) struct HttpLifecycle {
    port: Option<String>,
    graceful_shutdown_endpoint: Option<String>,
    shutdown_endpoint: Option<String>,
}

impl HttpLifecycle {
    pub(super) fn teardown(self, ports: &BTreeMap<String, u16>) -> Option<HttpTeardown> {
        let name = self.port.as_deref().unwrap_or(HEALTH_PORT);
        let mut teardown = HttpTeardown::new(*ports.get(name)?);
        if let Some(endpoint) = self.graceful_shutdown_endpoint {
            teardown.graceful_shutdown_endpoint = endpoint;
        }
        if let Some(endpoint) = self.shutdown_endpoint {
            teardown.shutdown_endpoint = endpoint;
        }
        Some(teardown)
    }
}
