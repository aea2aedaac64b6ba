//! From the executor data of an Aurora task to what this crate runs: processes, health check, HTTP teardown.
//!
//! Executor data is the JSON text of a job in `executorConfig.data`. Its texts still have references to what the
//! scheduler decides, such as `{{thermos.ports[http]}}`; they are bound here.

mod schema;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use self::schema::{Announcer, Job};
use crate::error::Error;
use crate::health::{HealthChecker, HealthSettings};
use crate::lifecycle::HttpTeardown;
use crate::spec::TaskSpec;

/// What a scheduler decides about a task, and this machine about its user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assignment {
    /// Id of the task: `{{thermos.task_id}}`.
    pub task_id: String,
    /// Number of the instance, from 0: `{{mesos.instance}}`.
    pub instance: u32,
    /// Name of the machine: `{{mesos.hostname}}`.
    pub host: String,
    /// Role of the job: `{{mesos.role}}`.
    pub role: String,
    /// User that the processes run as: `{{thermos.user}}`.
    pub user: String,
    /// The ports that the task got, by name: `{{thermos.ports[NAME]}}`.
    pub ports: BTreeMap<String, u16>,
}

impl Assignment {
    /// Creates an assignment without ports, whose role and user are empty.
    pub fn new(task_id: impl Into<String>, instance: u32, host: impl Into<String>) -> Assignment {
        Assignment {
            task_id: task_id.into(),
            instance,
            host: host.into(),
            ..Assignment::default()
        }
    }

    /// The values of references, and those of `ports`, which may have more names than the assigned ports.
    fn values(&self, ports: &BTreeMap<String, u16>) -> BTreeMap<String, String> {
        let fixed = [
            ("thermos.task_id", self.task_id.clone()),
            ("thermos.user", self.user.clone()),
            ("mesos.instance", self.instance.to_string()),
            ("mesos.hostname", self.host.clone()),
            ("mesos.role", self.role.clone()),
        ];
        let ports = ports
            .iter()
            .map(|(name, port)| (format!("thermos.ports[{name}]"), port.to_string()));
        fixed
            .into_iter()
            .map(|(reference, value)| (reference.to_owned(), value))
            .chain(ports)
            .collect()
    }
}

/// A task of a job, ready to run on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JobTask {
    /// The processes, without any reference left.
    pub spec: TaskSpec,
    /// The assigned ports, and the names that the port map of the announcer adds.
    pub ports: BTreeMap<String, u16>,
    /// The health check and its settings; `None` if the job has no shell check and no port named `health`.
    ///
    /// A shell check has an empty environment and runs in the current folder of this process, and no snooze file is
    /// set: the caller sets what depends on its folders.
    pub health: Option<(HealthChecker, HealthSettings)>,
    /// The HTTP requests before the task is killed; `None` if the job has no such life cycle or no such port.
    pub teardown: Option<HttpTeardown>,
}

