//! Jobs as plain structs: what a configuration comes down to, and a way to make jobs in Rust.
//!
//! Numbers, texts and defaults are those of the schema; templates that only a running task can
//! fill are left in the texts.

mod convert;
mod cron;
mod health;
mod process;
mod setters;
mod tasks;

use std::collections::BTreeMap;

use aurora_jobkey::JobKey;
use serde::{Deserialize, Serialize};

pub use cron::CronCollisionPolicy;
pub use health::{
    HealthCheckConfig, HealthCheckerConfig, HttpHealthChecker, HttpLifecycleConfig,
    LifecycleConfig, ShellHealthChecker,
};
pub use process::{
    Constraint, Logger, LoggerDestination, LoggerMode, Process, Resources, RotatePolicy, Task,
};

pub(crate) use convert::to_object;

use self::setters::setters;
use pystachio::Object;

use crate::Error;

/// A job: what to run, how often, and how it is treated.
///
/// ```
/// use aurora_config::{Configuration, LoadOptions, Job, Process, Resources, Task};
///
/// let key = "devcluster/www/prod/hello".parse()?;
/// let task = Task::new("hello", vec![Process::new("hello", "echo hello")])
///     .with_resources(Resources::new(0.5, 16 << 20, 16 << 20));
/// let job = Job::new(&key, task)
///     .with_service(true)
///     .with_constraints([("host", "limit:1")]);
///
/// let configuration = Configuration::from_jobs(&[job], &LoadOptions::default())?;
/// let thrift = configuration.job(&key)?.to_job_configuration("me")?;
/// assert_eq!(thrift.instance_count, Some(1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Job {
    /// The last part of the job key.
    pub name: String,
    /// The account that the job runs under.
    pub role: String,
    /// The cluster that the job is for.
    pub cluster: String,
    /// `prod`, `devel`, `test` or `staging` with an optional number.
    pub environment: String,
    /// A mail address of the owners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<String>,
    /// How many copies of the task run; not part of executor data.
    #[serde(default = "one")]
    pub instances: i64,
    /// What runs.
    pub task: Task,
    /// How the task is announced in ZooKeeper; not at all if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announce: Option<Announcer>,
    /// The task tier, such as `revocable`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<String>,
    /// A cron schedule; unset for jobs that just run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cron_schedule: Option<String>,
    /// What happens when the job is due while its last run is active. A job that was loaded with
    /// another policy than the known ones has the default here, and cannot be converted.
    #[serde(default, deserialize_with = "CronCollisionPolicy::lenient")]
    pub cron_collision_policy: CronCollisionPolicy,
    /// How updates proceed; not part of executor data.
    #[serde(default)]
    pub update_config: UpdateConfig,
    /// Conditions on hosts: attribute to `limit:N`, values, or values negated by `!`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub constraints: BTreeMap<String, String>,
    /// Whether the task is started again whenever it ends.
    #[serde(default)]
    pub service: bool,
    /// After how many failures a task that is not a service stays failed; -1 for never.
    #[serde(default = "one")]
    pub max_task_failures: i64,
    /// Whether the job counts against quota and may take the place of others.
    #[serde(default)]
    pub production: bool,
    /// Among the jobs of a role, those with the higher number may take the place of others.
    #[serde(default)]
    pub priority: i64,
    /// How the health of a task is watched. Never unset in a job that can be created.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub health_check_config: Option<HealthCheckConfig>,
    /// What is sent to the task before it is killed; nothing if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lifecycle: Option<LifecycleConfig>,
    /// Links by name; kept in executor data, shown nowhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub task_links: BTreeMap<String, String>,
    /// Whether the hooks of the configuration run.
    #[serde(default)]
    pub enable_hooks: bool,
    /// What the processes run in; the bare host if unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<Container>,
}

fn one() -> i64 {
    1
}

impl Job {
    /// A job with the defaults of the schema.
    pub fn new(key: &JobKey, task: Task) -> Self {
        Self {
            name: key.name().to_owned(),
            role: key.role().to_owned(),
            cluster: key.cluster().to_owned(),
            environment: key.environment().to_owned(),
            contact: None,
            instances: 1,
            task,
            announce: None,
            tier: None,
            cron_schedule: None,
            cron_collision_policy: CronCollisionPolicy::default(),
            update_config: UpdateConfig::default(),
            constraints: BTreeMap::new(),
            service: false,
            max_task_failures: 1,
            production: false,
            priority: 0,
            health_check_config: Some(HealthCheckConfig::default()),
            lifecycle: Some(LifecycleConfig::http(HttpLifecycleConfig::default())),
            task_links: BTreeMap::new(),
            enable_hooks: false,
            container: None,
        }
    }

