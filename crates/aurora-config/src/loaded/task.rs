//! The checks of a task that the executor would make again.

use super::{elements, plan, ports, text};
use crate::{
    Error,
    template::Reference,
    value::{Data, Object},
};

/// What the executor binds, apart from `thermos.ports[…]`.
pub(super) const RUNTIME_REFERENCES: [&str; 3] =
    ["mesos.instance", "mesos.hostname", "thermos.task_id"];

fn invalid(message: impl std::fmt::Display) -> Error {
    Error::conversion(format!("Task is invalid: {message}"))
}

/// References as they are written, joined by blanks.
pub(super) fn listed<'a>(references: impl IntoIterator<Item = &'a Reference>) -> String {
    let tags: Vec<_> = references.into_iter().map(Reference::tag).collect();
    tags.join(" ")
}

/// Checks a task whose instance is bound.
pub(super) fn check(task: &Object) -> Result<(), Error> {
    let processes = elements(task, "processes").map_err(Error::from_conversion)?;
    for (position, process) in processes.iter().enumerate() {
        let name = text(process, "name").map_err(Error::from_conversion)?;
        let name = name.unwrap_or_default();
        let fits = !name.is_empty() && !name.starts_with('.') && !name.contains('/');
        if !fits {
            let message = format!("Task has invalid process: Invalid process name: {name}");
            return Err(invalid(message)
                .with_field(format!("task.processes[{position}].name"))
                .with_hint("a process name is a file name: no slash, no dot in front"));
        }
    }
    let (_, unbound) = task.interpolate().map_err(Error::from_conversion)?;
    let unexpected: Vec<&Reference> = unbound
        .iter()
        .filter(|reference| !ports::is_runtime(reference))
        .collect();
    if !unexpected.is_empty() {
        let message = format!(
            "Unexpected unbound refs: {}. Make sure you are not nesting template variables.",
            listed(unexpected)
        );
        return Err(invalid(message).with_field("task").with_hint(
            "bind them with `.bind(name = value)` in the file or with `--bind name=value`",
        ));
    }
    let check = task.try_check().map_err(Error::from_conversion)?;
    if !check.is_ok() {
        let message = format!("Failed to fully evaluate task: {}", check.message());
        return Err(invalid(message));
    }
    let plan = |of_final: bool| plan::Plan::of(task, of_final).map_err(Error::from_conversion);
    for of_final in [false, true] {
        if let Err(problem) = plan(of_final)?.check() {
            return Err(
                invalid(format!("Task has invalid plan: {problem}")).with_field("task.constraints")
            );
        }
    }
    Ok(())
}

/// The truth of a Boolean field; false when it is empty.
pub(super) fn flag(object: &Object, field: &str) -> Result<bool, Box<crate::value::Problem>> {
    Ok(object.field(field)?.is_some_and(|value| match value.get() {
        Data::Bool(value) => value,
        other => other.is_true(),
    }))
}
