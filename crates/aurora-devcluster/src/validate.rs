//! The checks of job and task configurations, in the scheduler's order, and the defaults that it fills in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aurora_api::{
    Constraint, Container, Identity, JobConfiguration, MesosContainer, TaskConfig, TaskConstraint,
};

use crate::fit::DEDICATED;
use crate::model::{JobId, is_identifier};

/// Instances that a job may have.
pub(crate) const MAX_INSTANCES: usize = 4000;
/// Characters of the longest task id.
pub(crate) const MAX_TASK_ID: usize = 165;

/// Why a configuration is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// A value is not allowed.
    #[error("{0}")]
    Invalid(String),
    /// A part is missing that every client sends.
    #[error("{0}")]
    Malformed(String),
}

impl Refusal {
    fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid(reason.into())
    }

    fn malformed(reason: impl Into<String>) -> Self {
        Self::Malformed(reason.into())
    }
}

/// A job that has passed every check that looks at its configuration alone.
#[derive(Debug)]
pub(crate) struct ValidJob {
    pub(crate) job: JobId,
    pub(crate) instances: i32,
    /// With all defaults filled in.
    pub(crate) config: Arc<TaskConfig>,
}

/// Checks a whole job.
pub(crate) fn job(description: &JobConfiguration) -> Result<ValidJob, Refusal> {
    let Some(config) = &description.task_config else {
        return Err(Refusal::invalid("the job has no task configuration"));
    };
    let instances = description.instance_count.unwrap_or(0);
    if instances <= 0 {
        return Err(Refusal::invalid("instanceCount must be greater than 0"));
    }
    let Some(key) = description.key.as_ref().and_then(JobId::from_wire) else {
        return Err(Refusal::invalid(format!(
            "job key {} is not valid: every part takes letters, digits, `_`, `-` and `.`",
            key_text(description.key.as_ref())
        )));
    };
    if let Some(owner) = &description.owner {
        check_owner(owner)?;
        if owner.role.as_deref() != Some(&key.role) {
            return Err(Refusal::invalid(format!(
                "the owner's role `{}` is not the role of job {key}",
                owner.role.as_deref().unwrap_or_default()
            )));
        }
    }
    let config = task(config)?;
    same_job(&config, &key)?;
    if description.cron_schedule.is_some() && config.is_service == Some(true) {
        return Err(Refusal::invalid(
            "a service cannot have a cron schedule; drop one of the two",
        ));
    }
    Ok(ValidJob {
        job: key,
        instances,
        config: Arc::new(config),
    })
}

/// A task configuration has to be of the job that it comes with.
pub(crate) fn same_job(config: &TaskConfig, job: &JobId) -> Result<(), Refusal> {
    if config.job.as_ref().and_then(JobId::from_wire).as_ref() == Some(job) {
        return Ok(());
    }
    Err(Refusal::invalid(format!(
        "the task configuration belongs to job {}, not to job {job}",
        key_text(config.job.as_ref())
    )))
}

/// Checks a task configuration and fills in its defaults.
pub(crate) fn task(config: &TaskConfig) -> Result<TaskConfig, Refusal> {
    check_names(config)?;
    if config.executor_config.is_none() {
        return Err(Refusal::invalid("the task has no executor configuration"));
    }
    check_resources(config)?;
    check_dedication(config)?;
    match &config.container {
        None | Some(Container::Mesos(_)) => {}
        Some(Container::Docker(docker)) => {
            if docker.image.is_none() {
                return Err(Refusal::invalid("the docker container names no image"));
            }
            if docker
                .parameters
                .as_ref()
                .is_some_and(|list| !list.is_empty())
            {
                return Err(Refusal::invalid("docker parameters are not allowed here"));
            }
            return Err(Refusal::invalid(
                "container type DOCKER is not allowed here; only plain processes run",
            ));
        }
    }
    Ok(with_defaults(config.clone()))
}

