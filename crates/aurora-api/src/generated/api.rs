// Written by `cargo xtask codegen`: change the IDL, not this file.

use std::collections::{BTreeMap, BTreeSet};

use thrift::OrderedFloat;

use crate::wire::{wire_enum, wire_struct, wire_union};

/// How a call ended. The code is always set; `WARNING` comes from `rewriteConfigs` alone.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResponseCode(pub i32);

impl ResponseCode {
    /// Refused: failed validation, an unknown object, exceeded quota or an update in the wrong state.
    pub const INVALID_REQUEST: Self = Self(0);
    /// Done, perhaps with messages in the details.
    pub const OK: Self = Self(1);
    /// The scheduler failed, or was sent a malformed job key or an incomplete struct.
    pub const ERROR: Self = Self(2);
    /// Some commands of several failed; the others stay done.
    pub const WARNING: Self = Self(3);
    /// The caller may not do this.
    pub const AUTH_FAILED: Self = Self(4);
    /// The job is locked by someone else, often by an update, or the lock that was sent does not exist.
    pub const LOCK_ERROR: Self = Self(5);
    /// The scheduler is not ready yet: send the call again.
    pub const ERROR_TRANSIENT: Self = Self(6);
}

wire_enum! {
    ResponseCode {
        INVALID_REQUEST,
        OK,
        ERROR,
        WARNING,
        AUTH_FAILED,
        LOCK_ERROR,
        ERROR_TRANSIENT,
    }
}

/// The maintenance mode of a host.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MaintenanceMode(pub i32);

impl MaintenanceMode {
    /// In normal use.
    pub const NONE: Self = Self(1);
    /// Used only when no host in mode `NONE` fits.
    pub const SCHEDULED: Self = Self(2);
    /// Its tasks are being moved away.
    pub const DRAINING: Self = Self(3);
    /// Free of tasks, and no new ones are placed.
    pub const DRAINED: Self = Self(4);
}

wire_enum! {
    MaintenanceMode {
        NONE,
        SCHEDULED,
        DRAINING,
        DRAINED,
    }
}

/// Whether `releaseLock` checks the lock that is sent.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LockValidation(pub i32);

impl LockValidation {
    /// Release only the lock that is sent.
    pub const CHECKED: Self = Self(0);
    /// Release whatever lock the job has.
    pub const UNCHECKED: Self = Self(1);
}

wire_enum! {
    LockValidation {
        CHECKED,
        UNCHECKED,
    }
}

/// How a volume is mounted.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Mode(pub i32);

impl Mode {
    /// For reading and writing.
    pub const RW: Self = Self(1);
    /// For reading only.
    pub const RO: Self = Self(2);
}

wire_enum! {
    Mode {
        RW,
        RO,
    }
}

/// What happens when a cron job is due while tasks of its last run are active.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CronCollisionPolicy(pub i32);

impl CronCollisionPolicy {
    /// Kill them, then start the new run.
    pub const KILL_EXISTING: Self = Self(0);
    /// Skip the new run.
    pub const CANCEL_NEW: Self = Self(1);
    /// No longer accepted for new schedules; existing ones skip the new run.
    pub const RUN_OVERLAP: Self = Self(2);
}

wire_enum! {
    CronCollisionPolicy {
        KILL_EXISTING,
        CANCEL_NEW,
        RUN_OVERLAP,
    }
}

/// The state of a task.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScheduleStatus(pub i32);

impl ScheduleStatus {
    /// Before the first stored state; never seen in a task.
    pub const INIT: Self = Self(11);
    /// Delayed because it failed too fast.
    pub const THROTTLED: Self = Self(16);
    /// Waits for a host that fits.
    pub const PENDING: Self = Self(0);
    /// Has a host and was sent to it.
    pub const ASSIGNED: Self = Self(9);
    /// The host prepares the sandbox.
    pub const STARTING: Self = Self(1);
    /// The processes run.
    pub const RUNNING: Self = Self(2);
    /// Ended successfully.
    pub const FINISHED: Self = Self(3);
    /// Being preempted: killed to make room for a production task.
    pub const PREEMPTING: Self = Self(13);
    /// Being killed for a restart by its owner.
    pub const RESTARTING: Self = Self(12);
    /// Being killed because its host goes into maintenance.
    pub const DRAINING: Self = Self(17);
    /// Failed.
    pub const FAILED: Self = Self(4);
    /// Was killed.
    pub const KILLED: Self = Self(5);
    /// Being killed by its owner or an update.
    pub const KILLING: Self = Self(6);
    /// Its host or executor was lost, or it stayed too long in a transient state.
    pub const LOST: Self = Self(7);
}

wire_enum! {
    ScheduleStatus {
        INIT,
        THROTTLED,
        PENDING,
        ASSIGNED,
        STARTING,
        RUNNING,
        FINISHED,
        PREEMPTING,
        RESTARTING,
        DRAINING,
        FAILED,
        KILLED,
        KILLING,
        LOST,
    }
}

/// The state of a job update.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateStatus(pub i32);

impl JobUpdateStatus {
    /// Replacing instances.
    pub const ROLLING_FORWARD: Self = Self(0);
    /// Rolling back after failures.
    pub const ROLLING_BACK: Self = Self(1);
    /// Paused while rolling forward.
    pub const ROLL_FORWARD_PAUSED: Self = Self(2);
    /// Paused while rolling back.
    pub const ROLL_BACK_PAUSED: Self = Self(3);
    /// Over: all instances are updated.
    pub const ROLLED_FORWARD: Self = Self(4);
    /// Over: all instances are rolled back.
    pub const ROLLED_BACK: Self = Self(5);
    /// Over: aborted by a user; instances stay as they were at that time.
    pub const ABORTED: Self = Self(6);
    /// Over: the scheduler could not continue.
    pub const ERROR: Self = Self(7);
    /// Over: too many instances failed, and they were not, or could not be, rolled back.
    pub const FAILED: Self = Self(8);
    /// Waits for a pulse before it continues to roll forward.
    pub const ROLL_FORWARD_AWAITING_PULSE: Self = Self(9);
    /// Waits for a pulse before it continues to roll back.
    pub const ROLL_BACK_AWAITING_PULSE: Self = Self(10);
}

