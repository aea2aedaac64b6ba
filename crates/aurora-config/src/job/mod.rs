//! What can be done with typed jobs beyond setting their fields.

mod convert;
mod tasks;

use aurora_jobkey::JobKey;
use pystachio::Object;

pub(crate) use convert::to_object;

use crate::{Error, Job, Task};

impl Job {
    /// A job with the defaults of the schema.
    ///
    /// ```
    /// use aurora_config::{Bytes, Configuration, Job, LoadOptions, Process, Resources, Task};
    ///
    /// let key = "devcluster/www/prod/hello".parse()?;
    /// let task = Task::new("hello", vec![Process::new("hello", "echo hello")])
    ///     .with_resources(Resources::new(0.5, Bytes::mebibytes(16), Bytes::mebibytes(16)));
    /// let job = Job::new(&key, task)
    ///     .with_service(true)
    ///     .with_constraints([("host", "limit:1")]);
    ///
    /// let configuration = Configuration::from_jobs(&[job], &LoadOptions::default())?;
    /// let thrift = configuration.job(&key)?.to_job_configuration("me")?;
    /// assert_eq!(thrift.instance_count, Some(1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(key: &JobKey, task: Task) -> Self {
        let [name, role, cluster, environment] =
            [key.name(), key.role(), key.cluster(), key.environment()].map(str::to_owned);
        Self::with_required(name, role, cluster, environment, task)
    }

    /// Reads executor data. What is not part of it (`instances`, `update_config`) has its default. A cron collision policy
    /// that is not known is read as the default one.
    ///
    /// # Errors
    /// When the text is not JSON, or does not describe a job.
    pub fn from_executor_data(text: &str) -> Result<Self, Error> {
        serde_json::from_str(text).map_err(Error::ExecutorData)
    }

    pub(crate) fn from_object(interpolated: &Object) -> Result<Self, Error> {
        convert::from_object(interpolated)
    }
}
