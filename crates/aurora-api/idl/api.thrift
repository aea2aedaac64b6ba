// The Apache Aurora 0.12.0 scheduler API.
//
// Names, field ids and values are the wire contract of release 0.12.0: ids have gaps, are not in order and are never
// renumbered. Two things differ from the IDL of the release, neither of them on the wire:
//
// - every field of a struct is optional, so that the Rust types know whether it was set;
// - TaskConfig.container has no default value, for the same reason.

namespace rs aurora

/** How a call ended. The code is always set; `WARNING` comes from `rewriteConfigs` alone. */
enum ResponseCode {
  /** Refused: failed validation, an unknown object, exceeded quota or an update in the wrong state. */
  INVALID_REQUEST = 0,
  /** Done, perhaps with messages in the details. */
  OK = 1,
  /** The scheduler failed, or was sent a malformed job key or an incomplete struct. */
  ERROR = 2,
  /** Some commands of several failed; the others stay done. */
  WARNING = 3,
  /** The caller may not do this. */
  AUTH_FAILED = 4,
  /** The job is locked by someone else, often by an update, or the lock that was sent does not exist. */
  LOCK_ERROR = 5,
  /** The scheduler is not ready yet: send the call again. */
  ERROR_TRANSIENT = 6,
}

/** The maintenance mode of a host. */
enum MaintenanceMode {
  /** In normal use. */
  NONE = 1,
  /** Used only when no host in mode `NONE` fits. */
  SCHEDULED = 2,
  /** Its tasks are being moved away. */
  DRAINING = 3,
  /** Free of tasks, and no new ones are placed. */
  DRAINED = 4,
}

/** Whether `releaseLock` checks the lock that is sent. */
enum LockValidation {
  /** Release only the lock that is sent. */
  CHECKED = 0,
  /** Release whatever lock the job has. */
  UNCHECKED = 1,
}

/** How a volume is mounted. */
enum Mode {
  /** For reading and writing. */
  RW = 1,
  /** For reading only. */
  RO = 2,
}

/** What happens when a cron job is due while tasks of its last run are active. */
enum CronCollisionPolicy {
  /** Kill them, then start the new run. */
  KILL_EXISTING = 0,
  /** Skip the new run. */
  CANCEL_NEW = 1,
  /** No longer accepted for new schedules; existing ones skip the new run. */
  RUN_OVERLAP = 2,
}

/** The state of a task. */
enum ScheduleStatus {
  /** Before the first stored state; never seen in a task. */
  INIT = 11,
  /** Delayed because it failed too fast. */
  THROTTLED = 16,
  /** Waits for a host that fits. */
  PENDING = 0,
  /** Has a host and was sent to it. */
  ASSIGNED = 9,
  /** The host prepares the sandbox. */
  STARTING = 1,
  /** The processes run. */
  RUNNING = 2,
  /** Ended successfully. */
  FINISHED = 3,
  /** Being preempted: killed to make room for a production task. */
  PREEMPTING = 13,
  /** Being killed for a restart by its owner. */
  RESTARTING = 12,
  /** Being killed because its host goes into maintenance. */
  DRAINING = 17,
  /** Failed. */
  FAILED = 4,
  /** Was killed. */
  KILLED = 5,
  /** Being killed by its owner or an update. */
  KILLING = 6,
  /** Its host or executor was lost, or it stayed too long in a transient state. */
  LOST = 7,
}

/** The state of a job update. */
enum JobUpdateStatus {
  /** Replacing instances. */
  ROLLING_FORWARD = 0,
  /** Rolling back after failures. */
  ROLLING_BACK = 1,
  /** Paused while rolling forward. */
  ROLL_FORWARD_PAUSED = 2,
  /** Paused while rolling back. */
  ROLL_BACK_PAUSED = 3,
  /** Over: all instances are updated. */
  ROLLED_FORWARD = 4,
  /** Over: all instances are rolled back. */
  ROLLED_BACK = 5,
  /** Over: aborted by a user; instances stay as they were at that time. */
  ABORTED = 6,
  /** Over: the scheduler could not continue. */
  ERROR = 7,
  /** Over: too many instances failed, and they were not, or could not be, rolled back. */
  FAILED = 8,
  /** Waits for a pulse before it continues to roll forward. */
  ROLL_FORWARD_AWAITING_PULSE = 9,
  /** Waits for a pulse before it continues to roll back. */
  ROLL_BACK_AWAITING_PULSE = 10,
}

