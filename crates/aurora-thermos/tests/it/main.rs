//! Tasks with real processes, on this machine, as this user.
#![allow(clippy::unwrap_used, reason = "helpers of tests fail tests")]

mod common;
mod crash;
mod output;
mod probes;
mod run;
mod stop;
mod user;
