//! The schema as one table: what files, typed jobs, JSON Schema and field reference have in common.
//!
//! Structs and fields are in the order of declaration, which decides the order of keys in
//! executor data. A struct may only refer to those above it.

mod contexts;

use super::structs::{
    Announcer, Constraint, Container, Docker, HealthCheckConfig, HealthCheckerConfig,
    HttpHealthChecker, HttpLifecycleConfig, Job, LifecycleConfig, Logger, LoggerDestination,
    LoggerMode, Parameter, Process, Resources, RotatePolicy, ShellHealthChecker, Task,
    UpdateConfig,
};

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
    /// May be left out of an object, but no job can be created without.
    Needed,
    Required,
    /// Required of a job, which may take it from its key: see [`aurora_compat::Compat`].
    FromKey,
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

/// A field of a struct.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) ty: FieldType,
    pub(super) presence: Presence,
    /// What it is for, in Markdown.
    pub(super) meaning: &'static str,
}

/// A struct.
#[derive(Debug, Clone, Copy)]
pub(super) struct Struct {
    pub(super) name: &'static str,
    /// What it is for, in Markdown.
    pub(super) meaning: &'static str,
    pub(super) fields: &'static [Field],
}

/// An enumeration.
#[derive(Debug, Clone, Copy)]
pub(super) struct Enumeration {
    pub(super) name: &'static str,
    /// What it is for, in Markdown.
    pub(super) meaning: &'static str,
    /// Each value with its meaning.
    pub(super) values: &'static [(&'static str, &'static str)],
}

/// The value of a field in [`OBJECTS`].
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    /// The struct of the field with all of its own defaults.
    New,
    True,
}

/// A ready-made object.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadyMade {
    pub(super) name: &'static str,
    pub(super) structure: &'static str,
    /// The fields that differ from the defaults of the struct.
    pub(super) parts: &'static [(&'static str, Part)],
    /// What it is for, in Markdown.
    pub(super) meaning: &'static str,
}

/// The name of the struct that is a job.
pub(super) const JOB: &str = Job::DECLARED.name;

/// Names of numbers of bytes.
pub(super) const UNITS: &[(&str, i64)] = &[
    ("BYTES", 1),
    ("KB", 1 << 10),
    ("MB", 1 << 20),
    ("GB", 1 << 30),
    ("TB", 1 << 40),
];

/// Enumerations.
pub(super) const ENUMS: &[Enumeration] = &[LoggerDestination::DECLARED, LoggerMode::DECLARED];

/// Structs.
pub(super) const STRUCTS: &[Struct] = &[
    contexts::THERMOS_CONTEXT,
    Resources::DECLARED,
    Constraint::DECLARED,
    RotatePolicy::DECLARED,
    Logger::DECLARED,
    Process::DECLARED,
    Task::DECLARED,
    contexts::MESOS_CONTEXT,
    UpdateConfig::DECLARED,
    HttpHealthChecker::DECLARED,
    ShellHealthChecker::DECLARED,
    HealthCheckerConfig::DECLARED,
    HealthCheckConfig::DECLARED,
    HttpLifecycleConfig::DECLARED,
    LifecycleConfig::DECLARED,
    Announcer::DECLARED,
    contexts::MESOS_TASK_INSTANCE,
    Parameter::DECLARED,
    Docker::DECLARED,
    Container::DECLARED,
    Job::DECLARED,
];

/// Ready-made objects.
pub(super) const OBJECTS: &[ReadyMade] = &[
    ReadyMade {
        name: "DefaultHealthChecker",
        structure: "HealthCheckerConfig",
        parts: &[("http", Part::New)],
        meaning: "A check over HTTP with all defaults.",
    },
    ReadyMade {
        name: "DefaultLifecycleConfig",
        structure: "LifecycleConfig",
        parts: &[("http", Part::New)],
        meaning: "The task is asked to stop over HTTP, at the default paths.",
    },
    ReadyMade {
        name: "DisableLifecycle",
        structure: "LifecycleConfig",
        parts: &[],
        meaning: "The task is not asked to stop; it receives its signal at once.",
    },
    ReadyMade {
        name: "Service",
        structure: JOB,
        parts: &[("service", Part::True)],
        meaning: "A job that runs forever: `service` is true.",
    },
];

/// Other names: `Resource` and `HTTPLifecycleConfig` are those of the documentation.
pub(super) const ALIASES: &[(&str, &str)] = &[
    ("Job", JOB),
    ("Resource", "Resources"),
    ("HTTPLifecycleConfig", "HttpLifecycleConfig"),
];

impl Field {
    const fn new(name: &'static str, ty: FieldType, presence: Presence) -> Self {
        Self {
            name,
            ty,
            presence,
            meaning: "",
        }
    }

    const fn means(self, meaning: &'static str) -> Self {
        Self { meaning, ..self }
    }

    /// The row of differences between documentation and release that is about this field.
    pub(super) fn difference(&self) -> Option<&'static aurora_compat::Row> {
        match self.presence {
            Presence::FromKey => aurora_compat::row("job-environment"),
            Presence::Default(Literal::MinDuration) => aurora_compat::row("process-min-duration"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_the_table_is_explained() {
        let structs = STRUCTS.iter().flat_map(|structure| {
            let fields = structure.fields.iter().map(|field| field.meaning);
            fields.chain([structure.meaning])
        });
        let enums = ENUMS.iter().flat_map(|enumeration| {
            let values = enumeration.values.iter().map(|(_, meaning)| *meaning);
            values.chain([enumeration.meaning])
        });
        let objects = OBJECTS.iter().map(|object| object.meaning);
        for meaning in structs.chain(enums).chain(objects) {
            assert!(meaning.ends_with('.'), "{meaning:?}");
            assert!(!meaning.contains(['|', '\n']), "{meaning:?} fits no table");
        }
    }

    #[test]
    fn each_difference_of_a_default_has_its_row() {
        let fields = STRUCTS.iter().flat_map(|structure| structure.fields);
        let differing = fields.filter(|field| {
            matches!(
                field.presence,
                Presence::FromKey | Presence::Default(Literal::MinDuration)
            )
        });
        let ids: Vec<_> = differing.map(|f| f.difference().map(|r| r.id)).collect();
        assert_eq!(ids, [Some("process-min-duration"), Some("job-environment")]);
    }
}