wire_enum! {
    JobUpdateStatus {
        ROLLING_FORWARD,
        ROLLING_BACK,
        ROLL_FORWARD_PAUSED,
        ROLL_BACK_PAUSED,
        ROLLED_FORWARD,
        ROLLED_BACK,
        ABORTED,
        ERROR,
        FAILED,
        ROLL_FORWARD_AWAITING_PULSE,
        ROLL_BACK_AWAITING_PULSE,
    }
}

/// What an update did with one instance.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateAction(pub i32);

impl JobUpdateAction {
    /// The new task is stable.
    pub const INSTANCE_UPDATED: Self = Self(1);
    /// The old task is back and stable.
    pub const INSTANCE_ROLLED_BACK: Self = Self(2);
    /// The update of the instance began.
    pub const INSTANCE_UPDATING: Self = Self(3);
    /// The rollback of the instance began.
    pub const INSTANCE_ROLLING_BACK: Self = Self(4);
    /// The new task failed more often than allowed.
    pub const INSTANCE_UPDATE_FAILED: Self = Self(5);
    /// The old task failed more often than allowed after the rollback.
    pub const INSTANCE_ROLLBACK_FAILED: Self = Self(6);
}

wire_enum! {
    JobUpdateAction {
        INSTANCE_UPDATED,
        INSTANCE_ROLLED_BACK,
        INSTANCE_UPDATING,
        INSTANCE_ROLLING_BACK,
        INSTANCE_UPDATE_FAILED,
        INSTANCE_ROLLBACK_FAILED,
    }
}

/// The answer to a pulse.
#[derive(Clone, Copy, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdatePulseStatus(pub i32);

impl JobUpdatePulseStatus {
    /// The update is active and continues.
    pub const OK: Self = Self(1);
    /// The update is over, or there is none with this key.
    pub const FINISHED: Self = Self(2);
}

wire_enum! {
    JobUpdatePulseStatus {
        OK,
        FINISHED,
    }
}

/// `ExecutorConfig.name` of tasks that the Thermos executor runs.
pub const AURORA_EXECUTOR_NAME: &str = "AuroraExecutor";

/// States in which a task occupies its instance of the job, ascending.
pub const ACTIVE_STATES: &[ScheduleStatus] = &[
    ScheduleStatus::PENDING,
    ScheduleStatus::STARTING,
    ScheduleStatus::RUNNING,
    ScheduleStatus::KILLING,
    ScheduleStatus::ASSIGNED,
    ScheduleStatus::RESTARTING,
    ScheduleStatus::PREEMPTING,
    ScheduleStatus::THROTTLED,
    ScheduleStatus::DRAINING,
];

/// States in which a task has a host, ascending.
pub const SLAVE_ASSIGNED_STATES: &[ScheduleStatus] = &[
    ScheduleStatus::STARTING,
    ScheduleStatus::RUNNING,
    ScheduleStatus::KILLING,
    ScheduleStatus::ASSIGNED,
    ScheduleStatus::RESTARTING,
    ScheduleStatus::PREEMPTING,
    ScheduleStatus::DRAINING,
];

/// States in which a task may be running its processes, ascending.
pub const LIVE_STATES: &[ScheduleStatus] = &[
    ScheduleStatus::RUNNING,
    ScheduleStatus::KILLING,
    ScheduleStatus::RESTARTING,
    ScheduleStatus::PREEMPTING,
    ScheduleStatus::DRAINING,
];

/// States in which a task is over, ascending.
pub const TERMINAL_STATES: &[ScheduleStatus] = &[
    ScheduleStatus::FINISHED,
    ScheduleStatus::FAILED,
    ScheduleStatus::KILLED,
    ScheduleStatus::LOST,
];

/// States in which an update locks its job, ascending.
pub const ACTIVE_JOB_UPDATE_STATES: &[JobUpdateStatus] = &[
    JobUpdateStatus::ROLLING_FORWARD,
    JobUpdateStatus::ROLLING_BACK,
    JobUpdateStatus::ROLL_FORWARD_PAUSED,
    JobUpdateStatus::ROLL_BACK_PAUSED,
    JobUpdateStatus::ROLL_FORWARD_AWAITING_PULSE,
    JobUpdateStatus::ROLL_BACK_AWAITING_PULSE,
];

/// What names of roles, environments and jobs match, as a regular expression: one or more ASCII letters, digits, `_`, `-` or `.`.
pub const GOOD_IDENTIFIER_PATTERN: &str = r"^[\w\-\.]+$";

/// [`GOOD_IDENTIFIER_PATTERN`] for the JVM.
pub const GOOD_IDENTIFIER_PATTERN_JVM: &str = GOOD_IDENTIFIER_PATTERN;

/// [`GOOD_IDENTIFIER_PATTERN`] for Python.
pub const GOOD_IDENTIFIER_PATTERN_PYTHON: &str = GOOD_IDENTIFIER_PATTERN;

/// HTTP header that, with any value, makes a scheduler that is not the leader answer instead of redirecting.
pub const BYPASS_LEADER_REDIRECT_HEADER_NAME: &str = "Bypass-Leader-Redirect";

