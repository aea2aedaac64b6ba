//! Tasks made of other tasks, by the rules of the helper functions for configuration files.

use aurora_compat::Compat;

use pystachio::{Error as ObjectError, Object};

use super::convert::{from_object, to_object};
use crate::{Constraint, Error, Process, Resources, Task, helpers::Helpers, schema::Schema};

impl Task {
    /// A task of one process, with one core and a gibibyte each of memory and disk: `SimpleTask`.
    pub fn simple(name: impl Into<String>, command: impl Into<String>) -> Self {
        let name = name.into();
        let process = Process::new(name.clone(), command);
        let bytes = Helpers::SIMPLE_BYTES;
        Self::new(name, vec![process]).with_resources(Resources::new(
            Helpers::SIMPLE_CPU,
            bytes,
            bytes,
        ))
    }

    /// The same task with its processes running one after another, beside the order that it has.
    #[must_use]
    pub fn in_sequence(mut self) -> Self {
        let names = self.processes.iter().map(|process| process.name.clone());
        let order = Constraint::order(names);
        self.constraints.push(order);
        self
    }

    /// The last task with the processes and constraints of all, their resources summed, and the
    /// longest finalization wait: `combine_tasks`. Processes that are equal become one.
    ///
    /// ```
    /// use aurora_config::Task;
    ///
    /// let tasks = [Task::simple("pack", "./pack"), Task::simple("ship", "./ship")];
    /// let task = Task::combine(&tasks)?;
    /// assert_eq!((task.name.as_str(), task.processes.len()), ("ship", 2));
    /// assert_eq!(task.resources.map(|it| it.cpu), Some(2.0));
    /// # Ok::<(), aurora_config::Error>(())
    /// ```
    ///
    /// # Errors
    /// When a text holds braces around something that is not a reference, and when a sum is out of range.
    pub fn combine(tasks: &[Self]) -> Result<Self, Error> {
        merged(tasks, |helpers, tasks| helpers.combine(tasks, Vec::new()))
    }

    /// The tasks one after another: as [`Task::combine`], but with the largest resources, summed
    /// finalization waits, and every process waiting for those of the task before: `concat_tasks`.
    ///
    /// # Errors
    /// As [`Task::combine`].
    pub fn concat(tasks: &[Self]) -> Result<Self, Error> {
        merged(tasks, |helpers, tasks| helpers.concat(tasks, Vec::new()))
    }
}

fn merged(
    tasks: &[Task],
    merge: impl FnOnce(Helpers, &[Object]) -> Result<Object, ObjectError>,
) -> Result<Task, Error> {
    // Typed tasks have all defaults written out, so that the mode does not matter.
    let schema = Schema::of(Compat::Documented);
    let ty = schema.ty("Task");
    let tasks = tasks.iter().map(|task| to_object(task, &ty));
    let tasks = tasks.collect::<Result<Vec<_>, _>>()?;
    from_object(&merge(Helpers::new(schema), &tasks)?)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::Seconds;

    fn task(name: &str, processes: &[&str]) -> Task {
        let processes = processes.iter().map(|it| Process::new(*it, "run {{name}}"));
        Task::new(name, processes.collect()).with_resources(Resources::new(0.5, 10, 20))
    }

    fn orders(task: &Task) -> Vec<String> {
        let mut orders: Vec<_> = task
            .constraints
            .iter()
            .map(|constraint| constraint.order.join("<"))
            .collect();
        orders.sort();
        orders
    }

    #[test]
    fn combined_tasks_keep_what_they_have() {
        let first = task("first", &["a", "b"]).in_sequence();
        let first = first.with_finalization_wait(75);
        let second = task("second", &["c"]).with_user("nobody");
        let combined = Task::combine(&[first, second]).unwrap();
        assert_eq!(combined.name, "second");
        assert_eq!(combined.user.as_deref(), Some("nobody"));
        let commands = combined.processes.iter().map(|process| &*process.cmdline);
        let commands: BTreeSet<&str> = commands.collect();
        assert_eq!(commands, BTreeSet::from(["run a", "run b", "run c"]));
        assert_eq!(combined.resources, Some(Resources::new(1.0, 20, 40)));
        assert_eq!(combined.finalization_wait, Seconds(75));
        assert_eq!(orders(&combined), ["a<b"]);
    }

    #[test]
    fn concatenated_tasks_wait_for_each_other() {
        let tasks = [task("x", &["a", "b"]), task("y", &["c"])];
        let task = Task::concat(&tasks).unwrap();
        assert_eq!(orders(&task), ["a<c", "b<c"]);
        assert_eq!(task.resources, Some(Resources::new(0.5, 10, 20)));
        assert_eq!(task.finalization_wait, Seconds(60));
    }

    #[test]
    fn a_sequence_comes_on_top_of_other_constraints() {
        let task = task("x", &["a", "b", "c"]).with_constraints([Constraint::order(["a", "c"])]);
        assert_eq!(orders(&task.in_sequence()), ["a<b<c", "a<c"]);
    }

    #[test]
    fn sums_beyond_64_bits_are_refused() {
        let big = task("x", &["a"]).with_resources(Resources::new(1.0, i64::MAX, 1));
        let error = Task::combine(&[big.clone(), big]).unwrap_err();
        assert!(error.to_string().contains("out of range"), "{error}");
    }

    #[test]
    fn nothing_combined_is_an_empty_task() {
        assert!(Task::combine(&[]).unwrap().processes.is_empty());
    }
}
