//! A temporary home for each test.

pub(crate) use aurora_testkit::command::Home;

/// A new home for runs of the command.
pub(crate) fn home() -> Home {
    Home::of(env!("CARGO_BIN_EXE_aurora"))
}
