//! From the executor data of a task to what is run and how it is looked after.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use aurora_config::template::substitute;
use aurora_config::{
    Announcer, HealthCheckConfig, Job, LoggerDestination, LoggerMode, Process, Task,
};
use aurora_thermos::{
    Bytes, HealthChecker, HealthSettings, HttpHealthChecker, HttpTeardown, LogDestination, LogMode,
    Logger, ProcessSpec, RotatePolicy, ShellHealthChecker, TaskRunner, TaskSpec,
};
use serde::Deserialize;
use serde_json::Value;

/// The port whose presence turns HTTP health checks on.
const HEALTH_PORT: &str = "health";

/// While this file is in the sandbox, every check counts as passed without being made.
const SNOOZE: &str = ".healthchecksnooze";

/// What a plan is made from.
pub(super) struct Subject<'a> {
    pub(super) task: &'a crate::model::Task,
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
        let mut value: Value = serde_json::from_str(data)
            .map_err(|error| format!("the executor data is no job: {error}"))?;
        let announcer = match value.get("announce") {
            None | Some(Value::Null) => None,
            Some(announce) => Some(
                Announcer::deserialize(announce)
                    .map_err(|error| format!("the announcer of the job is malformed: {error}"))?,
            ),
        };
        let ports = port_map(announcer.as_ref(), &subject.task.ports)?;
        let unbound = bind(&mut value, subject, &ports)?;
        if !unbound.is_empty() {
            let tags: Vec<String> = unbound.into_iter().collect();
            return Err(format!("nothing to put in for {}", tags.join(", ")));
        }
        let job = Job::from_executor_data(&value.to_string()).map_err(|error| error.to_string())?;
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
    announcer: Option<&Announcer>,
    assigned: &BTreeMap<String, i32>,
) -> Result<BTreeMap<String, u16>, String> {
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
        if let Ok(port) = u16::try_from(*port) {
            targets.insert(name, Target::Port(port));
        }
    }
    let mut ports = BTreeMap::new();
    for &name in targets.keys() {
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

/// Puts values in for the references in every text of the job, and returns those inside the task that have none.
fn bind(
    job: &mut Value,
    subject: &Subject<'_>,
    ports: &BTreeMap<String, u16>,
) -> Result<BTreeSet<String>, String> {
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
    let mut unbound = BTreeSet::new();
    for (name, value) in fields {
        let mut open = BTreeSet::new();
        bind_texts(value, &values, &mut open)?;
        // Only the task has to be complete: other parts may keep references that nothing reads here.
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
    job: &Job,
    ports: &BTreeMap<String, u16>,
    subject: &Subject<'_>,
) -> Result<Option<(HealthChecker, HealthSettings)>, String> {
    let default = HealthCheckConfig::default();
    let config = job.health_check_config.as_ref().unwrap_or(&default);
    let wanted = config.health_checker.as_ref();
    let checker = if let Some(shell) = wanted.and_then(|it| it.shell.as_ref()) {
        let mut checker = ShellHealthChecker::new(&shell.shell_command, subject.folder);
        checker.environment = vec![
            ("PATH".into(), subject.path.into()),
            ("HOME".into(), subject.sandbox.into()),
            ("USER".into(), subject.user.into()),
        ];
        HealthChecker::Shell(checker)
    } else if let Some(&port) = ports.get(HEALTH_PORT) {
        let mut checker = HttpHealthChecker::new(port);
        if let Some(http) = wanted.and_then(|it| it.http.as_ref()) {
            checker.endpoint.clone_from(&http.endpoint);
            checker.expected_response = Some(http.expected_response.clone());
            let code = number("expected_response_code", http.expected_response_code)?;
            checker.expected_response_code = Some(code).filter(|code| *code != 0);
        }
        HealthChecker::Http(checker)
    } else {
        return Ok(None);
    };
    let seconds = |field, number| {
        Duration::try_from_secs_f64(f64::max(number, 0.0))
            .map_err(|error| format!("{field} of the health check: {error}"))
    };
    let mut settings = HealthSettings::default();
    settings.initial_interval = seconds("initial_interval_secs", config.initial_interval_secs)?;
    settings.interval = seconds("interval_secs", config.interval_secs)?;
    settings.timeout = seconds("timeout_secs", config.timeout_secs)?;
    settings.max_consecutive_failures =
        number("max_consecutive_failures", config.max_consecutive_failures)?;
    settings.snooze_file = Some(subject.sandbox.join(SNOOZE));
    Ok(Some((checker, settings)))
}

fn teardown(job: &Job, ports: &BTreeMap<String, u16>, wait: Duration) -> Option<HttpTeardown> {
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

/// A number of the job in the size that it has to fit.
fn number<T: TryFrom<i64>>(field: &str, value: i64) -> Result<T, String> {
    T::try_from(value).map_err(|_| format!("{field} cannot be {value}"))
}

/// Whole seconds; a time before now is now.
fn seconds(seconds: i64) -> Duration {
    Duration::from_secs(u64::try_from(seconds).unwrap_or(0))
}

fn spec(task: Task) -> Result<TaskSpec, String> {
    let processes = task.processes.into_iter().map(process);
    let mut spec = TaskSpec::new(task.name, processes.collect::<Result<Vec<_>, _>>()?);
    spec.constraints = task.constraints.into_iter().map(|it| it.order).collect();
    spec.max_failures = number("max_failures of the task", task.max_failures)?;
    spec.max_concurrency = number("max_concurrency", task.max_concurrency)?;
    spec.finalization_wait = seconds(task.finalization_wait);
    Ok(spec)
}

fn process(process: Process) -> Result<ProcessSpec, String> {
    let logger = process.logger.as_ref().map(logger).transpose()?;
    let mut spec = ProcessSpec::new(process.name, process.cmdline);
    // Thermos compares failures so far with the limit, so below zero the first one is too many.
    let max_failures = if process.max_failures < 0 {
        1
    } else {
        process.max_failures
    };
    spec.max_failures = number("max_failures of a process", max_failures)?;
    spec.daemon = process.daemon;
    spec.ephemeral = process.ephemeral;
    spec.min_duration = seconds(process.min_duration);
    spec.is_final = process.is_final;
    spec.logger = logger;
    Ok(spec)
}

fn logger(logger: &aurora_config::Logger) -> Result<Logger, String> {
    let destination = match logger.destination {
        LoggerDestination::File => LogDestination::File,
        // There is no console behind a daemon, so what would go there is kept in files.
        LoggerDestination::Console | LoggerDestination::Both => LogDestination::File,
        LoggerDestination::None => LogDestination::None,
    };
    let mode = match (logger.mode, logger.rotate) {
        (LoggerMode::Standard, _) => LogMode::Standard,
        (LoggerMode::Rotate, Some(rotate)) => LogMode::Rotate(RotatePolicy::new(
            Bytes::new(number("log_size", rotate.log_size)?),
            number("backups", rotate.backups)?,
        )),
        // The released runner refuses such a task; its defaults are documented, so they do.
        (LoggerMode::Rotate, None) => LogMode::Rotate(RotatePolicy::default()),
    };
    Ok(Logger::new(destination, mode))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TaskState, sample};
    use aurora_api::ExecutorConfig;
    use std::sync::Arc;

    fn plan(data: &str, ports: &[(&str, i32)]) -> Result<Plan, String> {
        let mut task = sample("the-id", TaskState::Assigned, &[]);
        task.instance = 7;
        task.ports = ports
            .iter()
            .map(|(name, port)| ((*name).to_owned(), *port))
            .collect();
        Arc::make_mut(&mut task.config).executor_config = Some(ExecutorConfig {
            name: Some("AuroraExecutor".to_owned()),
            data: Some(data.to_owned()),
        });
        Plan::new(&Subject {
            task: &task,
            host_name: "box",
            user: "alice",
            path: "/bin",
            sandbox: Path::new("/run/sandbox"),
            folder: Path::new("/run"),
            teardown_wait: Duration::from_secs(5),
        })
    }

    #[test]
    fn every_recorded_job_can_be_run() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/config");
        let mut seen = 0;
        for case in std::fs::read_dir(folder).unwrap() {
            let path = case.unwrap().path().join("job_configuration.json");
            let Ok(text) = std::fs::read_to_string(&path) else {
                continue;
            };
            let job: Value = serde_json::from_str(&text).unwrap();
            let config = &job["taskConfig"];
            let data = config["executorConfig"]["data.raw"].as_str().unwrap();
            let names = config["requestedPorts"].as_array().unwrap();
            let ports: Vec<(&str, i32)> = names
                .iter()
                .map(|name| (name.as_str().unwrap(), 31_000))
                .collect();
            let plan =
                plan(data, &ports).unwrap_or_else(|reason| panic!("{}: {reason}", path.display()));
            let written = config["executorConfig"]["data"]["task"]["processes"]
                .as_array()
                .unwrap();
            assert_eq!(
                plan.spec.processes.len(),
                written.len(),
                "{}",
                path.display()
            );
            for process in &plan.spec.processes {
                assert!(
                    !process.cmdline.contains("{{thermos."),
                    "{}",
                    process.cmdline
                );
            }
            seen += 1;
        }
        assert!(seen > 50, "{seen}");
    }

    #[test]
    fn references_are_bound_and_checkers_found() {
        let data = r#"{
            "name": "web", "role": "www", "cluster": "devcluster", "environment": "test",
            "task": {"name": "web", "processes": [{
                "name": "serve", "max_failures": 0, "min_duration": 3, "daemon": true,
                "cmdline": "{{thermos.ports[health]}} {{thermos.task_id}} {{thermos.user}} {{mesos.instance}} {{mesos.hostname}}"
            }]},
            "health_check_config": {"interval_secs": 0.5, "health_checker": {"http": {"endpoint": "/up"}}},
            "lifecycle": {"http": {"shutdown_endpoint": "/die"}}
        }"#;
        let plan = plan(data, &[("health", 31_234)]).unwrap();
        let [process] = plan.spec.processes.as_slice() else {
            panic!("{plan:?}");
        };
        assert_eq!(process.cmdline, "31234 the-id alice 7 box");
        assert_eq!((process.max_failures, process.daemon), (0, true));
        assert_eq!(process.min_duration, Duration::from_secs(3));
        let (checker, settings) = plan.health.unwrap();
        let mut expected = HttpHealthChecker::new(31_234);
        expected.endpoint = "/up".to_owned();
        assert_eq!(checker, HealthChecker::Http(expected));
        assert_eq!(settings.interval, Duration::from_millis(500));
        assert_eq!(settings.initial_interval, Duration::from_secs(15));
        assert_eq!(
            settings.snooze_file.as_deref(),
            Some(Path::new("/run/sandbox/.healthchecksnooze"))
        );
        let teardown = plan.teardown.unwrap();
        assert_eq!(teardown.graceful_shutdown_endpoint, "/quitquitquit");
        assert_eq!(teardown.shutdown_endpoint, "/die");
    }

    #[test]
    fn without_a_health_port_nothing_is_asked() {
        let data = r#"{"name": "a", "role": "r", "cluster": "c", "environment": "test",
            "task": {"name": "a", "processes": []}, "lifecycle": {"http": {}}}"#;
        let plan = plan(data, &[("http", 31_000)]).unwrap();
        assert_eq!((plan.health, plan.teardown), (None, None));
    }
}
