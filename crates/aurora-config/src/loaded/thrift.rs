//! Converts a job to the form of the scheduler.

use std::collections::{BTreeMap, BTreeSet};

use aurora_api as api;
use num_bigint::BigInt;
use num_traits::ToPrimitive as _;

use super::{
    BoundJob, elements, executor_data::executor_data, findings::Findings, plain, ports::Ports,
    task, text, unbound,
};
use pystachio::{Data, Dict, DictKind, Error as ObjectError, Object, PathStep, Reference};
use python27::float_repr;

use crate::{CronCollisionPolicy, Error, FieldPath, HostConstraint};

const MEGABYTE: i64 = 1 << 20;

/// Any instance does for the checks of a task; this one is easy to recognise.
const SOME_INSTANCE: i64 = 31337;

fn lost(problem: ObjectError) -> Error {
    Error::from_conversion(problem)
}

/// A field that has a value; the checks before conversion have seen to that.
fn present(object: &Object, field: &str) -> Result<Data, Error> {
    let missing = || {
        let message = format!("{}[{field}] is required.", object.ty().name());
        Error::conversion(message).with_field(field)
    };
    plain(object, field).map_err(lost)?.ok_or_else(missing)
}

fn whole(object: &Object, field: &str) -> Result<BigInt, Error> {
    match present(object, field)? {
        Data::Int(value) => Ok(value.to_big()),
        other => Err(
            Error::conversion(format!("{field} is {other}, not a whole number")).with_field(field),
        ),
    }
}

fn fitting<T>(field: &str, value: &BigInt, narrowed: Option<T>) -> Result<T, Error> {
    let message = || format!("{field} is out of range: {value}");
    narrowed.ok_or_else(|| Error::conversion(message()).with_field(field))
}

fn small(object: &Object, field: &str) -> Result<i32, Error> {
    let value = whole(object, field)?;
    fitting(field, &value, value.to_i32())
}

fn truth(object: &Object, field: &str) -> Result<bool, Error> {
    Ok(present(object, field)?.is_true())
}

/// A part of the job key.
fn identifier(job: &Object, field: &str) -> Result<String, Error> {
    let text = present(job, field)?.to_string();
    if aurora_jobkey::is_identifier(&text) {
        return Ok(text);
    }
    let hint = "letters, digits, `_`, `-` and `.` are allowed";
    Err(Error::conversion(format!("Invalid {field} '{text}'"))
        .with_field(field)
        .with_hint(hint))
}

struct Footprint {
    cpu: f64,
    ram_mb: i64,
    disk_mb: i64,
}

fn resources(task: &Object) -> Result<Footprint, Error> {
    let Some(resources) = task.field("resources").map_err(lost)? else {
        return Err(Error::conversion("Task must specify resources!").with_field("task.resources"));
    };
    let inside = |error: Error| error.under("resources").under("task");
    let ram = whole(&resources, "ram").map_err(inside)?;
    let disk = whole(&resources, "disk").map_err(inside)?;
    if ram == BigInt::ZERO || disk == BigInt::ZERO {
        let message = format!("Must specify ram and disk resources, got ram:{ram} disk:{disk}");
        return Err(Error::conversion(message).with_field("task.resources"));
    }
    let cpu = match present(&resources, "cpu").map_err(inside)? {
        Data::Float(value) => value,
        Data::Int(value) => value.to_f64(),
        _ => 0.0,
    };
    let megabytes = |field: &str, bytes: &BigInt| {
        let whole = num_bigint_floor(bytes);
        fitting(field, bytes, whole.to_i64()).map_err(inside)
    };
    let (ram_mb, disk_mb) = (megabytes("ram", &ram)?, megabytes("disk", &disk)?);
    if cpu.is_nan() || cpu <= 0.0 || ram_mb <= 0 || disk_mb <= 0 {
        let message = format!(
            "Task has invalid resources.  cpu/ramMb/diskMb must all be positive: cpu:{} \
             ramMb:{ram_mb} diskMb:{disk_mb}",
            float_repr(cpu)
        );
        return Err(Error::conversion(message)
            .with_field("task.resources")
            .with_hint("ram and disk are in bytes: multiply with MB or GB"));
    }
    Ok(Footprint {
        cpu,
        ram_mb,
        disk_mb,
    })
}