/// Who owns a task.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Identity {
    /// The account that the task runs under.
    pub role: Option<String>,
    /// Who made the job.
    pub user: Option<String>,
}

wire_struct! {
    Identity {
        1 role "role",
        2 user "user",
    }
}

/// An amount of resources: a quota, or consumption.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResourceAggregate {
    /// CPU cores.
    pub num_cpus: Option<OrderedFloat<f64>>,
    /// Memory in MiB.
    pub ram_mb: Option<i64>,
    /// Disk in MiB.
    pub disk_mb: Option<i64>,
}

wire_struct! {
    ResourceAggregate {
        1 num_cpus "numCpus",
        2 ram_mb "ramMb",
        3 disk_mb "diskMb",
    }
}

/// An attribute of a host, such as its rack.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Attribute {
    pub name: Option<String>,
    pub values: Option<BTreeSet<String>>,
}

wire_struct! {
    Attribute {
        1 name "name",
        2 values "values",
    }
}

/// A host with its attributes.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct HostAttributes {
    /// Host name.
    pub host: Option<String>,
    pub attributes: Option<BTreeSet<Attribute>>,
    /// Unset on hosts that never were in maintenance.
    pub mode: Option<MaintenanceMode>,
    /// The Mesos agent's id.
    pub slave_id: Option<String>,
}

wire_struct! {
    HostAttributes {
        1 host "host",
        2 attributes "attributes",
        3 mode "mode",
        4 slave_id "slaveId",
    }
}

/// The host's attribute has one of the values, or none of them.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ValueConstraint {
    /// Whether none of the values may match. A host without the attribute satisfies only a negated constraint.
    pub negated: Option<bool>,
    pub values: Option<BTreeSet<String>>,
}

wire_struct! {
    ValueConstraint {
        1 negated "negated",
        2 values "values",
    }
}

/// A limit on tasks of the job on hosts that share a value of the attribute.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct LimitConstraint {
    /// The most tasks of one job per value, such as per rack.
    pub limit: Option<i32>,
}

wire_struct! {
    LimitConstraint {
        1 limit "limit",
    }
}

/// What a constraint requires of an attribute.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum TaskConstraint {
    Value(ValueConstraint),
    Limit(LimitConstraint),
}

wire_union! {
    TaskConstraint {
        1 Value "value",
        2 Limit "limit",
    }
}

/// A restriction of the hosts on which a task may run.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Constraint {
    /// Name of the host attribute; `dedicated` reserves hosts.
    pub name: Option<String>,
    pub constraint: Option<TaskConstraint>,
}

wire_struct! {
    Constraint {
        1 name "name",
        2 constraint "constraint",
    }
}

/// A versioned package. Release 0.12.0 does not use it.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Package {
    pub role: Option<String>,
    pub name: Option<String>,
    pub version: Option<i32>,
}

wire_struct! {
    Package {
        1 role "role",
        2 name "name",
        3 version "version",
    }
}

/// A label of a task, for tools; the scheduler only stores it. Keys may repeat.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Metadata {
    pub key: Option<String>,
    pub value: Option<String>,
}

wire_struct! {
    Metadata {
        1 key "key",
        2 value "value",
    }
}

/// The name of a job within its cluster.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobKey {
    /// The account that the job's tasks run under.
    pub role: Option<String>,
    /// `prod`, `devel`, `test` or `stagingN` by the client's rule; the scheduler takes any identifier.
    pub environment: Option<String>,
    pub name: Option<String>,
}

wire_struct! {
    JobKey {
        1 role "role",
        2 environment "environment",
        3 name "name",
    }
}

/// What a lock holds.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum LockKey {
    Job(JobKey),
}

wire_union! {
    LockKey {
        1 Job "job",
    }
}

/// A lock on a job. It must be sent back with all fields unchanged.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Lock {
    pub key: Option<LockKey>,
    /// A random UUID.
    pub token: Option<String>,
    /// Who took it.
    pub user: Option<String>,
    /// When it was taken, in milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    /// Why it was taken.
    pub message: Option<String>,
}

wire_struct! {
    Lock {
        1 key "key",
        2 token "token",
        3 user "user",
        4 timestamp_ms "timestampMs",
        5 message "message",
    }
}

/// One instance of a job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InstanceKey {
    pub job_key: Option<JobKey>,
    /// Number of the instance, from 0.
    pub instance_id: Option<i32>,
}

wire_struct! {
    InstanceKey {
        1 job_key "jobKey",
        2 instance_id "instanceId",
    }
}

/// What the executor runs, in its own format.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ExecutorConfig {
    /// Name of the executor: `AuroraExecutor`.
    pub name: Option<String>,
    /// The executor's data: for Thermos the job as JSON text. The scheduler compares it byte for byte to find changed tasks.
    pub data: Option<String>,
}

wire_struct! {
    ExecutorConfig {
        1 name "name",
        2 data "data",
    }
}

/// A mount of a host's folder. Release 0.12.0 does not use it.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Volume {
    pub container_path: Option<String>,
    pub host_path: Option<String>,
    /// Whether the container may write.
    pub mode: Option<Mode>,
}

wire_struct! {
    Volume {
        1 container_path "containerPath",
        2 host_path "hostPath",
        3 mode "mode",
    }
}

/// No container: the task runs in the host's own file system.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MesosContainer {}

wire_struct! { MesosContainer {} }

/// An option of `docker run`.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DockerParameter {
    /// Name of the option, without dashes.
    pub name: Option<String>,
    pub value: Option<String>,
}

