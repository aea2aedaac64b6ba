//! The schema as one table.
//!
//! Structs and fields stand in the order of declaration, which takes part in the order of keys in
//! executor data. A struct may only refer to what stands above it.

/// The type of a field.
#[derive(Debug, Clone, Copy)]
pub(super) enum FieldType {
    String,
    Integer,
    Float,
    Boolean,
    /// A struct or enumeration of the table.
    Named(&'static str),
    List(&'static FieldType),
    Map(&'static FieldType, &'static FieldType),
}

/// Whether a field may be left out, and what it is then.
#[derive(Debug, Clone, Copy)]
pub(super) enum Presence {
    Optional,
    Required,
    Default(Literal),
}

/// A default value.
#[derive(Debug, Clone, Copy)]
pub(super) enum Literal {
    Text(&'static str),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    EmptyList,
    Map(&'static [(&'static str, &'static str)]),
    /// The struct of the field with all of its own defaults.
    New,
    /// An object of [`OBJECTS`].
    Object(&'static str),
    /// The one default on which documentation and release differ.
    MinDuration,
}

/// A field: name, type, presence.
pub(super) type FieldRow = (&'static str, FieldType, Presence);

use FieldType::{Boolean, Float, Integer, List, Map, Named, String};
use Presence::{Default, Optional, Required};

const fn text(value: &'static str) -> Presence {
    Default(Literal::Text(value))
}

const fn int(value: i64) -> Presence {
    Default(Literal::Integer(value))
}

const fn float(value: f64) -> Presence {
    Default(Literal::Float(value))
}

const fn truth(value: bool) -> Presence {
    Default(Literal::Boolean(value))
}

/// Names of numbers of bytes.
pub(super) const UNITS: &[(&str, i64)] = &[
    ("BYTES", 1),
    ("KB", 1 << 10),
    ("MB", 1 << 20),
    ("GB", 1 << 30),
    ("TB", 1 << 40),
];

/// Enumerations: name in files, values.
pub(super) const ENUMS: &[(&str, &[&str])] = &[
    ("LoggerDestination", &["file", "console", "both", "none"]),
    ("LoggerMode", &["standard", "rotate"]),
];

/// Structs: name, fields.
pub(super) const STRUCTS: &[(&str, &[FieldRow])] = &[
    (
        "ThermosContext",
        &[
            ("ports", Map(&String, &Integer), Optional),
            ("task_id", String, Optional),
            ("user", String, Optional),
        ],
    ),
    (
        "Resources",
        &[
            ("cpu", Float, Required),
            ("ram", Integer, Required),
            ("disk", Integer, Required),
        ],
    ),
    ("Constraint", &[("order", List(&String), Optional)]),
    (
        "RotatePolicy",
        &[
            ("log_size", Integer, int(100 << 20)),
            ("backups", Integer, int(5)),
        ],
    ),
    (
        "Logger",
        &[
            ("destination", Named("LoggerDestination"), text("file")),
            ("mode", Named("LoggerMode"), text("standard")),
            ("rotate", Named("RotatePolicy"), Optional),
        ],
    ),
    (
        "Process",
        &[
            ("cmdline", String, Required),
            ("name", String, Required),
            ("resources", Named("Resources"), Optional),
            ("max_failures", Integer, int(1)),
            ("daemon", Boolean, truth(false)),
            ("ephemeral", Boolean, truth(false)),
            ("min_duration", Integer, Default(Literal::MinDuration)),
            ("final", Boolean, truth(false)),
            ("logger", Named("Logger"), Optional),
        ],
    ),
    (
        "Task",
        &[
            ("name", String, text("{{processes[0].name}}")),
            ("processes", List(&Named("Process")), Optional),
            (
                "constraints",
                List(&Named("Constraint")),
                Default(Literal::EmptyList),
            ),
            ("resources", Named("Resources"), Optional),
            ("max_failures", Integer, int(1)),
            ("max_concurrency", Integer, int(0)),
            ("finalization_wait", Integer, int(30)),
            ("user", String, Optional),
        ],
    ),
    (
        "MesosContext",
        &[
            ("instance", Integer, Required),
            ("hostname", String, Required),
        ],
    ),
    (
        "UpdateConfig",
        &[
            ("batch_size", Integer, int(1)),
            ("watch_secs", Integer, int(45)),
            ("max_per_shard_failures", Integer, int(0)),
            ("max_total_failures", Integer, int(0)),
            ("rollback_on_failure", Boolean, truth(true)),
            ("wait_for_batch_completion", Boolean, truth(false)),
            ("pulse_interval_secs", Integer, Optional),
        ],
    ),
    (
        "HttpHealthChecker",
        &[
            ("endpoint", String, text("/health")),
            ("expected_response", String, text("ok")),
            ("expected_response_code", Integer, int(0)),
        ],
    ),
    ("ShellHealthChecker", &[("shell_command", String, Required)]),
    (
        "HealthCheckerConfig",
        &[
            ("http", Named("HttpHealthChecker"), Optional),
            ("shell", Named("ShellHealthChecker"), Optional),
        ],
    ),
    (
        "HealthCheckConfig",
        &[
            (
                "health_checker",
                Named("HealthCheckerConfig"),
                Default(Literal::Object("DefaultHealthChecker")),
            ),
            ("initial_interval_secs", Float, float(15.0)),
            ("interval_secs", Float, float(10.0)),
            ("max_consecutive_failures", Integer, int(0)),
            ("timeout_secs", Float, float(1.0)),
        ],
    ),
    (
        "HttpLifecycleConfig",
        &[
            ("port", String, text("health")),
            ("graceful_shutdown_endpoint", String, text("/quitquitquit")),
            ("shutdown_endpoint", String, text("/abortabortabort")),
        ],
    ),
    (
        "LifecycleConfig",
        &[("http", Named("HttpLifecycleConfig"), Optional)],
    ),
    (
        "Announcer",
        &[
            ("primary_port", String, text("http")),
            (
                "portmap",
                Map(&String, &String),
                Default(Literal::Map(&[("aurora", "{{primary_port}}")])),
            ),
            ("zk_path", String, Optional),
        ],
    ),
    (
        "MesosTaskInstance",
        &[
            ("task", Named("Task"), Required),
            ("instance", Integer, Required),
            ("role", String, Required),
            ("announce", Named("Announcer"), Optional),
            ("environment", String, Required),
            (
                "health_check_config",
                Named("HealthCheckConfig"),
                Default(Literal::New),
            ),
            ("lifecycle", Named("LifecycleConfig"), Optional),
        ],
    ),
    (
        "Parameter",
        &[("name", String, Required), ("value", String, Required)],
    ),
    (
        "Docker",
        &[
            ("image", String, Required),
            (
                "parameters",
                List(&Named("Parameter")),
                Default(Literal::EmptyList),
            ),
        ],
    ),
    ("Container", &[("docker", Named("Docker"), Optional)]),
    (
        "MesosJob",
        &[
            ("name", String, text("{{task.name}}")),
            ("role", String, Required),
            ("contact", String, Optional),
            ("cluster", String, Required),
            ("environment", String, Required),
            ("instances", Integer, int(1)),
            ("task", Named("Task"), Required),
            ("announce", Named("Announcer"), Optional),
            ("tier", String, Optional),
            ("cron_schedule", String, Optional),
            ("cron_collision_policy", String, text("KILL_EXISTING")),
            (
                "update_config",
                Named("UpdateConfig"),
                Default(Literal::New),
            ),
            ("constraints", Map(&String, &String), Optional),
            ("service", Boolean, truth(false)),
            ("max_task_failures", Integer, int(1)),
            ("production", Boolean, truth(false)),
            ("priority", Integer, int(0)),
            (
                "health_check_config",
                Named("HealthCheckConfig"),
                Default(Literal::New),
            ),
            (
                "lifecycle",
                Named("LifecycleConfig"),
                Default(Literal::Object("DefaultLifecycleConfig")),
            ),
            ("task_links", Map(&String, &String), Optional),
            ("enable_hooks", Boolean, truth(false)),
            ("container", Named("Container"), Optional),
        ],
    ),
];

/// The value of a field in [`OBJECTS`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// The struct of the field with all of its own defaults.
    New,
    True,
}

/// A ready-made object: name, struct, fields.
pub(super) type ObjectRow = (&'static str, &'static str, &'static [(&'static str, Part)]);

/// Ready-made objects: name, struct, fields that differ from its defaults.
pub(super) const OBJECTS: &[ObjectRow] = &[
    (
        "DefaultHealthChecker",
        "HealthCheckerConfig",
        &[("http", Part::New)],
    ),
    (
        "DefaultLifecycleConfig",
        "LifecycleConfig",
        &[("http", Part::New)],
    ),
    ("DisableLifecycle", "LifecycleConfig", &[]),
    ("Service", "MesosJob", &[("service", Part::True)]),
];

/// Other names: `Resource` and `HTTPLifecycleConfig` are those of the documentation.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("Job", "MesosJob"),
    ("Resource", "Resources"),
    ("HTTPLifecycleConfig", "HttpLifecycleConfig"),
];
