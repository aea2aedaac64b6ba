//! What is run for a task, and how it is looked after: the executor data with this machine's folders and time-outs.

use std::path::Path;
use std::pin::Pin;
use std::time::Duration;

use aurora_thermos::{
    Assignment, HealthChecker, HealthSettings, HttpTeardown, JobTask, LogDestination, TaskRunner,
    TaskSpec,
};

/// While this file is in the sandbox, every check counts as passed without being made.
const SNOOZE: &str = ".healthchecksnooze";

/// The facts that a plan is made from.
pub(super) struct PlanInput<'a> {
    pub(super) task: &'a crate::model::Task,
    pub(super) host_name: &'a str,
    pub(super) user: &'a str,
    /// `PATH` of health checks.
    pub(super) path: &'a str,
    pub(super) sandbox: &'a Path,
    /// The folder above the sandbox, where a real executor runs its checks too.
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
    /// Reads the executor data and binds its references; the error is the reason that users see.
    pub(super) fn new(input: &PlanInput<'_>) -> Result<Self, String> {
        let task = input.task;
        let data = task
            .config
            .executor_config
            .as_ref()
            .and_then(|config| config.data.as_deref())
            .ok_or("the task has no executor data")?;
        let instance = u32::try_from(task.instance).unwrap_or(0);
        let mut assignment = Assignment::new(&task.id, instance, input.host_name);
        assignment.role.clone_from(&task.job.role);
        assignment.user = input.user.to_owned();
        assignment.ports = task
            .ports
            .iter()
            .filter_map(|(name, port)| Some((name.clone(), u16::try_from(*port).ok()?)))
            .collect();
        let job = JobTask::from_executor_data(data, &assignment).map_err(|it| it.to_string())?;
        Ok(Self {
            spec: with_files(job.spec),
            health: job
                .health
                .map(|(checker, settings)| prepare(checker, settings, input)),
            teardown: job.teardown.map(|mut teardown| {
                teardown.pause = input.teardown_wait;
                teardown
            }),
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

    /// Asks the task over HTTP to end, if its life cycle has that, and waits some time for it.
    pub(super) async fn tear_down(&self, runner: &TaskRunner) {
        if let Some(teardown) = &self.teardown {
            teardown.run(runner.wait()).await;
        }
    }
}

/// Sends output for the console to files: a daemon has no console.
fn with_files(mut spec: TaskSpec) -> TaskSpec {
    for logger in spec
        .processes
        .iter_mut()
        .filter_map(|it| it.logger.as_mut())
    {
        if matches!(
            logger.destination,
            LogDestination::Console | LogDestination::Both
        ) {
            logger.destination = LogDestination::File;
        }
    }
    spec
}

/// Gives a check the folders and the environment of the task.
fn prepare(
    mut checker: HealthChecker,
    mut settings: HealthSettings,
    input: &PlanInput<'_>,
) -> (HealthChecker, HealthSettings) {
    if let HealthChecker::Shell(shell) = &mut checker {
        shell.directory = input.folder.to_owned();
        shell.environment = vec![
            ("PATH".into(), input.path.into()),
            ("HOME".into(), input.sandbox.into()),
            ("USER".into(), input.user.into()),
        ];
    }
    settings.snooze_file = Some(input.sandbox.join(SNOOZE));
    (checker, settings)
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
        Plan::new(&PlanInput {
            task: &task,
            host_name: "box",
            user: "alice",
            path: "/bin",
            sandbox: Path::new("/run/sandbox"),
            folder: Path::new("/run"),
            teardown_wait: Duration::from_secs(9),
        })
    }

    #[test]
    fn the_task_gets_its_folders_ports_and_time_outs() {
        let data = r#"{
            "task": {"name": "web", "processes": [{
                "name": "serve",
                "cmdline": "{{thermos.ports[admin]}} {{thermos.task_id}} {{thermos.user}} {{mesos.instance}} {{mesos.hostname}} {{mesos.role}}",
                "logger": {"destination": "both"}
            }]},
            "health_check_config": {"health_checker": {"shell": {"shell_command": "true"}}},
            "lifecycle": {"http": {"port": "admin"}}
        }"#;
        let plan = plan(data, &[("admin", 31_234), ("broken", -1)]).unwrap();
        let [process] = plan.spec.processes.as_slice() else {
            panic!("{plan:?}");
        };
        assert_eq!(process.cmdline, "31234 the-id alice 7 box www");
        assert_eq!(
            process.logger.map(|it| it.destination),
            Some(LogDestination::File)
        );
        let (checker, settings) = plan.health.unwrap();
        let HealthChecker::Shell(shell) = checker else {
            panic!("{checker:?}");
        };
        assert_eq!(shell.directory, Path::new("/run"));
        assert_eq!(shell.environment[1], ("HOME".into(), "/run/sandbox".into()));
        assert_eq!(
            settings.snooze_file.as_deref(),
            Some(Path::new("/run/sandbox/.healthchecksnooze"))
        );
        assert_eq!(plan.teardown.unwrap().pause, Duration::from_secs(9));
    }

    #[test]
    fn a_task_without_executor_data_is_refused() {
        let task = sample("the-id", TaskState::Assigned, &[]);
        let refused = Plan::new(&PlanInput {
            task: &task,
            host_name: "box",
            user: "alice",
            path: "/bin",
            sandbox: Path::new("/run/sandbox"),
            folder: Path::new("/run"),
            teardown_wait: Duration::ZERO,
        });
        assert_eq!(refused.unwrap_err(), "the task has no executor data");
    }
}