wire_struct! {
    DockerParameter {
        1 name "name",
        2 value "value",
    }
}

/// A Docker container.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DockerContainer {
    /// Name of the image.
    pub image: Option<String>,
    /// Refused by schedulers that are not configured to allow them.
    pub parameters: Option<Vec<DockerParameter>>,
}

wire_struct! {
    DockerContainer {
        1 image "image",
        2 parameters "parameters",
    }
}

/// Where a task's processes run.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Container {
    Mesos(MesosContainer),
    Docker(DockerContainer),
}

wire_union! {
    Container {
        1 Mesos "mesos",
        2 Docker "docker",
    }
}

/// The configuration of one task of a job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TaskConfig {
    /// Deprecated in favour of `job`, but updates still read it.
    pub job_name: Option<String>,
    /// Whether the task is restarted whenever it ends.
    pub is_service: Option<bool>,
    /// CPU cores; must be set.
    pub num_cpus: Option<OrderedFloat<f64>>,
    /// Memory in MiB; must be set.
    pub ram_mb: Option<i64>,
    /// Disk in MiB; must be set.
    pub disk_mb: Option<i64>,
    /// Among tasks of one role, one with a higher number may preempt one with a lower number.
    pub priority: Option<i32>,
    /// Number of failures after which a task that is not a service stays failed; -1 for no limit, 0 is the same as 1.
    pub max_task_failures: Option<i32>,
    /// Deprecated in favour of `job`, but updates still read it.
    pub owner: Option<Identity>,
    /// Whether the task counts against quota and may preempt others.
    pub production: Option<bool>,
    /// The host must meet all of them.
    pub constraints: Option<BTreeSet<Constraint>>,
    /// Names of the ports that the task gets on its host.
    pub requested_ports: Option<BTreeSet<String>>,
    /// Links on the task's page, by name. `%host%` and `%port:NAME%` are replaced by the host and the port of the task.
    pub task_links: Option<BTreeMap<String, String>>,
    /// Mail address of its owners.
    pub contact_email: Option<String>,
    /// What runs on the host; must be set.
    pub executor_config: Option<ExecutorConfig>,
    /// Deprecated in favour of `job`, but updates still read it.
    pub environment: Option<String>,
    /// Labels for tools.
    pub metadata: Option<BTreeSet<Metadata>>,
    /// The job that the task belongs to.
    pub job: Option<JobKey>,
    /// The IDL of 0.12.0 has `mesos` as the default value, so clients of the release send that. Here it is unset until it is set.
    pub container: Option<Container>,
    /// Name of the tier; unset for the default one.
    pub tier: Option<String>,
}

wire_struct! {
    TaskConfig {
        3 job_name "jobName",
        7 is_service "isService",
        8 num_cpus "numCpus",
        9 ram_mb "ramMb",
        10 disk_mb "diskMb",
        11 priority "priority",
        13 max_task_failures "maxTaskFailures",
        17 owner "owner",
        18 production "production",
        20 constraints "constraints",
        21 requested_ports "requestedPorts",
        22 task_links "taskLinks",
        23 contact_email "contactEmail",
        25 executor_config "executorConfig",
        26 environment "environment",
        27 metadata "metadata",
        28 job "job",
        29 container "container",
        30 tier "tier",
    }
}

/// A job, as it is created or scheduled.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobConfiguration {
    /// Five fields as in a crontab, for `scheduleCronJob`. It must be unset, not empty, for `createJob`.
    pub cron_schedule: Option<String>,
    /// Unset means `KILL_EXISTING`.
    pub cron_collision_policy: Option<CronCollisionPolicy>,
    /// What each instance runs.
    pub task_config: Option<TaskConfig>,
    /// Deprecated; when set, its role must be that of the key.
    pub owner: Option<Identity>,
    /// Number of instances, 1 to 4000.
    pub instance_count: Option<i32>,
    /// The job's name.
    pub key: Option<JobKey>,
}

wire_struct! {
    JobConfiguration {
        4 cron_schedule "cronSchedule",
        5 cron_collision_policy "cronCollisionPolicy",
        6 task_config "taskConfig",
        7 owner "owner",
        8 instance_count "instanceCount",
        9 key "key",
    }
}

/// Counts of a job's tasks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobStats {
    /// Tasks that have a host and have not ended.
    pub active_task_count: Option<i32>,
    /// Tasks that finished or were killed.
    pub finished_task_count: Option<i32>,
    /// Tasks that failed or were lost.
    pub failed_task_count: Option<i32>,
    /// Tasks that wait for a host or are throttled.
    pub pending_task_count: Option<i32>,
}

wire_struct! {
    JobStats {
        1 active_task_count "activeTaskCount",
        2 finished_task_count "finishedTaskCount",
        3 failed_task_count "failedTaskCount",
        4 pending_task_count "pendingTaskCount",
    }
}

/// A job with counts of its tasks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobSummary {
    pub job: Option<JobConfiguration>,
    pub stats: Option<JobStats>,
    /// When the job runs next, in milliseconds since 1970; set on cron jobs only.
    pub next_cron_run_ms: Option<i64>,
}

wire_struct! {
    JobSummary {
        1 job "job",
        2 stats "stats",
        3 next_cron_run_ms "nextCronRunMs",
    }
}

/// Deprecated form of `addInstances`, with a configuration.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AddInstancesConfig {
    pub key: Option<JobKey>,
    pub task_config: Option<TaskConfig>,
    pub instance_ids: Option<BTreeSet<i32>>,
}

wire_struct! {
    AddInstancesConfig {
        1 key "key",
        2 task_config "taskConfig",
        3 instance_ids "instanceIds",
    }
}

