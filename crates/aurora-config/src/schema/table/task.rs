//! Tasks, their processes, and the values of a running task.

use super::{
    Enumeration, Field,
    FieldType::{Boolean, Float, Integer, List, Map, Named, String},
    Literal,
    Presence::{Default, Needed, Optional, Required},
    Struct, int, text, truth,
};

pub(super) const LOGGER_DESTINATION: Enumeration = Enumeration {
    name: "LoggerDestination",
    meaning: "Where the output of a process goes.",
    values: &[
        ("file", "To files in the log folder of the process."),
        ("console", "To the output of the executor."),
        ("both", "To both."),
        ("none", "Nowhere."),
    ],
};

pub(super) const LOGGER_MODE: Enumeration = Enumeration {
    name: "LoggerMode",
    meaning: "Whether log files are rotated.",
    values: &[
        ("standard", "They grow without limit."),
        (
            "rotate",
            "They are rotated according to the `RotatePolicy`.",
        ),
    ],
};

pub(super) const THERMOS_CONTEXT: Struct = Struct {
    name: "ThermosContext",
    meaning: "The values under `thermos` in templates, known once a task runs.",
    fields: &[
        Field::new("ports", Map(&String, &Integer), Optional).means(
            "The number of each named port. `{{thermos.ports[http]}}` also requests a \
             port of that name.",
        ),
        Field::new("task_id", String, Optional).means("The ID of the task."),
        Field::new("user", String, Optional).means("The account of the task: the role of its job."),
    ],
};

pub(super) const RESOURCES: Struct = Struct {
    name: "Resources",
    meaning: "The resources that a task needs. Each must be greater than 0.",
    fields: &[
        Field::new("cpu", Float, Required).means("Cores; fractions count."),
        Field::new("ram", Integer, Required).means("Memory in bytes."),
        Field::new("disk", Integer, Required).means("Disk in bytes."),
    ],
};

pub(super) const CONSTRAINT: Struct = Struct {
    name: "Constraint",
    meaning: "An order of processes. Processes without a constraint start at the same time.",
    fields: &[Field::new("order", List(&String), Needed)
        .means("Names of processes: each starts after the one before it has succeeded.")],
};

pub(super) const ROTATE_POLICY: Struct = Struct {
    name: "RotatePolicy",
    meaning: "How log files are rotated. Used only with the mode `rotate`.",
    fields: &[
        Field::new("log_size", Integer, int(100 << 20))
            .means("Size in bytes at which a log file is rotated."),
        Field::new("backups", Integer, int(5)).means("How many rotated files are kept."),
    ],
};

pub(super) const LOGGER: Struct = Struct {
    name: "Logger",
    meaning: "Where the output of a process goes.",
    fields: &[
        Field::new("destination", Named("LoggerDestination"), text("file"))
            .means("The destination of the output."),
        Field::new("mode", Named("LoggerMode"), text("standard"))
            .means("Whether log files are rotated."),
        Field::new("rotate", Named("RotatePolicy"), Optional).means(
            "How they are rotated. Required with the mode `rotate`, because released \
             executors need it.",
        ),
    ],
};

pub(super) const PROCESS: Struct = Struct {
    name: "Process",
    meaning: "One command line of a task, run by bash.",
    fields: &[
        Field::new("cmdline", String, Required)
            .means("What bash runs; a whole script is allowed. It receives no arguments."),
        Field::new("name", String, Required).means(
            "The name of the process. It must be a valid file name: not empty, \
             without a slash, and without a leading dot. Names must be unique in a \
             task; the client does not check that.",
        ),
        Field::new("resources", Named("Resources"), Optional)
            .means("Stored, but without effect: resources belong to the task."),
        Field::new("max_failures", Integer, int(1)).means(
            "How many failed runs make the process fail; a run fails if its exit \
             status is not 0. With 0 the process is restarted until a run succeeds. \
             The executor stops after 100 runs in any case.",
        ),
        Field::new("daemon", Boolean, truth(false))
            .means("Whether the process is restarted after successful runs, too."),
        Field::new("ephemeral", Boolean, truth(false)).means(
            "Whether the task can finish while the process still runs, in whatever \
             state.",
        ),
        Field::new("min_duration", Integer, Default(Literal::MinDuration)).means(
            "Minimum number of seconds from the end of one run to the start of the \
             next.",
        ),
        Field::new("final", Boolean, truth(false)).means(
            "Whether the process runs only after all ordinary processes have ended, \
             for example to clean up. It may be ordered only with other final \
             processes.",
        ),
        Field::new("logger", Named("Logger"), Optional)
            .means("Where its output goes; files that grow without limit if unset."),
    ],
};

pub(super) const TASK: Struct = Struct {
    name: "Task",
    meaning: "Processes that run together on one host.",
    fields: &[
        Field::new("name", String, text("{{processes[0].name}}"))
            .means("The name of the task, by default that of its first process."),
        Field::new("processes", List(&Named("Process")), Needed)
            .means("What runs. Without constraints the order of the list has no effect."),
        Field::new(
            "constraints",
            List(&Named("Constraint")),
            Default(Literal::EmptyList),
        )
        .means("Which processes wait for which others. Cycles are refused."),
        Field::new("resources", Named("Resources"), Needed)
            .means("The resources that the task needs."),
        Field::new("max_failures", Integer, int(1)).means(
            "How many failed processes make the task fail. With 0 the task never \
             fails because of failed processes.",
        ),
        Field::new("max_concurrency", Integer, int(0))
            .means("How many processes may run in parallel; 0 for no limit."),
        Field::new("finalization_wait", Integer, int(30)).means(
            "Grace period in seconds, from the end of the ordinary processes. \
             Processes that still run afterwards are killed, final ones included.",
        ),
        Field::new("user", String, Optional)
            .means("Stored, but without effect: processes run as the role of the job."),
    ],
};
