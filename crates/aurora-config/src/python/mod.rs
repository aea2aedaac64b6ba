//! Evaluates `.aurora` files: Python 2.7 programs over the object model.

mod binding;
mod dialect;
mod evaluate;
mod failure;
mod hermetic;
mod hooks;
mod interpreter;
mod memory;
mod output;
mod place;
mod runtime;
mod wording;

pub(crate) use evaluate::evaluate;
pub(crate) use place::Texts;

/// Takes what a configuration prints.
pub(crate) type Writer = dyn Fn(crate::OutputStream, &[u8]);

#[cfg(test)]
mod tests;