/** What an update did with one instance. */
enum JobUpdateAction {
  /** The new task is stable. */
  INSTANCE_UPDATED = 1,
  /** The old task is back and stable. */
  INSTANCE_ROLLED_BACK = 2,
  /** The update of the instance began. */
  INSTANCE_UPDATING = 3,
  /** The rollback of the instance began. */
  INSTANCE_ROLLING_BACK = 4,
  /** The new task failed more often than allowed. */
  INSTANCE_UPDATE_FAILED = 5,
  /** The old task failed more often than allowed after the rollback. */
  INSTANCE_ROLLBACK_FAILED = 6,
}

/** The answer to a pulse. */
enum JobUpdatePulseStatus {
  /** The update is active and continues. */
  OK = 1,
  /** The update is over, or there is none with this key. */
  FINISHED = 2,
}

/** `ExecutorConfig.name` of tasks that the Thermos executor runs. */
const string AURORA_EXECUTOR_NAME = "AuroraExecutor"

/** States in which a task occupies its instance of the job, ascending. */
const set<ScheduleStatus> ACTIVE_STATES = [ScheduleStatus.ASSIGNED, ScheduleStatus.DRAINING, ScheduleStatus.KILLING, ScheduleStatus.PENDING, ScheduleStatus.PREEMPTING, ScheduleStatus.RESTARTING, ScheduleStatus.RUNNING, ScheduleStatus.STARTING, ScheduleStatus.THROTTLED]

/** States in which a task has a host, ascending. */
const set<ScheduleStatus> SLAVE_ASSIGNED_STATES = [ScheduleStatus.ASSIGNED, ScheduleStatus.DRAINING, ScheduleStatus.KILLING, ScheduleStatus.PREEMPTING, ScheduleStatus.RESTARTING, ScheduleStatus.RUNNING, ScheduleStatus.STARTING]

/** States in which a task may be running its processes, ascending. */
const set<ScheduleStatus> LIVE_STATES = [ScheduleStatus.KILLING, ScheduleStatus.PREEMPTING, ScheduleStatus.RESTARTING, ScheduleStatus.DRAINING, ScheduleStatus.RUNNING]

/** States in which a task is over, ascending. */
const set<ScheduleStatus> TERMINAL_STATES = [ScheduleStatus.FAILED, ScheduleStatus.FINISHED, ScheduleStatus.KILLED, ScheduleStatus.LOST]

/** States in which an update locks its job, ascending. */
const set<JobUpdateStatus> ACTIVE_JOB_UPDATE_STATES = [JobUpdateStatus.ROLLING_FORWARD, JobUpdateStatus.ROLLING_BACK, JobUpdateStatus.ROLL_FORWARD_PAUSED, JobUpdateStatus.ROLL_BACK_PAUSED, JobUpdateStatus.ROLL_FORWARD_AWAITING_PULSE, JobUpdateStatus.ROLL_BACK_AWAITING_PULSE]

/** What names of roles, environments and jobs match, as a regular expression: one or more ASCII letters, digits, `_`, `-` or `.`. */
const string GOOD_IDENTIFIER_PATTERN = "^[\\w\\-\\.]+$"

/** [`GOOD_IDENTIFIER_PATTERN`] for the JVM. */
const string GOOD_IDENTIFIER_PATTERN_JVM = GOOD_IDENTIFIER_PATTERN

/** [`GOOD_IDENTIFIER_PATTERN`] for Python. */
const string GOOD_IDENTIFIER_PATTERN_PYTHON = GOOD_IDENTIFIER_PATTERN

/** HTTP header that, with any value, makes a scheduler that is not the leader answer instead of redirecting. */
const string BYPASS_LEADER_REDIRECT_HEADER_NAME = "Bypass-Leader-Redirect"

/** Who owns a task. */
struct Identity {
  /** The account that the task runs under. */
  1: optional string role
  /** Who made the job. */
  2: optional string user
}

/** An amount of resources: a quota, or consumption. */
struct ResourceAggregate {
  /** CPU cores. */
  1: optional double numCpus
  /** Memory in MiB. */
  2: optional i64 ramMb
  /** Disk in MiB. */
  3: optional i64 diskMb
}

