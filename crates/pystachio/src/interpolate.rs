//! Resolves the templates of objects.

use python27::{SetOrder, hash_text};

use super::{
    Data, Error, Kind, Object, PathStep, ProblemKind, Result, Type, Under,
    coerce::{coerce, type_error},
    object::Value,
    scope::Scopes,
    work::Work,
};
use crate::template::{self, Reference, ResolveError};

/// References without repetition, in the order of a Python 2 set of them.
type Unbound = SetOrder<Reference>;

/// The words of the released client for a text that cannot be resolved.
pub(crate) fn problem(error: ResolveError<Error>) -> Error {
    match error {
        ResolveError::Reference(error) => error.into(),
        ResolveError::Lookup(problem) => problem,
        ResolveError::Loop {
            text,
            reference,
            circle,
        } => {
            let text = beginning(&text);
            let message = format!("Unable to interpolate {text}!  Maximum replacements reached.");
            let hint = template::loop_words(&reference, &circle);
            Error::new(ProblemKind::Loop, message)
                .reference(reference)
                .hint(Some(hint))
        }
        ResolveError::TooLarge { reference } => {
            let message = format!(
                "Unable to interpolate: replacing {} makes a text larger than 16 MiB",
                reference.tag()
            );
            Error::new(ProblemKind::Size, message).reference(reference)
        }
    }
}

/// As much of a text as a message can hold.
fn beginning(text: &str) -> std::borrow::Cow<'_, str> {
    const MAX_BYTES: usize = 4 << 10;
    if text.len() <= MAX_BYTES {
        return text.into();
    }
    let mut end = MAX_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}…", &text[..end]).into()
}

fn collect(into: &mut Unbound, references: Vec<Reference>) {
    for reference in references {
        into.add(hash_text(&reference.tag()), reference);
    }
}

fn list(unbound: &Unbound) -> Vec<Reference> {
    unbound.iter().cloned().collect()
}

impl Object {
    /// The object with all templates resolved that could be, its values coerced to their types, and
    /// the references that stayed unbound.
    ///
    /// The references of a single value come in the order of its text, with repetitions; those of
    /// lists, maps and structs once each, in the order of a Python 2 set.
    ///
    /// # Errors
    /// When a resolved value is not one of its type, references lead in a circle, or something
    /// between double braces is not an address.
    pub fn interpolate(&self) -> Result<(Self, Vec<Reference>)> {
        if self.settled {
            let done = Self {
                scopes: Scopes::default(),
                ..self.clone()
            };
            return Ok((done, Vec::new()));
        }
        let work = Work::begin();
        let mut unbound = Unbound::new();
        let value = match &self.value {
            Value::Simple(_) => return self.interpolate_simple(&work),
            Value::List(elements) => {
                let mut done = Vec::with_capacity(elements.len());
                for (i, element) in elements.iter().enumerate() {
                    let (element, references) = element
                        .interpolate_within(&self.scopes)
                        .under(|| PathStep::Index(i))?;
                    collect(&mut unbound, references);
                    done.push(element);
                }
                Value::List(done.into())
            }
            Value::Map(pairs) => {
                let mut done = Vec::with_capacity(pairs.len());
                for (key, value) in pairs.iter() {
                    let (k, references) = key.interpolate_within(&self.scopes)?;
                    collect(&mut unbound, references);
                    let (v, references) = value
                        .interpolate_within(&self.scopes)
                        .under(|| PathStep::Key(key.get().to_string()))?;
                    collect(&mut unbound, references);
                    done.push((k, v));
                }
                Value::Map(done.into())
            }
            Value::Struct(values) => {
                let scopes = self.inner_scopes();
                let mut done: Vec<Option<Self>> = vec![None; values.len()];
                if let Some(structure) = self.ty.as_struct() {
                    for &i in structure.held() {
                        let Some(value) = &values[i] else { continue };
                        let name = || PathStep::Field(structure.fields()[i].name.to_string());
                        let (value, references) = value.interpolate_within(&scopes).under(name)?;
                        collect(&mut unbound, references);
                        done[i] = Some(value);
                    }
                }
                Value::Struct(done.into())
            }
        };
        Ok((self.done(value), list(&unbound)))
    }

