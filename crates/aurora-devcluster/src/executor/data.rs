//! What the executor reads of a job: the part of the executor data that matters at run time.
//!
//! Two forms are taken: a whole job, and the older form for one instance. The fields that count have the same names in
//! both. Unknown fields are skipped.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Job {
    pub(super) task: Task,
    #[serde(default)]
    pub(super) health_check_config: Option<HealthCheckConfig>,
    #[serde(default)]
    pub(super) lifecycle: Option<Lifecycle>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Task {
    #[serde(default)]
    pub(super) name: Option<String>,
    pub(super) processes: Vec<Process>,
    #[serde(default)]
    pub(super) constraints: Vec<Order>,
    #[serde(default = "one")]
    pub(super) max_failures: u32,
    #[serde(default)]
    pub(super) max_concurrency: u32,
    #[serde(default = "thirty")]
    pub(super) finalization_wait: u64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Process {
    pub(super) name: String,
    pub(super) cmdline: String,
    #[serde(default = "one")]
    pub(super) max_failures: u32,
    #[serde(default)]
    pub(super) daemon: bool,
    #[serde(default)]
    pub(super) ephemeral: bool,
    #[serde(default = "fifteen")]
    pub(super) min_duration: u64,
    #[serde(default, rename = "final")]
    pub(super) is_final: bool,
    #[serde(default)]
    pub(super) logger: Option<Logger>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Order {
    #[serde(default)]
    pub(super) order: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Logger {
    #[serde(default)]
    pub(super) destination: Option<String>,
    #[serde(default)]
    pub(super) mode: Option<String>,
    #[serde(default)]
    pub(super) rotate: Option<Rotate>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Rotate {
    #[serde(default)]
    pub(super) log_size: Option<u64>,
    #[serde(default)]
    pub(super) backups: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct HealthCheckConfig {
    pub(super) health_checker: HealthChecker,
    pub(super) initial_interval_secs: f64,
    pub(super) interval_secs: f64,
    pub(super) timeout_secs: f64,
    pub(super) max_consecutive_failures: u32,
}

impl Default for HealthCheckConfig {
    fn default() -> Self {
        Self {
            health_checker: HealthChecker::default(),
            initial_interval_secs: 15.0,
            interval_secs: 10.0,
            timeout_secs: 1.0,
            max_consecutive_failures: 0,
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct HealthChecker {
    pub(super) http: Option<HttpHealthChecker>,
    pub(super) shell: Option<ShellHealthChecker>,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct HttpHealthChecker {
    pub(super) endpoint: String,
    pub(super) expected_response: String,
    pub(super) expected_response_code: u16,
}

impl Default for HttpHealthChecker {
    fn default() -> Self {
        Self {
            endpoint: "/health".to_owned(),
            expected_response: "ok".to_owned(),
            expected_response_code: 0,
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ShellHealthChecker {
    pub(super) shell_command: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Lifecycle {
    #[serde(default)]
    pub(super) http: Option<HttpLifecycle>,
}

#[derive(Debug, Deserialize)]
#[serde(default)]
pub(super) struct HttpLifecycle {
    pub(super) port: String,
    pub(super) graceful_shutdown_endpoint: String,
    pub(super) shutdown_endpoint: String,
}

impl Default for HttpLifecycle {
    fn default() -> Self {
        Self {
            port: "health".to_owned(),
            graceful_shutdown_endpoint: "/quitquitquit".to_owned(),
            shutdown_endpoint: "/abortabortabort".to_owned(),
        }
    }
}

fn one() -> u32 {
    1
}

fn fifteen() -> u64 {
    15
}

fn thirty() -> u64 {
    30
}