/// Whole megabytes, rounded down.
fn num_bigint_floor(bytes: &BigInt) -> BigInt {
    let megabyte = BigInt::from(MEGABYTE);
    let (quotient, rest) = (bytes / &megabyte, bytes % &megabyte);
    if rest < BigInt::ZERO {
        quotient - 1
    } else {
        quotient
    }
}

fn constraint(name: &str, value: &str) -> Result<api::Constraint, Error> {
    let values = |values: Vec<String>, negated| {
        api::TaskConstraint::Value(api::ValueConstraint {
            negated: Some(negated),
            values: Some(values.into_iter().collect()),
        })
    };
    let constraint = value.parse().map_err(|error: Error| {
        error.with_field(FieldPath::from("constraints").then(PathStep::Key(name.to_owned())))
    })?;
    Ok(api::Constraint {
        name: Some(name.to_owned()),
        constraint: Some(match constraint {
            HostConstraint::Limit(limit) => {
                api::TaskConstraint::Limit(api::LimitConstraint { limit: Some(limit) })
            }
            HostConstraint::OneOf(names) => values(names, false),
            HostConstraint::NoneOf(names) => values(names, true),
        }),
    })
}

fn constraints(job: &Object, findings: &mut Findings) -> Result<BTreeSet<api::Constraint>, Error> {
    let mut all = BTreeSet::new();
    if let Some(Data::Dict(dict)) = plain(job, "constraints").map_err(lost)? {
        for (name, value) in &dict.entries {
            all.extend(findings.attempt(constraint(&name.to_string(), &value.to_string()))?);
        }
    }
    Ok(all)
}

fn container(job: &Object) -> Result<api::Container, Error> {
    let Some(container) = job.field("container").map_err(lost)? else {
        return Ok(api::Container::Mesos(api::MesosContainer {}));
    };
    let Some(docker) = container.field("docker").map_err(lost)? else {
        let message = "If a container is specified it must set one type.";
        return Err(Error::conversion(message).with_field("container"));
    };
    let parameter = |parameter: &Object| {
        Ok(api::DockerParameter {
            name: text(parameter, "name")?,
            value: text(parameter, "value")?,
        })
    };
    let parameters = elements(&docker, "parameters").map_err(lost)?;
    let parameters = parameters.iter().map(parameter);
    Ok(api::Container::Docker(api::DockerContainer {
        image: text(&docker, "image").map_err(lost)?,
        parameters: Some(parameters.collect::<Result<_, _>>().map_err(lost)?),
    }))
}

fn cron_policy(job: &Object) -> Result<api::CronCollisionPolicy, Error> {
    let name = present(job, "cron_collision_policy")?.to_string();
    match name.parse() {
        Ok(CronCollisionPolicy::KillExisting) => Ok(api::CronCollisionPolicy::KILL_EXISTING),
        Ok(CronCollisionPolicy::CancelNew) => Ok(api::CronCollisionPolicy::CANCEL_NEW),
        Ok(CronCollisionPolicy::RunOverlap) => Ok(api::CronCollisionPolicy::RUN_OVERLAP),
        Err(_) => Err(
            Error::conversion(format!("Invalid CronCollisionPolicy type: {name}"))
                .with_field("cron_collision_policy")
                .with_hint("KILL_EXISTING and CANCEL_NEW are the policies"),
        ),
    }
}

