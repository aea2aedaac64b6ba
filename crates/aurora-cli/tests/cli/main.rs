//! The real binary in a cleared environment: what it says, where, and how it ends.
//!
//! What is recorded of the release is replayed by the tests of the whole workspace; here is what is our own.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod checking;
mod clusters;
mod completion;
mod configuration;
mod devcluster;
mod features;
mod harness;
mod help;
mod help_config;
mod help_others;
mod help_tasks;
mod help_updates;
mod hermetic;
mod limits;
mod plans;
mod remote;
mod scheduler;
mod sign_in;
mod updates;
mod usage;