/// Numbers of instances, both ends included.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Range {
    /// The first.
    pub first: Option<i32>,
    /// The last.
    pub last: Option<i32>,
}

wire_struct! {
    Range {
        1 first "first",
        2 last "last",
    }
}

/// Instances that share a configuration.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ConfigGroup {
    pub config: Option<TaskConfig>,
    pub instances: Option<BTreeSet<Range>>,
}

wire_struct! {
    ConfigGroup {
        1 config "config",
        3 instances "instances",
    }
}

/// The configurations of a job's active tasks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ConfigSummary {
    pub key: Option<JobKey>,
    pub groups: Option<BTreeSet<ConfigGroup>>,
}

wire_struct! {
    ConfigSummary {
        1 key "key",
        2 groups "groups",
    }
}

/// The task as the scheduler would store it, defaults filled in.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PopulateJobResult {
    pub task_config: Option<TaskConfig>,
}

wire_struct! {
    PopulateJobResult {
        2 task_config "taskConfig",
    }
}

/// Quota of a role, and its consumption. Only production use outside of dedicated hosts is limited.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetQuotaResult {
    /// The most that the role may use.
    pub quota: Option<ResourceAggregate>,
    /// Used by production tasks, not dedicated: what the quota limits.
    pub prod_shared_consumption: Option<ResourceAggregate>,
    /// Used by other tasks, not dedicated.
    pub non_prod_shared_consumption: Option<ResourceAggregate>,
    /// Used by production tasks on dedicated hosts.
    pub prod_dedicated_consumption: Option<ResourceAggregate>,
    /// Used by other tasks on dedicated hosts.
    pub non_prod_dedicated_consumption: Option<ResourceAggregate>,
}

wire_struct! {
    GetQuotaResult {
        1 quota "quota",
        2 prod_shared_consumption "prodSharedConsumption",
        3 non_prod_shared_consumption "nonProdSharedConsumption",
        4 prod_dedicated_consumption "prodDedicatedConsumption",
        5 non_prod_dedicated_consumption "nonProdDedicatedConsumption",
    }
}

/// The lock, to be sent with calls on the job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AcquireLockResult {
    pub lock: Option<Lock>,
}

wire_struct! {
    AcquireLockResult {
        1 lock "lock",
    }
}

/// A change of a task's state.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TaskEvent {
    /// Milliseconds since 1970.
    pub timestamp: Option<i64>,
    /// The state that was entered.
    pub status: Option<ScheduleStatus>,
    /// Why, for people.
    pub message: Option<String>,
    /// Host name of the scheduler that stored it.
    pub scheduler: Option<String>,
}

wire_struct! {
    TaskEvent {
        1 timestamp "timestamp",
        2 status "status",
        3 message "message",
        4 scheduler "scheduler",
    }
}

/// A task and where it runs.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AssignedTask {
    /// Made of time, job, instance and a random part; do not parse it.
    pub task_id: Option<String>,
    /// The Mesos agent's id; unset while pending.
    pub slave_id: Option<String>,
    /// Name of the host; unset while pending.
    pub slave_host: Option<String>,
    pub task: Option<TaskConfig>,
    /// The numbers of the requested ports, by name.
    pub assigned_ports: Option<BTreeMap<String, i32>>,
    /// Number of the instance, from 0.
    pub instance_id: Option<i32>,
}

wire_struct! {
    AssignedTask {
        1 task_id "taskId",
        2 slave_id "slaveId",
        3 slave_host "slaveHost",
        4 task "task",
        5 assigned_ports "assignedPorts",
        6 instance_id "instanceId",
    }
}

/// A task with its history.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScheduledTask {
    pub assigned_task: Option<AssignedTask>,
    pub status: Option<ScheduleStatus>,
    /// Failures of the instance, including those of the tasks that this one replaces.
    pub failure_count: Option<i32>,
    /// Oldest first; never empty.
    pub task_events: Option<Vec<TaskEvent>>,
    /// Id of the task that this one replaces.
    pub ancestor_id: Option<String>,
}

wire_struct! {
    ScheduledTask {
        1 assigned_task "assignedTask",
        2 status "status",
        3 failure_count "failureCount",
        4 task_events "taskEvents",
        5 ancestor_id "ancestorId",
    }
}

/// Tasks, in no order.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScheduleStatusResult {
    pub tasks: Option<Vec<ScheduledTask>>,
}

wire_struct! {
    ScheduleStatusResult {
        1 tasks "tasks",
    }
}

/// Jobs with active tasks and cron jobs. `instanceCount` is the number of tasks, except for cron jobs.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobsResult {
    pub configs: Option<BTreeSet<JobConfiguration>>,
}

wire_struct! {
    GetJobsResult {
        1 configs "configs",
    }
}

/// Which tasks: those that match all fields that are set.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct TaskQuery {
    pub job_name: Option<String>,
    /// An empty set matches nothing.
    pub task_ids: Option<BTreeSet<String>>,
    /// An empty set matches any state.
    pub statuses: Option<BTreeSet<ScheduleStatus>>,
    /// An empty set matches any instance.
    pub instance_ids: Option<BTreeSet<i32>>,
    /// Deprecated; its role replaces `role`.
    pub owner: Option<Identity>,
    pub environment: Option<String>,
    /// Names of hosts; leave it unset rather than empty.
    pub slave_hosts: Option<BTreeSet<String>>,
    /// Leave it unset rather than empty.
    pub job_keys: Option<BTreeSet<JobKey>>,
    /// Number of tasks to skip; their order is not defined.
    pub offset: Option<i32>,
    /// The most tasks to return; 0 returns none.
    pub limit: Option<i32>,
    /// Empty matches any role.
    pub role: Option<String>,
}