/** An attribute of a host, such as its rack. */
struct Attribute {
  1: optional string name
  2: optional set<string> values
}

/** A host with its attributes. */
struct HostAttributes {
  /** Host name. */
  1: optional string host
  2: optional set<Attribute> attributes
  /** Unset on hosts that never were in maintenance. */
  3: optional MaintenanceMode mode
  /** The Mesos agent's id. */
  4: optional string slaveId
}

/** The host's attribute has one of the values, or none of them. */
struct ValueConstraint {
  /** Whether none of the values may match. A host without the attribute satisfies only a negated constraint. */
  1: optional bool negated
  2: optional set<string> values
}

/** A limit on tasks of the job on hosts that share a value of the attribute. */
struct LimitConstraint {
  /** The most tasks of one job per value, such as per rack. */
  1: optional i32 limit
}

/** What a constraint requires of an attribute. */
union TaskConstraint {
  1: ValueConstraint value
  2: LimitConstraint limit
}

/** A restriction of the hosts on which a task may run. */
struct Constraint {
  /** Name of the host attribute; `dedicated` reserves hosts. */
  1: optional string name
  2: optional TaskConstraint constraint
}

/** A versioned package. Release 0.12.0 does not use it. */
struct Package {
  1: optional string role
  2: optional string name
  3: optional i32 version
}

/** A label of a task, for tools; the scheduler only stores it. Keys may repeat. */
struct Metadata {
  1: optional string key
  2: optional string value
}

/** The name of a job within its cluster. */
struct JobKey {
  /** The account that the job's tasks run under. */
  1: optional string role
  /** `prod`, `devel`, `test` or `stagingN` by the client's rule; the scheduler takes any identifier. */
  2: optional string environment
  3: optional string name
}

/** What a lock holds. */
union LockKey {
  1: JobKey job
}

/** A lock on a job. It must be sent back with all fields unchanged. */
struct Lock {
  1: optional LockKey key
  /** A random UUID. */
  2: optional string token
  /** Who took it. */
  3: optional string user
  /** When it was taken, in milliseconds since 1970. */
  4: optional i64 timestampMs
  /** Why it was taken. */
  5: optional string message
}

/** One instance of a job. */
struct InstanceKey {
  1: optional JobKey jobKey
  /** Number of the instance, from 0. */
  2: optional i32 instanceId
}

/** What the executor runs, in its own format. */
struct ExecutorConfig {
  /** Name of the executor: `AuroraExecutor`. */
  1: optional string name
  /** The executor's data: for Thermos the job as JSON text. The scheduler compares it byte for byte to find changed tasks. */
  2: optional string data
}

/** A mount of a host's folder. Release 0.12.0 does not use it. */
struct Volume {
  1: optional string containerPath
  2: optional string hostPath
  /** Whether the container may write. */
  3: optional Mode mode
}

/** No container: the task runs in the host's own file system. */
struct MesosContainer {
}

/** An option of `docker run`. */
struct DockerParameter {
  /** Name of the option, without dashes. */
  1: optional string name
  2: optional string value
}

/** A Docker container. */
struct DockerContainer {
  /** Name of the image. */
  1: optional string image
  /** Refused by schedulers that are not configured to allow them. */
  2: optional list<DockerParameter> parameters
}

/** Where a task's processes run. */
union Container {
  1: MesosContainer mesos
  2: DockerContainer docker
}