/// Checks what only the executor will bind, with an instance in the place of the real one: `object`
/// is the bound job, `job` that interpolated once, and the rest what interpolating it again gave.
fn check_references(
    object: &Object,
    job: &Object,
    (interpolated, left): &(Object, Vec<Reference>),
    findings: &mut Findings,
) -> Result<(), Error> {
    let instance = Dict {
        kind: DictKind::Filled,
        entries: vec![(Data::text("instance"), Data::int(SOME_INSTANCE))],
    };
    let mesos = ("mesos".to_owned(), Data::Dict(instance));
    let sample = interpolated.bind(Vec::new(), vec![mesos]).map_err(lost)?;
    if let Some(task) = sample.field("task").map_err(lost)? {
        let outcome = task::check(object, &task, findings);
        findings.attempt(outcome)?;
    }
    findings.types(&sample, "", |check| {
        let check = check.map_err(lost)?;
        match check.path() {
            None => Ok(()),
            Some(path) => {
                let message = format!("Job not fully specified: {}", check.message());
                Err(Error::conversion(message).with_field(path.clone()))
            }
        }
    })?;
    let words = |listed| Error::conversion(format!("Config contains unbound variables: {listed}"));
    unbound::check(object, (job, left), "", words, findings)?;
    unbound::check_nested(&sample, left, findings)
}

/// Converts a bound job. The result is valid only if no problem is found.
pub(super) fn convert(
    bound: &BoundJob,
    user: &str,
    findings: &mut Findings,
) -> Result<api::JobConfiguration, Error> {
    let job = bound.interpolated().map_err(lost)?;
    let requested_ports = findings.attempt(Ports::of(bound).map(Ports::requested))?;
    let role = findings.attempt(identifier(&job, "role"))?;
    let environment = findings.attempt(identifier(&job, "environment"))?;
    let name = findings.attempt(identifier(&job, "name"))?;
    let owner = api::Identity {
        role: role.clone(),
        user: Some(user.to_owned()),
    };
    let key = api::JobKey {
        role,
        environment: environment.clone(),
        name: name.clone(),
    };
    let footprint = match job.field("task").map_err(lost)? {
        Some(task) => resources(&task),
        None => {
            let name = name.as_deref().unwrap_or_default();
            let message = format!("Task required for job \"{name}\"");
            Err(Error::conversion(message).with_field("task"))
        }
    };
    let footprint = findings.attempt(footprint)?;
    let optional = |field: &str| text(&job, field).map_err(lost);
    let mut config = api::TaskConfig {
        job: Some(key.clone()),
        owner: Some(owner.clone()),
        environment,
        job_name: name,
        is_service: findings.attempt(truth(&job, "service"))?,
        production: findings.attempt(truth(&job, "production"))?,
        priority: findings.attempt(small(&job, "priority"))?,
        max_task_failures: findings.attempt(small(&job, "max_task_failures"))?,
        contact_email: optional("contact")?,
        tier: optional("tier")?,
        num_cpus: footprint.as_ref().map(|footprint| footprint.cpu.into()),
        ram_mb: footprint.as_ref().map(|footprint| footprint.ram_mb),
        disk_mb: footprint.as_ref().map(|footprint| footprint.disk_mb),
        requested_ports,
        constraints: Some(constraints(&job, findings)?),
        container: findings.attempt(container(&job))?,
        metadata: Some(BTreeSet::new()),
        // The interface shows links of its own; those of the job go to the executor only.
        task_links: Some(BTreeMap::new()),
        ..api::TaskConfig::default()
    };
    let interpolated = job.interpolate().map_err(lost)?;
    let outcome = check_references(bound.object(), &job, &interpolated, findings);
    findings.attempt(outcome)?;
    config.executor_config = Some(api::ExecutorConfig {
        name: Some(api::AURORA_EXECUTOR_NAME.to_owned()),
        data: findings.attempt(executor_data(&interpolated.0).map_err(lost))?,
    });
    Ok(api::JobConfiguration {
        key: Some(key),
        owner: Some(owner),
        cron_schedule: optional("cron_schedule")?,
        cron_collision_policy: findings.attempt(cron_policy(&job))?,
        instance_count: findings.attempt(small(&job, "instances"))?,
        task_config: Some(config),
    })
}
