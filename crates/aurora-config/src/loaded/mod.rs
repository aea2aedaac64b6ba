//! One job of a configuration: chosen, bound, checked, and ready to be converted.

mod executor_data;
mod inspect;
mod plan;
mod ports;
mod task;
#[cfg(test)]
mod tests;
mod thrift;
mod validate;

use aurora_compat::Compat;
#[cfg(feature = "python")]
use aurora_jobkey::JobKey;

use crate::{
    Error,
    configuration::standard_bindings,
    job::Job,
    python2::job_configuration_repr,
    value::{Data, Object, Problem},
};

/// A job that passed all checks that need no scheduler.
#[derive(Debug, Clone)]
pub struct LoadedJob {
    /// Bound, not interpolated.
    object: Object,
    job: Job,
    compat: Compat,
    warnings: Vec<String>,
}

impl LoadedJob {
    pub(crate) fn new(object: Object, position: usize, compat: Compat) -> Result<Self, Error> {
        let object = object.bind(vec![standard_bindings()], Vec::new())?;
        let warnings = validate::validate(&object).map_err(|error| in_job(error, position))?;
        // Once more, as for executor data: deferred references come alive then.
        let interpolated = object.interpolate()?.0.interpolate()?.0;
        let job = Job::from_object(&interpolated)?;
        Ok(Self {
            object,
            job,
            compat,
            warnings,
        })
    }

    /// The job with all templates resolved that do not need a running task.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The key of the job.
    ///
    /// # Errors
    /// When a part of it is no identifier.
    #[cfg(feature = "python")]
    pub(crate) fn key(&self) -> Result<JobKey, Error> {
        let job = &self.job;
        JobKey::new(&job.cluster, &job.role, &job.environment, &job.name)
            .map_err(|error| Error::invalid(error.to_string()))
    }

    /// The job with its bindings, not interpolated.
    #[cfg(feature = "python")]
    pub(crate) fn object(&self) -> &Object {
        &self.object
    }

    /// Whether it runs on machines of its own.
    #[cfg(feature = "python")]
    pub(crate) fn is_dedicated(&self) -> bool {
        self.job.constraints.contains_key("dedicated")
    }

    /// What its author should know.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Whether it runs on a schedule.
    pub fn is_cron(&self) -> bool {
        self.object.has("cron_schedule").unwrap_or(false)
    }

    /// The text of `executorConfig.data`: JSON with the keys in the order in which the released
    /// client writes them, because the scheduler compares it byte for byte.
    ///
    /// # Errors
    /// When the job cannot be interpolated.
    pub fn executor_data(&self) -> Result<String, Error> {
        Ok(executor_data::executor_data(&self.object.interpolate()?.0)?)
    }

    /// The form of the job that the scheduler takes. `user` is who asks for it.
    ///
    /// # Errors
    /// When references are left that only the file could bind, when resources, constraints, the
    /// cron policy, the container or the order of processes break a rule, and when a number does
    /// not fit.
    pub fn to_job_configuration(&self, user: &str) -> Result<aurora_api::JobConfiguration, Error> {
        thrift::convert(&self.object, user)
    }

    /// The text of `job inspect --raw` in the released client: the form of the scheduler in the
    /// words of Python, on one line.
    ///
    /// # Errors
    /// As [`LoadedJob::to_job_configuration`].
    pub fn python_form(&self, user: &str) -> Result<String, Error> {
        let configuration = self.to_job_configuration(user)?;
        Ok(job_configuration_repr(
            &configuration,
            &self.job.constraints,
        ))
    }

    /// The text of `job inspect`.
    ///
    /// # Errors
    /// As [`LoadedJob::to_job_configuration`]; where the release decides, also when a text other
    /// than a command line has characters outside ASCII.
    pub fn inspect(&self) -> Result<String, Error> {
        thrift::convert(&self.object, "")?;
        inspect::inspect(&self.object, self.compat)
    }
}

/// Puts the place of the job in its file before the place in the job.
fn in_job(error: Error, position: usize) -> Error {
    match error.field() {
        Some(field) => {
            let path = format!("jobs[{position}].{field}");
            error.with_field(path)
        }
        None => error,
    }
}

/// The interpolated value of a field, as plain data.
fn plain(object: &Object, field: &str) -> Result<Option<Data>, Box<Problem>> {
    Ok(object.field(field)?.map(|value| value.get()))
}

/// The elements of a list field, none when it is empty.
fn elements(object: &Object, field: &str) -> Result<Vec<Object>, Box<Problem>> {
    match object.field(field)? {
        Some(list) => Ok(list.elements()?.unwrap_or_default()),
        None => Ok(Vec::new()),
    }
}

/// The interpolated text of a field, as `str()` has it.
fn text(object: &Object, field: &str) -> Result<Option<String>, Box<Problem>> {
    object.field(field)?.map(|value| value.text()).transpose()
}
