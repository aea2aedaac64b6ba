//! From the executor data of a task to what is run and how it is looked after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use aurora_config::template::substitute;
use aurora_thermos::{
    HealthChecker, HealthSettings, HttpHealthChecker, HttpTeardown, LogDestination, LogMode,
    Logger, ProcessSpec, RotatePolicy, ShellHealthChecker, TaskRunner, TaskSpec,
};
use serde::Deserialize;
use serde_json::Value;

use super::data;
use crate::task::Task;

/// The port whose presence turns HTTP health checks on.
const HEALTH_PORT: &str = "health";

/// While this file is in the sandbox, every check counts as passed without being made.
const SNOOZE: &str = ".healthchecksnooze";

/// What a plan is made from.
pub(super) struct Subject<'a> {
    pub(super) task: &'a Task,
    pub(super) host_name: &'a str,
    pub(super) user: &'a str,
    /// `PATH` of health checks.
    pub(super) path: &'a str,
    pub(super) sandbox: &'a Path,
    /// The folder above the sandbox, where checks run as they do beside a real executor.
    pub(super) folder: &'a Path,
    /// How long the task gets to end after each HTTP call.
    pub(super) teardown_wait: Duration,
}

/// Everything about a task that its run needs.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) spec: TaskSpec,
    health: Option<(HealthChecker, HealthSettings)>,
    teardown: Option<HttpTeardown>,
}

impl Plan {
    /// Reads the executor data and puts ports, ids and names into it; the reason when that cannot be done.
    pub(super) fn new(subject: &Subject<'_>) -> Result<Self, String> {
        let data = subject
            .task
            .config
            .executor_config
            .as_ref()
            .and_then(|config| config.data.as_deref())
            .ok_or("the task has no executor data")?;
        let unreadable = |error| format!("the executor data is no job: {error}");
        let mut value: Value = serde_json::from_str(data).map_err(unreadable)?;
        let ports = port_map(&value, &subject.task.ports)?;
        let mut unbound = BTreeSet::new();
        bind(&mut value, subject, &ports, &mut unbound)?;
        if !unbound.is_empty() {
            let tags: Vec<String> = unbound.into_iter().collect();
            return Err(format!("nothing to put in for {}", tags.join(", ")));
        }
        let job = data::Job::deserialize(value).map_err(unreadable)?;
        Ok(Self {
            health: health(&job, &ports, subject)?,
            teardown: teardown(&job, &ports, subject.teardown_wait),
            spec: spec(job.task)?,
        })
    }

    /// Returns once the task is found unhealthy, with the reason; never if nothing is checked.
    pub(super) fn unhealthy(&self) -> Pin<Box<dyn Future<Output = String> + Send + '_>> {
        match &self.health {
            Some((checker, settings)) => {
                Box::pin(async move { checker.watch(settings).await.reason })
            }
            None => Box::pin(std::future::pending()),
        }
    }

    /// Asks the task over HTTP to end, if it wants to be asked, and gives it some time for that.
    pub(super) async fn tear_down(&self, runner: &TaskRunner) {
        if let Some(teardown) = &self.teardown {
            teardown.run(runner.wait()).await;
        }
    }
}

/// The announcer's port map under the assigned ports: numbers, and names that lead to a number. Other entries are left out.
fn port_map(
    job: &Value,
    assigned: &BTreeMap<String, i32>,
) -> Result<BTreeMap<String, u16>, String> {
    #[derive(Clone)]
    enum Target {
        Port(u16),
        Name(String),
    }
    let announced = job.pointer("/announce/portmap").and_then(Value::as_object);
    let mut targets: BTreeMap<String, Target> = BTreeMap::new();
    for (name, target) in announced.into_iter().flatten() {
        let target = match target {
            Value::Number(number) => number
                .as_u64()
                .and_then(|number| u16::try_from(number).ok())
                .map(Target::Port),
            Value::String(text) => match text.parse() {
                Ok(port) => Some(Target::Port(port)),
                // The default port map names the primary port by a reference.
                Err(_) => Some(Target::Name(primary(job, text))),
            },
            _ => None,
        };
        targets.extend(target.map(|target| (name.clone(), target)));
    }
    for (name, port) in assigned {
        if let Ok(port) = u16::try_from(*port) {
            targets.insert(name.clone(), Target::Port(port));
        }
    }
    let mut ports = BTreeMap::new();
    for name in targets.keys() {
        let mut seen = BTreeSet::new();
        let mut at = name;
        loop {
            if !seen.insert(at) {
                return Err(format!(
                    "port `{name}` leads back to itself in the port map"
                ));
            }
            match targets.get(at) {
                Some(Target::Port(port)) => {
                    ports.insert(name.clone(), *port);
                    break;
                }
                Some(Target::Name(next)) => at = next,
                None => break,
            }
        }
    }
    Ok(ports)
}

fn primary(job: &Value, target: &str) -> String {
    if target == "{{primary_port}}" {
        let name = job
            .pointer("/announce/primary_port")
            .and_then(Value::as_str);
        return name.unwrap_or("http").to_owned();
    }
    target.to_owned()
}

