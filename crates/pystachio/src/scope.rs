//! Where references are looked up: environments, objects, and the structs around an object.

use std::{collections::HashMap, fmt, sync::Arc};

use super::{Data, Error, Object, ProblemKind, Result};
use crate::template::{Reference, Step};

/// A table from references to values.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    table: HashMap<Arc<[Step]>, Found>,
    /// The number of steps of the longest reference that leads to an object with parts.
    deepest: usize,
    /// The depth of the deepest object.
    depth: u32,
}

/// A value that an environment cannot hold.
fn no_value(data: &Data) -> Error {
    let message = format!(
        "Environment values must be strings, numbers, Objects or other Environments. \
         Got <type '{}'> instead.",
        data.type_name()
    );
    Error::new(ProblemKind::Value, message)
}

/// What a reference led to.
#[derive(Debug, Clone)]
pub enum Found {
    /// Text, which may be a template.
    Text(Arc<str>),
    /// With the scopes of what it was found in.
    Object(Object),
}

impl Found {
    /// The text that replaces it in a template.
    pub fn text(&self) -> Result<String> {
        match self {
            Self::Text(text) => Ok(text.to_string()),
            Self::Object(object) => object.text(),
        }
    }
}

impl Environment {
    /// An environment of one entry.
    pub fn of(reference: Reference, value: Found) -> Self {
        let mut environment = Self::default();
        environment.set(reference, value);
        environment
    }

    /// Adds an entry; an earlier one of the same reference is replaced.
    pub fn set(&mut self, reference: Reference, value: Found) {
        if matches!(&value, Found::Object(object) if !object.ty().is_simple()) {
            self.deepest = self.deepest.max(reference.steps().len());
        }
        if let Found::Object(object) = &value {
            self.depth = self.depth.max(object.depth() + 1);
        }
        self.table.insert(reference.into_steps(), value);
    }

    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Adds what a dictionary or another environment holds. Nested dictionaries are flattened to
    /// longer references.
    ///
    /// # Errors
    /// When a key is not a reference, or a value is neither text, number, object nor environment.
    pub fn assimilate(&mut self, data: &Data) -> Result<()> {
        match data {
            Data::Dict(dict) => {
                let ordered = dict.clone().ordered();
                for (key, value) in &ordered.entries {
                    let key = Self::key(key)?;
                    self.assimilate_entry(&key, value)?;
                }
                Ok(())
            }
            Data::Environment(environment) => {
                for (steps, value) in &environment.table {
                    self.set(Reference::from_steps(steps.clone()), value.clone());
                }
                Ok(())
            }
            other => Err(Error::new(
                ProblemKind::Value,
                format!(
                    "Environment expects dict or Environment, got {}",
                    other.repr()
                ),
            )),
        }
    }

    fn key(key: &Data) -> Result<Reference> {
        match key {
            Data::Reference(reference) => Ok(reference.clone()),
            Data::Text(text) => Ok(text.text.parse()?),
            other => Err(Error::new(
                ProblemKind::Reference,
                format!("Invalid address: {}", other.repr()),
            )),
        }
    }

    fn assimilate_entry(&mut self, key: &Reference, value: &Data) -> Result<()> {
        match value {
            Data::Dict(_) | Data::Environment(_) => {
                let mut nested = Self::default();
                nested.assimilate(value)?;
                for (steps, value) in nested.table {
                    self.set(key.join(&Reference::from_steps(steps)), value);
                }
            }
            Data::Object(object) => {
                self.set(key.clone(), Found::Object(object.as_ref().clone()));
            }
            Data::Text(text) => self.set(key.clone(), Found::Text(text.text.clone())),
            Data::Bool(_) | Data::Int(_) | Data::Float(_) => {
                self.set(key.clone(), Found::Text(value.to_string().into()));
            }
            other => {
                let hint = format!("look at the value of `{key}`");
                return Err(no_value(other).hint(Some(hint)));
            }
        }
        Ok(())
    }

