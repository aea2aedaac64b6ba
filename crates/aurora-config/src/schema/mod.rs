//! The schema of jobs: every struct with its fields, types and defaults, and the helper functions
//! that configuration files call.

mod build;
mod helpers;
mod json_schema;
mod reference_page;
mod table;
#[cfg(test)]
mod typed;

pub(crate) use build::{Export, Schema};
pub(crate) use helpers::{Helpers, option, options};
pub use json_schema::json_schema;
pub use reference_page::field_reference;
