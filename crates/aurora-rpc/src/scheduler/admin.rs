//! Calls of those who run the cluster (`AuroraAdmin`).

use std::collections::BTreeSet;

use aurora_api::calls;
use aurora_api::{
    HostStatus, Hosts, ResourceAggregate, Result as ResultBranch, RewriteConfigsRequest,
    ScheduleStatus, ScheduledTask, TaskQuery,
};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;

impl SchedulerClient {
    /// Sets the quota of a role.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn set_quota(
        &self,
        role: &str,
        quota: ResourceAggregate,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::SetQuota {
            owner_role: Some(role.to_owned()),
            quota: Some(quota),
        })
        .await
    }

    /// Puts a task into a state, whatever state it is in.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn force_task_state(
        &self,
        task_id: &str,
        status: ScheduleStatus,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::ForceTaskState {
            task_id: Some(task_id.to_owned()),
            status: Some(status),
        })
        .await
    }

    /// Makes a backup of the scheduler's storage.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn perform_backup(&self) -> Result<Reply<()>, Error> {
        self.execute(calls::PerformBackup {}).await
    }

    /// The names of the backups that there are.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn list_backups(&self) -> Result<Reply<BTreeSet<String>>, Error> {
        let wanted = "listBackupsResult";
        self.fetch(calls::ListBackups {}, wanted, |result| match result {
            ResultBranch::ListBackupsResult(result) => Some(result.backups.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// Loads a backup next to the storage, to inspect it and to recover from it.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn stage_recovery(&self, backup_id: &str) -> Result<Reply<()>, Error> {
        self.execute(calls::StageRecovery {
            backup_id: Some(backup_id.to_owned()),
        })
        .await
    }

    /// The tasks that a query finds in the loaded backup.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn query_recovery(
        &self,
        query: TaskQuery,
    ) -> Result<Reply<BTreeSet<ScheduledTask>>, Error> {
        let call = calls::QueryRecovery { query: Some(query) };
        self.fetch(call, "queryRecoveryResult", |result| match result {
            ResultBranch::QueryRecoveryResult(result) => Some(result.tasks.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// Removes the tasks that a query finds from the loaded backup.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn delete_recovery_tasks(&self, query: TaskQuery) -> Result<Reply<()>, Error> {
        self.execute(calls::DeleteRecoveryTasks { query: Some(query) })
            .await
    }

    /// Puts the loaded backup in the place of the storage.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn commit_recovery(&self) -> Result<Reply<()>, Error> {
        self.execute(calls::CommitRecovery {}).await
    }

    /// Drops the loaded backup.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn unload_recovery(&self) -> Result<Reply<()>, Error> {
        self.execute(calls::UnloadRecovery {}).await
    }

    /// Marks hosts for maintenance: no new tasks where there is another choice.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn start_maintenance(
        &self,
        hosts: Hosts,
    ) -> Result<Reply<BTreeSet<HostStatus>>, Error> {
        let call = calls::StartMaintenance { hosts: Some(hosts) };
        self.fetch(call, "startMaintenanceResult", |result| match result {
            ResultBranch::StartMaintenanceResult(result) => {
                Some(result.statuses.unwrap_or_default())
            }
            _ => None,
        })
        .await
    }

    /// Moves all tasks away from hosts.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn drain_hosts(&self, hosts: Hosts) -> Result<Reply<BTreeSet<HostStatus>>, Error> {
        let call = calls::DrainHosts { hosts: Some(hosts) };
        self.fetch(call, "drainHostsResult", |result| match result {
            ResultBranch::DrainHostsResult(result) => Some(result.statuses.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// How far the maintenance of hosts is.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn maintenance_status(
        &self,
        hosts: Hosts,
    ) -> Result<Reply<BTreeSet<HostStatus>>, Error> {
        let call = calls::MaintenanceStatus { hosts: Some(hosts) };
        self.fetch(call, "maintenanceStatusResult", |result| match result {
            ResultBranch::MaintenanceStatusResult(result) => {
                Some(result.statuses.unwrap_or_default())
            }
            _ => None,
        })
        .await
    }

    /// Ends the maintenance of hosts.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn end_maintenance(
        &self,
        hosts: Hosts,
    ) -> Result<Reply<BTreeSet<HostStatus>>, Error> {
        let call = calls::EndMaintenance { hosts: Some(hosts) };
        self.fetch(call, "endMaintenanceResult", |result| match result {
            ResultBranch::EndMaintenanceResult(result) => Some(result.statuses.unwrap_or_default()),
            _ => None,
        })
        .await
    }

    /// Writes a snapshot of the storage.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn snapshot(&self) -> Result<Reply<()>, Error> {
        self.execute(calls::Snapshot {}).await
    }

    /// Rewrites stored configurations, each only if it is still as the request says.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn rewrite_configs(
        &self,
        request: RewriteConfigsRequest,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::RewriteConfigs {
            request: Some(request),
        })
        .await
    }
}