impl JobTask {
    /// Reads executor data, and binds its references.
    ///
    /// References in the task must all have a value. In other parts of the job an unknown reference stays as it is.
    ///
    /// # Errors
    ///
    /// [`Error::ExecutorData`] if the text is not the JSON of a job, [`Error::Template`] if a text cannot be resolved,
    /// [`Error::UnboundReferences`] if the task has references without a value, [`Error::PortMap`] if a name in the
    /// port map refers to itself, [`Error::OutOfRange`] if a number is too large or negative.
    ///
    /// # Example
    ///
    /// ```
    /// use aurora_thermos::{Assignment, JobTask};
    ///
    /// let data = r#"{
    ///     "name": "web", "role": "www", "cluster": "west", "environment": "prod",
    ///     "task": {"name": "web", "processes": [
    ///         {"name": "serve", "cmdline": "./serve --port {{thermos.ports[http]}} --shard {{mesos.instance}}"}
    ///     ]}
    /// }"#;
    /// let mut assignment = Assignment::new("task-7", 7, "host-1.example.org");
    /// assignment.ports.insert("http".to_owned(), 31000);
    ///
    /// let task = JobTask::from_executor_data(data, &assignment)?;
    /// assert_eq!(task.spec.processes[0].cmdline, "./serve --port 31000 --shard 7");
    /// # Ok::<(), aurora_thermos::Error>(())
    /// ```
    pub fn from_executor_data(data: &str, assignment: &Assignment) -> Result<JobTask, Error> {
        let mut job: Value = serde_json::from_str(data).map_err(Error::ExecutorData)?;
        // A struct could be read from a list too.
        if !job.is_object() {
            let error = serde::de::Error::custom("expected an object");
            return Err(Error::ExecutorData(error));
        }
        let announcer: Option<Announcer> = match job.get("announce") {
            None | Some(Value::Null) => None,
            Some(announce) => Some(Announcer::deserialize(announce).map_err(Error::ExecutorData)?),
        };
        let ports = port_map(announcer.as_ref(), &assignment.ports)?;
        let unbound = bind(&mut job, &assignment.values(&ports))?;
        if !unbound.is_empty() {
            return Err(Error::UnboundReferences {
                references: unbound.into_iter().collect(),
            });
        }
        let job: Job = serde_json::from_value(job).map_err(Error::ExecutorData)?;
        Ok(JobTask {
            health: job.health_check_config.unwrap_or_default().check(&ports)?,
            teardown: job
                .lifecycle
                .and_then(|it| it.http)
                .and_then(|http| http.teardown(&ports)),
            spec: job.task.spec()?,
            ports,
        })
    }
}

/// The assigned ports, and the announcer's names for them: numbers, and names that lead to a number. Other entries are
/// left out.
fn port_map(
    announcer: Option<&Announcer>,
    assigned: &BTreeMap<String, u16>,
) -> Result<BTreeMap<String, u16>, Error> {
    enum Target<'a> {
        Port(u16),
        Name(&'a str),
    }
    let mut targets: BTreeMap<&str, Target<'_>> = BTreeMap::new();
    if let Some(announcer) = announcer {
        for (name, target) in &announcer.portmap {
            let target = match target.parse() {
                Ok(port) => Target::Port(port),
                // The default port map names the primary port by a reference.
                Err(_) if target == "{{primary_port}}" => Target::Name(&announcer.primary_port),
                Err(_) => Target::Name(target),
            };
            targets.insert(name, target);
        }
    }
    for (name, port) in assigned {
        targets.insert(name, Target::Port(*port));
    }
    let mut ports = BTreeMap::new();
    for &name in targets.keys() {
        let mut seen = BTreeSet::new();
        let mut at = name;
        loop {
            if !seen.insert(at) {
                return Err(Error::PortMap {
                    name: name.to_owned(),
                });
            }
            match targets.get(at) {
                Some(Target::Port(port)) => {
                    ports.insert(name.to_owned(), *port);
                    break;
                }
                Some(Target::Name(next)) => at = next,
                None => break,
            }
        }
    }
    Ok(ports)
}

/// Binds the references in every text of the job, and returns those inside the task that have no value.
fn bind(job: &mut Value, values: &BTreeMap<String, String>) -> Result<BTreeSet<String>, Error> {
    let mut unbound = BTreeSet::new();
    // Anything but an object is refused when it is read as a job.
    for (name, value) in job.as_object_mut().into_iter().flatten() {
        let mut open = BTreeSet::new();
        bind_texts(value, values, &mut open)?;
        // Only the task has to be complete: other parts may keep references that are not read here.
        if name == "task" {
            unbound = open;
        }
    }
    Ok(unbound)
}

fn bind_texts(
    value: &mut Value,
    values: &BTreeMap<String, String>,
    unbound: &mut BTreeSet<String>,
) -> Result<(), Error> {
    match value {
        Value::String(text) if text.contains("{{") => {
            let done = pystachio::substitute(text, |it| values.get(&it.to_string()).cloned())
                .map_err(|error| Error::Template(error.to_string()))?;
            unbound.extend(done.unbound.iter().map(ToString::to_string));
            *text = done.text;
        }
        Value::Array(list) => {
            for value in list {
                bind_texts(value, values, unbound)?;
            }
        }
        Value::Object(fields) => {
            for value in fields.values_mut() {
                bind_texts(value, values, unbound)?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests;
