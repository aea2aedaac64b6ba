// Written by `cargo xtask codegen`: change the IDL, not this file.

use std::collections::BTreeSet;

use super::api::{
    AddInstancesConfig, Hosts, InstanceKey, JobConfiguration, JobKey, JobUpdateKey, JobUpdateQuery,
    JobUpdateRequest, Lock, LockKey, LockValidation, ResourceAggregate, RewriteConfigsRequest,
    ScheduleStatus, TaskQuery,
};
use crate::calls::define_calls;
use crate::wire::wire_struct;

/// Lists roles with the number of their jobs.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetRoleSummary {}

wire_struct! { GetRoleSummary {} }

/// Lists jobs with numbers of their tasks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobSummary {
    /// Unset for all roles.
    pub role: Option<String>,
}

wire_struct! {
    GetJobSummary {
        1 role "role",
    }
}

/// Finds tasks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetTasksStatus {
    pub query: Option<TaskQuery>,
}

wire_struct! {
    GetTasksStatus {
        1 query "query",
    }
}

/// Finds tasks without their executor data: a much smaller answer.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetTasksWithoutConfigs {
    pub query: Option<TaskQuery>,
}

wire_struct! {
    GetTasksWithoutConfigs {
        1 query "query",
    }
}

/// Explains why tasks wait for a host. States and hosts must be unset in the query.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetPendingReason {
    pub query: Option<TaskQuery>,
}

wire_struct! {
    GetPendingReason {
        1 query "query",
    }
}

/// Groups a job's active instances by configuration.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetConfigSummary {
    pub job: Option<JobKey>,
}

wire_struct! {
    GetConfigSummary {
        1 job "job",
    }
}

/// Lists jobs with active tasks and cron jobs.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobs {
    /// Unset for all roles.
    pub owner_role: Option<String>,
}

wire_struct! {
    GetJobs {
        1 owner_role "ownerRole",
    }
}

/// Returns the quota and the consumption of a role.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetQuota {
    /// Must not be blank.
    pub owner_role: Option<String>,
}

wire_struct! {
    GetQuota {
        1 owner_role "ownerRole",
    }
}

/// Validates a job and fills in defaults, without creating it.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PopulateJobConfig {
    pub description: Option<JobConfiguration>,
}

wire_struct! {
    PopulateJobConfig {
        1 description "description",
    }
}

/// Lists all locks on jobs.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetLocks {}

wire_struct! { GetLocks {} }

/// Finds updates.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobUpdateSummaries {
    pub job_update_query: Option<JobUpdateQuery>,
}

wire_struct! {
    GetJobUpdateSummaries {
        1 job_update_query "jobUpdateQuery",
    }
}

/// Shows one update with its history.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobUpdateDetails {
    pub key: Option<JobUpdateKey>,
}

wire_struct! {
    GetJobUpdateDetails {
        1 key "key",
    }
}

/// Previews an update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct GetJobUpdateDiff {
    pub request: Option<JobUpdateRequest>,
}

wire_struct! {
    GetJobUpdateDiff {
        1 request "request",
    }
}

/// Creates a job that is not a cron job. Refused when the job has active tasks.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CreateJob {
    pub description: Option<JobConfiguration>,
    pub lock: Option<Lock>,
}

wire_struct! {
    CreateJob {
        1 description "description",
        3 lock "lock",
    }
}

/// Creates a cron job or replaces its schedule and tasks; starts nothing.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ScheduleCronJob {
    pub description: Option<JobConfiguration>,
    pub lock: Option<Lock>,
}

wire_struct! {
    ScheduleCronJob {
        1 description "description",
        3 lock "lock",
    }
}

/// Removes a cron job. Its running tasks continue.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DescheduleCronJob {
    pub lock: Option<Lock>,
    pub job: Option<JobKey>,
}

wire_struct! {
    DescheduleCronJob {
        3 lock "lock",
        4 job "job",
    }
}

/// Runs a cron job now, subject to its collision policy.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StartCronJob {
    pub job: Option<JobKey>,
}

wire_struct! {
    StartCronJob {
        4 job "job",
    }
}

/// Restarts instances, all of which must be active. Returns at once.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RestartShards {
    /// Numbers of the instances; must not be empty.
    pub shard_ids: Option<BTreeSet<i32>>,
    pub job: Option<JobKey>,
    pub lock: Option<Lock>,
}

wire_struct! {
    RestartShards {
        3 shard_ids "shardIds",
        5 job "job",
        6 lock "lock",
    }
}

