//! Evaluates `.aurora` files: Python 2.7 programs over the object model.

mod dialect;
mod interpreter;
mod output;
mod runtime;

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