wire_struct! {
    TaskQuery {
        2 job_name "jobName",
        4 task_ids "taskIds",
        5 statuses "statuses",
        7 instance_ids "instanceIds",
        8 owner "owner",
        9 environment "environment",
        10 slave_hosts "slaveHosts",
        11 job_keys "jobKeys",
        12 offset "offset",
        13 limit "limit",
        14 role "role",
    }
}

/// A host's maintenance mode.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct HostStatus {
    pub host: Option<String>,
    pub mode: Option<MaintenanceMode>,
}

wire_struct! {
    HostStatus {
        1 host "host",
        2 mode "mode",
    }
}

/// Counts of a role's jobs.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RoleSummary {
    pub role: Option<String>,
    /// Jobs with any task that is still stored.
    pub job_count: Option<i32>,
    /// Cron jobs.
    pub cron_job_count: Option<i32>,
}

wire_struct! {
    RoleSummary {
        1 role "role",
        2 job_count "jobCount",
        3 cron_job_count "cronJobCount",
    }
}

/// Names of hosts. Results omit hosts that the scheduler does not know.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Hosts {
    pub host_names: Option<BTreeSet<String>>,
}

wire_struct! {
    Hosts {
        1 host_names "hostNames",
    }
}

/// Why a task waits.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PendingReason {
    pub task_id: Option<String>,
    /// What the best matching host lacks, joined with commas; empty when that is unknown.
    pub reason: Option<String>,
}

wire_struct! {
    PendingReason {
        1 task_id "taskId",
        2 reason "reason",
    }
}

/// The name of an update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateKey {
    pub job: Option<JobKey>,
    /// A random UUID, unique within the job.
    pub id: Option<String>,
}

wire_struct! {
    JobUpdateKey {
        1 job "job",
        2 id "id",
    }
}

/// The settings of an update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateSettings {
    /// Number of instances per batch; above 0.
    pub update_group_size: Option<i32>,
    /// Failures of one instance that are tolerated; with one more it counts as failed.
    pub max_per_instance_failures: Option<i32>,
    /// Failed instances that are tolerated; with one more the update fails.
    pub max_failed_instances: Option<i32>,
    /// Milliseconds that a task must run to count as stable; above 0.
    pub min_wait_in_instance_running_ms: Option<i32>,
    /// Whether a failed update is rolled back.
    pub rollback_on_failure: Option<bool>,
    /// Instances to update; empty for all.
    pub update_only_these_instances: Option<BTreeSet<Range>>,
    /// Whether a batch must be complete before the next one starts.
    pub wait_for_batch_completion: Option<bool>,
    /// Milliseconds without a pulse after which the update waits for one; unset or 0 for an update without pulses.
    pub block_if_no_pulses_after_ms: Option<i32>,
}

wire_struct! {
    JobUpdateSettings {
        1 update_group_size "updateGroupSize",
        2 max_per_instance_failures "maxPerInstanceFailures",
        3 max_failed_instances "maxFailedInstances",
        5 min_wait_in_instance_running_ms "minWaitInInstanceRunningMs",
        6 rollback_on_failure "rollbackOnFailure",
        7 update_only_these_instances "updateOnlyTheseInstances",
        8 wait_for_batch_completion "waitForBatchCompletion",
        9 block_if_no_pulses_after_ms "blockIfNoPulsesAfterMs",
    }
}

/// A change of an update's state.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateEvent {
    pub status: Option<JobUpdateStatus>,
    /// Milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    /// Who requested it; unset when the scheduler did it by itself.
    pub user: Option<String>,
    /// Why, for people.
    pub message: Option<String>,
}

wire_struct! {
    JobUpdateEvent {
        1 status "status",
        2 timestamp_ms "timestampMs",
        3 user "user",
        4 message "message",
    }
}

/// What an update did with one instance.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobInstanceUpdateEvent {
    /// Number of the instance, from 0.
    pub instance_id: Option<i32>,
    /// Milliseconds since 1970.
    pub timestamp_ms: Option<i64>,
    pub action: Option<JobUpdateAction>,
}

wire_struct! {
    JobInstanceUpdateEvent {
        1 instance_id "instanceId",
        2 timestamp_ms "timestampMs",
        3 action "action",
    }
}

/// A configuration and the instances that have it.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InstanceTaskConfig {
    pub task: Option<TaskConfig>,
    pub instances: Option<BTreeSet<Range>>,
}

wire_struct! {
    InstanceTaskConfig {
        1 task "task",
        2 instances "instances",
    }
}

/// The state of an update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateState {
    pub status: Option<JobUpdateStatus>,
    /// Milliseconds since 1970.
    pub created_timestamp_ms: Option<i64>,
    /// Milliseconds since 1970 of the last event of the update or of an instance.
    pub last_modified_timestamp_ms: Option<i64>,
}

wire_struct! {
    JobUpdateState {
        1 status "status",
        2 created_timestamp_ms "createdTimestampMs",
        3 last_modified_timestamp_ms "lastModifiedTimestampMs",
    }
}

/// A summary of an update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateSummary {
    /// Who started it.
    pub user: Option<String>,
    pub state: Option<JobUpdateState>,
    pub key: Option<JobUpdateKey>,
}

wire_struct! {
    JobUpdateSummary {
        3 user "user",
        4 state "state",
        5 key "key",
    }
}

/// What an update changes.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateInstructions {
    /// The instances to be replaced or removed, as they were.
    pub initial_state: Option<BTreeSet<InstanceTaskConfig>>,
    /// The instances to be added or changed, as they will be; unset when instances are only removed.
    pub desired_state: Option<InstanceTaskConfig>,
    pub settings: Option<JobUpdateSettings>,
}

