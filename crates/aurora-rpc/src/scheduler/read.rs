//! Calls that change nothing (`ReadOnlyScheduler`).

use std::collections::BTreeSet;

use aurora_api::calls;
use aurora_api::{
    ConfigSummary, GetJobUpdateDiffResult, GetQuotaResult, JobConfiguration, JobSummary,
    JobUpdateDetails, JobUpdateKey, JobUpdateQuery, JobUpdateRequest, JobUpdateSummary, Lock,
    PendingReason, Result as ResultBranch, RoleSummary, ScheduledTask, TaskConfig, TaskQuery,
};
use aurora_jobkey::JobKey;

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

impl SchedulerClient {
    /// How many jobs each role has.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_role_summary(&self) -> Result<Reply<BTreeSet<RoleSummary>>, Error> {
        let wanted = "roleSummaryResult";
        self.fetch(calls::GetRoleSummary {}, wanted, |result| match result {
            ResultBranch::RoleSummaryResult(result) => Some(result.summaries.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// The jobs of a role with the states of their tasks; of all roles without one.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_job_summary(
        &self,
        role: Option<&str>,
    ) -> Result<Reply<BTreeSet<JobSummary>>, Error> {
        let call = calls::GetJobSummary {
            role: role.map(str::to_owned),
        };
        self.fetch(call, "jobSummaryResult", |result| match result {
            ResultBranch::JobSummaryResult(result) => Some(result.summaries.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// The tasks that a query finds, with all of their configuration.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_tasks_status(
        &self,
        query: TaskQuery,
    ) -> Result<Reply<Vec<ScheduledTask>>, Error> {
        let call = calls::GetTasksStatus { query: Some(query) };
        self.fetch(call, "scheduleStatusResult", tasks).await
    }

    /// The tasks that a query finds, without the executor's part of their configuration: much
    /// less to send than [`get_tasks_status`](Self::get_tasks_status).
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_tasks_without_configs(
        &self,
        query: TaskQuery,
    ) -> Result<Reply<Vec<ScheduledTask>>, Error> {
        let call = calls::GetTasksWithoutConfigs { query: Some(query) };
        self.fetch(call, "scheduleStatusResult", tasks).await
    }

    /// Why the tasks that a query finds are pending.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_pending_reason(
        &self,
        query: TaskQuery,
    ) -> Result<Reply<BTreeSet<PendingReason>>, Error> {
        let call = calls::GetPendingReason { query: Some(query) };
        self.fetch(call, "getPendingReasonResult", |result| match result {
            ResultBranch::GetPendingReasonResult(result) => {
                Some(result.reasons.unwrap_or_default())
            }
            _ => None,
        })
        .await
    }

    /// The configurations of a job's active tasks, and which instances have each.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_config_summary(&self, job: &JobKey) -> Result<Reply<ConfigSummary>, Error> {
        let call = calls::GetConfigSummary {
            job: Some(self.job_key(job)?),
        };
        self.fetch(call, "configSummaryResult", |result| match result {
            ResultBranch::ConfigSummaryResult(result) => result.summary,
            _ => None,
        })
        .await
    }

    /// The jobs of a role, cron jobs among them; of all roles without one.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_jobs(
        &self,
        role: Option<&str>,
    ) -> Result<Reply<BTreeSet<JobConfiguration>>, Error> {
        let call = calls::GetJobs {
            owner_role: role.map(str::to_owned),
        };
        self.fetch(call, "getJobsResult", |result| match result {
            ResultBranch::GetJobsResult(result) => Some(result.configs.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// The quota of a role, and what it uses of it.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_quota(&self, role: &str) -> Result<Reply<GetQuotaResult>, Error> {
        let call = calls::GetQuota {
            owner_role: Some(role.to_owned()),
        };
        self.fetch(call, "getQuotaResult", |result| match result {
            ResultBranch::GetQuotaResult(result) => Some(result),
            _ => None,
        })
        .await
    }

    /// A job's task configuration as the scheduler would keep it: checked, and with defaults.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn populate_job_config(
        &self,
        description: JobConfiguration,
    ) -> Result<Reply<TaskConfig>, Error> {
        let call = calls::PopulateJobConfig {
            description: Some(description),
        };
        self.fetch(call, "populateJobResult", |result| match result {
            ResultBranch::PopulateJobResult(result) => result.task_config,
            _ => None,
        })
        .await
    }

    /// All locks on jobs.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_locks(&self) -> Result<Reply<BTreeSet<Lock>>, Error> {
        let wanted = "getLocksResult";
        self.fetch(calls::GetLocks {}, wanted, |result| match result {
            ResultBranch::GetLocksResult(result) => Some(result.locks.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// The updates that a query finds, newest first.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_job_update_summaries(
        &self,
        query: JobUpdateQuery,
    ) -> Result<Reply<Vec<JobUpdateSummary>>, Error> {
        let call = calls::GetJobUpdateSummaries {
            job_update_query: Some(query),
        };
        self.fetch(call, "getJobUpdateSummariesResult", |result| match result {
            ResultBranch::GetJobUpdateSummariesResult(result) => {
                Some(result.update_summaries.unwrap_or_default())
            }
            _ => None,
        })
        .await
    }

    /// One update with its instructions and events.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_job_update_details(
        &self,
        key: JobUpdateKey,
    ) -> Result<Reply<JobUpdateDetails>, Error> {
        let call = calls::GetJobUpdateDetails { key: Some(key) };
        self.fetch(call, "getJobUpdateDetailsResult", |result| match result {
            ResultBranch::GetJobUpdateDetailsResult(result) => result.details,
            _ => None,
        })
        .await
    }

    /// What an update would add, remove, change and leave alone.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn get_job_update_diff(
        &self,
        request: JobUpdateRequest,
    ) -> Result<Reply<GetJobUpdateDiffResult>, Error> {
        let call = calls::GetJobUpdateDiff {
            request: Some(request),
        };
        self.fetch(call, "getJobUpdateDiffResult", |result| match result {
            ResultBranch::GetJobUpdateDiffResult(result) => Some(result),
            _ => None,
        })
        .await
    }
}

fn tasks(result: ResultBranch) -> Option<Vec<ScheduledTask>> {
    match result {
        ResultBranch::ScheduleStatusResult(result) => Some(result.tasks.unwrap_or_default()),
        _ => None,
    }
}
