//! How the health of a task is watched, and how it is asked to stop.

use super::prelude::*;

declare! {
    /// When the health of a task is checked, and what counts as unhealthy. The expected HTTP response belongs in
    /// `HttpHealthChecker`.
    struct HealthCheckConfig = "HealthCheckConfig" {
        /// The kind of the check.
        health_checker, with_health_checker: [maybe of HealthCheckerConfig] default(
            ready DefaultHealthChecker: HealthCheckerConfig::http(HttpHealthChecker::default())
        );
        /// Seconds before the first check. The documentation shows whole numbers here and below; fractions are allowed.
        initial_interval_secs, with_initial_interval_secs: [fractional seconds] default(15.0);
        /// Seconds between checks.
        interval_secs, with_interval_secs: [fractional seconds] default(10.0);
        /// How many consecutive failures are tolerated.
        max_consecutive_failures, with_max_consecutive_failures: [int] default(0);
        /// Time limit of one check, in seconds.
        timeout_secs, with_timeout_secs: [fractional seconds] default(1.0);
    }

    /// The kind of a health check. If both fields are set, the command is used.
    #[derive(Eq)]
    struct HealthCheckerConfig = "HealthCheckerConfig" {
        /// An HTTP request. There are no checks unless the task uses the port `health`.
        http, with_http: [maybe of HttpHealthChecker] optional;
        /// A command.
        shell, with_shell: [maybe of ShellHealthChecker] optional;
    }

    /// A health check that sends an HTTP request to the port named `health`.
    #[derive(Eq)]
    struct HttpHealthChecker = "HttpHealthChecker" {
        /// The path of the request.
        endpoint, with_endpoint: [text] default("/health");
        /// The body of a healthy response, compared without regard to case. Empty accepts any body.
        expected_response, with_expected_response: [text] default("ok");
        /// The status code of a healthy response; 0 accepts any.
        expected_response_code, with_expected_response_code: [int] default(0);
    }

    /// A health check that runs a command.
    #[derive(Eq)]
    struct ShellHealthChecker = "ShellHealthChecker" {
        /// The command; the task is healthy if its exit status is 0.
        shell_command, with_shell_command: [text] required;
    }

    /// How a task is asked to stop.
    #[derive(Eq)]
    struct LifecycleConfig = "LifecycleConfig" {
        /// HTTP requests; none if unset.
        http, with_http: [maybe of HttpLifecycleConfig] optional;
    }

    /// HTTP requests that ask a task to stop before it is killed.
    #[derive(Eq)]
    struct HttpLifecycleConfig = "HttpLifecycleConfig" {
        /// The name of the port; no request is sent to a task that does not use it.
        port, with_port: [text] default("health");
        /// The path of the first POST request, which asks the task to shut down gracefully.
        graceful_shutdown_endpoint, with_graceful_shutdown_endpoint: [text] default("/quitquitquit");
        /// The path of the second POST request some seconds later, the last one before the kill.
        shutdown_endpoint, with_shutdown_endpoint: [text] default("/abortabortabort");
    }
}

impl HealthCheckerConfig {
    /// A check over HTTP.
    pub fn http(http: HttpHealthChecker) -> Self {
        Self::default().with_http(http)
    }

    /// A check by a command.
    pub fn shell(command: impl Into<String>) -> Self {
        Self::default().with_shell(ShellHealthChecker::new(command))
    }
}

impl ShellHealthChecker {
    /// A check by this command.
    pub fn new(command: impl Into<String>) -> Self {
        Self::with_required(command.into())
    }
}

impl LifecycleConfig {
    /// The task is asked over HTTP.
    pub fn http(http: HttpLifecycleConfig) -> Self {
        Self::default().with_http(http)
    }
}
