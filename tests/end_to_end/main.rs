//! The command as a user runs it, against the embedded cluster, with real processes.

mod bad_input;
mod devcluster;
mod harness;
mod jobs;