    /// An exact entry, else the longest entry that the reference begins with and whose object can
    /// resolve the rest.
    pub(crate) fn look_up(&self, steps: &[Step]) -> Result<Option<Found>> {
        if let Some(found) = self.table.get(steps) {
            return Ok(Some(found.clone()));
        }
        for length in (1..=self.deepest.min(steps.len().saturating_sub(1))).rev() {
            if let Some(Found::Object(object)) = self.table.get(&steps[..length])
                && let Some(found) = object.look_up(&steps[length..])?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// What a reference leads to.
    ///
    /// # Errors
    /// When it leads nowhere, and when a value on the way is not one of its type.
    pub fn find(&self, reference: &Reference) -> Result<Found> {
        self.look_up(reference.steps())?.ok_or_else(|| {
            let first = reference.steps().first().map_or("", Step::text);
            let message = format!("Could not find {first} in object Environment");
            Error::new(ProblemKind::NotFound, message).reference(reference.clone())
        })
    }

    /// The references that have an entry.
    pub fn references(&self) -> impl Iterator<Item = Reference> + '_ {
        self.table
            .keys()
            .map(|steps| Reference::from_steps(steps.clone()))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// The longest table that is shown in one line.
        const WIDTH: usize = 79;
        let mut references: Vec<_> = self.references().collect();
        references.sort();
        let entry = |reference: &Reference| {
            let value = match self.table.get(reference.steps()) {
                Some(Found::Text(text)) => python27::text_repr(text, false),
                Some(Found::Object(object)) => object.shown(),
                None => String::new(),
            };
            format!("Ref({reference}): {value}")
        };
        let entries: Vec<_> = references.iter().map(entry).collect();
        let mut table = format!("{{{}}}", entries.join(", "));
        if table.chars().count() > WIDTH {
            table = format!("{{{}}}", entries.join(",\n "));
        }
        write!(f, "Environment({table})")
    }
}

/// One place to look references up in.
#[derive(Debug, Clone)]
pub(crate) enum Scope {
    Environment(Arc<Environment>),
    /// A list, map or struct, by its parts.
    Object(Object),
    /// Everything that the children of a struct see: its fields (also as `self`), its own scopes,
    /// and those again as `super`.
    Frame(Object),
}

impl Scope {
    fn depth(&self) -> u32 {
        match self {
            Self::Environment(environment) => environment.depth(),
            Self::Object(object) | Self::Frame(object) => object.depth() + 1,
        }
    }

    fn look_up(&self, steps: &[Step]) -> Result<Option<Found>> {
        match self {
            Self::Environment(environment) => environment.look_up(steps),
            Self::Object(object) => object.look_up(steps),
            Self::Frame(object) => {
                let rest = steps.get(1..).unwrap_or_default();
                let begins = |word: &str| {
                    !rest.is_empty() && matches!(&steps[0], Step::Name(name) if **name == *word)
                };
                if begins("self")
                    && let Some(found) = object.look_up_field(rest)?
                {
                    return Ok(Some(found));
                }
                if let Some(found) = object.look_up_field(steps)? {
                    return Ok(Some(found));
                }
                if let Some(found) = object.scopes().look_up(steps)? {
                    return Ok(Some(found));
                }
                if begins("super") {
                    return object.scopes().look_up(rest);
                }
                if matches!(steps, [Step::Name(name)] if **name == *"super") {
                    return Ok(object.scopes().first_object().cloned().map(Found::Object));
                }
                Ok(None)
            }
        }
    }
}

impl Scope {
    /// Everything that a reference may begin with here, as it would be written.
    fn names(&self, name: &mut dyn FnMut(String)) {
        match self {
            Self::Environment(environment) => {
                environment.references().for_each(|r| name(r.to_string()));
            }
            Self::Object(object) => object.part_names(&mut |part| name(part.to_string())),
            Self::Frame(object) => {
                object.part_names(&mut |part| name(part.to_string()));
                object.scopes().names(name);
            }
        }
    }
}

/// How many scopes an object may have. Binding copies them, so that binding an object again and
/// again takes time that grows with their square.
const MAX_SCOPES: usize = 4_000;

/// The scopes of an object, first to last. Cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scopes {
    scopes: Option<Arc<[Scope]>>,
    /// The depth of the deepest of them.
    depth: u32,
}

