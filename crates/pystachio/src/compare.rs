//! Equality, order and hashes of objects. All look at the interpolated values.

use std::cmp::Ordering;

use super::{Data, Object, Result, object::Value};
use python27::Hash;

impl Object {
    /// Whether types and interpolated values are the same.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub fn equals(&self, other: &Self) -> Result<bool> {
        if self.is_same(other) {
            return Ok(true);
        }
        let comparable = match (self.ty().as_struct(), other.ty().as_struct()) {
            (Some(a), Some(b)) => a.has_fields_of(b),
            _ => self.ty() == other.ty(),
        };
        if !comparable {
            return Ok(false);
        }
        let (a, _) = self.interpolate()?;
        let (b, _) = other.interpolate()?;
        a.holds_same(&b)
    }

    fn is_same(&self, other: &Self) -> bool {
        use std::sync::Arc;
        self.ty() == other.ty()
            && match (&self.value, &other.value) {
                (Value::List(a), Value::List(b)) => Arc::ptr_eq(a, b) && self.is_closed(other),
                (Value::Map(a), Value::Map(b)) => Arc::ptr_eq(a, b) && self.is_closed(other),
                (Value::Struct(a), Value::Struct(b)) => Arc::ptr_eq(a, b) && self.is_closed(other),
                _ => false,
            }
    }

    /// Whether both have no scopes, so that nothing but what they hold matters.
    fn is_closed(&self, other: &Self) -> bool {
        self.scopes.is_empty() && other.scopes.is_empty()
    }

    /// Compares interpolated objects.
    fn holds_same(&self, other: &Self) -> Result<bool> {
        match (&self.value, &other.value) {
            (Value::Simple(a), Value::Simple(b)) => Ok(a == b),
            (Value::List(a), Value::List(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for (a, b) in a.iter().zip(b.iter()) {
                    if !a.equals(b)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Map(a), Value::Map(b)) => {
                if a.len() != b.len() {
                    return Ok(false);
                }
                for ((k, v), (l, w)) in a.iter().zip(b.iter()) {
                    if !(k.equals(l)? && v.equals(w)?) {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Struct(a), Value::Struct(b)) => {
                for (a, b) in a.iter().zip(b.iter()) {
                    let same = match (a, b) {
                        (None, None) => true,
                        (Some(a), Some(b)) => a.equals(b)?,
                        _ => false,
                    };
                    if !same {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The order of single values of the same type; `None` for everything else.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub fn compare(&self, other: &Self) -> Result<Option<Ordering>> {
        if !self.ty().is_simple() || self.ty() != other.ty() {
            return Ok(None);
        }
        let (a, b) = (self.interpolate()?.0.get(), other.interpolate()?.0.get());
        Ok(match (&a, &b) {
            (Data::Text(a), Data::Text(b)) => Some(a.text.cmp(&b.text)),
            (Data::Int(a), Data::Int(b)) => Some(a.to_big().cmp(&b.to_big())),
            (Data::Bool(a), Data::Bool(b)) => Some(a.cmp(b)),
            (Data::Float(a), Data::Float(b)) => a.partial_cmp(b),
            // Python 2 sorts numbers before texts.
            (Data::Text(_), _) => Some(Ordering::Greater),
            (_, Data::Text(_)) => Some(Ordering::Less),
            _ => None,
        })
    }

    /// `hash()`: that of the value of a simple object as given, that of the data of a list or map
    /// as given, that of the interpolated data of a struct.
    ///
    /// # Errors
    /// As [`Object::interpolate`].
    pub fn hash(&self) -> Result<Hash> {
        match self.value {
            Value::Struct(_) => Ok(self.interpolate()?.0.get().hash()),
            _ => Ok(self.get().hash()),
        }
    }
}
