// The Apache Aurora 0.12.0 scheduler API.
//
// Names, field ids and values are the wire contract of release 0.12.0: ids have gaps, are not in order and are
// never renumbered. Three string constants of the release (GOOD_IDENTIFIER_PATTERN and its copies) are written by
// hand in src/lib.rs, because the Thrift compiler cannot emit their backslashes for Rust.

namespace rs aurora

enum ResponseCode {
  INVALID_REQUEST = 0,
  OK = 1,
  ERROR = 2,
  WARNING = 3,
  AUTH_FAILED = 4,
  LOCK_ERROR = 5,
  ERROR_TRANSIENT = 6,
}

enum MaintenanceMode {
  NONE = 1,
  SCHEDULED = 2,
  DRAINING = 3,
  DRAINED = 4,
}

enum LockValidation {
  CHECKED = 0,
  UNCHECKED = 1,
}

enum Mode {
  RW = 1,
  RO = 2,
}

enum CronCollisionPolicy {
  KILL_EXISTING = 0,
  CANCEL_NEW = 1,
  RUN_OVERLAP = 2,
}

enum ScheduleStatus {
  INIT = 11,
  THROTTLED = 16,
  PENDING = 0,
  ASSIGNED = 9,
  STARTING = 1,
  RUNNING = 2,
  FINISHED = 3,
  PREEMPTING = 13,
  RESTARTING = 12,
  DRAINING = 17,
  FAILED = 4,
  KILLED = 5,
  KILLING = 6,
  LOST = 7,
}

enum JobUpdateStatus {
  ROLLING_FORWARD = 0,
  ROLLING_BACK = 1,
  ROLL_FORWARD_PAUSED = 2,
  ROLL_BACK_PAUSED = 3,
  ROLLED_FORWARD = 4,
  ROLLED_BACK = 5,
  ABORTED = 6,
  ERROR = 7,
  FAILED = 8,
  ROLL_FORWARD_AWAITING_PULSE = 9,
  ROLL_BACK_AWAITING_PULSE = 10,
}

enum JobUpdateAction {
  INSTANCE_UPDATED = 1,
  INSTANCE_ROLLED_BACK = 2,
  INSTANCE_UPDATING = 3,
  INSTANCE_ROLLING_BACK = 4,
  INSTANCE_UPDATE_FAILED = 5,
  INSTANCE_ROLLBACK_FAILED = 6,
}

enum JobUpdatePulseStatus {
  OK = 1,
  FINISHED = 2,
}

const string AURORA_EXECUTOR_NAME = "AuroraExecutor"

const set<ScheduleStatus> ACTIVE_STATES = [ScheduleStatus.ASSIGNED, ScheduleStatus.DRAINING, ScheduleStatus.KILLING, ScheduleStatus.PENDING, ScheduleStatus.PREEMPTING, ScheduleStatus.RESTARTING, ScheduleStatus.RUNNING, ScheduleStatus.STARTING, ScheduleStatus.THROTTLED]

const set<ScheduleStatus> SLAVE_ASSIGNED_STATES = [ScheduleStatus.ASSIGNED, ScheduleStatus.DRAINING, ScheduleStatus.KILLING, ScheduleStatus.PREEMPTING, ScheduleStatus.RESTARTING, ScheduleStatus.RUNNING, ScheduleStatus.STARTING]

const set<ScheduleStatus> LIVE_STATES = [ScheduleStatus.KILLING, ScheduleStatus.PREEMPTING, ScheduleStatus.RESTARTING, ScheduleStatus.DRAINING, ScheduleStatus.RUNNING]

const set<ScheduleStatus> TERMINAL_STATES = [ScheduleStatus.FAILED, ScheduleStatus.FINISHED, ScheduleStatus.KILLED, ScheduleStatus.LOST]

const set<JobUpdateStatus> ACTIVE_JOB_UPDATE_STATES = [JobUpdateStatus.ROLLING_FORWARD, JobUpdateStatus.ROLLING_BACK, JobUpdateStatus.ROLL_FORWARD_PAUSED, JobUpdateStatus.ROLL_BACK_PAUSED, JobUpdateStatus.ROLL_FORWARD_AWAITING_PULSE, JobUpdateStatus.ROLL_BACK_AWAITING_PULSE]

const string BYPASS_LEADER_REDIRECT_HEADER_NAME = "Bypass-Leader-Redirect"

struct Identity {
  1: optional string role
  2: optional string user
}

struct ResourceAggregate {
  1: optional double numCpus
  2: optional i64 ramMb
  3: optional i64 diskMb
}

