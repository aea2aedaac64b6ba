//! One job of a configuration: chosen, bound, checked, and ready to be converted.

mod advice;
mod bound;
mod dump;
mod executor_data;
mod findings;
mod inspect;
mod plan;
mod ports;
mod render;
mod repr;
mod task;
#[cfg(test)]
mod tests;
mod thrift;
mod unbound;
mod update;
mod validate;

use aurora_compat::Compat;
#[cfg(feature = "python")]
use aurora_jobkey::JobKey;

pub use dump::task_dump;
pub use render::Rendered;
use repr::job_configuration_repr;

use pystachio::{Data, Error as ObjectError, Object};

use crate::{Error, Finding, Job, configuration::standard_bindings, source::JobSource};
use bound::{BoundJob, Fields};
use findings::Findings;

/// A job that passed all checks that need no scheduler.
#[derive(Debug, Clone)]
pub struct LoadedJob {
    bound: BoundJob,
    job: Job,
    compat: Compat,
    warnings: Vec<String>,
    source: JobSource,
}

impl LoadedJob {
    pub(crate) fn new(object: Object, source: JobSource, compat: Compat) -> Result<Self, Error> {
        let load = || {
            let bound = BoundJob::new(object.bind(vec![standard_bindings()], Vec::new())?)?;
            let mut findings = Findings::first();
            validate::validate(&bound, &mut findings)?;
            let job = Job::from_object(&bound.settled()?)?;
            let warnings = findings.warnings.iter().map(Error::to_string).collect();
            Ok((bound, job, warnings))
        };
        let (bound, job, warnings) =
            load().map_err(|error: Error| error.of_job(&object, &source))?;
        Ok(Self {
            bound,
            job,
            compat,
            warnings,
            source,
        })
    }

    /// Everything that is wrong with a job, and what its author should know.
    pub(crate) fn check(object: &Object, source: &JobSource) -> Vec<Finding> {
        let mut findings = Findings::all();
        // Findings that are collected end nothing; an error that ends it is reported with them.
        let outcome = check(object, &mut findings);
        let _ = findings.attempt(outcome);
        let warnings = std::mem::take(&mut findings.warnings);
        let error = |error: Error| Finding::error(&error.of_job(object, source));
        let warning = |error: Error| Finding::warning(&error.of_job(object, source));
        let errors = findings.into_errors().into_iter().map(error);
        errors.chain(warnings.into_iter().map(warning)).collect()
    }

    /// The job with all templates resolved that do not need a running task.
    pub fn job(&self) -> &Job {
        &self.job
    }

    /// The key of the job.
    ///
    /// # Errors
    /// When a part of it is not an identifier.
    #[cfg(feature = "python")]
    pub(crate) fn key(&self) -> Result<JobKey, Error> {
        let job = &self.job;
        JobKey::new(&job.cluster, &job.role, &job.environment, &job.name)
            .map_err(|error| Error::invalid(error.to_string()))
    }

    /// The job with its bindings, not interpolated.
    #[cfg(feature = "python")]
    pub(crate) fn object(&self) -> &Object {
        self.bound.object()
    }

    /// Whether it runs on machines of its own.
    ///
    /// # Errors
    /// When its constraints cannot be resolved.
    #[cfg(feature = "python")]
    pub(crate) fn is_dedicated(&self) -> Result<bool, Error> {
        Ok(ports::is_dedicated(&self.bound)?)
    }

    /// What its author should know.
    pub fn warnings(&self) -> &[String] {
        &self.warnings
    }

    /// Whether it runs on a schedule.
    pub fn is_cron(&self) -> bool {
        self.bound.has("cron_schedule").unwrap_or(false)
    }

    /// The text of `executorConfig.data`: JSON with the keys in the order in which the released
    /// client writes them, because the scheduler compares it byte for byte.
    ///
    /// # Errors
    /// When the job cannot be interpolated.
    pub fn executor_data(&self) -> Result<String, Error> {
        Ok(executor_data::executor_data(&self.bound.interpolated()?)?)
    }

    /// The form of the job that the scheduler takes. `user` is who asks for it.
    ///
    /// # Errors
    /// When references are left that only the file could bind, when resources, constraints, the
    /// cron policy, the container or the order of processes break a rule, and when a number does
    /// not fit.
    pub fn to_job_configuration(&self, user: &str) -> Result<aurora_api::JobConfiguration, Error> {
        thrift::convert(&self.bound, user, &mut Findings::first())
            .map_err(|error| self.located(error))
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
        self.to_job_configuration("")?;
        inspect::inspect(&self.bound, self.compat).map_err(|error| self.located(error))
    }

    fn located(&self, error: Error) -> Error {
        error.of_job(self.bound.object(), &self.source)
    }
}

/// How many values may be broken for the rest of a job still to be looked at.
const MOST_BROKEN: usize = 100;

/// Goes through all rules, as far as they can be looked at.
fn check(object: &Object, findings: &mut Findings) -> Result<(), Error> {
    let object = object.bind(vec![standard_bindings()], Vec::new())?;
    validate::types(&object, findings)?;
    // The other rules see no value that is not one of its type: that is reported by now, and would keep
    // them from looking at anything else.
    let mut sound = BoundJob::new(object)?;
    for _ in 0..MOST_BROKEN {
        let Err(problem) = sound.interpolated() else {
            validate::validate(&sound, findings)?;
            return thrift::convert(&sound, "", findings).map(drop);
        };
        let path = problem.clone().into_problem().path;
        sound = BoundJob::new(sound.object().without(&path))?;
        findings.broken(problem)?;
    }
    Ok(())
}

/// The interpolated value of a field, as plain data.
fn plain(object: &impl Fields, field: &str) -> Result<Option<Data>, ObjectError> {
    Ok(object.field(field)?.map(|value| value.get()))
}

/// The elements of a list field, none when it is empty.
fn elements(object: &impl Fields, field: &str) -> Result<Vec<Object>, ObjectError> {
    match object.field(field)? {
        Some(list) => Ok(list.elements()?.unwrap_or_default()),
        None => Ok(Vec::new()),
    }
}

/// The interpolated text of a field, as `str()` has it.
fn text(object: &impl Fields, field: &str) -> Result<Option<String>, ObjectError> {
    object.field(field)?.map(|value| value.text()).transpose()
}

/// A number in a field; none where a reference is left in it, which the type check reports.
fn number(object: &impl Fields, field: &str) -> Result<Option<f64>, ObjectError> {
    Ok(match plain(object, field)? {
        Some(Data::Int(value)) => Some(value.to_f64()),
        Some(Data::Float(value)) => Some(value),
        _ => None,
    })
}