/// Puts values in for the references in every text of the job, and collects those inside the task that have none.
fn bind(
    job: &mut Value,
    subject: &Subject<'_>,
    ports: &BTreeMap<String, u16>,
    unbound: &mut BTreeSet<String>,
) -> Result<(), String> {
    let mut values: BTreeMap<String, String> = BTreeMap::from([
        ("thermos.task_id".to_owned(), subject.task.id.clone()),
        ("thermos.user".to_owned(), subject.user.to_owned()),
        (
            "mesos.instance".to_owned(),
            subject.task.instance.to_string(),
        ),
        ("mesos.hostname".to_owned(), subject.host_name.to_owned()),
        ("mesos.role".to_owned(), subject.task.job.role.clone()),
    ]);
    for (name, port) in ports {
        values.insert(format!("thermos.ports[{name}]"), port.to_string());
    }
    let Some(fields) = job.as_object_mut() else {
        return Err("the executor data is no job: not an object".to_owned());
    };
    for (name, value) in fields {
        let mut open = BTreeSet::new();
        bind_texts(value, &values, &mut open)?;
        // Only the task has to be complete: other parts may keep references that nothing reads here.
        if name == "task" {
            unbound.extend(open);
        }
    }
    Ok(())
}

fn bind_texts(
    value: &mut Value,
    values: &BTreeMap<String, String>,
    unbound: &mut BTreeSet<String>,
) -> Result<(), String> {
    match value {
        Value::String(text) if text.contains("{{") => {
            let done = substitute(text, |reference| {
                values.get(&reference.to_string()).cloned()
            })
            .map_err(|error| format!("a text of the task cannot be completed: {error}"))?;
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

fn health(
    job: &data::Job,
    ports: &BTreeMap<String, u16>,
    subject: &Subject<'_>,
) -> Result<Option<(HealthChecker, HealthSettings)>, String> {
    let default = data::HealthCheckConfig::default();
    let config = job.health_check_config.as_ref().unwrap_or(&default);
    let checker = &config.health_checker;
    let checker = if let Some(shell) = &checker.shell {
        let mut checker = ShellHealthChecker::new(&shell.shell_command, subject.folder);
        checker.environment = vec![
            ("PATH".into(), subject.path.into()),
            ("HOME".into(), subject.sandbox.into()),
            ("USER".into(), subject.user.into()),
        ];
        HealthChecker::Shell(checker)
    } else if let Some(&port) = ports.get(HEALTH_PORT) {
        let mut wanted = HttpHealthChecker::new(port);
        if let Some(http) = &checker.http {
            wanted.endpoint.clone_from(&http.endpoint);
            wanted.expected_response.clone_from(&http.expected_response);
            wanted.expected_response_code = http.expected_response_code;
        }
        HealthChecker::Http(wanted)
    } else {
        return Ok(None);
    };
    let seconds = |field, number| {
        Duration::try_from_secs_f64(f64::max(number, 0.0))
            .map_err(|error| format!("{field} of the health check: {error}"))
    };
    let settings = HealthSettings {
        initial_interval: seconds("initial_interval_secs", config.initial_interval_secs)?,
        interval: seconds("interval_secs", config.interval_secs)?,
        timeout: seconds("timeout_secs", config.timeout_secs)?,
        max_consecutive_failures: config.max_consecutive_failures,
        snooze_file: Some(subject.sandbox.join(SNOOZE)),
    };
    Ok(Some((checker, settings)))
}

fn teardown(
    job: &data::Job,
    ports: &BTreeMap<String, u16>,
    wait: Duration,
) -> Option<HttpTeardown> {
    let http = job.lifecycle.as_ref()?.http.as_ref()?;
    let mut teardown = HttpTeardown::new(*ports.get(&http.port)?);
    teardown
        .graceful_shutdown_endpoint
        .clone_from(&http.graceful_shutdown_endpoint);
    teardown
        .shutdown_endpoint
        .clone_from(&http.shutdown_endpoint);
    teardown.pause = wait;
    Some(teardown)
}

fn spec(task: data::Task) -> Result<TaskSpec, String> {
    let processes: Vec<ProcessSpec> = task
        .processes
        .into_iter()
        .map(process)
        .collect::<Result<_, _>>()?;
    let name = task
        .name
        .or_else(|| processes.first().map(|process| process.name.clone()))
        .unwrap_or_default();
    let mut spec = TaskSpec::new(name, processes);
    spec.constraints = task.constraints.into_iter().map(|it| it.order).collect();
    spec.max_failures = task.max_failures;
    spec.max_concurrency = task.max_concurrency;
    spec.finalization_wait = Duration::from_secs(task.finalization_wait);
    Ok(spec)
}

fn process(process: data::Process) -> Result<ProcessSpec, String> {
    let logger = process
        .logger
        .map(|it| logger(&it))
        .transpose()
        .map_err(|reason| format!("logger of process `{}`: {reason}", process.name))?;
    let mut spec = ProcessSpec::new(process.name, process.cmdline);
    spec.max_failures = process.max_failures;
    spec.daemon = process.daemon;
    spec.ephemeral = process.ephemeral;
    spec.min_duration = Duration::from_secs(process.min_duration);
    spec.is_final = process.is_final;
    spec.logger = logger;
    Ok(spec)
}

fn logger(logger: &data::Logger) -> Result<Logger, String> {
    let destination = match logger.destination.as_deref() {
        None | Some("file") => LogDestination::File,
        // There is no console behind a daemon, so what would go there is kept as well.
        Some("console" | "both") => LogDestination::Both,
        Some("none") => LogDestination::None,
        Some(other) => return Err(format!("unknown destination `{other}`")),
    };
    let mode = match (logger.mode.as_deref(), &logger.rotate) {
        (None | Some("standard"), _) => LogMode::Standard,
        (Some("rotate"), Some(rotate)) => {
            let mut policy = RotatePolicy::default();
            policy.log_size = rotate.log_size.unwrap_or(policy.log_size);
            policy.backups = rotate.backups.unwrap_or(policy.backups);
            LogMode::Rotate(policy)
        }
        (Some("rotate"), None) => return Err("mode `rotate` needs a rotate policy".to_owned()),
        (Some(other), _) => return Err(format!("unknown mode `{other}`")),
    };
    Ok(Logger { destination, mode })
}