struct Attribute {
  1: optional string name
  2: optional set<string> values
}

struct HostAttributes {
  1: optional string host
  2: optional set<Attribute> attributes
  3: optional MaintenanceMode mode
  4: optional string slaveId
}

struct ValueConstraint {
  1: optional bool negated
  2: optional set<string> values
}

struct LimitConstraint {
  1: optional i32 limit
}

union TaskConstraint {
  1: optional ValueConstraint value
  2: optional LimitConstraint limit
}

struct Constraint {
  1: optional string name
  2: optional TaskConstraint constraint
}

struct Package {
  1: optional string role
  2: optional string name
  3: optional i32 version
}

struct Metadata {
  1: optional string key
  2: optional string value
}

struct JobKey {
  1: optional string role
  2: optional string environment
  3: optional string name
}

union LockKey {
  1: optional JobKey job
}

struct Lock {
  1: optional LockKey key
  2: optional string token
  3: optional string user
  4: optional i64 timestampMs
  5: optional string message
}

struct InstanceKey {
  1: optional JobKey jobKey
  2: optional i32 instanceId
}

struct ExecutorConfig {
  1: optional string name
  2: optional string data
}

struct Volume {
  1: optional string containerPath
  2: optional string hostPath
  3: optional Mode mode
}

struct MesosContainer {
}

struct DockerParameter {
  1: optional string name
  2: optional string value
}

struct DockerContainer {
  1: optional string image
  2: optional list<DockerParameter> parameters
}

union Container {
  1: optional MesosContainer mesos
  2: optional DockerContainer docker
}

struct TaskConfig {
  28: optional JobKey job
  17: optional Identity owner
  26: optional string environment
  3: optional string jobName
  7: optional bool isService
  8: optional double numCpus
  9: optional i64 ramMb
  10: optional i64 diskMb
  11: optional i32 priority
  13: optional i32 maxTaskFailures
  18: optional bool production
  30: optional string tier
  20: optional set<Constraint> constraints
  21: optional set<string> requestedPorts
  22: optional map<string,string> taskLinks
  23: optional string contactEmail
  25: optional ExecutorConfig executorConfig
  27: optional set<Metadata> metadata
  29: optional Container container
}

struct JobConfiguration {
  9: optional JobKey key
  7: optional Identity owner
  4: optional string cronSchedule
  5: optional CronCollisionPolicy cronCollisionPolicy
  6: optional TaskConfig taskConfig
  8: optional i32 instanceCount
}

struct JobStats {
  1: optional i32 activeTaskCount
  2: optional i32 finishedTaskCount
  3: optional i32 failedTaskCount
  4: optional i32 pendingTaskCount
}

struct JobSummary {
  1: optional JobConfiguration job
  2: optional JobStats stats
  3: optional i64 nextCronRunMs
}

struct AddInstancesConfig {
  1: optional JobKey key
  2: optional TaskConfig taskConfig
  3: optional set<i32> instanceIds
}

struct Range {
  1: optional i32 first
  2: optional i32 last
}

struct ConfigGroup {
  1: optional TaskConfig config
  3: optional set<Range> instances
}

struct ConfigSummary {
  1: optional JobKey key
  2: optional set<ConfigGroup> groups
}

struct PopulateJobResult {
  2: optional TaskConfig taskConfig
}

struct GetQuotaResult {
  1: optional ResourceAggregate quota
  2: optional ResourceAggregate prodSharedConsumption
  3: optional ResourceAggregate nonProdSharedConsumption
  4: optional ResourceAggregate prodDedicatedConsumption
  5: optional ResourceAggregate nonProdDedicatedConsumption
}

struct AcquireLockResult {
  1: optional Lock lock
}

struct TaskEvent {
  1: optional i64 timestamp
  2: optional ScheduleStatus status
  3: optional string message
  4: optional string scheduler
}

struct AssignedTask {
  1: optional string taskId
  2: optional string slaveId
  3: optional string slaveHost
  4: optional TaskConfig task
  5: optional map<string,i32> assignedPorts
  6: optional i32 instanceId
}

struct ScheduledTask {
  1: optional AssignedTask assignedTask
  2: optional ScheduleStatus status
  3: optional i32 failureCount
  4: optional list<TaskEvent> taskEvents
  5: optional string ancestorId
}

struct ScheduleStatusResult {
  1: optional list<ScheduledTask> tasks
}

struct GetJobsResult {
  1: optional set<JobConfiguration> configs
}

