//! The Thrift API of the Apache Aurora 0.12.0 scheduler: its types and the JSON encoding that it speaks.
//!
//! The types are generated from `idl/api.thrift`, and every field is optional: a field left at `None` is not sent.

pub mod calls;
mod generated;
mod names;

pub use generated::api::*;
