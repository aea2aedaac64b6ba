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
        ("console", "To the output of whatever runs the task."),
        ("both", "To both of them."),
        ("none", "Nowhere."),
    ],
};

pub(super) const LOGGER_MODE: Enumeration = Enumeration {
    name: "LoggerMode",
    meaning: "What becomes of log files that grow.",
    values: &[
        ("standard", "They grow without bound."),
        ("rotate", "They are rotated as the `RotatePolicy` says."),
    ],
};

pub(super) const THERMOS_CONTEXT: Struct = Struct {
    name: "ThermosContext",
    meaning: "What templates find under `thermos` once a task runs.",
    fields: &[
        Field::new("ports", Map(&String, &Integer), Optional).means(
            "The number of each named port. `{{thermos.ports[http]}}` also asks for \
             a port of that name.",
        ),
        Field::new("task_id", String, Optional).means("The ID of the task."),
        Field::new("user", String, Optional).means("The account of the task: the role of its job."),
    ],
};

pub(super) const RESOURCES: Struct = Struct {
    name: "Resources",
    meaning: "What a task takes of its host. Each must be above zero.",
    fields: &[
        Field::new("cpu", Float, Required).means("Cores; fractions count."),
        Field::new("ram", Integer, Required).means("Memory in bytes."),
        Field::new("disk", Integer, Required).means("Disk in bytes."),
    ],
};

pub(super) const CONSTRAINT: Struct = Struct {
    name: "Constraint",
    meaning: "An order of processes. Those that no constraint names start together.",
    fields: &[Field::new("order", List(&String), Needed)
        .means("Names of processes: each starts once the one before it has succeeded.")],
};

pub(super) const ROTATE_POLICY: Struct = Struct {
    name: "RotatePolicy",
    meaning: "How log files are rotated. It counts in the mode `rotate` only.",
    fields: &[
        Field::new("log_size", Integer, int(100 << 20))
            .means("Size in bytes at which a log file is put aside."),
        Field::new("backups", Integer, int(5)).means("How many of the files put aside are kept."),
    ],
};

pub(super) const LOGGER: Struct = Struct {
    name: "Logger",
    meaning: "What becomes of the output of a process.",
    fields: &[
        Field::new("destination", Named("LoggerDestination"), text("file"))
            .means("Where output goes."),
        Field::new("mode", Named("LoggerMode"), text("standard"))
            .means("Whether log files are rotated."),
        Field::new("rotate", Named("RotatePolicy"), Optional).means(
            "How they are rotated. Set it with the mode `rotate`: released executors insist.",
        ),
    ],
};

pub(super) const PROCESS: Struct = Struct {
    name: "Process",
    meaning: "One command line of a task, run by bash.",
    fields: &[
        Field::new("cmdline", String, Required)
            .means("What bash runs; a whole script is fine. It gets no arguments."),
        Field::new("name", String, Required).means(
            "A file name: neither empty, nor with a slash, nor with a dot in front. \
             Give each process of a task its own; the client does not check that.",
        ),
        Field::new("resources", Named("Resources"), Optional)
            .means("Kept, but without effect: resources belong to the task."),
        Field::new("max_failures", Integer, int(1)).means(
            "How many runs must fail, which is end with another status than 0, for the process \
             to have failed for good. With 0 it is tried until a run succeeds; the executor \
             stops at 100 runs in any case.",
        ),
        Field::new("daemon", Boolean, truth(false))
            .means("Whether the process is run again after a run that succeeded, too."),
        Field::new("ephemeral", Boolean, truth(false))
            .means("Whether the task is done without waiting for the process, whatever its state."),
        Field::new("min_duration", Integer, Default(Literal::MinDuration))
            .means("Seconds from the end of one run to the start of the next, at least."),
        Field::new("final", Boolean, truth(false)).means(
            "Whether the process cleans up: it runs after all ordinary processes \
             have ended, and may only be ordered among others like it.",
        ),
        Field::new("logger", Named("Logger"), Optional)
            .means("What becomes of its output; files that grow if unset."),
    ],
};

pub(super) const TASK: Struct = Struct {
    name: "Task",
    meaning: "Processes that run together on one host.",
    fields: &[
        Field::new("name", String, text("{{processes[0].name}}"))
            .means("The name of the task, by default that of its first process."),
        Field::new("processes", List(&Named("Process")), Needed)
            .means("What runs. Without constraints the place in the list has no meaning."),
        Field::new(
            "constraints",
            List(&Named("Constraint")),
            Default(Literal::EmptyList),
        )
        .means("Which processes wait for which others. A circle is refused."),
        Field::new("resources", Named("Resources"), Needed)
            .means("What the task takes of its host."),
        Field::new("max_failures", Integer, int(1)).means(
            "How many processes must fail for good for the task to have failed. With 0 it \
             never fails for that.",
        ),
        Field::new("max_concurrency", Integer, int(0))
            .means("How many processes may run at the same time; 0 for any number."),
        Field::new("finalization_wait", Integer, int(30)).means(
            "Seconds from the end of the ordinary processes in which everything \
             else must end, final processes included. What still runs then is \
             killed.",
        ),
        Field::new("user", String, Optional)
            .means("Kept, but without effect: processes run under the role of the job."),
    ],
};
