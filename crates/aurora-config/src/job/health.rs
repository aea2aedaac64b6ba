//! How the health of a task is watched, and how it is asked to end.

use serde::{Deserialize, Serialize};

use super::setters::setters;

/// When the health of a task is checked, and how many failures make it unhealthy.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HealthCheckConfig {
    /// What a check does; executors ask over HTTP, as by default, if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_checker: Option<HealthCheckerConfig>,
    /// Seconds before the first check.
    pub initial_interval_secs: f64,
    /// Seconds between checks.
    pub interval_secs: f64,
    /// How many failures in a row are tolerated.
    pub max_consecutive_failures: i64,
    /// Seconds that a check may take.
    pub timeout_secs: f64,
}

impl Default for HealthCheckConfig {
    fn default() -> Self {
        Self {
            health_checker: Some(HealthCheckerConfig::http(HttpHealthChecker::default())),
            initial_interval_secs: 15.0,
            interval_secs: 10.0,
            max_consecutive_failures: 0,
            timeout_secs: 1.0,
        }
    }
}

setters! { HealthCheckConfig {
    with_health_checker health_checker: some value(HealthCheckerConfig);
    with_initial_interval_secs initial_interval_secs: value(f64);
    with_interval_secs interval_secs: value(f64);
    with_max_consecutive_failures max_consecutive_failures: value(i64);
    with_timeout_secs timeout_secs: value(f64);
} }

/// What a health check does. With both set, the shell command counts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HealthCheckerConfig {
    /// Ask the port named `health` over HTTP.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpHealthChecker>,
    /// Run a command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shell: Option<ShellHealthChecker>,
}

impl HealthCheckerConfig {
    /// A check over HTTP.
    pub fn http(http: HttpHealthChecker) -> Self {
        Self {
            http: Some(http),
            shell: None,
        }
    }

    /// A check by a command.
    pub fn shell(command: impl Into<String>) -> Self {
        Self {
            http: None,
            shell: Some(ShellHealthChecker::new(command)),
        }
    }
}

setters! { HealthCheckerConfig {
    with_http http: some value(HttpHealthChecker);
    with_shell shell: some value(ShellHealthChecker);
} }

/// A health check over HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HttpHealthChecker {
    /// The path to ask for.
    pub endpoint: String,
    /// The answer in any case of letters; any answer will do if empty.
    pub expected_response: String,
    /// The status code; any will do if 0.
    pub expected_response_code: i64,
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

setters! { HttpHealthChecker {
    with_endpoint endpoint: text;
    with_expected_response expected_response: text;
    with_expected_response_code expected_response_code: value(i64);
} }

/// A health check by a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ShellHealthChecker {
    /// Healthy is whatever makes it end with 0.
    pub shell_command: String,
}

impl ShellHealthChecker {
    /// A check by this command.
    pub fn new(command: impl Into<String>) -> Self {
        Self {
            shell_command: command.into(),
        }
    }
}

/// How a task is asked to end. The default is not to ask.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LifecycleConfig {
    /// Over HTTP; not at all if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub http: Option<HttpLifecycleConfig>,
}

impl LifecycleConfig {
    /// The task is asked over HTTP.
    pub fn http(http: HttpLifecycleConfig) -> Self {
        Self { http: Some(http) }
    }
}

/// Where a task is asked to end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct HttpLifecycleConfig {
    /// The name of the port.
    pub port: String,
    /// The path that is sent a POST first.
    pub graceful_shutdown_endpoint: String,
    /// The path that is sent a POST some time later, as the last warning.
    pub shutdown_endpoint: String,
}

impl Default for HttpLifecycleConfig {
    fn default() -> Self {
        Self {
            port: "health".to_owned(),
            graceful_shutdown_endpoint: "/quitquitquit".to_owned(),
            shutdown_endpoint: "/abortabortabort".to_owned(),
        }
    }
}

setters! { HttpLifecycleConfig {
    with_port port: text;
    with_graceful_shutdown_endpoint graceful_shutdown_endpoint: text;
    with_shutdown_endpoint shutdown_endpoint: text;
} }
