//! Looks inside objects.

use python27::nearest;

use super::{
    Data, Error, Found, Kind, Object, PathStep, ProblemKind, Result, Under, object::Value,
};
use crate::template::{Reference, Step};

/// What every object has, for suggestions.
const METHODS: [&str; 8] = [
    "bind",
    "check",
    "copy",
    "find",
    "get",
    "in_scope",
    "interpolate",
    "json_dumps",
];

impl Object {
    /// Whether a field of a struct has a value (`has_name()`).
    ///
    /// # Errors
    /// When the type has no such field.
    pub fn has(&self, name: &str) -> Result<bool> {
        Ok(self.raw_field(name)?.is_some())
    }

    /// A field of a struct, interpolated in its place (`name()`); `None` when it is empty.
    ///
    /// # Errors
    /// When the type has no such field; and as [`Object::interpolate`].
    pub fn field(&self, name: &str) -> Result<Option<Self>> {
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

    /// A field without the scopes of the struct.
    pub fn raw_field(&self, name: &str) -> Result<Option<&Self>> {
        let structure = self.ty().as_struct();
        match (&self.value, structure.and_then(|s| s.position(name))) {
            (Value::Struct(values), Some(position)) => Ok(values[position].as_ref()),
            _ => Err(self.no_attribute(name)),
        }
    }

    /// The error for `object.name` where the object has no such name.
    pub fn no_attribute(&self, name: &str) -> Error {
        let ty = self.ty().name();
        let methods = METHODS.iter().copied();
        let (message, meant) = match self.ty().as_struct() {
            None => (
                format!("'{ty}' object has no attribute '{name}'"),
                nearest(name, methods).map(str::to_owned),
            ),
            Some(structure) => {
                let fields = structure.fields().iter().map(|field| &*field.name);
                let meant = match name.strip_prefix("has_") {
                    Some(field) => nearest(field, fields).map(|field| format!("has_{field}")),
                    None => nearest(name, fields.chain(methods)).map(str::to_owned),
                };
                (format!("{ty} has no attribute {name}"), meant)
            }
        };
        let hint = meant.map(|name| format!("did you mean `{name}`?"));
        Error::new(ProblemKind::Attribute, message).hint(hint)
    }

    /// The elements of a list, or the keys of a map, interpolated; `None` for other objects.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub fn elements(&self) -> Result<Option<Vec<Self>>> {
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
    pub fn pairs(&self) -> Result<Option<Vec<(Self, Self)>>> {
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
    pub fn item(&self, key: Data) -> Result<Self> {
        let Kind::Map(key_type, _) = self.ty().kind() else {
            return self.element(&key);
        };
        let shown = key.to_string();
        let wrong = |_| {
            let message = format!("{shown} is not coercable to {}", key_type.name());
            Error::new(ProblemKind::Key, message)
        };
        let key = key_type.coerce(key).map_err(wrong)?;
        for (k, value) in self.pairs()?.into_iter().flatten() {
            if key.equals(&k)? {
                return Ok(value);
            }
        }
        let message = format!("{} not found", key.text()?);
        Err(Error::new(ProblemKind::Key, message))
    }

    fn element(&self, position: &Data) -> Result<Self> {
        let whole = match position {
            Data::Int(whole) => Some(whole.to_i64()),
            Data::Bool(value) => Some(Some(i64::from(*value))),
            _ => None,
        };
        let Kind::List(_) = self.ty().kind() else {
            let name = self.ty().name();
            let message = match whole {
                Some(_) => format!("'{name}' object does not support indexing"),
                None => format!("'{name}' object has no attribute '__getitem__'"),
            };
            let hint = "a field is called: `object.field()`".to_owned();
            let hint = self.ty().as_struct().map(|_| hint);
            return Err(Error::new(ProblemKind::Type, message).hint(hint));
        };
        let elements = self.elements()?.unwrap_or_default();
        let Some(position) = whole else {
            let given = position.type_name();
            let message = format!("tuple indices must be integers, not {given}");
            return Err(Error::new(ProblemKind::Type, message));
        };
        let found = position.and_then(|position| at(&elements, position));
        found.cloned().ok_or_else(|| {
            let message = "tuple index out of range";
            let count = elements.len();
            Error::new(ProblemKind::Index, message).hint(Some(format!(
                "the list has {count} elements, counted from 0"
            )))
        })
    }

    /// `item in object`: whether a list has such an element, or a map such a key.
    ///
    /// # Errors
    /// When the object is neither; and as [`Object::interpolate`].
    pub fn contains(&self, item: &Data) -> Result<bool> {
        match self.ty().kind() {
            Kind::Map(..) => match self.item(item.clone()) {
                Ok(_) => Ok(true),
                Err(problem) if problem.kind() == ProblemKind::Key => Ok(false),
                Err(problem) => Err(problem),
            },
            _ => {
                let Some(elements) = self.elements()? else {
                    let message =
                        format!("argument of type '{}' is not iterable", self.ty().name());
                    return Err(Error::new(ProblemKind::Type, message));
                };
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
    pub fn find(&self, reference: &Reference) -> Result<Found> {
        match self.look_up(reference.steps())? {
            Some(found) => Ok(found),
            None => Err(self.missed(reference.steps())?.reference(reference.clone())),
        }
    }

    /// Where a search that found nothing came to its end, and why.
    fn missed(&self, steps: &[Step]) -> Result<Error> {
        let name = self.ty().name();
        if self.ty().is_simple() {
            let message = format!("Object is not indexable: {name}");
            return Ok(Error::new(ProblemKind::Unnamable, message));
        }
        let (first, rest) = steps.split_at(1.min(steps.len()));
        let fits = match (self.ty().kind(), first) {
            (Kind::Struct(_), [Step::Name(_)]) | (Kind::Map(..), [Step::Index(_)]) => true,
            (Kind::List(_), [Step::Index(index)]) => python27::parse_int(index).is_some(),
            _ => false,
        };
        if !fits {
            let step = match first {
                [Step::Name(name)] => format!(".{name}"),
                [Step::Index(index)] => format!("[{index}]"),
                _ => String::new(),
            };
            let message = format!("Cannot dereference object {name} by {step}");
            return Ok(Error::new(ProblemKind::Naming, message));
        }
        match self.look_up(first)? {
            Some(Found::Object(part)) => part.missed(rest),
            _ => {
                let step = first.first().map_or("", Step::text);
                let message = format!("Could not find {step} in object {name}");
                Ok(Error::new(ProblemKind::NotFound, message))
            }
        }
    }

    pub(crate) fn look_up(&self, steps: &[Step]) -> Result<Option<Found>> {
        let Some((first, rest)) = steps.split_first() else {
            return Ok(None);
        };
        let part = match (&self.value, first) {
            (Value::Struct(_), Step::Name(name)) => self.held_field(name),
            (Value::List(elements), Step::Index(index)) => {
                let index = python27::parse_int(index);
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

    /// As [`Object::look_up`] for a struct, but the value that is found does not see the struct.
    pub(crate) fn look_up_field(&self, steps: &[Step]) -> Result<Option<Found>> {
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
