//! Jobs, their updates, announcements and containers.

use super::{
    Field,
    FieldType::{Boolean, Integer, List, Map, Named, String},
    JOB, Literal,
    Presence::{Default, FromKey, Needed, Optional, Required},
    Struct, int, text, truth,
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

pub(super) const UPDATE_CONFIG: Struct = Struct {
    name: "UpdateConfig",
    meaning: "How fast an update replaces instances, and how many failures it tolerates.",
    fields: &[
        Field::new("batch_size", Integer, int(1))
            .means("How many instances are updated in parallel."),
        Field::new("watch_secs", Integer, int(45)).means(
            "For how many seconds a new instance must run to count as updated. It \
             must be longer than the health checks need to detect a failure.",
        ),
        Field::new("max_per_shard_failures", Integer, int(0)).means(
            "How many failures of one instance are tolerated before the instance \
             counts as failed.",
        ),
        Field::new("max_total_failures", Integer, int(0)).means(
            "How many failed instances are tolerated before the update fails; must be \
             less than the number of instances.",
        ),
        Field::new("rollback_on_failure", Boolean, truth(true))
            .means("Whether a failed update is rolled back."),
        Field::new("wait_for_batch_completion", Boolean, truth(false))
            .means("Whether a batch must be complete before the next one starts."),
        Field::new("pulse_interval_secs", Integer, Optional).means(
            "Makes the update a coordinated one: it blocks when no pulse has arrived \
             for this number of seconds.",
        ),
    ],
};

pub(super) const ANNOUNCER: Struct = Struct {
    name: "Announcer",
    meaning: "How the endpoints of a running task are published in ZooKeeper.",
    fields: &[
        Field::new("primary_port", String, text("http"))
            .means("The name of the port that is the main endpoint."),
        Field::new(
            "portmap",
            Map(&String, &String),
            Default(Literal::Map(&[("aurora", "{{primary_port}}")])),
        )
        .means(
            "More endpoints: the name of each with the name of its port, or with a \
             port number. Numbers need a constraint named `dedicated`.",
        ),
        Field::new("zk_path", String, Optional).means(
            "A path to use instead of `/aurora/ROLE/ENVIRONMENT/NAME`; the executor \
             must allow it.",
        ),
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

pub(super) const PARAMETER: Struct = Struct {
    name: "Parameter",
    meaning: "One option of `docker run`. The scheduler must allow such options.",
    fields: &[
        Field::new("name", String, Required)
            .means("The long name of the option without its dashes, such as `volume`."),
        Field::new("value", String, Required).means("Its value."),
    ],
};

pub(super) const DOCKER: Struct = Struct {
    name: "Docker",
    meaning: "A Docker container. Its image must contain what the executor needs: Python 2.7.",
    fields: &[
        Field::new("image", String, Required)
            .means("The name of the image. It is pulled unless the host has it."),
        Field::new(
            "parameters",
            List(&Named("Parameter")),
            Default(Literal::EmptyList),
        )
        .means("Options for `docker run`."),
    ],
};

pub(super) const CONTAINER: Struct = Struct {
    name: "Container",
    meaning: "What the processes of a job run in.",
    fields: &[Field::new("docker", Named("Docker"), Needed)
        .means("A Docker container, the only supported kind.")],
};

pub(super) const MESOS_JOB: Struct = Struct {
    name: JOB,
    meaning: "What runs, where, and how many times.",
    fields: &[
        Field::new("name", String, text("{{task.name}}"))
            .means("The last part of the job key, by default the name of the task."),
        Field::new("role", String, Required)
            .means("The account that the processes run as; the second part of the job key."),
        Field::new("contact", String, Optional).means("A mail address of the owners."),
        Field::new("cluster", String, Required)
            .means("The cluster that the job runs on; the first part of the job key."),
        Field::new("environment", String, FromKey).means(
            "The third part of the job key: `prod`, `devel`, `test`, or `staging` \
             with or without a number.",
        ),
        Field::new("instances", Integer, int(1)).means("How many copies of the task run."),
        Field::new("task", Named("Task"), Required).means("What runs."),
        Field::new("announce", Named("Announcer"), Optional)
            .means("Publishes the endpoints of running tasks; nothing is published if unset."),
        Field::new("tier", String, Optional).means(
            "How the scheduler places the tasks. `revocable` lets them run on \
             resources that other tasks do not use.",
        ),
        Field::new("cron_schedule", String, Optional).means(
            "When the job runs, in the five fields of cron; a job with a schedule is \
             a cron job. It is meant for jobs that are not services; the client does \
             not check that.",
        ),
        Field::new("cron_collision_policy", String, text("KILL_EXISTING")).means(
            "What happens to a run that is still active when the next one is due: \
             `KILL_EXISTING` kills it, `CANCEL_NEW` skips the next run.",
        ),
        Field::new(
            "update_config",
            Named("UpdateConfig"),
            Default(Literal::New),
        )
        .means("The settings of the job's updates."),
        Field::new("constraints", Map(&String, &String), Optional).means(
            "Conditions on hosts by the name of an attribute: `limit:N` for at most N \
             instances per value, `a,b` for one of these values, `!a,b` for none of \
             them.",
        ),
        Field::new("service", Boolean, truth(false))
            .means("Whether tasks are restarted whenever they exit."),
        Field::new("max_task_failures", Integer, int(1))
            .means("How many failures end a task that is not a service; -1 for no limit."),
        Field::new("production", Boolean, truth(false)).means(
            "Whether the tasks count against the quota of the role and may preempt \
             other tasks.",
        ),
        Field::new("priority", Integer, int(0))
            .means("Tasks with a higher number may preempt tasks with a lower one."),
        Field::new(
            "health_check_config",
            Named("HealthCheckConfig"),
            Default(Literal::New),
        )
        .means("How the health of running tasks is checked."),
        Field::new(
            "lifecycle",
            Named("LifecycleConfig"),
            Default(Literal::Object("DefaultLifecycleConfig")),
        )
        .means("How a task is asked to stop."),
        Field::new("task_links", Map(&String, &String), Optional).means(
            "Links by their names. They are stored with the job, and not shown \
             anywhere.",
        ),
        Field::new("enable_hooks", Boolean, truth(false))
            .means("Whether the `hooks` of the file run for this job."),
        Field::new("container", Named("Container"), Optional)
            .means("What the processes run in; the bare host if unset."),
    ],
};
