//! Python 2.7 programs on an embedded interpreter of Python 3 ([RustPython](rustpython_vm)).
//!
//! - [`run`] and [`run_file`] run a program and give its names with their values.
//! - [`run_with`] runs it with a [`Host`], which adds names and packages to the language and makes
//!   a result of the namespace. The [`Runtime`] has the rules of Python 2.7 for values of the
//!   interpreter, the [`Session`] what a run was given and what it used.
//! - [`Options`] limit what a program may use; a hermetic program reaches nothing outside of it.
//! - [`Error`] points at the [`Place`] in the text where it went wrong.

mod dialect;
mod error;
mod failure;
mod globals;
mod hermetic;
mod host;
mod machine;
mod memory;
mod output;
mod refusal;
mod run;
mod runtime;
mod session;
mod sources;
#[cfg(test)]
mod tests;
mod wording;

pub use rustpython_vm;

pub use crate::{OutputSink, OutputStream};
pub use error::{Error, Exception, Limit, Place};
pub use failure::Explanation;
pub use globals::{Value, run, run_file};
pub use host::{Host, Names, Options};
pub use machine::Afterwards;
pub use refusal::Refusal;
pub use run::{Outcome, run_with};
pub use runtime::{DictForm, Runtime};
pub use session::Session;
pub use sources::Sources;
