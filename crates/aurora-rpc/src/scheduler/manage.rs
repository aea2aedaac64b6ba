//! Calls of those who own jobs (`AuroraSchedulerManager`).
//!
//! None of them sends a lock where the released client sends none.

use aurora_api::calls;
use aurora_api::{
    InstanceKey as WireInstanceKey, JobConfiguration, JobUpdateKey, JobUpdatePulseStatus,
    JobUpdateRequest, Lock, LockKey, LockValidation, ResponseCode, Result as ResultBranch,
};
use aurora_jobkey::{InstanceSet, JobKey, TaskInstanceKey};

use crate::client::SchedulerClient;
use crate::error::Error;
use crate::outcome::{Created, Started};
use crate::recover;
use crate::reply::Reply;
use crate::wire::instance_ids;

impl SchedulerClient {
    /// Creates a job.
    ///
    /// When the reply to an attempt was lost and the repetition is refused, the job that exists
    /// is compared with the one asked for; if it is the same, this is a success.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn create_job(&self, description: JobConfiguration) -> Result<Reply<Created>, Error> {
        let call = calls::CreateJob {
            description: Some(description),
            lock: None,
        };
        let exchange = self.exchange(&self.encode(&call)).await;
        match exchange.result {
            Err(refusal @ Error::Rejected { code, .. })
                if exchange.lost_reply && code == ResponseCode::INVALID_REQUEST =>
            {
                let client = self.with_retry(exchange.rest);
                recover::created_job(&client, call.description.unwrap_or_default(), refusal).await
            }
            _ => {
                let response = exchange.or_unknown(self)?;
                Ok(Reply::of(response).map(|()| Created::Confirmed))
            }
        }
    }

    /// Registers a cron job, or replaces it.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn schedule_cron_job(
        &self,
        description: JobConfiguration,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::ScheduleCronJob {
            description: Some(description),
            lock: None,
        })
        .await
    }

    /// Removes the schedule of a cron job. Its running tasks continue.
    ///
    /// When the reply to an attempt was lost and the repetition is refused, a job that has no
    /// schedule is a success.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn deschedule_cron_job(&self, job: &JobKey) -> Result<Reply<()>, Error> {
        let call = calls::DescheduleCronJob {
            job: Some(self.job_key(job)?),
            lock: None,
        };
        let exchange = self.exchange(&self.encode(&call)).await;
        if recover::is_descheduled(self, job, &exchange).await {
            return Ok(Reply::new((), Vec::new(), None));
        }
        Ok(Reply::of(exchange.or_unknown(self)?))
    }

    /// Starts a run of a cron job now.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::OutcomeUnknown`] when the reply was lost, as a
    /// repetition could start a second run.
    pub async fn start_cron_job(&self, job: &JobKey) -> Result<Reply<()>, Error> {
        self.execute(calls::StartCronJob {
            job: Some(self.job_key(job)?),
        })
        .await
    }

    /// Restarts instances of a job. The reply comes before they run again: see
    /// [`operations::restart`](crate::operations::restart). A repetition after a lost reply may
    /// restart an instance that is running again a second time.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when `instances` is empty.
    pub async fn restart_shards(
        &self,
        job: &JobKey,
        instances: &InstanceSet,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::RestartShards {
            job: Some(self.job_key(job)?),
            shard_ids: Some(instance_ids("restartShards", instances)?),
            lock: None,
        })
        .await
    }

    /// Kills instances of a job, or all of them with `None`. The reply comes before they are
    /// dead: wait for that with [`operations::wait_until`](crate::operations::wait_until).
    ///
    /// # Errors
    /// As [`call`](Self::call), and when `instances` is a set without instances, which the
    /// scheduler would take for all of them.
    pub async fn kill_tasks(
        &self,
        job: &JobKey,
        instances: Option<&InstanceSet>,
    ) -> Result<Reply<()>, Error> {
        let instances = instances
            .map(|instances| instance_ids("killTasks", instances))
            .transpose()?;
        self.execute(calls::KillTasks {
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
    /// As [`call`](Self::call); [`Error::OutcomeUnknown`] when the reply was lost, as a
    /// repetition could add them twice.
    pub async fn add_instances(
        &self,
        like: &TaskInstanceKey,
        count: u32,
    ) -> Result<Reply<()>, Error> {
        let number = |argument, value: u32| {
            i32::try_from(value).map_err(|_| Error::TooLargeNumber {
                method: "addInstances",
                argument,
                value,
            })
        };
        self.execute(calls::AddInstances {
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
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn acquire_lock(&self, job: &JobKey) -> Result<Reply<Lock>, Error> {
        let call = calls::AcquireLock {
            lock_key: Some(LockKey::Job(self.job_key(job)?)),
        };
        self.fetch(call, "acquireLockResult", |result| match result {
            ResultBranch::AcquireLockResult(result) => result.lock,
            _ => None,
        })
        .await
    }

    /// Gives a lock back.
    ///
    /// When the reply to an attempt was lost and the repetition is refused, it is a success that
    /// the scheduler has no lock with the token of this one.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn release_lock(
        &self,
        lock: Lock,
        validation: LockValidation,
    ) -> Result<Reply<()>, Error> {
        let call = calls::ReleaseLock {
            lock: Some(lock),
            validation: Some(validation),
        };
        let exchange = self.exchange(&self.encode(&call)).await;
        if recover::is_released(self, call.lock.as_ref(), &exchange).await {
            return Ok(Reply::new((), Vec::new(), None));
        }
        Ok(Reply::of(exchange.or_unknown(self)?))
    }

    /// Replaces the template of a cron job.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn replace_cron_template(
        &self,
        config: JobConfiguration,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::ReplaceCronTemplate {
            config: Some(config),
            lock: None,
        })
        .await
    }

    /// Starts an update of a job. Without an update to make, the reply has a message that says
    /// so.
    ///
    /// After a lost reply, the job's updates are looked at before the call is repeated: one of
    /// the same user, with the same settings, message and task configuration, that began after the
    /// first attempt, is the one asked for, even if it is over by now. This clock and the
    /// scheduler's may be ten minutes apart.
    ///
    /// # Errors
    /// As [`call`](Self::call); [`Error::OutcomeUnknown`] when a reply was lost and it cannot be
    /// determined whether the update has started.
    pub async fn start_job_update(
        &self,
        request: JobUpdateRequest,
        message: Option<String>,
    ) -> Result<Reply<Started>, Error> {
        let call = calls::StartJobUpdate {
            request: Some(request),
            message,
        };
        recover::start_update(self, &call).await
    }

    /// Pauses an update.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn pause_job_update(
        &self,
        key: JobUpdateKey,
        message: Option<String>,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::PauseJobUpdate {
            key: Some(key),
            message,
        })
        .await
    }

    /// Resumes a paused update.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn resume_job_update(
        &self,
        key: JobUpdateKey,
        message: Option<String>,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::ResumeJobUpdate {
            key: Some(key),
            message,
        })
        .await
    }

    /// Ends an update in its current state, without a rollback.
    ///
    /// # Errors
    /// As [`call`](Self::call).
    pub async fn abort_job_update(
        &self,
        key: JobUpdateKey,
        message: Option<String>,
    ) -> Result<Reply<()>, Error> {
        self.execute(calls::AbortJobUpdate {
            key: Some(key),
            message,
        })
        .await
    }

    /// Sends a pulse, which lets a coordinated update continue.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when the reply lacks its result.
    pub async fn pulse_job_update(
        &self,
        key: JobUpdateKey,
    ) -> Result<Reply<JobUpdatePulseStatus>, Error> {
        let call = calls::PulseJobUpdate { key: Some(key) };
        self.fetch(call, "pulseJobUpdateResult", |result| match result {
            ResultBranch::PulseJobUpdateResult(result) => result.status,
            _ => None,
        })
        .await
    }
}
