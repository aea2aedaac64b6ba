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
    meaning: "A health check that asks the port named `health` over HTTP.",
    fields: &[
        Field::new("endpoint", String, text("/health")).means("The path to ask for."),
        Field::new("expected_response", String, text("ok")).means(
            "The body of a healthy answer, upper and lower case being the same. \
             Empty takes any body.",
        ),
        Field::new("expected_response_code", Integer, int(0))
            .means("The status code of a healthy answer; 0 takes any."),
    ],
};

pub(super) const SHELL_HEALTH_CHECKER: Struct = Struct {
    name: "ShellHealthChecker",
    meaning: "A health check that runs a command.",
    fields: &[Field::new("shell_command", String, Required)
        .means("The command; the task is healthy if it ends with status 0.")],
};

pub(super) const HEALTH_CHECKER_CONFIG: Struct = Struct {
    name: "HealthCheckerConfig",
    meaning: "What a health check does. With both fields set, the command counts.",
    fields: &[
        Field::new("http", Named("HttpHealthChecker"), Optional)
            .means("Ask over HTTP. There are no checks unless the task uses the port `health`."),
        Field::new("shell", Named("ShellHealthChecker"), Optional).means("Run a command."),
    ],
};

pub(super) const HEALTH_CHECK_CONFIG: Struct = Struct {
    name: "HealthCheckConfig",
    meaning: "When the health of a task is checked, and what counts as unhealthy. What the \
         check over HTTP expects belongs into `HttpHealthChecker`.",
    fields: &[
        Field::new(
            "health_checker",
            Named("HealthCheckerConfig"),
            Default(Literal::Object("DefaultHealthChecker")),
        )
        .means("What a check does."),
        Field::new("initial_interval_secs", Float, float(15.0)).means(
            "Seconds before the first check. The documentation has whole numbers \
             here and below; fractions are fine.",
        ),
        Field::new("interval_secs", Float, float(10.0)).means("Seconds between checks."),
        Field::new("max_consecutive_failures", Integer, int(0))
            .means("How many failures in a row are put up with."),
        Field::new("timeout_secs", Float, float(1.0)).means("Seconds that one check may take."),
    ],
};

pub(super) const HTTP_LIFECYCLE_CONFIG: Struct = Struct {
    name: "HttpLifecycleConfig",
    meaning: "Where a task is asked to end before it is made to.",
    fields: &[
        Field::new("port", String, text("health"))
            .means("The name of the port; nothing is sent to a task that does not use it."),
        Field::new("graceful_shutdown_endpoint", String, text("/quitquitquit"))
            .means("The path of the first POST: end in your own time."),
        Field::new("shutdown_endpoint", String, text("/abortabortabort"))
            .means("The path of the POST that follows some seconds later: the last warning."),
    ],
};

pub(super) const LIFECYCLE_CONFIG: Struct = Struct {
    name: "LifecycleConfig",
    meaning: "How a task is asked to end.",
    fields: &[Field::new("http", Named("HttpLifecycleConfig"), Optional)
        .means("Over HTTP; not at all if unset.")],
};
