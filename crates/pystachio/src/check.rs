//! Looks for problems in an object.

use std::ops::ControlFlow;

use super::{FieldPath, Object, PathStep, ProblemKind, Result, object::Value};

/// What a check found.
#[derive(Debug, Clone, Default)]
pub struct Check {
    failure: Option<Failure>,
}

#[derive(Debug, Clone)]
struct Failure {
    /// From the outside in, in the words of the released client.
    message: String,
    /// The message for the innermost part.
    cause: String,
    path: FieldPath,
}

impl Check {
    pub(crate) fn failed(message: String) -> Self {
        Self {
            failure: Some(Failure {
                cause: message.clone(),
                message,
                path: FieldPath::default(),
            }),
        }
    }

    fn worded(self, words: impl FnOnce(String) -> String) -> Self {
        Self {
            failure: self.failure.map(|failure| Failure {
                message: words(failure.message),
                ..failure
            }),
        }
    }

    fn wrap(self, words: impl FnOnce(String) -> String, step: PathStep) -> Self {
        let mut worded = self.worded(words);
        if let Some(failure) = &mut worded.failure {
            failure.path = std::mem::take(&mut failure.path).under(step);
        }
        worded
    }

    /// Whether nothing is wrong.
    pub fn is_ok(&self) -> bool {
        self.failure.is_none()
    }

    /// The message of the failure; empty if there is none.
    pub fn message(&self) -> &str {
        self.failure.as_ref().map_or("", |failure| &failure.message)
    }

    /// The message for the innermost part, without the path to it; empty if there is no failure.
    pub fn cause(&self) -> &str {
        self.failure.as_ref().map_or("", |failure| &failure.cause)
    }

    /// The message of the failure, if there is one.
    pub fn into_message(self) -> Option<String> {
        self.failure.map(|failure| failure.message)
    }

    /// Where it is wrong.
    pub fn path(&self) -> Option<&FieldPath> {
        self.failure.as_ref().map(|failure| &failure.path)
    }
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.failure {
            None => f.write_str("TypeCheck(OK)"),
            Some(failure) => write!(f, "TypeCheck(FAILED): {}", failure.message),
        }
    }
}

/// Receives each finding, and decides whether to look for more.
type Report<'a> = dyn FnMut(Result<Check>) -> ControlFlow<()> + 'a;

/// Passes a finding of a part on as one of the whole.
fn passed(
    report: &mut Report<'_>,
    finding: Result<Check>,
    words: impl FnOnce(String) -> String,
    step: PathStep,
) -> ControlFlow<()> {
    report(match finding {
        Ok(check) => Ok(check.wrap(words, step)),
        Err(problem) => Err(problem.under(step)),
    })
}

impl Object {
    /// Whether all required fields are there and all values are of their types.
    ///
    /// What would be an exception rather than a finding (a bad address, say) counts as a finding
    /// here; [`Object::try_check`] separates them.
    pub fn check(&self) -> Check {
        self.try_check()
            .unwrap_or_else(|problem| Check::failed(problem.to_string()))
    }

    /// As [`Object::check`]: the first finding.
    ///
    /// # Errors
    /// When something between double braces is not an address, or a value breaks a rule that holds
    /// before any check.
    pub fn try_check(&self) -> Result<Check> {
        let mut first = Ok(Check::default());
        let _ = self.look_for_failures(&mut |finding| {
            first = finding;
            ControlFlow::Break(())
        });
        first
    }

    /// Everything that a check finds, one finding a part.
    pub fn check_all(&self) -> Vec<Result<Check>> {
        let mut all = Vec::new();
        let _ = self.look_for_failures(&mut |finding| {
            all.push(finding);
            ControlFlow::Continue(())
        });
        all
    }

    fn look_for_failures(&self, report: &mut Report<'_>) -> ControlFlow<()> {
        match &self.value {
            Value::Simple(_) if self.settled => ControlFlow::Continue(()),
            Value::Simple(_) => match self.interpolate() {
                Ok((object, _)) => match object.simple_type_error() {
                    Some(message) => report(Ok(Check::failed(message))),
                    None => ControlFlow::Continue(()),
                },
                Err(p) if matches!(p.kind(), ProblemKind::Coercion | ProblemKind::Loop) => {
                    report(Ok(Check::failed(format!("Unable to interpolate: {p}"))))
                }
                Err(problem) => report(Err(problem)),
            },
            Value::List(elements) => {
                for (i, element) in elements.iter().enumerate() {
                    let list = self.ty().name();
                    let words = |m| format!("Element in {list} failed check: {m}");
                    element
                        .within(&self.scopes)
                        .look_for_failures(&mut |found| {
                            passed(report, found, words, PathStep::Index(i))
                        })?;
                }
                ControlFlow::Continue(())
            }
            Value::Map(pairs) => {
                let map = self.ty().name();
                for (key, value) in pairs.iter() {
                    let step = || PathStep::Key(key.get().to_string());
                    // The words show both, and what cannot be shown is the problem then.
                    key.within(&self.scopes).look_for_failures(&mut |found| {
                        let shown = found.and_then(|check| Ok((check, key.text()?)));
                        let found = shown.map(|(check, key)| {
                            check.worded(|m| format!("{map} key {key} failed check: {m}"))
                        });
                        passed(report, found, |message| message, step())
                    })?;
                    value.within(&self.scopes).look_for_failures(&mut |found| {
                        let shown = found.and_then(|check| Ok((check, key.text()?, value.text()?)));
                        let found = shown.map(|(check, key, value)| {
                            let words = |m| format!("{map}[{key}] value {value} failed check: {m}");
                            check.worded(words)
                        });
                        passed(report, found, |message| message, step())
                    })?;
                }
                ControlFlow::Continue(())
            }
            Value::Struct(values) => {
                let Some(structure) = self.ty().as_struct() else {
                    return ControlFlow::Continue(());
                };
                let scopes = self.inner_scopes();
                for &i in structure.declared() {
                    let field = &structure.fields()[i];
                    let at = || format!("{}[{}]", self.ty().name(), field.name);
                    let step = || PathStep::from(&*field.name);
                    match &values[i] {
                        None if field.signature.is_required() => {
                            let missing = Check::failed(format!("{} is required.", at()));
                            passed(report, Ok(missing), |message| message, step())?;
                        }
                        None => {}
                        Some(value) => value.within(&scopes).look_for_failures(&mut |found| {
                            passed(report, found, |m| format!("{} failed: {m}", at()), step())
                        })?,
                    }
                }
                ControlFlow::Continue(())
            }
        }
    }
}
