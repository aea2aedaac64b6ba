//! Where in a file an object was made. Copies carry it; equality, hashes and texts know nothing of it.

use std::sync::Arc;

/// How many refinements of one object are kept. A program that refines an object in a loop must not
/// make a chain that grows with it.
const MAX_CALLS: usize = 16;

/// A call in a file, in lines and columns of the code that ran, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The name of the file.
    pub file: Arc<str>,
    /// Line and column of the first character.
    pub start: (u32, u32),
    /// Line and column behind the last character.
    pub end: (u32, u32),
    /// The file and line of the statement that led there, where the call is in a function.
    pub from: Option<(Arc<str>, u32)>,
}

/// The calls that made an object: the constructor, and refinements of what it gave.
#[derive(Debug, Clone)]
pub(crate) struct Origin(Arc<Made>);

#[derive(Debug)]
struct Made {
    call: Call,
    fields: Fields,
    /// What was refined.
    base: Option<Origin>,
    calls: usize,
}

/// Positions of fields as bits; those that do not fit share the last bit.
#[derive(Debug, Clone, Copy)]
struct Fields(u64);

impl Fields {
    const ALL: Self = Self(u64::MAX);

    fn of(positions: impl IntoIterator<Item = usize>) -> Self {
        let bit = |position: usize| 1_u64 << position.min(63);
        Self(positions.into_iter().map(bit).fold(0, |all, bit| all | bit))
    }

    fn have(self, position: usize) -> bool {
        self.0 & Self::of([position]).0 != 0
    }
}

impl Origin {
    /// The constructor's call.
    pub(crate) fn new(call: Call) -> Self {
        Self(Arc::new(Made {
            call,
            fields: Fields::ALL,
            base: None,
            calls: 1,
        }))
    }

    /// A call that replaces these fields of a struct.
    pub(crate) fn refined(
        base: Option<&Self>,
        call: Call,
        positions: impl IntoIterator<Item = usize>,
    ) -> Self {
        let base = base.filter(|base| base.0.calls < MAX_CALLS);
        Self(Arc::new(Made {
            call,
            fields: Fields::of(positions),
            calls: base.map_or(1, |base| base.0.calls + 1),
            base: base.cloned(),
        }))
    }

    /// The last call.
    pub(crate) fn call(&self) -> &Call {
        &self.0.call
    }

    /// The call that set a field last; where none did, the first one.
    pub(crate) fn of_field(&self, position: usize) -> &Self {
        let mut at = self;
        while !at.0.fields.have(position)
            && let Some(base) = &at.0.base
        {
            at = base;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(line: u32) -> Call {
        Call {
            file: "a".into(),
            start: (line, 1),
            end: (line, 9),
            from: None,
        }
    }

    #[test]
    fn a_field_comes_from_the_call_that_set_it_last() {
        let made = Origin::new(call(1));
        let refined = Origin::refined(Some(&made), call(2), [3, 70]);
        let again = Origin::refined(Some(&refined), call(3), [3]);
        let line = |position| again.of_field(position).call().start.0;
        assert_eq!((line(3), line(4), line(70), line(63)), (3, 1, 2, 2));
        assert_eq!(again.call().start.0, 3);
    }

    #[test]
    fn refining_without_an_end_makes_no_chain_without_an_end() {
        let mut origin = Origin::new(call(1));
        for line in 2..100_000 {
            origin = Origin::refined(Some(&origin), call(line), [0]);
        }
        assert!(origin.0.calls <= MAX_CALLS);
    }
}
