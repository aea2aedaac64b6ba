//! The helper functions that make tasks of processes and commands; jobs made in Rust do without.

use pystachio::{Data, Error as ObjectError, Object, ProblemKind, Result};

use super::{Helpers, Keywords, keyword};

impl Helpers {
    /// Whether an object has the fields of a task.
    #[cfg(feature = "python")]
    pub(crate) fn is_task(&self, object: &Object) -> bool {
        let task = self.schema.ty("Task");
        match (object.ty().as_struct(), task.as_struct()) {
            (Some(fields), Some(task)) => fields.has_fields_of(task),
            _ => false,
        }
    }

    /// `Tasks.sequential(task)`: a constraint over all processes of the task, in their order.
    pub(crate) fn sequential(&self, task: &Object) -> Result<Object> {
        if let Some(constraints) = task.field("constraints")?
            && !constraints.elements()?.unwrap_or_default().is_empty()
        {
            let message = "Cannot turn a Task with existing constraints into a SequentialTask!";
            return Err(ObjectError::new(ProblemKind::Value, message));
        }
        let Some(processes) = task.field("processes")? else {
            return Ok(task.clone());
        };
        let processes = processes.elements()?.unwrap_or_default();
        let processes: Vec<Data> = processes.into_iter().map(Data::from).collect();
        task.refine(vec![keyword("constraints", self.order(&processes)?)])
    }

    /// `SequentialTask(…)`: as [`Helpers::sequential`] of a new task.
    pub(crate) fn sequential_task(&self, args: Vec<Data>, keywords: Keywords) -> Result<Object> {
        self.sequential(&self.schema.ty("Task").construct(args, keywords)?)
    }

    /// `SimpleTask(name, command)`, also `Tasks.simple`: a task of one process.
    #[cfg(feature = "python")]
    pub(crate) fn simple(&self, name: Data, command: Data) -> Result<Object> {
        let process = vec![keyword("name", name.clone()), keyword("cmdline", command)];
        let process = self.make("Process", process)?;
        let resources = vec![
            keyword("cpu", Data::Float(Self::SIMPLE_CPU)),
            keyword("ram", Data::int(Self::SIMPLE_BYTES)),
            keyword("disk", Data::int(Self::SIMPLE_BYTES)),
        ];
        let resources = self.make("Resources", resources)?;
        let task = vec![
            keyword("name", name),
            keyword("processes", Data::List(vec![process.into()])),
            keyword("resources", resources),
        ];
        self.make("Task", task)
    }
}
