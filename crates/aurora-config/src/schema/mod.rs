//! The schema of jobs: every struct with its fields, types and defaults.

mod build;
mod json_schema;
mod reference_page;
mod table;
#[cfg(test)]
mod typed;

#[cfg(feature = "python")]
pub(crate) use build::Export;
pub(crate) use build::Schema;
pub use json_schema::json_schema;
pub use reference_page::field_reference;