struct TaskQuery {
  8: optional Identity owner
  14: optional string role
  9: optional string environment
  2: optional string jobName
  4: optional set<string> taskIds
  5: optional set<ScheduleStatus> statuses
  7: optional set<i32> instanceIds
  10: optional set<string> slaveHosts
  11: optional set<JobKey> jobKeys
  12: optional i32 offset
  13: optional i32 limit
}

struct HostStatus {
  1: optional string host
  2: optional MaintenanceMode mode
}

struct RoleSummary {
  1: optional string role
  2: optional i32 jobCount
  3: optional i32 cronJobCount
}

struct Hosts {
  1: optional set<string> hostNames
}

struct PendingReason {
  1: optional string taskId
  2: optional string reason
}

struct JobUpdateKey {
  1: optional JobKey job
  2: optional string id
}

struct JobUpdateSettings {
  1: optional i32 updateGroupSize
  2: optional i32 maxPerInstanceFailures
  3: optional i32 maxFailedInstances
  5: optional i32 minWaitInInstanceRunningMs
  6: optional bool rollbackOnFailure
  7: optional set<Range> updateOnlyTheseInstances
  8: optional bool waitForBatchCompletion
  9: optional i32 blockIfNoPulsesAfterMs
}

struct JobUpdateEvent {
  1: optional JobUpdateStatus status
  2: optional i64 timestampMs
  3: optional string user
  4: optional string message
}

struct JobInstanceUpdateEvent {
  1: optional i32 instanceId
  2: optional i64 timestampMs
  3: optional JobUpdateAction action
}

struct InstanceTaskConfig {
  1: optional TaskConfig task
  2: optional set<Range> instances
}

struct JobUpdateState {
  1: optional JobUpdateStatus status
  2: optional i64 createdTimestampMs
  3: optional i64 lastModifiedTimestampMs
}

struct JobUpdateSummary {
  5: optional JobUpdateKey key
  3: optional string user
  4: optional JobUpdateState state
}

struct JobUpdateInstructions {
  1: optional set<InstanceTaskConfig> initialState
  2: optional InstanceTaskConfig desiredState
  3: optional JobUpdateSettings settings
}

struct JobUpdate {
  1: optional JobUpdateSummary summary
  2: optional JobUpdateInstructions instructions
}

struct JobUpdateDetails {
  1: optional JobUpdate update
  2: optional list<JobUpdateEvent> updateEvents
  3: optional list<JobInstanceUpdateEvent> instanceEvents
}

struct JobUpdateRequest {
  1: optional TaskConfig taskConfig
  2: optional i32 instanceCount
  3: optional JobUpdateSettings settings
}

struct JobUpdateQuery {
  2: optional string role
  8: optional JobUpdateKey key
  3: optional JobKey jobKey
  4: optional string user
  5: optional set<JobUpdateStatus> updateStatuses
  6: optional i32 offset
  7: optional i32 limit
}

struct ListBackupsResult {
  1: optional set<string> backups
}

struct StartMaintenanceResult {
  1: optional set<HostStatus> statuses
}

struct DrainHostsResult {
  1: optional set<HostStatus> statuses
}

struct QueryRecoveryResult {
  1: optional set<ScheduledTask> tasks
}

struct MaintenanceStatusResult {
  1: optional set<HostStatus> statuses
}

struct EndMaintenanceResult {
  1: optional set<HostStatus> statuses
}

struct RoleSummaryResult {
  1: optional set<RoleSummary> summaries
}

struct JobSummaryResult {
  1: optional set<JobSummary> summaries
}

struct GetLocksResult {
  1: optional set<Lock> locks
}

struct ConfigSummaryResult {
  1: optional ConfigSummary summary
}

struct GetPendingReasonResult {
  1: optional set<PendingReason> reasons
}

struct StartJobUpdateResult {
  1: optional JobUpdateKey key
}

struct GetJobUpdateSummariesResult {
  1: optional list<JobUpdateSummary> updateSummaries
}

struct GetJobUpdateDetailsResult {
  1: optional JobUpdateDetails details
}

struct PulseJobUpdateResult {
  1: optional JobUpdatePulseStatus status
}

struct GetJobUpdateDiffResult {
  1: optional set<ConfigGroup> add
  2: optional set<ConfigGroup> remove
  3: optional set<ConfigGroup> update
  4: optional set<ConfigGroup> unchanged
}

struct ServerInfo {
  1: optional string clusterName
  3: optional string statsUrlPrefix
}

struct ResponseDetail {
  1: optional string message
}

