//! Looks for the first problem in an object.

use super::{FieldPath, Object, PathStep, ProblemKind, Result, object::Value};

/// What a check found.
#[derive(Debug, Clone, Default)]
pub(crate) struct Check {
    failure: Option<(String, FieldPath)>,
}

impl Check {
    fn failed(message: String) -> Self {
        Self {
            failure: Some((message, FieldPath::default())),
        }
    }

    fn wrap(self, words: impl FnOnce(String) -> String, step: PathStep) -> Self {
        Self {
            failure: self
                .failure
                .map(|(message, path)| (words(message), path.under(step))),
        }
    }

    /// Whether nothing is wrong.
    pub(crate) fn is_ok(&self) -> bool {
        self.failure.is_none()
    }

    /// What is wrong; empty if nothing is.
    pub(crate) fn message(&self) -> &str {
        self.failure.as_ref().map_or("", |(message, _)| message)
    }

    /// What is wrong, if something is.
    pub(crate) fn into_message(self) -> Option<String> {
        self.failure.map(|(message, _)| message)
    }

    /// Where it is wrong.
    pub(crate) fn path(&self) -> Option<&FieldPath> {
        self.failure.as_ref().map(|(_, path)| path)
    }
}

impl std::fmt::Display for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.failure {
            None => f.write_str("TypeCheck(OK)"),
            Some((message, _)) => write!(f, "TypeCheck(FAILED): {message}"),
        }
    }
}

impl Object {
    /// Whether all required fields are there and all values are of their types.
    ///
    /// What would be an exception rather than a finding (a bad address, say) counts as a finding
    /// here; [`Object::try_check`] tells them apart.
    pub(crate) fn check(&self) -> Check {
        self.try_check()
            .unwrap_or_else(|problem| Check::failed(problem.message))
    }

    /// As [`Object::check`].
    ///
    /// # Errors
    /// When something between double braces is no address, or a value breaks a rule that holds
    /// before any check.
    pub(crate) fn try_check(&self) -> Result<Check> {
        match &self.value {
            Value::Simple(_) => match self.interpolate() {
                Ok((object, _)) => Ok(match object.simple_type_error() {
                    Some(message) => Check::failed(message),
                    None => Check::default(),
                }),
                Err(p) if matches!(p.kind, ProblemKind::Coercion | ProblemKind::Loop) => {
                    Ok(Check::failed(format!("Unable to interpolate: {p}")))
                }
                Err(problem) => Err(problem),
            },
            Value::List(elements) => {
                for (i, element) in elements.iter().enumerate() {
                    let check = element.within(&self.scopes).try_check()?;
                    if !check.is_ok() {
                        let list = self.ty().name();
                        let words = |m| format!("Element in {list} failed check: {m}");
                        return Ok(check.wrap(words, PathStep::Index(i)));
                    }
                }
                Ok(Check::default())
            }
            Value::Map(pairs) => {
                for (key, value) in pairs.iter() {
                    let map = self.ty().name();
                    let step = || PathStep::Key(key.get().to_string());
                    let keys = key.within(&self.scopes).try_check()?;
                    let values = value.within(&self.scopes).try_check()?;
                    if !keys.is_ok() {
                        let key = key.text()?;
                        let words = |m| format!("{map} key {key} failed check: {m}");
                        return Ok(keys.wrap(words, step()));
                    }
                    if !values.is_ok() {
                        let (key, value) = (key.text()?, value.text()?);
                        let words = |m| format!("{map}[{key}] value {value} failed check: {m}");
                        return Ok(values.wrap(words, step()));
                    }
                }
                Ok(Check::default())
            }
            Value::Struct(values) => {
                let Some(structure) = self.ty().as_struct() else {
                    return Ok(Check::default());
                };
                let scopes = self.inner_scopes();
                for &i in structure.declared() {
                    let field = &structure.fields()[i];
                    let at = format!("{}[{}]", self.ty().name(), field.name);
                    let step = PathStep::Field(field.name.to_string());
                    match &values[i] {
                        None if field.signature.is_required() => {
                            let missing = Check::failed(format!("{at} is required."));
                            return Ok(missing.wrap(|message| message, step));
                        }
                        None => {}
                        Some(value) => {
                            let check = value.within(&scopes).try_check()?;
                            if !check.is_ok() {
                                let words = |m| format!("{at} failed: {m}");
                                return Ok(check.wrap(words, step));
                            }
                        }
                    }
                }
                Ok(Check::default())
            }
        }
    }
}
