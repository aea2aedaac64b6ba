//! A job as its configuration describes it, and the requests that are made from it.

use aurora_api::{JobConfiguration, JobUpdateRequest};
use aurora_config::LoadedJob;
use aurora_jobkey::{InstanceSet, JobKey};

use crate::error::Error;

/// A job of a configuration, and the user who asks for it.
///
/// ```
/// use aurora_config::{Bytes, Configuration, Job, LoadOptions, Process, Resources, Task};
/// use aurora_rpc::operations::WantedJob;
///
/// let key = "west/www/prod/web".parse()?;
/// let task = Task::new("web", vec![Process::new("serve", "./serve")])
///     .with_resources(Resources::new(0.5, Bytes::mebibytes(64), Bytes::mebibytes(64)));
/// let configuration = Configuration::from_jobs(&[Job::new(&key, task)], &LoadOptions::default())?;
///
/// let wanted = WantedJob::new(configuration.job(&key)?, key, "alice");
/// assert_eq!(wanted.creation()?.configuration().instance_count, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct WantedJob {
    job: LoadedJob,
    key: JobKey,
    user: String,
    instances: Option<InstanceSet>,
}

impl WantedJob {
    /// A job, the key that it has on the cluster, and the user who asks for it.
    pub fn new(job: LoadedJob, key: JobKey, user: impl Into<String>) -> Self {
        Self {
            job,
            key,
            user: user.into(),
            instances: None,
        }
    }

    /// The same job, of which an update or a comparison covers only these instances; all of them with
    /// `None`.
    pub fn with_instances(self, instances: Option<InstanceSet>) -> Self {
        Self { instances, ..self }
    }

    /// The job.
    pub fn job(&self) -> &LoadedJob {
        &self.job
    }

    /// The key of the job.
    pub fn key(&self) -> &JobKey {
        &self.key
    }

    /// The user who asks for the job.
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The instances that an update or a comparison covers; all of them with `None`.
    pub fn instances(&self) -> Option<&InstanceSet> {
        self.instances.as_ref()
    }

    /// What [`create`](super::create) sends. Nothing is sent yet.
    ///
    /// # Errors
    /// [`Error::CronJob`] for a job that runs on a schedule, [`Error::Config`] for one that cannot be
    /// converted.
    pub fn creation(&self) -> Result<JobCreation<'_>, Error> {
        self.refuse_cron("createJob")?;
        let configuration = self.configuration()?;
        Ok(JobCreation {
            wanted: self,
            configuration,
        })
    }

    /// What [`start_update`](super::start_update) sends. Nothing is sent yet.
    ///
    /// # Errors
    /// As [`creation`](Self::creation), and [`Error::Config`] for an `update_config` that breaks a rule.
    pub fn update(&self) -> Result<JobUpdate<'_>, Error> {
        self.refuse_cron("startJobUpdate")?;
        let request = self.update_request()?;
        Ok(JobUpdate {
            wanted: self,
            request,
        })
    }

    pub(super) fn configuration(&self) -> Result<JobConfiguration, Error> {
        Ok(self.job.to_job_configuration(&self.user)?)
    }

    pub(super) fn update_request(&self) -> Result<JobUpdateRequest, Error> {
        Ok(self
            .job
            .to_job_update_request(&self.user, self.instances.as_ref())?)
    }

    fn refuse_cron(&self, method: &'static str) -> Result<(), Error> {
        if self.job.is_cron() {
            return Err(Error::CronJob {
                job: self.key.clone(),
                method,
            });
        }
        Ok(())
    }
}

/// A job that is ready to be created.
#[derive(Clone, Debug)]
pub struct JobCreation<'a> {
    pub(super) wanted: &'a WantedJob,
    pub(super) configuration: JobConfiguration,
}

impl JobCreation<'_> {
    /// The job in the form of the API.
    pub fn configuration(&self) -> &JobConfiguration {
        &self.configuration
    }
}

/// An update that is ready to be started.
#[derive(Clone, Debug)]
pub struct JobUpdate<'a> {
    pub(super) wanted: &'a WantedJob,
    pub(super) request: JobUpdateRequest,
}

impl JobUpdate<'_> {
    /// The update in the form of the API.
    pub fn request(&self) -> &JobUpdateRequest {
        &self.request
    }
}