    fn interpolate_within(&self, outer: &Scopes) -> Result<(Self, Vec<Reference>)> {
        // Most values are plain; what encloses them does not matter then.
        match &self.value {
            _ if self.settled => self.interpolate(),
            Value::Simple(Data::Text(text)) if text.text.contains("{{") => {
                self.within(outer).interpolate()
            }
            Value::Simple(data) if !matches!(data, Data::Object(_)) => self.interpolate(),
            _ => self.within(outer).interpolate(),
        }
    }

    fn interpolate_simple(&self, work: &Work) -> Result<(Self, Vec<Reference>)> {
        let Value::Simple(data) = &self.value else {
            return Ok((self.clone(), Vec::new()));
        };
        if let Kind::Choice(options) = self.ty.kind() {
            return self.interpolate_choice(options, data);
        }
        let Data::Text(text) = data else {
            let value = Value::Simple(coerce(&self.ty, data)?);
            let object = Self {
                settled: true,
                ..self.like(value)
            };
            return Ok((object, Vec::new()));
        };
        let look_up = |reference: &Reference| {
            let found = self.scopes.look_up(reference.steps())?;
            let text = found.map(|found| found.text()).transpose()?;
            work.spend(text.as_deref().map_or(0, str::len))?;
            Ok(text)
        };
        let resolved = template::resolve(&text.text, look_up).map_err(problem)?;
        if !resolved.unbound.is_empty() {
            // Rebuilt, so an enumeration checks it again, and bindings are dropped.
            let text = Data::unicode(resolved.text.into_owned());
            let object = self.ty.construct(vec![text], Vec::new())?;
            return Ok((object, resolved.unbound));
        }
        let data = match resolved.text {
            std::borrow::Cow::Borrowed(_) => coerce(&self.ty, data)?,
            std::borrow::Cow::Owned(text) => coerce(&self.ty, &Data::unicode(text))?,
        };
        // A deferred tag comes alive the next time, with the scopes of today.
        let braces = data.as_text().is_some_and(|text| text.contains("{{"));
        let object = Self {
            scopes: if braces {
                self.scopes.clone()
            } else {
                Scopes::default()
            },
            origin: self.origin.clone(),
            settled: !braces,
            ..Self::new(self.ty.clone(), Value::Simple(data))
        };
        Ok((object, Vec::new()))
    }

    /// The first option whose type takes the value, resolved.
    fn interpolate_choice(&self, options: &[Type], data: &Data) -> Result<(Self, Vec<Reference>)> {
        let chosen = |object: Self| Self::new(self.ty.clone(), Value::Simple(object.into()));
        let mut first_problem = None;
        let mut partly = None;
        for option in options {
            let attempt = option
                .coerce(data.clone())
                .and_then(|object| object.within(&self.scopes).interpolate());
            match attempt {
                Ok((object, unbound)) if unbound.is_empty() && object.check().is_ok() => {
                    return Ok((chosen(object), unbound));
                }
                Ok(done) => {
                    partly.get_or_insert(done);
                }
                Err(problem) => {
                    first_problem.get_or_insert(problem);
                }
            }
        }
        match (partly, first_problem) {
            (Some((object, unbound)), _) => {
                // Which type it will be shows only when everything is bound.
                let data = object.get();
                let mut open = Self::new(self.ty.clone(), Value::Simple(data));
                open.scopes = self.scopes.clone();
                Ok((open, unbound))
            }
            (None, Some(_)) | (None, None) => {
                let message = format!("Cannot coerce '{data}' to {}", self.ty.name());
                Err(Error::new(ProblemKind::Coercion, message))
            }
        }
    }

    /// The message for an interpolated single value that does not fit its type; `None` if it fits.
    pub(crate) fn simple_type_error(&self) -> Option<String> {
        match (&self.value, self.ty.kind()) {
            (Value::Simple(Data::Object(chosen)), Kind::Choice(_)) => chosen.check().into_message(),
            (Value::Simple(data), Kind::Choice(_)) => {
                Some(format!("{} is none of {}", data.repr(), self.ty.name()))
            }
            (Value::Simple(data), _) => type_error(&self.ty, data),
            _ => None,
        }
    }
}
