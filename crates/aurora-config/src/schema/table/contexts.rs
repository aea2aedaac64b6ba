//! Structs that no job contains: the values of a running task, and the instance that an executor sees.

use super::{
    Field,
    FieldType::{Integer, Map, Named, String},
    Literal,
    Presence::{Default, Optional, Required},
    Struct,
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

pub(super) const MESOS_CONTEXT: Struct = Struct {
    name: "MesosContext",
    meaning: "The values under `mesos` in templates, known once a task runs.",
    fields: &[
        Field::new("instance", Integer, Required)
            .means("The number of the instance, counted from 0."),
        Field::new("hostname", String, Required).means("The host that the instance runs on."),
    ],
};

pub(super) const MESOS_TASK_INSTANCE: Struct = Struct {
    name: "MesosTaskInstance",
    meaning: "One instance of a job, as an executor sees it. Job files do not need it.",
    fields: &[
        Field::new("task", Named("Task"), Required).means("What runs."),
        Field::new("instance", Integer, Required).means("The number of the instance."),
        Field::new("role", String, Required).means("The account of the job."),
        Field::new("announce", Named("Announcer"), Optional).means("As in a job."),
        Field::new("environment", String, Required).means("As in a job."),
        Field::new(
            "health_check_config",
            Named("HealthCheckConfig"),
            Default(Literal::New),
        )
        .means("As in a job."),
        Field::new("lifecycle", Named("LifecycleConfig"), Optional).means("As in a job."),
    ],
};