union Result {
  1: optional PopulateJobResult populateJobResult
  3: optional ScheduleStatusResult scheduleStatusResult
  4: optional GetJobsResult getJobsResult
  5: optional GetQuotaResult getQuotaResult
  6: optional ListBackupsResult listBackupsResult
  7: optional StartMaintenanceResult startMaintenanceResult
  8: optional DrainHostsResult drainHostsResult
  9: optional QueryRecoveryResult queryRecoveryResult
  10: optional MaintenanceStatusResult maintenanceStatusResult
  11: optional EndMaintenanceResult endMaintenanceResult
  16: optional AcquireLockResult acquireLockResult
  17: optional RoleSummaryResult roleSummaryResult
  18: optional JobSummaryResult jobSummaryResult
  19: optional GetLocksResult getLocksResult
  20: optional ConfigSummaryResult configSummaryResult
  21: optional GetPendingReasonResult getPendingReasonResult
  22: optional StartJobUpdateResult startJobUpdateResult
  23: optional GetJobUpdateSummariesResult getJobUpdateSummariesResult
  24: optional GetJobUpdateDetailsResult getJobUpdateDetailsResult
  25: optional PulseJobUpdateResult pulseJobUpdateResult
  26: optional GetJobUpdateDiffResult getJobUpdateDiffResult
}

struct Response {
  1: optional ResponseCode responseCode
  5: optional ServerInfo serverInfo
  3: optional Result result
  6: optional list<ResponseDetail> details
}

struct InstanceConfigRewrite {
  1: optional InstanceKey instanceKey
  2: optional TaskConfig oldTask
  3: optional TaskConfig rewrittenTask
}

struct JobConfigRewrite {
  1: optional JobConfiguration oldJob
  2: optional JobConfiguration rewrittenJob
}

union ConfigRewrite {
  1: optional JobConfigRewrite jobRewrite
  2: optional InstanceConfigRewrite instanceRewrite
}

struct RewriteConfigsRequest {
  1: optional list<ConfigRewrite> rewriteCommands
}

service ReadOnlyScheduler {
  Response getRoleSummary()
  Response getJobSummary(1: string role)
  Response getTasksStatus(1: TaskQuery query)
  Response getTasksWithoutConfigs(1: TaskQuery query)
  Response getPendingReason(1: TaskQuery query)
  Response getConfigSummary(1: JobKey job)
  Response getJobs(1: string ownerRole)
  Response getQuota(1: string ownerRole)
  Response populateJobConfig(1: JobConfiguration description)
  Response getLocks()
  Response getJobUpdateSummaries(1: JobUpdateQuery jobUpdateQuery)
  Response getJobUpdateDetails(1: JobUpdateKey key)
  Response getJobUpdateDiff(1: JobUpdateRequest request)
}

service AuroraSchedulerManager extends ReadOnlyScheduler {
  Response createJob(1: JobConfiguration description, 3: Lock lock)
  Response scheduleCronJob(1: JobConfiguration description, 3: Lock lock)
  Response descheduleCronJob(4: JobKey job, 3: Lock lock)
  Response startCronJob(4: JobKey job)
  Response restartShards(5: JobKey job, 3: set<i32> shardIds, 6: Lock lock)
  Response killTasks(1: TaskQuery query, 3: Lock lock, 4: JobKey job, 5: set<i32> instances)
  Response addInstances(1: AddInstancesConfig config, 2: Lock lock, 3: InstanceKey key, 4: i32 count)
  Response acquireLock(1: LockKey lockKey)
  Response releaseLock(1: Lock lock, 2: LockValidation validation)
  Response replaceCronTemplate(1: JobConfiguration config, 2: Lock lock)
  Response startJobUpdate(1: JobUpdateRequest request, 3: string message)
  Response pauseJobUpdate(1: JobUpdateKey key, 3: string message)
  Response resumeJobUpdate(1: JobUpdateKey key, 3: string message)
  Response abortJobUpdate(1: JobUpdateKey key, 3: string message)
  Response pulseJobUpdate(1: JobUpdateKey key)
}

service AuroraAdmin extends AuroraSchedulerManager {
  Response setQuota(1: string ownerRole, 2: ResourceAggregate quota)
  Response forceTaskState(1: string taskId, 2: ScheduleStatus status)
  Response performBackup()
  Response listBackups()
  Response stageRecovery(1: string backupId)
  Response queryRecovery(1: TaskQuery query)
  Response deleteRecoveryTasks(1: TaskQuery query)
  Response commitRecovery()
  Response unloadRecovery()
  Response startMaintenance(1: Hosts hosts)
  Response drainHosts(1: Hosts hosts)
  Response maintenanceStatus(1: Hosts hosts)
  Response endMaintenance(1: Hosts hosts)
  Response snapshot()
  Response rewriteConfigs(1: RewriteConfigsRequest request)
}