impl Scopes {
    pub(crate) fn one(scope: Scope) -> Self {
        Self::new(vec![scope])
    }

    pub(crate) fn new(scopes: Vec<Scope>) -> Self {
        Self {
            depth: scopes.iter().map(Scope::depth).max().unwrap_or_default(),
            scopes: (!scopes.is_empty()).then(|| scopes.into()),
        }
    }

    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    pub(crate) fn as_slice(&self) -> &[Scope] {
        self.scopes.as_deref().unwrap_or_default()
    }

    /// These scopes, then the others.
    pub(crate) fn then(&self, others: &Self) -> Self {
        if self.is_empty() {
            return others.clone();
        }
        if others.is_empty() {
            return self.clone();
        }
        let both = self.as_slice().iter().chain(others.as_slice());
        Self {
            scopes: Some(both.cloned().collect()),
            depth: self.depth.max(others.depth),
        }
    }

    /// As [`Scopes::then`], for what a user binds.
    ///
    /// # Errors
    /// When there would be more than 4,000.
    pub(crate) fn bound_then(&self, others: &Self) -> Result<Self> {
        if self.as_slice().len() + others.as_slice().len() > MAX_SCOPES {
            let message = format!("an object cannot be bound more than {MAX_SCOPES} times");
            return Err(Error::new(ProblemKind::Value, message));
        }
        Ok(self.then(others))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.scopes.is_none()
    }

    /// The first object among them that was bound as a whole.
    fn first_object(&self) -> Option<&Object> {
        self.as_slice().iter().find_map(|scope| match scope {
            Scope::Object(object) => Some(object),
            _ => None,
        })
    }

    /// Everything that a reference may begin with here.
    pub(crate) fn names(&self, name: &mut dyn FnMut(String)) {
        for scope in self.as_slice() {
            scope.names(name);
        }
    }

    pub(crate) fn look_up(&self, steps: &[Step]) -> Result<Option<Found>> {
        for scope in self.as_slice() {
            if let Some(found) = scope.look_up(steps)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }
}

/// Turns the arguments of `bind` or `in_scope` into scopes, in the order of the arguments.
pub(crate) fn scopes_of(args: Vec<Data>, keywords: Vec<(String, Data)>) -> Result<Vec<Scope>> {
    let mut scopes = Vec::with_capacity(args.len() + 1);
    for arg in args {
        scopes.push(match arg {
            Data::Environment(environment) => Scope::Environment(environment),
            Data::Object(object) if !object.ty().is_simple() => Scope::Object(*object),
            Data::Dict(_) => {
                let mut environment = Environment::default();
                environment.assimilate(&arg)?;
                Scope::Environment(Arc::new(environment))
            }
            other => {
                let hint = format!("a dictionary, Environment or struct is bound, not {other}");
                return Err(no_value(&other).hint(Some(hint)));
            }
        });
    }
    if !keywords.is_empty() {
        let mut environment = Environment::default();
        for (name, value) in keywords {
            environment.assimilate_entry(&name.parse()?, &value)?;
        }
        scopes.push(Scope::Environment(Arc::new(environment)));
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Type;

    #[test]
    fn binding_again_and_again_comes_to_an_end() {
        let mut object = Type::string()
            .construct(vec!["{{a}}".into()], Vec::new())
            .unwrap();
        let bound = |object: &Object| object.bind(Vec::new(), vec![("a".into(), Data::int(1))]);
        for _ in 0..MAX_SCOPES {
            object = bound(&object).unwrap();
        }
        assert_eq!(object.text().unwrap(), "1");
        assert_eq!(
            bound(&object).unwrap_err().to_string(),
            "an object cannot be bound more than 4000 times"
        );
    }
}
