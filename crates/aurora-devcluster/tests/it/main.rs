//! The cluster as its users meet it: over HTTP, with real processes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)]

mod child;
mod common;
mod daemon;
mod disk;
mod executor;
mod life;
mod pages;
mod updates;
mod wire;
