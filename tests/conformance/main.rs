//! Recorded behaviour of the released client, replayed against ours.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cli;
mod config;
mod guide;
mod python2;