/** The configuration of one task of a job. */
struct TaskConfig {
  /** The job that the task belongs to. */
  28: optional JobKey job
  /** Deprecated in favour of `job`, but updates still read it. */
  17: optional Identity owner
  /** Deprecated in favour of `job`, but updates still read it. */
  26: optional string environment
  /** Deprecated in favour of `job`, but updates still read it. */
  3: optional string jobName
  /** Whether the task is restarted whenever it ends. */
  7: optional bool isService
  /** CPU cores; must be set. */
  8: optional double numCpus
  /** Memory in MiB; must be set. */
  9: optional i64 ramMb
  /** Disk in MiB; must be set. */
  10: optional i64 diskMb
  /** Among tasks of one role, one with a higher number may preempt one with a lower number. */
  11: optional i32 priority
  /** Number of failures after which a task that is not a service stays failed; -1 for no limit, 0 is the same as 1. */
  13: optional i32 maxTaskFailures
  /** Whether the task counts against quota and may preempt others. */
  18: optional bool production
  /** Name of the tier; unset for the default one. */
  30: optional string tier
  /** The host must meet all of them. */
  20: optional set<Constraint> constraints
  /** Names of the ports that the task gets on its host. */
  21: optional set<string> requestedPorts
  /** Links on the task's page, by name. `%host%` and `%port:NAME%` are replaced by the host and the port of the task. */
  22: optional map<string,string> taskLinks
  /** Mail address of its owners. */
  23: optional string contactEmail
  /** What runs on the host; must be set. */
  25: optional ExecutorConfig executorConfig
  /** Labels for tools. */
  27: optional set<Metadata> metadata
  /** The IDL of 0.12.0 has `mesos` as the default value, so clients of the release send that. Here it is unset until it is set. */
  29: optional Container container
}

/** A job, as it is created or scheduled. */
struct JobConfiguration {
  /** The job's name. */
  9: optional JobKey key
  /** Deprecated; when set, its role must be that of the key. */
  7: optional Identity owner
  /** Five fields as in a crontab, for `scheduleCronJob`. It must be unset, not empty, for `createJob`. */
  4: optional string cronSchedule
  /** Unset means `KILL_EXISTING`. */
  5: optional CronCollisionPolicy cronCollisionPolicy
  /** What each instance runs. */
  6: optional TaskConfig taskConfig
  /** Number of instances, 1 to 4000. */
  8: optional i32 instanceCount
}

/** Counts of a job's tasks. */
struct JobStats {
  /** Tasks that have a host and have not ended. */
  1: optional i32 activeTaskCount
  /** Tasks that finished or were killed. */
  2: optional i32 finishedTaskCount
  /** Tasks that failed or were lost. */
  3: optional i32 failedTaskCount
  /** Tasks that wait for a host or are throttled. */
  4: optional i32 pendingTaskCount
}

/** A job with counts of its tasks. */
struct JobSummary {
  1: optional JobConfiguration job
  2: optional JobStats stats
  /** When the job runs next, in milliseconds since 1970; set on cron jobs only. */
  3: optional i64 nextCronRunMs
}

/** Deprecated form of `addInstances`, with a configuration. */
struct AddInstancesConfig {
  1: optional JobKey key
  2: optional TaskConfig taskConfig
  3: optional set<i32> instanceIds
}

/** Numbers of instances, both ends included. */
struct Range {
  /** The first. */
  1: optional i32 first
  /** The last. */
  2: optional i32 last
}

/** Instances that share a configuration. */
struct ConfigGroup {
  1: optional TaskConfig config
  3: optional set<Range> instances
}

/** The configurations of a job's active tasks. */
struct ConfigSummary {
  1: optional JobKey key
  2: optional set<ConfigGroup> groups
}

/** The task as the scheduler would store it, defaults filled in. */
struct PopulateJobResult {
  2: optional TaskConfig taskConfig
}

/** Quota of a role, and its consumption. Only production use outside of dedicated hosts is limited. */
struct GetQuotaResult {
  /** The most that the role may use. */
  1: optional ResourceAggregate quota
  /** Used by production tasks, not dedicated: what the quota limits. */
  2: optional ResourceAggregate prodSharedConsumption
  /** Used by other tasks, not dedicated. */
  3: optional ResourceAggregate nonProdSharedConsumption
  /** Used by production tasks on dedicated hosts. */
  4: optional ResourceAggregate prodDedicatedConsumption
  /** Used by other tasks on dedicated hosts. */
  5: optional ResourceAggregate nonProdDedicatedConsumption
}

/** The lock, to be sent with calls on the job. */
struct AcquireLockResult {
  1: optional Lock lock
}

/** A change of a task's state. */
struct TaskEvent {
  /** Milliseconds since 1970. */
  1: optional i64 timestamp
  /** The state that was entered. */
  2: optional ScheduleStatus status
  /** Why, for people. */
  3: optional string message
  /** Host name of the scheduler that stored it. */
  4: optional string scheduler
}

