//! The checks of a task that the executor would make again.

use super::{Fields, elements, findings::Findings, plan, text, unbound};
use pystachio::{Data, Object};

use crate::{Error, FieldPath};

/// What the executor binds, apart from `thermos.ports[…]`.
pub(super) const RUNTIME_REFERENCES: [&str; 3] =
    ["mesos.instance", "mesos.hostname", "thermos.task_id"];

/// The error about a task that the executor would refuse.
pub(super) fn invalid(message: impl std::fmt::Display) -> Error {
    Error::conversion(format!("Task is invalid: {message}"))
}

/// Checks the task of a bound job, its instance bound as well.
pub(super) fn check(job: &Object, task: &Object, findings: &mut Findings) -> Result<(), Error> {
    let processes = elements(task, "processes").map_err(Error::from_conversion)?;
    for (position, process) in processes.iter().enumerate() {
        let name = text(process, "name").map_err(Error::from_conversion)?;
        let name = name.unwrap_or_default();
        let fits = !name.is_empty() && !name.starts_with('.') && !name.contains('/');
        if !fits {
            let message = format!("Task has invalid process: Invalid process name: {name}");
            let field = FieldPath::from("task.processes")
                .then(position)
                .then("name");
            findings.found(
                invalid(message)
                    .with_field(field)
                    .with_hint("a process name is a file name: no slash, no dot in front"),
            )?;
        }
    }
    let (_, left) = task.interpolate().map_err(Error::from_conversion)?;
    unbound::check(job, (task, &left), "task", unbound::unexpected, findings)?;
    findings.types(task, "task", |check| {
        let check = check.map_err(Error::from_conversion)?;
        match check.path() {
            None => Ok(()),
            Some(path) => {
                let message = format!("Failed to fully evaluate task: {}", check.message());
                Err(invalid(message).with_field(path.clone()).under("task"))
            }
        }
    })?;
    for of_final in [false, true] {
        let plan = plan::Plan::of(task, of_final).map_err(Error::from_conversion)?;
        for mistake in plan.mistakes() {
            let field = FieldPath::from("task.constraints");
            let error = invalid(format!("Task has invalid plan: {}", mistake.message)).with_field(
                match mistake.constraint {
                    Some(position) => field.then(position),
                    None => field,
                },
            );
            findings.found(match mistake.hint {
                Some(hint) => error.with_hint(hint),
                None => error,
            })?;
        }
    }
    Ok(())
}

/// The truth of a Boolean field; false when it is empty.
pub(super) fn flag(object: &impl Fields, field: &str) -> Result<bool, pystachio::Error> {
    Ok(object.field(field)?.is_some_and(|value| match value.get() {
        Data::Bool(value) => value,
        other => other.is_true(),
    }))
}