fn check_names(config: &TaskConfig) -> Result<(), Refusal> {
    for (field, value) in [
        ("jobName", &config.job_name),
        ("environment", &config.environment),
    ] {
        if !value.as_deref().is_some_and(is_identifier) {
            return Err(Refusal::invalid(format!(
                "{field} `{}` is not an identifier",
                value.as_deref().unwrap_or_default()
            )));
        }
    }
    if let Some(tier) = &config.tier
        && !is_identifier(tier)
    {
        return Err(Refusal::invalid(format!(
            "tier `{tier}` is not an identifier"
        )));
    }
    match &config.job {
        Some(key) => {
            let Some(job) = JobId::from_wire(key) else {
                return Err(Refusal::invalid(format!(
                    "the task's job key {} is not valid",
                    key_text(Some(key))
                )));
            };
            let Some(owner) = &config.owner else {
                return Err(Refusal::malformed("the task has a job key but no owner"));
            };
            if owner.role.as_deref() != Some(&job.role) {
                return Err(Refusal::invalid(format!(
                    "the task's owner role `{}` is not the role of job {job}",
                    owner.role.as_deref().unwrap_or_default()
                )));
            }
        }
        None => match &config.owner {
            Some(owner) => check_owner(owner)?,
            None => return Err(Refusal::invalid("the task has neither job key nor owner")),
        },
    }
    Ok(())
}

fn check_owner(owner: &Identity) -> Result<(), Refusal> {
    for (part, value) in [("role", &owner.role), ("user", &owner.user)] {
        if !value.as_deref().is_some_and(is_identifier) {
            return Err(Refusal::invalid(format!(
                "{part} `{}` of the owner is not an identifier",
                value.as_deref().unwrap_or_default()
            )));
        }
    }
    Ok(())
}

fn check_resources(config: &TaskConfig) -> Result<(), Refusal> {
    let refuse = |field| Err(Refusal::invalid(format!("{field} must be greater than 0")));
    if !config.num_cpus.is_some_and(|cpus| cpus.0 > 0.0) {
        return refuse("numCpus");
    }
    if config.ram_mb.is_none_or(|ram| ram <= 0) {
        return refuse("ramMb");
    }
    if config.disk_mb.is_none_or(|disk| disk <= 0) {
        return refuse("diskMb");
    }
    Ok(())
}

fn check_dedication(config: &TaskConfig) -> Result<(), Refusal> {
    let role = config
        .owner
        .as_ref()
        .and_then(|owner| owner.role.as_deref())
        .unwrap_or_default();
    let constraints = config.constraints.iter().flatten();
    for constraint in constraints.filter(|it| it.name.as_deref() == Some(DEDICATED)) {
        let Some(TaskConstraint::Value(value)) = &constraint.constraint else {
            return Err(Refusal::invalid("a dedicated constraint must name a value"));
        };
        let values: Vec<&String> = value.values.iter().flatten().collect();
        let [value] = values.as_slice() else {
            return Err(Refusal::invalid(
                "a dedicated constraint must name exactly one value",
            ));
        };
        if value.split_once('/').map(|(first, _)| first) != Some(role) {
            return Err(Refusal::invalid(format!(
                "only role `{}` may use hosts dedicated to `{value}`",
                value.split('/').next().unwrap_or_default()
            )));
        }
    }
    Ok(())
}

fn with_defaults(mut config: TaskConfig) -> TaskConfig {
    let ports = config.requested_ports.get_or_insert_with(BTreeSet::new);
    let links = config.task_links.get_or_insert_with(BTreeMap::new);
    if links.is_empty() {
        for name in ["health", "http"] {
            if ports.contains(name) {
                links.insert(name.to_owned(), format!("http://%host%:%port:{name}%"));
            }
        }
    }
    if config.job.is_none() {
        config.job = Some(aurora_api::JobKey {
            role: config.owner.as_ref().and_then(|owner| owner.role.clone()),
            environment: config.environment.clone(),
            name: config.job_name.clone(),
        });
    }
    config
        .container
        .get_or_insert_with(|| Container::Mesos(MesosContainer::default()));
    config.is_service.get_or_insert(false);
    config.priority.get_or_insert(0);
    config.max_task_failures.get_or_insert(0);
    config.production.get_or_insert(false);
    // Configurations are compared, so what means the same has to look the same.
    let constraints = config.constraints.take().unwrap_or_default();
    config.constraints = Some(constraints.into_iter().map(full_constraint).collect());
    config.metadata.get_or_insert_with(BTreeSet::new);
    config
}

fn full_constraint(mut constraint: Constraint) -> Constraint {
    match &mut constraint.constraint {
        Some(TaskConstraint::Value(value)) => {
            value.negated.get_or_insert(false);
            value.values.get_or_insert_with(BTreeSet::new);
        }
        Some(TaskConstraint::Limit(limit)) => {
            limit.limit.get_or_insert(0);
        }
        None => {}
    }
    constraint
}

fn key_text(key: Option<&aurora_api::JobKey>) -> String {
    let Some(key) = key else {
        return "(none)".to_owned();
    };
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    format!(
        "`{}/{}/{}`",
        part(&key.role),
        part(&key.environment),
        part(&key.name)
    )
}
