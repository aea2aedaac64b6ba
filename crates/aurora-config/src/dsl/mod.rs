//! Evaluates `.aurora` files: Python 2.7 programs over the object model.

mod binding;
mod dialect;
mod evaluate;
mod failure;
mod interpreter;
mod output;
mod runtime;
mod wording;

pub(crate) use evaluate::evaluate;

/// Which of a configuration's streams something was written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stream {
    Stdout,
    Stderr,
}

/// Takes what a configuration prints.
pub(crate) type Writer = dyn Fn(Stream, &[u8]);

#[cfg(test)]
mod tests;
