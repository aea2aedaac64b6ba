//! The command as a user runs it, against the embedded cluster, with real processes.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod bad_input;
mod changes;
mod devcluster;
mod guide;
mod harness;
mod jobs;
mod retries;
mod schedules;
mod zookeeper;