/// Kills instances of a job. Returns at once.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct KillTasks {
    /// Deprecated: when set, `job` and `instances` are ignored.
    pub query: Option<TaskQuery>,
    pub lock: Option<Lock>,
    pub job: Option<JobKey>,
    /// Unset or empty for all.
    pub instances: Option<BTreeSet<i32>>,
}

wire_struct! {
    KillTasks {
        1 query "query",
        3 lock "lock",
        4 job "job",
        5 instances "instances",
    }
}

/// Adds instances like an existing one, above the highest number in use.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AddInstances {
    /// Deprecated: when set, `key` and `count` are ignored.
    pub config: Option<AddInstancesConfig>,
    pub lock: Option<Lock>,
    /// The instance to copy.
    pub key: Option<InstanceKey>,
    /// How many to add; above 0.
    pub count: Option<i32>,
}

wire_struct! {
    AddInstances {
        1 config "config",
        2 lock "lock",
        3 key "key",
        4 count "count",
    }
}

/// Locks a job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AcquireLock {
    pub lock_key: Option<LockKey>,
}

wire_struct! {
    AcquireLock {
        1 lock_key "lockKey",
    }
}

/// Unlocks a job.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ReleaseLock {
    pub lock: Option<Lock>,
    pub validation: Option<LockValidation>,
}

wire_struct! {
    ReleaseLock {
        1 lock "lock",
        2 validation "validation",
    }
}

/// Replaces the schedule and tasks of a cron job that exists.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ReplaceCronTemplate {
    pub config: Option<JobConfiguration>,
    pub lock: Option<Lock>,
}

wire_struct! {
    ReplaceCronTemplate {
        1 config "config",
        2 lock "lock",
    }
}

/// Starts an update of a service. Without a difference nothing starts, and the answer is `OK` without a result.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StartJobUpdate {
    pub request: Option<JobUpdateRequest>,
    /// For people, at most 1024 characters.
    pub message: Option<String>,
}

wire_struct! {
    StartJobUpdate {
        1 request "request",
        3 message "message",
    }
}

/// Pauses an update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PauseJobUpdate {
    pub key: Option<JobUpdateKey>,
    /// For people.
    pub message: Option<String>,
}

wire_struct! {
    PauseJobUpdate {
        1 key "key",
        3 message "message",
    }
}

/// Resumes a paused update.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ResumeJobUpdate {
    pub key: Option<JobUpdateKey>,
    /// For people.
    pub message: Option<String>,
}

wire_struct! {
    ResumeJobUpdate {
        1 key "key",
        3 message "message",
    }
}

/// Aborts an update and leaves its instances as they are.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct AbortJobUpdate {
    pub key: Option<JobUpdateKey>,
    /// For people.
    pub message: Option<String>,
}

wire_struct! {
    AbortJobUpdate {
        1 key "key",
        3 message "message",
    }
}

/// Lets an update that waits for pulses continue.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PulseJobUpdate {
    pub key: Option<JobUpdateKey>,
}

wire_struct! {
    PulseJobUpdate {
        1 key "key",
    }
}

/// Sets the quota of a role.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct SetQuota {
    pub owner_role: Option<String>,
    /// Replaces the old one; must not be below the consumption.
    pub quota: Option<ResourceAggregate>,
}

wire_struct! {
    SetQuota {
        1 owner_role "ownerRole",
        2 quota "quota",
    }
}

/// Moves a task to a state if the transition is allowed; the answer is `OK` in any case.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ForceTaskState {
    pub task_id: Option<String>,
    pub status: Option<ScheduleStatus>,
}

wire_struct! {
    ForceTaskState {
        1 task_id "taskId",
        2 status "status",
    }
}

/// Writes a backup of the storage.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct PerformBackup {}

wire_struct! { PerformBackup {} }

/// Lists backups of the storage.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct ListBackups {}

wire_struct! { ListBackups {} }

/// Loads a backup beside the storage.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StageRecovery {
    pub backup_id: Option<String>,
}

wire_struct! {
    StageRecovery {
        1 backup_id "backupId",
    }
}

/// Finds tasks in the loaded backup.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct QueryRecovery {
    pub query: Option<TaskQuery>,
}

wire_struct! {
    QueryRecovery {
        1 query "query",
    }
}

/// Removes tasks from the loaded backup.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DeleteRecoveryTasks {
    pub query: Option<TaskQuery>,
}

wire_struct! {
    DeleteRecoveryTasks {
        1 query "query",
    }
}

