//! Looks inside objects.

use super::{
    Data, Found, Kind, Object, PathStep, Problem, ProblemKind, Result, Under, nearest,
    object::Value,
};
use crate::template::{Reference, Step};

impl Object {
    /// Whether a field of a struct has a value (`has_name()`).
    ///
    /// # Errors
    /// When there is no such field.
    pub(crate) fn has(&self, name: &str) -> Result<bool> {
        Ok(self.raw_field(name)?.is_some())
    }

    /// A field of a struct, interpolated in its place (`name()`); `None` when it is empty.
    ///
    /// # Errors
    /// When there is no such field; and as [`Object::interpolate`].
    pub(crate) fn field(&self, name: &str) -> Result<Option<Self>> {
        let Some(value) = self.raw_field(name)? else {
            return Ok(None);
        };
        let step = || PathStep::Field(name.to_owned());
        let (value, _) = value
            .within(&self.inner_scopes())
            .interpolate()
            .under(step)?;
        Ok(Some(value))
    }

    /// A field as it stands, without the scopes of the struct.
    pub(crate) fn raw_field(&self, name: &str) -> Result<Option<&Self>> {
        let structure = self.ty().as_struct();
        match (&self.value, structure.and_then(|s| s.position(name))) {
            (Value::Struct(values), Some(position)) => Ok(values[position].as_ref()),
            _ => {
                let names = structure.into_iter().flat_map(|s| s.fields());
                let hint = nearest(name, names.map(|field| &*field.name));
                let hint = hint.map(|name| format!("did you mean `{name}`?"));
                let message = format!("{} has no attribute {name}", self.ty().name());
                Err(Problem::new(ProblemKind::Attribute, message).hint(hint))
            }
        }
    }

    /// The elements of a list, or the keys of a map, interpolated; `None` for other objects.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub(crate) fn elements(&self) -> Result<Option<Vec<Self>>> {
        match self.interpolate()?.0.value {
            Value::List(elements) => Ok(Some(elements.to_vec())),
            Value::Map(pairs) => Ok(Some(pairs.iter().map(|(key, _)| key.clone()).collect())),
            _ => Ok(None),
        }
    }

    /// The pairs of a map, interpolated; `None` for other objects.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub(crate) fn pairs(&self) -> Result<Option<Vec<(Self, Self)>>> {
        match self.interpolate()?.0.value {
            Value::Map(pairs) => Ok(Some(pairs.to_vec())),
            _ => Ok(None),
        }
    }

    /// The value under a key of a map, or at a position of a list (from its end if negative),
    /// interpolated.
    ///
    /// # Errors
    /// When the object is neither, or has no such key or position; and as [`Object::interpolate`].
    pub(crate) fn item(&self, key: Data) -> Result<Self> {
        let Kind::Map(key_type, _) = self.ty().kind() else {
            return self.element(&key);
        };
        let shown = key.to_string();
        let wrong = |_| {
            let message = format!("{shown} is not coercable to {}", key_type.name());
            Problem::new(ProblemKind::Key, message)
        };
        let key = key_type.coerce(key).map_err(wrong)?;
        for (k, value) in self.pairs()?.into_iter().flatten() {
            if key.equals(&k)? {
                return Ok(value);
            }
        }
        let message = format!("{} not found", key.text()?);
        Err(Problem::new(ProblemKind::Key, message))
    }

    fn element(&self, position: &Data) -> Result<Self> {
        let Some(elements) = self.elements()? else {
            let message = format!("'{}' object has no items", self.ty().name());
            return Err(Problem::new(ProblemKind::Type, message));
        };
        let Data::Int(position) = position else {
            let message = format!("indices must be integers, not {}", position.type_name());
            return Err(Problem::new(ProblemKind::Type, message));
        };
        let found = position
            .to_i64()
            .and_then(|position| at(&elements, position));
        found.cloned().ok_or_else(|| {
            let message = "tuple index out of range";
            let count = elements.len();
            Problem::new(ProblemKind::Index, message).hint(Some(format!(
                "the list has {count} elements, counted from 0"
            )))
        })
    }

    /// `item in object`: whether a list has such an element, or a map such a key.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub(crate) fn contains(&self, item: &Data) -> Result<bool> {
        match self.ty().kind() {
            Kind::Map(..) => match self.item(item.clone()) {
                Ok(_) => Ok(true),
                Err(problem) if problem.kind == ProblemKind::Key => Ok(false),
                Err(problem) => Err(problem),
            },
            _ => {
                let elements = self.elements()?.unwrap_or_default();
                for element in elements {
                    let same = match item {
                        Data::Object(object) if object.ty() == element.ty() => {
                            object.equals(&element)?
                        }
                        item => element.get() == *item,
                    };
                    if same {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
        }
    }

    /// What a reference leads to inside this object, with the scopes of what encloses it.
    ///
    /// # Errors
    /// When it leads nowhere, and when a value on the way is not one of its type.
    pub(crate) fn find(&self, reference: &Reference) -> Result<Found> {
        self.look_up(reference.steps())?.ok_or_else(|| {
            let first = reference.steps().first().map_or("", Step::text);
            let message = format!("Could not find {first} in object {}", self.ty().name());
            Problem::new(ProblemKind::NotFound, message).reference(reference.clone())
        })
    }

    pub(super) fn look_up(&self, steps: &[Step]) -> Result<Option<Found>> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(None);
        };
        let part = match (&self.value, first) {
            (Value::Struct(_), Step::Name(name)) => self.held_field(name),
            (Value::List(elements), Step::Index(index)) => {
                let index = crate::python2::parse_int(index);
                let index = index.and_then(|i| i64::try_from(i).ok());
                index.and_then(|i| at(elements, i))
            }
            (Value::Map(pairs), Step::Index(index)) => {
                let Kind::Map(key_type, _) = self.ty().kind() else {
                    return Ok(None);
                };
                let wanted = key_type.coerce(Data::unicode(index.clone()))?;
                let mut found = None;
                for (key, value) in pairs.iter() {
                    if wanted.equals(key)? {
                        found = Some(value);
                        break;
                    }
                }
                found
            }
            _ => None,
        };
        let Some(part) = part else {
            return Ok(None);
        };
        if !rest.is_empty() && part.ty().is_simple() {
            return Ok(None);
        }
        let part = part.within(&self.inner_scopes());
        if rest.is_empty() {
            Ok(Some(Found::Object(part)))
        } else {
            part.look_up(rest)
        }
    }

    /// As [`Object::look_up`] for a struct, but what is found does not see the struct.
    pub(super) fn look_up_field(&self, steps: &[Step]) -> Result<Option<Found>> {
        let Some((Step::Name(name), rest)) = steps.split_first() else {
            return Ok(None);
        };
        match self.held_field(name) {
            None => Ok(None),
            Some(value) if rest.is_empty() => Ok(Some(Found::Object(value.clone()))),
            Some(value) => value.look_up(rest),
        }
    }

    fn held_field(&self, name: &str) -> Option<&Self> {
        let position = self.ty().as_struct()?.position(name)?;
        match &self.value {
            Value::Struct(values) => values[position].as_ref(),
            _ => None,
        }
    }
}

/// An element by its position, from the end if negative.
fn at(elements: &[Object], position: i64) -> Option<&Object> {
    let length = i64::try_from(elements.len()).ok()?;
    let position = if position < 0 {
        position + length
    } else {
        position
    };
    elements.get(usize::try_from(position).ok()?)
}
