//! Calls of those who own jobs (`AuroraSchedulerManager`).
//!
//! None of them sends a lock where the released client sends none.

use aurora_api::calls;
use aurora_api::{
    InstanceKey as WireInstanceKey, JobConfiguration, JobUpdateKey, JobUpdatePulseStatus,
    JobUpdateRequest, Lock, LockKey, LockValidation, ResponseCode, Result as ResultBranch,
};
use aurora_jobkey::{InstanceSet, JobKey, TaskInstanceKey};

use super::bare;
use crate::answer::Answer;
use crate::client::{Encoded, SchedulerClient};
use crate::error::Error;
use crate::recover;
use crate::wire::instance_ids;

/// How it is known that a job was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Created {
    /// The scheduler said so.
    Confirmed,
    /// The scheduler's answer got lost and the repetition was refused, but the job that exists is
    /// the one that was asked for.
    FoundAfterLostAnswer,
}

impl SchedulerClient {
    /// Creates a job.
    ///
    /// When the answer to an attempt got lost and the repetition is refused, the job that exists
    /// is compared with the one asked for; if it is the same, this is a success.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn create_job(
        &self,
        description: JobConfiguration,
    ) -> Result<Answer<Created>, Error> {
        let call = calls::CreateJob {
            description: Some(description),
            lock: None,
        };
        let (result, lost_answer) = self.exchange(Encoded::new(&call)).await;
        match result {
            Ok(response) => Ok(bare(response).map(|()| Created::Confirmed)),
            Err(refusal @ Error::Rejected { code, .. })
                if lost_answer && code == ResponseCode::INVALID_REQUEST =>
            {
                recover::created_job(self, call.description.unwrap_or_default(), refusal).await
            }
            Err(error) => Err(error),
        }
    }

    /// Registers a cron job, or replaces it.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn schedule_cron_job(
        &self,
        description: JobConfiguration,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::ScheduleCronJob {
            description: Some(description),
            lock: None,
        })
        .await
    }

    /// Removes the schedule of a cron job. Its running tasks go on.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn deschedule_cron_job(&self, job: &JobKey) -> Result<Answer<()>, Error> {
        self.tell(calls::DescheduleCronJob {
            job: Some(self.job_key(job)?),
            lock: None,
        })
        .await
    }

    /// Starts a run of a cron job now.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::OutcomeUnknown`] when the answer got lost, as a
    /// repetition could start a second run.
    pub async fn start_cron_job(&self, job: &JobKey) -> Result<Answer<()>, Error> {
        self.tell(calls::StartCronJob {
            job: Some(self.job_key(job)?),
        })
        .await
    }

    /// Restarts instances of a job.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when `instances` is empty.
    pub async fn restart_shards(
        &self,
        job: &JobKey,
        instances: &InstanceSet,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::RestartShards {
            job: Some(self.job_key(job)?),
            shard_ids: Some(instance_ids("restartShards", instances)?),
            lock: None,
        })
        .await
    }

    /// Kills instances of a job, or all of them with `None`. The answer comes before they are
    /// dead: wait for that with [`operations::wait_until`](crate::operations::wait_until).
    ///
    /// # Errors
    /// As [`call`](Self::call), and when `instances` is a set without instances, which the
    /// scheduler would take for all of them.
    pub async fn kill_tasks(
        &self,
        job: &JobKey,
        instances: Option<&InstanceSet>,
    ) -> Result<Answer<()>, Error> {
        let instances = instances
            .map(|instances| instance_ids("killTasks", instances))
            .transpose()?;
        self.tell(calls::KillTasks {
            query: None,
            lock: None,
            job: Some(self.job_key(job)?),
            instances,
        })
        .await
    }

    /// Adds `count` instances like the one that `like` names.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::OutcomeUnknown`] when the answer got lost, as a
    /// repetition could add them twice.
    pub async fn add_instances(
        &self,
        like: &TaskInstanceKey,
        count: u32,
    ) -> Result<Answer<()>, Error> {
        let number = |argument, value: u32| {
            i32::try_from(value).map_err(|_| Error::TooLargeNumber {
                method: "addInstances",
                argument,
                value,
            })
        };
        self.tell(calls::AddInstances {
            config: None,
            lock: None,
            key: Some(WireInstanceKey {
                job_key: Some(self.job_key(like.job())?),
                instance_id: Some(number("instance", like.instance())?),
            }),
            count: Some(number("count", count)?),
        })
        .await
    }

    /// Takes the lock of a job.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the answer lacks its result.
    pub async fn acquire_lock(&self, job: &JobKey) -> Result<Answer<Lock>, Error> {
        let call = calls::AcquireLock {
            lock_key: Some(LockKey::Job(self.job_key(job)?)),
        };
        self.ask(call, "acquireLockResult", |result| match result {
            ResultBranch::AcquireLockResult(result) => result.lock,
            _ => None,
        })
        .await
    }

    /// Gives a lock back.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn release_lock(
        &self,
        lock: Lock,
        validation: LockValidation,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::ReleaseLock {
            lock: Some(lock),
            validation: Some(validation),
        })
        .await
    }

    /// Replaces the template of a cron job.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn replace_cron_template(
        &self,
        config: JobConfiguration,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::ReplaceCronTemplate {
            config: Some(config),
            lock: None,
        })
        .await
    }

    /// Starts an update of a job. Without an update to make, the answer has no key but a message
    /// that says so.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::OutcomeUnknown`] when the answer got lost, as a
    /// repetition would be refused because of the update that the first attempt started.
    pub async fn start_job_update(
        &self,
        request: JobUpdateRequest,
        message: Option<String>,
    ) -> Result<Answer<Option<JobUpdateKey>>, Error> {
        let mut response = self
            .call(calls::StartJobUpdate {
                request: Some(request),
                message,
            })
            .await?;
        let key = match response.result.take() {
            Some(ResultBranch::StartJobUpdateResult(result)) => result.key,
            _ => None,
        };
        Ok(bare(response).map(|()| key))
    }

    /// Pauses an update.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn pause_job_update(
        &self,
        key: JobUpdateKey,
        message: Option<String>,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::PauseJobUpdate {
            key: Some(key),
            message,
        })
        .await
    }

    /// Lets a paused update go on.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn resume_job_update(
        &self,
        key: JobUpdateKey,
        message: Option<String>,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::ResumeJobUpdate {
            key: Some(key),
            message,
        })
        .await
    }

    /// Ends an update where it stands.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn abort_job_update(
        &self,
        key: JobUpdateKey,
        message: Option<String>,
    ) -> Result<Answer<()>, Error> {
        self.tell(calls::AbortJobUpdate {
            key: Some(key),
            message,
        })
        .await
    }

    /// Tells a coordinated update that all is well, so that it goes on.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the answer lacks its result.
    pub async fn pulse_job_update(
        &self,
        key: JobUpdateKey,
    ) -> Result<Answer<JobUpdatePulseStatus>, Error> {
        let call = calls::PulseJobUpdate { key: Some(key) };
        self.ask(call, "pulseJobUpdateResult", |result| match result {
            ResultBranch::PulseJobUpdateResult(result) => result.status,
            _ => None,
        })
        .await
    }
}
