//! Objects: typed values and the scopes in which their templates are resolved.

use std::{fmt, sync::Arc};

use super::{
    Data, Dict, DictKind, Result, Type,
    origin::{Call, Origin},
    scope::{Scope, Scopes, scopes_of},
};

/// A typed value with scopes. It never changes and is cheap to clone.
#[derive(Clone)]
pub struct Object {
    pub(crate) ty: Type,
    pub(crate) value: Value,
    pub(crate) scopes: Scopes,
    /// Unset for defaults and for what a value was turned into.
    pub(crate) origin: Option<Origin>,
    /// Whether it came out of an interpolation that left nothing to do for another one.
    pub(crate) settled: bool,
    /// The depth of the value.
    pub(crate) depth: u32,
}

/// What an object holds.
#[derive(Clone)]
pub(crate) enum Value {
    /// The value as it was given, whatever the type: it becomes one of the type in interpolation.
    Simple(Data),
    List(Arc<[Object]>),
    /// Pairs in the order in which they came; a key may be there twice.
    Map(Arc<[(Object, Object)]>),
    /// One entry for each field of the type; none where the field is empty.
    Struct(Arc<[Option<Object>]>),
}

impl Object {
    pub(crate) fn new(ty: Type, value: Value) -> Self {
        Self {
            ty,
            depth: value.depth(),
            value,
            scopes: Scopes::default(),
            origin: None,
            settled: false,
        }
    }

    /// What this object was interpolated to, from interpolated parts.
    pub(crate) fn done(&self, value: Value) -> Self {
        let settled = match &value {
            Value::Simple(_) => false,
            Value::List(elements) => elements.iter().all(|element| element.settled),
            Value::Map(pairs) => pairs.iter().all(|(k, v)| k.settled && v.settled),
            Value::Struct(values) => values.iter().flatten().all(|value| value.settled),
        };
        Self {
            settled,
            ..self.like(value)
        }
    }

    /// An object of the same type and origin without scopes.
    pub(crate) fn like(&self, value: Value) -> Self {
        Self {
            origin: self.origin.clone(),
            ..Self::new(self.ty.clone(), value)
        }
    }

    /// The same object, made by this call.
    pub fn made_by(mut self, call: Call) -> Self {
        self.origin = Some(Origin::new(call));
        self
    }

    /// The same object, which this call made of another one by setting these fields.
    pub fn refined_by<'a>(mut self, call: Call, fields: impl IntoIterator<Item = &'a str>) -> Self {
        let structure = self.ty.as_struct();
        let positions = fields
            .into_iter()
            .filter_map(|field| structure?.position(field));
        let origin = Origin::refined(self.origin.as_ref(), call, positions);
        self.origin = Some(origin);
        self
    }

    /// Whether it is known where the object was made.
    pub fn has_origin(&self) -> bool {
        self.origin.is_some()
    }

    /// The type of the object.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    pub(crate) fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// What the parts of this object see: for a struct its fields come first.
    pub(crate) fn inner_scopes(&self) -> Scopes {
        match self.value {
            Value::Struct(_) => Scopes::one(Scope::Frame(self.clone())),
            _ => self.scopes.clone(),
        }
    }

    pub(crate) fn within(&self, outer: &Scopes) -> Self {
        Self {
            scopes: self.scopes.then(outer),
            ..self.clone()
        }
    }

    /// A copy whose templates look into these first: the last argument, then the one before it, and
    /// so on, then what was bound before. Keywords count as one last argument.
    ///
    /// # Errors
    /// When an argument is not a dictionary, environment, list, map or struct, a key is not a reference,
    /// or a value is neither text, number nor object.
    pub fn bind(&self, args: Vec<Data>, keywords: Vec<(String, Data)>) -> Result<Self> {
        let mut scopes = scopes_of(args, keywords)?;
        scopes.reverse();
        let bound = Self {
            scopes: Scopes::new(scopes).bound_then(&self.scopes)?,
            ..self.clone()
        };
        bound.bounded()
    }

    /// A copy whose templates look into these last, in the order of the arguments.
    ///
    /// # Errors
    /// As [`Object::bind`].
    pub fn in_scope(&self, args: Vec<Data>, keywords: Vec<(String, Data)>) -> Result<Self> {
        let outer = Scopes::new(scopes_of(args, keywords)?);
        let bound = Self {
            scopes: self.scopes.bound_then(&outer)?,
            ..self.clone()
        };
        bound.bounded()
    }

    /// `object % scope`: binds and interpolates.
    ///
    /// # Errors
    /// As [`Object::bind`] and [`Object::interpolate`].
    pub fn modulo(&self, scope: Data) -> Result<Self> {
        Ok(self.bind(vec![scope], Vec::new())?.interpolate()?.0)
    }

    /// The data as it was put in: templates as written, numbers in text as text. Empty fields are
    /// left out. Dictionaries are in Python 2's order.
    pub fn get(&self) -> Data {
        match &self.value {
            Value::Simple(Data::Object(chosen)) if self.is_choice() => chosen.get(),
            Value::Simple(data) => data.clone(),
            Value::List(elements) => Data::Tuple(elements.iter().map(Self::get).collect()),
            Value::Map(pairs) => {
                let entries = pairs.iter().map(|(key, value)| (key.get(), value.get()));
                Data::Dict(Dict::filled(entries).frozen())
            }
            Value::Struct(values) => {
                let Some(structure) = self.ty.as_struct() else {
                    return Data::None;
                };
                let entries = structure
                    .plain_order(|i| values[i].is_some())
                    .into_iter()
                    .filter_map(|i| {
                        let name = structure.fields()[i].name.clone();
                        Some((Data::text(name), values[i].as_ref()?.get()))
                    });
                Data::Dict(Dict {
                    kind: DictKind::Frozen,
                    entries: entries.collect(),
                })
            }
        }
    }

    pub(crate) fn is_choice(&self) -> bool {
        matches!(self.ty.kind(), super::Kind::Choice(_))
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({:?})", self.ty.name(), self.get())
    }
}
