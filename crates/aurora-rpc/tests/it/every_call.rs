//! Every call of the API has a method, and every call that changes something survives that its
//! reply gets lost.

use aurora_api::calls::AnyCall;
use aurora_api::{
    Hosts, JobConfiguration, JobUpdateKey, JobUpdateQuery, JobUpdateRequest, Lock, LockValidation,
    ResourceAggregate, ResponseCode, Result as ResultBranch, RewriteConfigsRequest, ScheduleStatus,
    TaskQuery,
};
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::{Error, SchedulerClient};
use aurora_testkit::scheduler::{Act, ScriptedScheduler};

use crate::server::{Clients, ok, refuse};

/// Makes the call of that name by the method of its own.
async fn call(client: &SchedulerClient, method: &str) -> Result<(), Error> {
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    let instances: InstanceSet = "0-1".parse().unwrap();
    let hosts = || Hosts {
        host_names: Some(["h".to_owned()].into()),
    };
    let query = TaskQuery::default;
    let key = JobUpdateKey::default;
    let config = JobConfiguration::default;
    let lock = || Lock {
        token: Some("token".to_owned()),
        ..Lock::default()
    };
    match method {
        "getRoleSummary" => client.get_role_summary().await.map(drop),
        "getJobSummary" => client.get_job_summary(None).await.map(drop),
        "getTasksStatus" => client.get_tasks_status(query()).await.map(drop),
        "getTasksWithoutConfigs" => client.get_tasks_without_configs(query()).await.map(drop),
        "getPendingReason" => client.get_pending_reason(query()).await.map(drop),
        "getConfigSummary" => client.get_config_summary(&job).await.map(drop),
        "getJobs" => client.get_jobs(None).await.map(drop),
        "getQuota" => client.get_quota("www").await.map(drop),
        "populateJobConfig" => client.populate_job_config(config()).await.map(drop),
        "getLocks" => client.get_locks().await.map(drop),
        "getJobUpdateSummaries" => {
            let query = JobUpdateQuery::default();
            client.get_job_update_summaries(query).await.map(drop)
        }
        "getJobUpdateDetails" => client.get_job_update_details(key()).await.map(drop),
        "getJobUpdateDiff" => {
            let request = JobUpdateRequest::default();
            client.get_job_update_diff(request).await.map(drop)
        }
        "createJob" => client.create_job(config()).await.map(drop),
        "scheduleCronJob" => client.schedule_cron_job(config()).await.map(drop),
        "descheduleCronJob" => client.deschedule_cron_job(&job).await.map(drop),
        "startCronJob" => client.start_cron_job(&job).await.map(drop),
        "restartShards" => client.restart_shards(&job, &instances).await.map(drop),
        "killTasks" => client.kill_tasks(&job, Some(&instances)).await.map(drop),
        "addInstances" => client
            .add_instances(&job.with_instance(0), 3)
            .await
            .map(drop),
        "acquireLock" => client.acquire_lock(&job).await.map(drop),
        "releaseLock" => {
            let checked = LockValidation::CHECKED;
            client.release_lock(lock(), checked).await.map(drop)
        }
        "replaceCronTemplate" => client.replace_cron_template(config()).await.map(drop),
        "startJobUpdate" => {
            let request = JobUpdateRequest::default();
            client.start_job_update(request, None).await.map(drop)
        }
        "pauseJobUpdate" => client.pause_job_update(key(), None).await.map(drop),
        "resumeJobUpdate" => client.resume_job_update(key(), None).await.map(drop),
        "abortJobUpdate" => client.abort_job_update(key(), None).await.map(drop),
        "pulseJobUpdate" => client.pulse_job_update(key()).await.map(drop),
        "setQuota" => {
            let quota = ResourceAggregate::default();
            client.set_quota("www", quota).await.map(drop)
        }
        "forceTaskState" => {
            let status = ScheduleStatus::LOST;
            client.force_task_state("id", status).await.map(drop)
        }
        "performBackup" => client.perform_backup().await.map(drop),
        "listBackups" => client.list_backups().await.map(drop),
        "stageRecovery" => client.stage_recovery("id").await.map(drop),
        "queryRecovery" => client.query_recovery(query()).await.map(drop),
        "deleteRecoveryTasks" => client.delete_recovery_tasks(query()).await.map(drop),
        "commitRecovery" => client.commit_recovery().await.map(drop),
        "unloadRecovery" => client.unload_recovery().await.map(drop),
        "startMaintenance" => client.start_maintenance(hosts()).await.map(drop),
        "drainHosts" => client.drain_hosts(hosts()).await.map(drop),
        "maintenanceStatus" => client.maintenance_status(hosts()).await.map(drop),
        "endMaintenance" => client.end_maintenance(hosts()).await.map(drop),
        "snapshot" => client.snapshot().await.map(drop),
        "rewriteConfigs" => {
            let request = RewriteConfigsRequest::default();
            client.rewrite_configs(request).await.map(drop)
        }
        other => panic!("{other} has no method"),
    }
}

