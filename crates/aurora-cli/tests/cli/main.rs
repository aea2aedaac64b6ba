//! The real binary in a cleared environment: what it says, where, and how it ends.
//!
//! Nothing here talks to a scheduler; that is done by the tests of the whole workspace.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod checking;
mod clusters;
mod configuration;
mod devcluster;
mod harness;
mod help;
mod hermetic;
mod limits;
mod sign_in;
mod usage;