/** A task and where it runs. */
struct AssignedTask {
  /** Made of time, job, instance and a random part; do not parse it. */
  1: optional string taskId
  /** The Mesos agent's id; unset while pending. */
  2: optional string slaveId
  /** Name of the host; unset while pending. */
  3: optional string slaveHost
  4: optional TaskConfig task
  /** The numbers of the requested ports, by name. */
  5: optional map<string,i32> assignedPorts
  /** Number of the instance, from 0. */
  6: optional i32 instanceId
}

/** A task with its history. */
struct ScheduledTask {
  1: optional AssignedTask assignedTask
  2: optional ScheduleStatus status
  /** Failures of the instance, including those of the tasks that this one replaces. */
  3: optional i32 failureCount
  /** Oldest first; never empty. */
  4: optional list<TaskEvent> taskEvents
  /** Id of the task that this one replaces. */
  5: optional string ancestorId
}

/** Tasks, in no order. */
struct ScheduleStatusResult {
  1: optional list<ScheduledTask> tasks
}

/** Jobs with active tasks and cron jobs. `instanceCount` is the number of tasks, except for cron jobs. */
struct GetJobsResult {
  1: optional set<JobConfiguration> configs
}

/** Which tasks: those that match all fields that are set. */
struct TaskQuery {
  /** Deprecated; its role replaces `role`. */
  8: optional Identity owner
  /** Empty matches any role. */
  14: optional string role
  9: optional string environment
  2: optional string jobName
  /** An empty set matches nothing. */
  4: optional set<string> taskIds
  /** An empty set matches any state. */
  5: optional set<ScheduleStatus> statuses
  /** An empty set matches any instance. */
  7: optional set<i32> instanceIds
  /** Names of hosts; leave it unset rather than empty. */
  10: optional set<string> slaveHosts
  /** Leave it unset rather than empty. */
  11: optional set<JobKey> jobKeys
  /** Number of tasks to skip; their order is not defined. */
  12: optional i32 offset
  /** The most tasks to return; 0 returns none. */
  13: optional i32 limit
}

/** A host's maintenance mode. */
struct HostStatus {
  1: optional string host
  2: optional MaintenanceMode mode
}

/** Counts of a role's jobs. */
struct RoleSummary {
  1: optional string role
  /** Jobs with any task that is still stored. */
  2: optional i32 jobCount
  /** Cron jobs. */
  3: optional i32 cronJobCount
}

/** Names of hosts. Results omit hosts that the scheduler does not know. */
struct Hosts {
  1: optional set<string> hostNames
}

/** Why a task waits. */
struct PendingReason {
  1: optional string taskId
  /** What the best matching host lacks, joined with commas; empty when that is unknown. */
  2: optional string reason
}

/** The name of an update. */
struct JobUpdateKey {
  1: optional JobKey job
  /** A random UUID, unique within the job. */
  2: optional string id
}

/** The settings of an update. */
struct JobUpdateSettings {
  /** Number of instances per batch; above 0. */
  1: optional i32 updateGroupSize
  /** Failures of one instance that are tolerated; with one more it counts as failed. */
  2: optional i32 maxPerInstanceFailures
  /** Failed instances that are tolerated; with one more the update fails. */
  3: optional i32 maxFailedInstances
  /** Milliseconds that a task must run to count as stable; above 0. */
  5: optional i32 minWaitInInstanceRunningMs
  /** Whether a failed update is rolled back. */
  6: optional bool rollbackOnFailure
  /** Instances to update; empty for all. */
  7: optional set<Range> updateOnlyTheseInstances
  /** Whether a batch must be complete before the next one starts. */
  8: optional bool waitForBatchCompletion
  /** Milliseconds without a pulse after which the update waits for one; unset or 0 for an update without pulses. */
  9: optional i32 blockIfNoPulsesAfterMs
}

/** A change of an update's state. */
struct JobUpdateEvent {
  1: optional JobUpdateStatus status
  /** Milliseconds since 1970. */
  2: optional i64 timestampMs
  /** Who requested it; unset when the scheduler did it by itself. */
  3: optional string user
  /** Why, for people. */
  4: optional string message
}

/** What an update did with one instance. */
struct JobInstanceUpdateEvent {
  /** Number of the instance, from 0. */
  1: optional i32 instanceId
  /** Milliseconds since 1970. */
  2: optional i64 timestampMs
  3: optional JobUpdateAction action
}

