//! The schema of jobs: every struct with its fields, types and defaults, and the helper functions
//! that configuration files call.

mod build;
mod helpers;
mod table;

pub(crate) use build::{Export, Schema};
pub(crate) use helpers::{Helpers, option, options};
