//! What goes wrong with objects.

use std::fmt;

use crate::template::{Reference, ReferenceError, loop_words};

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

/// A mistake in a value.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Problem {
    /// Which kind of mistake it is.
    pub kind: ProblemKind,
    /// The message, in the words of the Python library.
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

/// Why something cannot be done with a value or a text.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A value breaks a rule of its type or of its use.
    #[error("{}", .0.message)]
    Value(Box<Problem>),
    /// A plain text has something between double braces that is not an address.
    #[error(transparent)]
    Reference(ReferenceError),
    /// The values of the references in a plain text refer to each other in a circle.
    #[error(
        "{}: after 100 replacements the text is `{text}`",
        loop_words(reference, circle)
    )]
    Loop {
        /// A reference that is still in the text.
        reference: Reference,
        /// The references of a circle, the first one again at its end; empty if none was found.
        circle: Vec<Reference>,
        /// The text after the last replacement.
        text: String,
    },
    /// A plain text grew beyond 16 MiB.
    #[error("replacing {} makes the text larger than 16 MiB", reference.tag())]
    TooLarge {
        /// The reference whose value was too much.
        reference: Reference,
    },
    /// A text is not JSON.
    #[error("{message}")]
    Json {
        /// The mistake in the words of Python 2.7.
        message: String,
        /// Where it was found, in bytes.
        offset: usize,
    },
}

/// What this crate's functions return.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A mistake in the object at hand.
    pub fn new(kind: ProblemKind, message: impl Into<String>) -> Self {
        Self::Value(Box::new(Problem {
            kind,
            message: message.into(),
            path: FieldPath::default(),
            reference: None,
            unknown: None,
            hint: None,
        }))
    }

    /// Which kind of mistake it is.
    pub fn kind(&self) -> ProblemKind {
        match self {
            Self::Value(problem) => problem.kind,
            Self::Reference(_) => ProblemKind::Reference,
            Self::Loop { .. } => ProblemKind::Loop,
            Self::TooLarge { .. } => ProblemKind::Size,
            Self::Json { .. } => ProblemKind::Value,
        }
    }

    /// All that is known about it.
    pub fn into_problem(self) -> Problem {
        let (kind, message) = (self.kind(), self.to_string());
        let reference = match self {
            Self::Value(problem) => return *problem,
            Self::Loop { reference, .. } | Self::TooLarge { reference } => Some(reference),
            Self::Reference(_) | Self::Json { .. } => None,
        };
        Problem {
            kind,
            message,
            path: FieldPath::default(),
            reference,
            unknown: None,
            hint: None,
        }
    }

    /// The same error with what a function makes of the problem.
    fn change(self, change: impl FnOnce(&mut Problem)) -> Self {
        let mut problem = match self {
            Self::Value(problem) => problem,
            other => Box::new(other.into_problem()),
        };
        change(&mut problem);
        Self::Value(problem)
    }

    /// Says what might have been meant.
    #[must_use]
    pub fn hint(self, hint: Option<String>) -> Self {
        self.change(|problem| problem.hint = hint)
    }

    /// Names the reference that failed.
    #[must_use]
    pub fn reference(self, reference: Reference) -> Self {
        self.change(|problem| problem.reference = Some(reference))
    }

    /// Names what the object does not have.
    #[must_use]
    pub fn unknown(self, name: String) -> Self {
        self.change(|problem| problem.unknown = Some(name))
    }

    /// Says that the object at hand is this part of another one.
    #[must_use]
    pub fn under(self, step: PathStep) -> Self {
        self.change(|problem| problem.path = std::mem::take(&mut problem.path).under(step))
    }
}

/// A text of an object that is to be an address, in the words of the Python library.
impl From<ReferenceError> for Error {
    fn from(error: ReferenceError) -> Self {
        Self::new(ProblemKind::Reference, error.released_text()).hint(Some(error.advice()))
    }
}

/// Adds a step to the path of what failed.
pub trait Under {
    /// Places the failure in this part of another object.
    fn under(self, step: impl FnOnce() -> PathStep) -> Self;
}

impl<T> Under for Result<T> {
    fn under(self, step: impl FnOnce() -> PathStep) -> Self {
        self.map_err(|error| error.under(step()))
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