wire_struct! {
    JobUpdateInstructions {
        1 initial_state "initialState",
        2 desired_state "desiredState",
        3 settings "settings",
    }
}

/// An update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdate {
    pub summary: Option<JobUpdateSummary>,
    pub instructions: Option<JobUpdateInstructions>,
}

wire_struct! {
    JobUpdate {
        1 summary "summary",
        2 instructions "instructions",
    }
}

/// An update with its history.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateDetails {
    pub update: Option<JobUpdate>,
    /// Oldest first.
    pub update_events: Option<Vec<JobUpdateEvent>>,
    /// Oldest first.
    pub instance_events: Option<Vec<JobInstanceUpdateEvent>>,
}

wire_struct! {
    JobUpdateDetails {
        1 update "update",
        2 update_events "updateEvents",
        3 instance_events "instanceEvents",
    }
}

/// An update to start or to preview.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateRequest {
    pub task_config: Option<TaskConfig>,
    /// Number of instances that the job will have, 1 to 4000.
    pub instance_count: Option<i32>,
    pub settings: Option<JobUpdateSettings>,
}

wire_struct! {
    JobUpdateRequest {
        1 task_config "taskConfig",
        2 instance_count "instanceCount",
        3 settings "settings",
    }
}

/// Which updates: those that match all fields that are set.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobUpdateQuery {
    pub role: Option<String>,
    pub job_key: Option<JobKey>,
    pub user: Option<String>,
    /// An empty set matches any.
    pub update_statuses: Option<BTreeSet<JobUpdateStatus>>,
    /// Number of updates to skip, newest first.
    pub offset: Option<i32>,
    /// The most updates to return; 0 returns all.
    pub limit: Option<i32>,
    pub key: Option<JobUpdateKey>,
}

wire_struct! {
    JobUpdateQuery {
        2 role "role",
        3 job_key "jobKey",
        4 user "user",
        5 update_statuses "updateStatuses",
        6 offset "offset",
        7 limit "limit",
        8 key "key",
    }
}

/// Ids of the storage backups.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ListBackupsResult {
    pub backups: Option<BTreeSet<String>>,
}

wire_struct! {
    ListBackupsResult {
        1 backups "backups",
    }
}

/// The hosts and their new modes.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StartMaintenanceResult {
    pub statuses: Option<BTreeSet<HostStatus>>,
}

wire_struct! {
    StartMaintenanceResult {
        1 statuses "statuses",
    }
}

/// The hosts and their new modes.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DrainHostsResult {
    pub statuses: Option<BTreeSet<HostStatus>>,
}

wire_struct! {
    DrainHostsResult {
        1 statuses "statuses",
    }
}

/// Tasks of the backup that is staged.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct QueryRecoveryResult {
    pub tasks: Option<BTreeSet<ScheduledTask>>,
}

wire_struct! {
    QueryRecoveryResult {
        1 tasks "tasks",
    }
}

/// The hosts and their modes.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MaintenanceStatusResult {
    pub statuses: Option<BTreeSet<HostStatus>>,
}

wire_struct! {
    MaintenanceStatusResult {
        1 statuses "statuses",
    }
}

/// The hosts and their new modes.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EndMaintenanceResult {
    pub statuses: Option<BTreeSet<HostStatus>>,
}

wire_struct! {
    EndMaintenanceResult {
        1 statuses "statuses",
    }
}

/// One summary per role.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RoleSummaryResult {
    pub summaries: Option<BTreeSet<RoleSummary>>,
}

wire_struct! {
    RoleSummaryResult {
        1 summaries "summaries",
    }
}

/// One summary per job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobSummaryResult {
    pub summaries: Option<BTreeSet<JobSummary>>,
}

wire_struct! {
    JobSummaryResult {
        1 summaries "summaries",
    }
}

/// All locks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetLocksResult {
    pub locks: Option<BTreeSet<Lock>>,
}

wire_struct! {
    GetLocksResult {
        1 locks "locks",
    }
}

/// The summary.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ConfigSummaryResult {
    pub summary: Option<ConfigSummary>,
}

wire_struct! {
    ConfigSummaryResult {
        1 summary "summary",
    }
}

/// One reason for each task that is pending.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetPendingReasonResult {
    pub reasons: Option<BTreeSet<PendingReason>>,
}

wire_struct! {
    GetPendingReasonResult {
        1 reasons "reasons",
    }
}

/// The update that was started.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StartJobUpdateResult {
    pub key: Option<JobUpdateKey>,
}

wire_struct! {
    StartJobUpdateResult {
        1 key "key",
    }
}

/// Updates, the last modified first.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobUpdateSummariesResult {
    pub update_summaries: Option<Vec<JobUpdateSummary>>,
}

wire_struct! {
    GetJobUpdateSummariesResult {
        1 update_summaries "updateSummaries",
    }
}

/// The update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobUpdateDetailsResult {
    pub details: Option<JobUpdateDetails>,
}

wire_struct! {
    GetJobUpdateDetailsResult {
        1 details "details",
    }
}

/// The answer to the pulse.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PulseJobUpdateResult {
    pub status: Option<JobUpdatePulseStatus>,
}

wire_struct! {
    PulseJobUpdateResult {
        1 status "status",
    }
}

/// What an update would do.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobUpdateDiffResult {
    /// Instances to be added, with their new configuration.
    pub add: Option<BTreeSet<ConfigGroup>>,
    /// Instances to be removed, with their present configuration.
    pub remove: Option<BTreeSet<ConfigGroup>>,
    /// Instances to be changed, with their present configuration.
    pub update: Option<BTreeSet<ConfigGroup>>,
    /// Instances that do not change.
    pub unchanged: Option<BTreeSet<ConfigGroup>>,
}