    /// Reads executor data. What is not part of it (`instances`, `update_config`) has its default.
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

setters! { Job {
    with_name name: text;
    with_role role: text;
    with_cluster cluster: text;
    with_environment environment: text;
    with_contact contact: some text;
    with_instances instances: value(i64);
    with_task task: value(Task);
    with_announce announce: some value(Announcer);
    with_tier tier: some text;
    with_cron_schedule cron_schedule: some text;
    with_cron_collision_policy cron_collision_policy: value(CronCollisionPolicy);
    with_update_config update_config: value(UpdateConfig);
    with_constraints constraints: map;
    with_service service: value(bool);
    with_max_task_failures max_task_failures: value(i64);
    with_production production: value(bool);
    with_priority priority: value(i64);
    with_health_check_config health_check_config: some value(HealthCheckConfig);
    with_lifecycle lifecycle: some value(LifecycleConfig);
    with_task_links task_links: map;
    with_enable_hooks enable_hooks: value(bool);
    with_container container: some value(Container);
} }

/// How a rolling update proceeds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct UpdateConfig {
    /// How many instances are updated at a time.
    pub batch_size: i64,
    /// Seconds for which an instance must run to count as updated.
    pub watch_secs: i64,
    /// How often one instance may fail during the update.
    pub max_per_shard_failures: i64,
    /// How many instances may fail during the update.
    pub max_total_failures: i64,
    /// Whether a failed update is rolled back.
    pub rollback_on_failure: bool,
    /// Whether a batch must be done before the next one begins.
    pub wait_for_batch_completion: bool,
    /// Seconds after which an update without a pulse stops; no pulses are expected if unset.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pulse_interval_secs: Option<i64>,
}

impl Default for UpdateConfig {
    fn default() -> Self {
        Self {
            batch_size: 1,
            watch_secs: 45,
            max_per_shard_failures: 0,
            max_total_failures: 0,
            rollback_on_failure: true,
            wait_for_batch_completion: false,
            pulse_interval_secs: None,
        }
    }
}

setters! { UpdateConfig {
    with_batch_size batch_size: value(i64);
    with_watch_secs watch_secs: value(i64);
    with_max_per_shard_failures max_per_shard_failures: value(i64);
    with_max_total_failures max_total_failures: value(i64);
    with_rollback_on_failure rollback_on_failure: value(bool);
    with_wait_for_batch_completion wait_for_batch_completion: value(bool);
    with_pulse_interval_secs pulse_interval_secs: some value(i64);
} }

/// How a task is announced in ZooKeeper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[non_exhaustive]
pub struct Announcer {
    /// The name of the port that is the primary endpoint.
    pub primary_port: String,
    /// Further endpoints: name to the name or number of a port.
    pub portmap: BTreeMap<String, String>,
    /// Another path than `/aurora/ROLE/ENVIRONMENT/NAME`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zk_path: Option<String>,
}

impl Default for Announcer {
    fn default() -> Self {
        Self {
            primary_port: "http".to_owned(),
            portmap: BTreeMap::from([("aurora".to_owned(), "{{primary_port}}".to_owned())]),
            zk_path: None,
        }
    }
}

setters! { Announcer {
    with_primary_port primary_port: text;
    with_portmap portmap: map;
    with_zk_path zk_path: some text;
} }

/// What the processes of a job run in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Container {
    /// A Docker container; the only kind there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docker: Option<Docker>,
}

impl Container {
    /// A Docker container.
    pub fn docker(docker: Docker) -> Self {
        Self {
            docker: Some(docker),
        }
    }
}

/// A Docker container.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Docker {
    /// The name of the image.
    pub image: String,
    /// Options for `docker run`.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

impl Docker {
    /// A container of an image, without parameters.
    pub fn new(image: impl Into<String>) -> Self {
        Self {
            image: image.into(),
            parameters: Vec::new(),
        }
    }
}

setters! { Docker {
    with_image image: text;
    with_parameters parameters: list(Parameter);
} }

/// An option for `docker run`: `--name=value`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Parameter {
    /// The option without its dashes.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Parameter {
    /// An option with its value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}
