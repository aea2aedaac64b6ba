//! What goes wrong with objects.

use std::fmt;

use crate::template::{Reference, ReferenceError};

/// Which kind of mistake it was. Each corresponds to an exception that configuration files may
/// catch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// A value cannot become one of the type: `Object.CoercionError`, a `ValueError`.
    Coercion,
    /// A value of the wrong shape: `ValueError`.
    Value,
    /// An unknown field: `AttributeError`.
    Attribute,
    /// Arguments that a type does not take: `TypeError`.
    Type,
    /// A key that a map does not have: `KeyError`.
    Key,
    /// Replacement without an end: `MustacheParser.Uninterpolatable`.
    Loop,
    /// Replacement that comes to too much: the same.
    Size,
    /// Not an address: `Ref.InvalidRefError`.
    Reference,
    /// A position that a list does not have: `IndexError`.
    Index,
    /// An address that leads nowhere: `Namable.NotFound`.
    NotFound,
    /// An address with a step that an object of this kind does not have: `Namable.NamingError`.
    Naming,
    /// An address that leads into a single value: `Namable.Unnamable`.
    Unnamable,
}

/// One step from an object to a part of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PathStep {
    /// The field of a struct.
    Field(String),
    /// The position in a list, counted from 0.
    Index(usize),
    /// The key of a map, as text.
    Key(String),
}

impl From<&str> for PathStep {
    fn from(field: &str) -> Self {
        Self::Field(field.to_owned())
    }
}

impl From<usize> for PathStep {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// The way from an object to one of its parts, shown as `task.processes[1].cmdline`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct FieldPath {
    /// Innermost first, because that is how they are learnt.
    reversed: Vec<PathStep>,
}

impl FieldPath {
    /// Whether it leads nowhere but to the object itself.
    pub fn is_empty(&self) -> bool {
        self.reversed.is_empty()
    }

    /// The steps from the outside in.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &PathStep> + '_ {
        self.reversed.iter().rev()
    }

    /// This path and one step more.
    pub fn then(mut self, step: impl Into<PathStep>) -> Self {
        self.reversed.insert(0, step.into());
        self
    }

    /// Puts a step in front.
    pub fn under(mut self, step: impl Into<PathStep>) -> Self {
        self.reversed.push(step.into());
        self
    }
}

/// Fields of fields: `"task.constraints"`.
impl From<&str> for FieldPath {
    fn from(fields: &str) -> Self {
        let steps = fields.split('.').rev().filter(|field| !field.is_empty());
        Self {
            reversed: steps.map(PathStep::from).collect(),
        }
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.reversed.iter().rev().enumerate() {
            match step {
                PathStep::Field(name) if position == 0 => f.write_str(name)?,
                PathStep::Field(name) => write!(f, ".{name}")?,
                PathStep::Index(index) => write!(f, "[{index}]")?,
                PathStep::Key(key) => write!(f, "[{key}]")?,
            }
        }
        Ok(())
    }
}

/// A mistake in a value, in the words of the released client, and where it is.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// Which kind of mistake it is.
    pub kind: ProblemKind,
    /// What is wrong.
    pub message: String,
    /// From the object at hand to the part to blame; empty when it is the object itself.
    pub path: FieldPath,
    /// The reference that failed, where one did.
    pub reference: Option<Reference>,
    /// The name that the object at the end of the path does not have, where one is to blame.
    pub unknown: Option<String>,
    /// What might have been meant.
    pub hint: Option<String>,
}

/// What the object model's functions fail with.
pub type Result<T> = std::result::Result<T, Box<Problem>>;

impl Problem {
    /// A mistake in the object at hand.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Box<Self> {
        Box::new(Self {
            kind,
            message: message.into(),
            path: FieldPath::default(),
            reference: None,
            unknown: None,
            hint: None,
        })
    }

    /// Says what might have been meant.
    pub fn hint(mut self: Box<Self>, hint: Option<String>) -> Box<Self> {
        self.hint = hint;
        self
    }

    /// Names the reference that failed.
    pub fn reference(mut self: Box<Self>, reference: Reference) -> Box<Self> {
        self.reference = Some(reference);
        self
    }

    /// Names what the object does not have.
    pub fn unknown(mut self: Box<Self>, name: String) -> Box<Self> {
        self.unknown = Some(name);
        self
    }

    /// Says that the object at hand is this part of another one.
    pub fn under(mut self: Box<Self>, step: PathStep) -> Box<Self> {
        self.path = std::mem::take(&mut self.path).under(step);
        self
    }
}

impl From<ReferenceError> for Box<Problem> {
    fn from(error: ReferenceError) -> Self {
        Problem::new(ProblemKind::Reference, error.released_text()).hint(Some(
            "write references without blanks, as in `{{a.b[c]}}`".into(),
        ))
    }
}

/// Adds a step to the path of what failed.
pub trait Under {
    /// Says that what failed is this part of another object.
    fn under(self, step: impl FnOnce() -> PathStep) -> Self;
}

impl<T> Under for Result<T> {
    fn under(self, step: impl FnOnce() -> PathStep) -> Self {
        self.map_err(|problem| problem.under(step()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_from_the_outside() {
        let path = FieldPath::default()
            .under(PathStep::Field("cmdline".into()))
            .under(PathStep::Index(1))
            .under(PathStep::Field("processes".into()))
            .under(PathStep::Field("task".into()));
        assert_eq!(path.to_string(), "task.processes[1].cmdline");
    }
}