/** A configuration and the instances that have it. */
struct InstanceTaskConfig {
  1: optional TaskConfig task
  2: optional set<Range> instances
}

/** The state of an update. */
struct JobUpdateState {
  1: optional JobUpdateStatus status
  /** Milliseconds since 1970. */
  2: optional i64 createdTimestampMs
  /** Milliseconds since 1970 of the last event of the update or of an instance. */
  3: optional i64 lastModifiedTimestampMs
}

/** A summary of an update. */
struct JobUpdateSummary {
  5: optional JobUpdateKey key
  /** Who started it. */
  3: optional string user
  4: optional JobUpdateState state
}

/** What an update changes. */
struct JobUpdateInstructions {
  /** The instances to be replaced or removed, as they were. */
  1: optional set<InstanceTaskConfig> initialState
  /** The instances to be added or changed, as they will be; unset when instances are only removed. */
  2: optional InstanceTaskConfig desiredState
  3: optional JobUpdateSettings settings
}

/** An update. */
struct JobUpdate {
  1: optional JobUpdateSummary summary
  2: optional JobUpdateInstructions instructions
}

/** An update with its history. */
struct JobUpdateDetails {
  1: optional JobUpdate update
  /** Oldest first. */
  2: optional list<JobUpdateEvent> updateEvents
  /** Oldest first. */
  3: optional list<JobInstanceUpdateEvent> instanceEvents
}

/** An update to start or to preview. */
struct JobUpdateRequest {
  1: optional TaskConfig taskConfig
  /** Number of instances that the job will have, 1 to 4000. */
  2: optional i32 instanceCount
  3: optional JobUpdateSettings settings
}

/** Which updates: those that match all fields that are set. */
struct JobUpdateQuery {
  2: optional string role
  8: optional JobUpdateKey key
  3: optional JobKey jobKey
  4: optional string user
  /** An empty set matches any. */
  5: optional set<JobUpdateStatus> updateStatuses
  /** Number of updates to skip, newest first. */
  6: optional i32 offset
  /** The most updates to return; 0 returns all. */
  7: optional i32 limit
}

/** Ids of the storage backups. */
struct ListBackupsResult {
  1: optional set<string> backups
}

/** The hosts and their new modes. */
struct StartMaintenanceResult {
  1: optional set<HostStatus> statuses
}

/** The hosts and their new modes. */
struct DrainHostsResult {
  1: optional set<HostStatus> statuses
}

/** Tasks of the backup that is staged. */
struct QueryRecoveryResult {
  1: optional set<ScheduledTask> tasks
}

/** The hosts and their modes. */
struct MaintenanceStatusResult {
  1: optional set<HostStatus> statuses
}

/** The hosts and their new modes. */
struct EndMaintenanceResult {
  1: optional set<HostStatus> statuses
}

/** One summary per role. */
struct RoleSummaryResult {
  1: optional set<RoleSummary> summaries
}

/** One summary per job. */
struct JobSummaryResult {
  1: optional set<JobSummary> summaries
}

/** All locks. */
struct GetLocksResult {
  1: optional set<Lock> locks
}

/** The summary. */
struct ConfigSummaryResult {
  1: optional ConfigSummary summary
}

/** One reason for each task that is pending. */
struct GetPendingReasonResult {
  1: optional set<PendingReason> reasons
}

/** The update that was started. */
struct StartJobUpdateResult {
  1: optional JobUpdateKey key
}

/** Updates, the last modified first. */
struct GetJobUpdateSummariesResult {
  1: optional list<JobUpdateSummary> updateSummaries
}

/** The update. */
struct GetJobUpdateDetailsResult {
  1: optional JobUpdateDetails details
}

/** The answer to the pulse. */
struct PulseJobUpdateResult {
  1: optional JobUpdatePulseStatus status
}

/** What an update would do. */
struct GetJobUpdateDiffResult {
  /** Instances to be added, with their new configuration. */
  1: optional set<ConfigGroup> add
  /** Instances to be removed, with their present configuration. */
  2: optional set<ConfigGroup> remove
  /** Instances to be changed, with their present configuration. */
  3: optional set<ConfigGroup> update
  /** Instances that do not change. */
  4: optional set<ConfigGroup> unchanged
}

