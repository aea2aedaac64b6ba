//! How the health of a task is watched, and how it is asked to end.

use super::{
    Field,
    FieldType::{Float, Integer, Named, String},
    Literal,
    Presence::{Default, Optional, Required},
    Struct, float, int, text,
};

pub(super) const HTTP_HEALTH_CHECKER: Struct = Struct {
    name: "HttpHealthChecker",
    meaning: "A health check that sends an HTTP request to the port named `health`.",
    fields: &[
        Field::new("endpoint", String, text("/health")).means("The path of the request."),
        Field::new("expected_response", String, text("ok")).means(
            "The body of a healthy response, compared without regard to case. Empty \
             accepts any body.",
        ),
        Field::new("expected_response_code", Integer, int(0))
            .means("The status code of a healthy response; 0 accepts any."),
    ],
};

pub(super) const SHELL_HEALTH_CHECKER: Struct = Struct {
    name: "ShellHealthChecker",
    meaning: "A health check that runs a command.",
    fields: &[Field::new("shell_command", String, Required)
        .means("The command; the task is healthy if its exit status is 0.")],
};

pub(super) const HEALTH_CHECKER_CONFIG: Struct = Struct {
    name: "HealthCheckerConfig",
    meaning: "The kind of a health check. If both fields are set, the command is used.",
    fields: &[
        Field::new("http", Named("HttpHealthChecker"), Optional).means(
            "An HTTP request. There are no checks unless the task uses the port \
             `health`.",
        ),
        Field::new("shell", Named("ShellHealthChecker"), Optional).means("A command."),
    ],
};

pub(super) const HEALTH_CHECK_CONFIG: Struct = Struct {
    name: "HealthCheckConfig",
    meaning: "When the health of a task is checked, and what counts as unhealthy. The expected \
     HTTP response belongs in `HttpHealthChecker`.",
    fields: &[
        Field::new(
            "health_checker",
            Named("HealthCheckerConfig"),
            Default(Literal::Object("DefaultHealthChecker")),
        )
        .means("The kind of the check."),
        Field::new("initial_interval_secs", Float, float(15.0)).means(
            "Seconds before the first check. The documentation shows whole numbers \
             here and below; fractions are allowed.",
        ),
        Field::new("interval_secs", Float, float(10.0)).means("Seconds between checks."),
        Field::new("max_consecutive_failures", Integer, int(0))
            .means("How many consecutive failures are tolerated."),
        Field::new("timeout_secs", Float, float(1.0)).means("Time limit of one check, in seconds."),
    ],
};

pub(super) const HTTP_LIFECYCLE_CONFIG: Struct = Struct {
    name: "HttpLifecycleConfig",
    meaning: "HTTP requests that ask a task to stop before it is killed.",
    fields: &[
        Field::new("port", String, text("health"))
            .means("The name of the port; no request is sent to a task that does not use it."),
        Field::new("graceful_shutdown_endpoint", String, text("/quitquitquit")).means(
            "The path of the first POST request, which asks the task to shut down \
             gracefully.",
        ),
        Field::new("shutdown_endpoint", String, text("/abortabortabort")).means(
            "The path of the second POST request some seconds later, the last one \
             before the kill.",
        ),
    ],
};

pub(super) const LIFECYCLE_CONFIG: Struct = Struct {
    name: "LifecycleConfig",
    meaning: "How a task is asked to stop.",
    fields: &[Field::new("http", Named("HttpLifecycleConfig"), Optional)
        .means("HTTP requests; none if unset.")],
};
