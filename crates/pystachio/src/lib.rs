#![doc = include_str!("../README.md")]
//!
//! # Items
//!
//! - [`Data`] is what goes in and comes out: plain values, and objects among them.
//! - [`Type`] says what an object may hold. [`Type::construct`] makes objects, as calling a class
//!   does in Python; [`Type::coerce`] lets a value be that is of the type already.
//! - [`Object`] is a typed value with the scopes in which its templates are resolved. Objects never
//!   change and are cheap to clone: [`Object::refine`] (a call), [`Object::bind`],
//!   [`Object::in_scope`] and [`Object::modulo`] (the `%` operator) make new ones.
//! - [`Object::interpolate`] resolves templates and gives the references that stayed unbound,
//!   [`Object::check`] finds the first problem, [`Object::get`] gives the data as it was put in.
//! - [`Object::field`], [`Object::has`], [`Object::elements`], [`Object::item`],
//!   [`Object::contains`], [`Object::find`] look inside, [`Object::text`] and [`Object::repr`] are
//!   `str()` and `repr()`, [`Object::equals`], [`Object::compare`] and [`Object::hash`] the
//!   comparisons, [`Object::json_dumps`] and [`Type::json_loads`] the JSON forms.
//! - [`Object::made_by`] and [`Object::refined_by`] note the [`Call`] in a file that made an object;
//!   [`Object::call_of`] finds it again for any part, [`Object::unbound`] gives the places of unbound references.
//! - [`Environment`] is a table from references to values for `bind`.
//!
//! Everything fails with an [`Error`], whose kind is the exception that it would be in a
//! Python program and whose message is that exception's text.

mod access;
mod check;
mod coerce;
mod compare;
mod construct;
mod data;
mod depth;
mod error;
mod interpolate;
mod json;
mod object;
mod origin;
#[cfg(feature = "python")]
pub mod python;
mod scope;
mod template;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod walk;
mod work;

pub use check::Check;
pub use data::{Data, Dict, DictKind, Foreign, Int, Text};
pub use error::{Error, FieldPath, PathStep, Problem, ProblemKind, Result, Under};
pub use json::{dumps, dumps_indented, locate_json, parse_json};
pub use object::Object;
pub use origin::Call;
pub use scope::{Environment, Found};
pub use template::{Reference, ReferenceError, Step, Substitution, substitute};
pub use types::{Field, Kind, Signature, StructType, Type};