/** Who answered. */
struct ServerInfo {
  /** Name of the cluster, as the scheduler was started. */
  1: optional string clusterName
  /** Where statistics of tasks are shown; empty by default. */
  3: optional string statsUrlPrefix
}

/** A message to the caller. */
struct ResponseDetail {
  /** Unset when the failure had no text. */
  1: optional string message
}

/** The result of a call; each branch belongs to the call that it is named after. */
union Result {
  1: PopulateJobResult populateJobResult
  /** Of `getTasksStatus` and `getTasksWithoutConfigs`. */
  3: ScheduleStatusResult scheduleStatusResult
  4: GetJobsResult getJobsResult
  5: GetQuotaResult getQuotaResult
  6: ListBackupsResult listBackupsResult
  7: StartMaintenanceResult startMaintenanceResult
  8: DrainHostsResult drainHostsResult
  9: QueryRecoveryResult queryRecoveryResult
  10: MaintenanceStatusResult maintenanceStatusResult
  11: EndMaintenanceResult endMaintenanceResult
  16: AcquireLockResult acquireLockResult
  17: RoleSummaryResult roleSummaryResult
  18: JobSummaryResult jobSummaryResult
  19: GetLocksResult getLocksResult
  20: ConfigSummaryResult configSummaryResult
  21: GetPendingReasonResult getPendingReasonResult
  22: StartJobUpdateResult startJobUpdateResult
  23: GetJobUpdateSummariesResult getJobUpdateSummariesResult
  24: GetJobUpdateDetailsResult getJobUpdateDetailsResult
  25: PulseJobUpdateResult pulseJobUpdateResult
  26: GetJobUpdateDiffResult getJobUpdateDiffResult
}

/** The answer to every call. */
struct Response {
  /** Always set. */
  1: optional ResponseCode responseCode
  /** Always set. */
  5: optional ServerInfo serverInfo
  /** Set when the call succeeded and has a result. */
  3: optional Result result
  /** Always set, and often empty. */
  6: optional list<ResponseDetail> details
}

/** A change of one instance's stored configuration. */
struct InstanceConfigRewrite {
  1: optional InstanceKey instanceKey
  /** What must be stored at present. */
  2: optional TaskConfig oldTask
  /** What replaces it. */
  3: optional TaskConfig rewrittenTask
}

/** A change of a stored job. */
struct JobConfigRewrite {
  /** What must be stored at present. */
  1: optional JobConfiguration oldJob
  /** What replaces it. */
  2: optional JobConfiguration rewrittenJob
}

/** A change of stored configuration. */
union ConfigRewrite {
  1: JobConfigRewrite jobRewrite
  2: InstanceConfigRewrite instanceRewrite
}

/** Changes, each applied or refused separately. */
struct RewriteConfigsRequest {
  1: optional list<ConfigRewrite> rewriteCommands
}

/** Calls that change nothing. */
service ReadOnlyScheduler {
  /** Lists roles with the number of their jobs. */
  Response getRoleSummary()

  /** Lists jobs with numbers of their tasks. */
  Response getJobSummary(
    /** Unset for all roles. */
    1: string role)

  /** Finds tasks. */
  Response getTasksStatus(1: TaskQuery query)

  /** Finds tasks without their executor data: a much smaller answer. */
  Response getTasksWithoutConfigs(1: TaskQuery query)

  /** Explains why tasks wait for a host. States and hosts must be unset in the query. */
  Response getPendingReason(1: TaskQuery query)

  /** Groups a job's active instances by configuration. */
  Response getConfigSummary(1: JobKey job)

  /** Lists jobs with active tasks and cron jobs. */
  Response getJobs(
    /** Unset for all roles. */
    1: string ownerRole)

  /** Returns the quota and the consumption of a role. */
  Response getQuota(
    /** Must not be blank. */
    1: string ownerRole)

  /** Validates a job and fills in defaults, without creating it. */
  Response populateJobConfig(1: JobConfiguration description)

  /** Lists all locks on jobs. */
  Response getLocks()

  /** Finds updates. */
  Response getJobUpdateSummaries(1: JobUpdateQuery jobUpdateQuery)

  /** Shows one update with its history. */
  Response getJobUpdateDetails(1: JobUpdateKey key)

  /** Previews an update. */
  Response getJobUpdateDiff(1: JobUpdateRequest request)
}

