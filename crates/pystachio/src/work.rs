//! How much work one interpolation may be: a handful of values that each repeat the next one would
//! otherwise keep it busy for ever, within a text as well as over many of them.

use std::cell::Cell;

use super::{Error, ProblemKind, Result};

/// The bytes that references of one object may come to, in all passes over all its texts.
const MOST: usize = 256 << 20;

/// What every reference counts for, beside the bytes that it brings.
const REFERENCE: usize = 64;

thread_local! {
    // Values are looked up by way of objects that are interpolated in their turn: all of that is
    // the work of the outermost one.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
    static LEFT: Cell<usize> = const { Cell::new(MOST) };
}

/// The work of an interpolation that has begun, or of the one that it is part of.
pub(crate) struct Work(());

impl Work {
    pub(crate) fn begin() -> Self {
        let depth = DEPTH.get();
        if depth == 0 {
            LEFT.set(MOST);
        }
        DEPTH.set(depth + 1);
        Self(())
    }

    /// Counts a reference that brought so many bytes.
    ///
    /// # Errors
    /// When it is one too many.
    pub(crate) fn spend(&self, bytes: usize) -> Result<()> {
        let left = LEFT.get().checked_sub(bytes.saturating_add(REFERENCE));
        LEFT.set(left.unwrap_or_default());
        match left {
            Some(_) => Ok(()),
            None => {
                let message = format!(
                    "Unable to interpolate: the references of one object come to more than {} MiB",
                    MOST >> 20
                );
                Err(Error::new(ProblemKind::Size, message))
            }
        }
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        DEPTH.set(DEPTH.get() - 1);
    }
}