/// An OK reply with the result that belongs to the call, with nothing in it that may be left out.
fn reply(method: &str) -> Act {
    use ResultBranch as R;
    use aurora_api::*;
    let result = match method {
        "getRoleSummary" => Some(R::RoleSummaryResult(RoleSummaryResult::default())),
        "getJobSummary" => Some(R::JobSummaryResult(JobSummaryResult::default())),
        "getTasksStatus" | "getTasksWithoutConfigs" => {
            Some(R::ScheduleStatusResult(ScheduleStatusResult::default()))
        }
        "getPendingReason" => Some(R::GetPendingReasonResult(GetPendingReasonResult::default())),
        "getConfigSummary" => Some(R::ConfigSummaryResult(ConfigSummaryResult {
            summary: Some(ConfigSummary::default()),
        })),
        "getJobs" => Some(R::GetJobsResult(GetJobsResult::default())),
        "getQuota" => Some(R::GetQuotaResult(GetQuotaResult::default())),
        "populateJobConfig" => Some(R::PopulateJobResult(PopulateJobResult {
            task_config: Some(TaskConfig::default()),
        })),
        "getLocks" => Some(R::GetLocksResult(GetLocksResult::default())),
        "getJobUpdateSummaries" => Some(R::GetJobUpdateSummariesResult(
            GetJobUpdateSummariesResult::default(),
        )),
        "getJobUpdateDetails" => Some(R::GetJobUpdateDetailsResult(GetJobUpdateDetailsResult {
            details: Some(JobUpdateDetails::default()),
        })),
        "getJobUpdateDiff" => Some(R::GetJobUpdateDiffResult(GetJobUpdateDiffResult::default())),
        "acquireLock" => Some(R::AcquireLockResult(AcquireLockResult {
            lock: Some(Lock::default()),
        })),
        "pulseJobUpdate" => Some(R::PulseJobUpdateResult(PulseJobUpdateResult {
            status: Some(JobUpdatePulseStatus::OK),
        })),
        "listBackups" => Some(R::ListBackupsResult(ListBackupsResult::default())),
        "queryRecovery" => Some(R::QueryRecoveryResult(QueryRecoveryResult::default())),
        "startMaintenance" => Some(R::StartMaintenanceResult(StartMaintenanceResult::default())),
        "drainHosts" => Some(R::DrainHostsResult(DrainHostsResult::default())),
        "maintenanceStatus" => Some(R::MaintenanceStatusResult(
            MaintenanceStatusResult::default(),
        )),
        "endMaintenance" => Some(R::EndMaintenanceResult(EndMaintenanceResult::default())),
        _ => None,
    };
    ok(result, "")
}

/// The calls that change nothing, wherever they are declared.
fn is_read(method: &str) -> bool {
    method.starts_with("get")
        || matches!(
            method,
            "populateJobConfig" | "listBackups" | "queryRecovery" | "maintenanceStatus"
        )
}

/// The calls of which twice would be twice.
const ONCE: [&str; 2] = ["startCronJob", "addInstances"];

#[tokio::test]
async fn every_call_of_the_api_has_a_method() {
    assert_eq!(AnyCall::METHODS.len(), 43);
    for method in AnyCall::METHODS {
        let server = ScriptedScheduler::performing([reply(method)]);
        call(&server.once(), method).await.unwrap();
        assert_eq!(server.methods(), [*method]);
    }
}

#[tokio::test]
async fn a_lost_reply_to_any_call_is_neither_a_failure_nor_repeated_where_that_does_harm() {
    for method in AnyCall::METHODS {
        let server = ScriptedScheduler::performing([Act::Drop, reply(method)]);
        let (client, clock) = server.patient();
        let result = call(&client, method).await;
        if ONCE.contains(method) {
            assert!(
                matches!(result, Err(Error::OutcomeUnknown { .. })),
                "{method}"
            );
            assert_eq!(server.methods(), [*method]);
        } else {
            result.unwrap();
            assert_eq!(server.methods(), [*method; 2]);
            assert_eq!(clock.sleeps().len(), 1);
        }
    }
}

#[tokio::test]
async fn a_refusal_after_a_lost_reply_is_never_taken_for_a_failure_of_the_first_attempt() {
    let refusal = || refuse(ResponseCode::ERROR, "no");
    for method in AnyCall::METHODS.iter().filter(|method| !is_read(method)) {
        // The look is refused as well.
        let server = ScriptedScheduler::performing([Act::Drop, refusal()]);
        let (client, _) = server.patient();
        let error = call(&client, method).await.unwrap_err();
        let is_unknown = matches!(error, Error::OutcomeUnknown { .. });
        // An update request without a job is none that could have started.
        assert!(
            is_unknown || *method == "startJobUpdate",
            "{method}: {error}"
        );
    }
    for method in AnyCall::METHODS.iter().filter(|method| is_read(method)) {
        let server = ScriptedScheduler::performing([Act::Drop, refusal()]);
        let (client, _) = server.patient();
        let error = call(&client, method).await.unwrap_err();
        assert!(error.rejection().is_some(), "{method}: {error}");
    }
}