/** Calls for owners of jobs. Where a lock is among the arguments, leave it unset unless the job was locked with `acquireLock`. */
service AuroraSchedulerManager extends ReadOnlyScheduler {
  /** Creates a job that is not a cron job. Refused when the job has active tasks. */
  Response createJob(1: JobConfiguration description, 3: Lock lock)

  /** Creates a cron job or replaces its schedule and tasks; starts nothing. */
  Response scheduleCronJob(1: JobConfiguration description, 3: Lock lock)

  /** Removes a cron job. Its running tasks continue. */
  Response descheduleCronJob(4: JobKey job, 3: Lock lock)

  /** Runs a cron job now, subject to its collision policy. */
  Response startCronJob(4: JobKey job)

  /** Restarts instances, all of which must be active. Returns at once. */
  Response restartShards(
    5: JobKey job,
    /** Numbers of the instances; must not be empty. */
    3: set<i32> shardIds,
    6: Lock lock)

  /** Kills instances of a job. Returns at once. */
  Response killTasks(
    /** Deprecated: when set, `job` and `instances` are ignored. */
    1: TaskQuery query,
    3: Lock lock,
    4: JobKey job,
    /** Unset or empty for all. */
    5: set<i32> instances)

  /** Adds instances like an existing one, above the highest number in use. */
  Response addInstances(
    /** Deprecated: when set, `key` and `count` are ignored. */
    1: AddInstancesConfig config,
    2: Lock lock,
    /** The instance to copy. */
    3: InstanceKey key,
    /** How many to add; above 0. */
    4: i32 count)

  /** Locks a job. */
  Response acquireLock(1: LockKey lockKey)

  /** Unlocks a job. */
  Response releaseLock(1: Lock lock, 2: LockValidation validation)

  /** Replaces the schedule and tasks of a cron job that exists. */
  Response replaceCronTemplate(1: JobConfiguration config, 2: Lock lock)

  /** Starts an update of a service. Without a difference nothing starts, and the answer is `OK` without a result. */
  Response startJobUpdate(
    1: JobUpdateRequest request,
    /** For people, at most 1024 characters. */
    3: string message)

  /** Pauses an update. */
  Response pauseJobUpdate(
    1: JobUpdateKey key,
    /** For people. */
    3: string message)

  /** Resumes a paused update. */
  Response resumeJobUpdate(
    1: JobUpdateKey key,
    /** For people. */
    3: string message)

  /** Aborts an update and leaves its instances as they are. */
  Response abortJobUpdate(
    1: JobUpdateKey key,
    /** For people. */
    3: string message)

  /** Lets an update that waits for pulses continue. */
  Response pulseJobUpdate(1: JobUpdateKey key)
}

/** Calls for operators of the cluster. */
service AuroraAdmin extends AuroraSchedulerManager {
  /** Sets the quota of a role. */
  Response setQuota(
    1: string ownerRole,
    /** Replaces the old one; must not be below the consumption. */
    2: ResourceAggregate quota)

  /** Moves a task to a state if the transition is allowed; the answer is `OK` in any case. */
  Response forceTaskState(1: string taskId, 2: ScheduleStatus status)

  /** Writes a backup of the storage. */
  Response performBackup()

  /** Lists backups of the storage. */
  Response listBackups()

  /** Loads a backup beside the storage. */
  Response stageRecovery(1: string backupId)

  /** Finds tasks in the loaded backup. */
  Response queryRecovery(1: TaskQuery query)

  /** Removes tasks from the loaded backup. */
  Response deleteRecoveryTasks(1: TaskQuery query)

  /** Replaces the storage by the loaded backup. */
  Response commitRecovery()

  /** Unloads the loaded backup. */
  Response unloadRecovery()

  /** Marks hosts so that new tasks avoid them. */
  Response startMaintenance(1: Hosts hosts)

  /** Drains hosts: moves their tasks away. */
  Response drainHosts(1: Hosts hosts)

  /** Returns the maintenance modes of hosts. */
  Response maintenanceStatus(1: Hosts hosts)

  /** Ends the maintenance of hosts. */
  Response endMaintenance(1: Hosts hosts)

  /** Writes a snapshot of the storage to its log. */
  Response snapshot()

  /** Replaces stored configurations, each if it is as expected. */
  Response rewriteConfigs(1: RewriteConfigsRequest request)
}
