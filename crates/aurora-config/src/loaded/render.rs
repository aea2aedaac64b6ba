//! A job as it would be with what only a running task has.

use std::collections::BTreeSet;

use super::LoadedJob;
use pystachio::{Data, Environment, Error as ObjectError, Found, Object};

use crate::{Binding, Error, Job};

/// A job with all templates resolved that could be.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rendered {
    /// The job.
    pub job: Job,
    /// The references that are left in it, as they are written (`{{mesos.instance}}`), sorted.
    pub left: Vec<String>,
}

impl LoadedJob {
    /// The job as one running task would see it: `values` are bound before all else, as
    /// [`Binding::runtime`] makes them. What they do not bind stays as it is.
    ///
    /// ```
    /// use aurora_config::{Binding, Configuration, LoadOptions};
    ///
    /// let text = r#"{"cluster": "west", "role": "www", "environment": "prod", "name": "hello",
    ///     "task": {"processes": [{"name": "hello", "cmdline": "./run {{mesos.instance}} {{thermos.task_id}}"}],
    ///              "resources": {"cpu": 0.5, "ram": 16777216, "disk": 16777216}}}"#;
    /// let configuration = Configuration::from_json(text, &LoadOptions::default())?;
    /// let job = configuration.job(&"west/www/prod/hello".parse()?)?;
    /// let rendered = job.render(&[Binding::runtime("instance=3")?])?;
    /// assert_eq!(rendered.job.task.processes[0].cmdline, "./run 3 {{thermos.task_id}}");
    /// assert_eq!(rendered.left, ["{{thermos.task_id}}"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`LoadedJob::to_job_configuration`].
    pub fn render(&self, values: &[Binding]) -> Result<Rendered, Error> {
        self.to_job_configuration("")?;
        rendered(self.bound.object(), values).map_err(|error| self.located(error))
    }
}

fn rendered(object: &Object, values: &[Binding]) -> Result<Rendered, Error> {
    let mut environment = Environment::default();
    for value in values {
        let text = Found::Text(value.value().into());
        environment.set(value.reference().clone(), text);
    }
    let resolve = || -> Result<_, ObjectError> {
        let bound = object.bind(vec![Data::Environment(environment.into())], Vec::new())?;
        // Once more, as for executor data.
        bound.interpolate()?.0.interpolate()
    };
    let (interpolated, left) = resolve()?;
    let left: BTreeSet<String> = left.iter().map(pystachio::Reference::tag).collect();
    Ok(Rendered {
        job: Job::from_object(&interpolated)?,
        left: left.into_iter().collect(),
    })
}