wire_struct! {
    GetJobUpdateDiffResult {
        1 add "add",
        2 remove "remove",
        3 update "update",
        4 unchanged "unchanged",
    }
}

/// Who answered.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ServerInfo {
    /// Name of the cluster, as the scheduler was started.
    pub cluster_name: Option<String>,
    /// Where statistics of tasks are shown; empty by default.
    pub stats_url_prefix: Option<String>,
}

wire_struct! {
    ServerInfo {
        1 cluster_name "clusterName",
        3 stats_url_prefix "statsUrlPrefix",
    }
}

/// A message to the caller.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResponseDetail {
    /// Unset when the failure had no text.
    pub message: Option<String>,
}

wire_struct! {
    ResponseDetail {
        1 message "message",
    }
}

/// The result of a call; each branch belongs to the call that it is named after.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum Result {
    PopulateJobResult(PopulateJobResult),
    /// Of `getTasksStatus` and `getTasksWithoutConfigs`.
    ScheduleStatusResult(ScheduleStatusResult),
    GetJobsResult(GetJobsResult),
    GetQuotaResult(GetQuotaResult),
    ListBackupsResult(ListBackupsResult),
    StartMaintenanceResult(StartMaintenanceResult),
    DrainHostsResult(DrainHostsResult),
    QueryRecoveryResult(QueryRecoveryResult),
    MaintenanceStatusResult(MaintenanceStatusResult),
    EndMaintenanceResult(EndMaintenanceResult),
    AcquireLockResult(AcquireLockResult),
    RoleSummaryResult(RoleSummaryResult),
    JobSummaryResult(JobSummaryResult),
    GetLocksResult(GetLocksResult),
    ConfigSummaryResult(ConfigSummaryResult),
    GetPendingReasonResult(GetPendingReasonResult),
    StartJobUpdateResult(StartJobUpdateResult),
    GetJobUpdateSummariesResult(GetJobUpdateSummariesResult),
    GetJobUpdateDetailsResult(GetJobUpdateDetailsResult),
    PulseJobUpdateResult(PulseJobUpdateResult),
    GetJobUpdateDiffResult(GetJobUpdateDiffResult),
}

wire_union! {
    Result {
        1 PopulateJobResult "populateJobResult",
        3 ScheduleStatusResult "scheduleStatusResult",
        4 GetJobsResult "getJobsResult",
        5 GetQuotaResult "getQuotaResult",
        6 ListBackupsResult "listBackupsResult",
        7 StartMaintenanceResult "startMaintenanceResult",
        8 DrainHostsResult "drainHostsResult",
        9 QueryRecoveryResult "queryRecoveryResult",
        10 MaintenanceStatusResult "maintenanceStatusResult",
        11 EndMaintenanceResult "endMaintenanceResult",
        16 AcquireLockResult "acquireLockResult",
        17 RoleSummaryResult "roleSummaryResult",
        18 JobSummaryResult "jobSummaryResult",
        19 GetLocksResult "getLocksResult",
        20 ConfigSummaryResult "configSummaryResult",
        21 GetPendingReasonResult "getPendingReasonResult",
        22 StartJobUpdateResult "startJobUpdateResult",
        23 GetJobUpdateSummariesResult "getJobUpdateSummariesResult",
        24 GetJobUpdateDetailsResult "getJobUpdateDetailsResult",
        25 PulseJobUpdateResult "pulseJobUpdateResult",
        26 GetJobUpdateDiffResult "getJobUpdateDiffResult",
    }
}

/// The answer to every call.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Response {
    /// Always set.
    pub response_code: Option<ResponseCode>,
    /// Set when the call succeeded and has a result.
    pub result: Option<Result>,
    /// Always set.
    pub server_info: Option<ServerInfo>,
    /// Always set, and often empty.
    pub details: Option<Vec<ResponseDetail>>,
}

wire_struct! {
    Response {
        1 response_code "responseCode",
        3 result "result",
        5 server_info "serverInfo",
        6 details "details",
    }
}

/// A change of one instance's stored configuration.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct InstanceConfigRewrite {
    pub instance_key: Option<InstanceKey>,
    /// What must be stored at present.
    pub old_task: Option<TaskConfig>,
    /// What replaces it.
    pub rewritten_task: Option<TaskConfig>,
}

wire_struct! {
    InstanceConfigRewrite {
        1 instance_key "instanceKey",
        2 old_task "oldTask",
        3 rewritten_task "rewrittenTask",
    }
}

/// A change of a stored job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct JobConfigRewrite {
    /// What must be stored at present.
    pub old_job: Option<JobConfiguration>,
    /// What replaces it.
    pub rewritten_job: Option<JobConfiguration>,
}

wire_struct! {
    JobConfigRewrite {
        1 old_job "oldJob",
        2 rewritten_job "rewrittenJob",
    }
}

/// A change of stored configuration.
#[derive(Clone, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum ConfigRewrite {
    JobRewrite(JobConfigRewrite),
    InstanceRewrite(InstanceConfigRewrite),
}

wire_union! {
    ConfigRewrite {
        1 JobRewrite "jobRewrite",
        2 InstanceRewrite "instanceRewrite",
    }
}

/// Changes, each applied or refused separately.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RewriteConfigsRequest {
    pub rewrite_commands: Option<Vec<ConfigRewrite>>,
}

wire_struct! {
    RewriteConfigsRequest {
        1 rewrite_commands "rewriteCommands",
    }
}