/// Replaces the storage by the loaded backup.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct CommitRecovery {}

wire_struct! { CommitRecovery {} }

/// Unloads the loaded backup.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct UnloadRecovery {}

wire_struct! { UnloadRecovery {} }

/// Marks hosts so that new tasks avoid them.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct StartMaintenance {
    pub hosts: Option<Hosts>,
}

wire_struct! {
    StartMaintenance {
        1 hosts "hosts",
    }
}

/// Drains hosts: moves their tasks away.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct DrainHosts {
    pub hosts: Option<Hosts>,
}

wire_struct! {
    DrainHosts {
        1 hosts "hosts",
    }
}

/// Returns the maintenance modes of hosts.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct MaintenanceStatus {
    pub hosts: Option<Hosts>,
}

wire_struct! {
    MaintenanceStatus {
        1 hosts "hosts",
    }
}

/// Ends the maintenance of hosts.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct EndMaintenance {
    pub hosts: Option<Hosts>,
}

wire_struct! {
    EndMaintenance {
        1 hosts "hosts",
    }
}

/// Writes a snapshot of the storage to its log.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Snapshot {}

wire_struct! { Snapshot {} }

/// Replaces stored configurations, each if it is as expected.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct RewriteConfigs {
    pub request: Option<RewriteConfigsRequest>,
}

wire_struct! {
    RewriteConfigs {
        1 request "request",
    }
}

define_calls! {
    ReadOnlyScheduler GetRoleSummary "getRoleSummary",
    ReadOnlyScheduler GetJobSummary "getJobSummary",
    ReadOnlyScheduler GetTasksStatus "getTasksStatus",
    ReadOnlyScheduler GetTasksWithoutConfigs "getTasksWithoutConfigs",
    ReadOnlyScheduler GetPendingReason "getPendingReason",
    ReadOnlyScheduler GetConfigSummary "getConfigSummary",
    ReadOnlyScheduler GetJobs "getJobs",
    ReadOnlyScheduler GetQuota "getQuota",
    ReadOnlyScheduler PopulateJobConfig "populateJobConfig",
    ReadOnlyScheduler GetLocks "getLocks",
    ReadOnlyScheduler GetJobUpdateSummaries "getJobUpdateSummaries",
    ReadOnlyScheduler GetJobUpdateDetails "getJobUpdateDetails",
    ReadOnlyScheduler GetJobUpdateDiff "getJobUpdateDiff",
    AuroraSchedulerManager CreateJob "createJob",
    AuroraSchedulerManager ScheduleCronJob "scheduleCronJob",
    AuroraSchedulerManager DescheduleCronJob "descheduleCronJob",
    AuroraSchedulerManager StartCronJob "startCronJob",
    AuroraSchedulerManager RestartShards "restartShards",
    AuroraSchedulerManager KillTasks "killTasks",
    AuroraSchedulerManager AddInstances "addInstances",
    AuroraSchedulerManager AcquireLock "acquireLock",
    AuroraSchedulerManager ReleaseLock "releaseLock",
    AuroraSchedulerManager ReplaceCronTemplate "replaceCronTemplate",
    AuroraSchedulerManager StartJobUpdate "startJobUpdate",
    AuroraSchedulerManager PauseJobUpdate "pauseJobUpdate",
    AuroraSchedulerManager ResumeJobUpdate "resumeJobUpdate",
    AuroraSchedulerManager AbortJobUpdate "abortJobUpdate",
    AuroraSchedulerManager PulseJobUpdate "pulseJobUpdate",
    AuroraAdmin SetQuota "setQuota",
    AuroraAdmin ForceTaskState "forceTaskState",
    AuroraAdmin PerformBackup "performBackup",
    AuroraAdmin ListBackups "listBackups",
    AuroraAdmin StageRecovery "stageRecovery",
    AuroraAdmin QueryRecovery "queryRecovery",
    AuroraAdmin DeleteRecoveryTasks "deleteRecoveryTasks",
    AuroraAdmin CommitRecovery "commitRecovery",
    AuroraAdmin UnloadRecovery "unloadRecovery",
    AuroraAdmin StartMaintenance "startMaintenance",
    AuroraAdmin DrainHosts "drainHosts",
    AuroraAdmin MaintenanceStatus "maintenanceStatus",
    AuroraAdmin EndMaintenance "endMaintenance",
    AuroraAdmin Snapshot "snapshot",
    AuroraAdmin RewriteConfigs "rewriteConfigs",
}
