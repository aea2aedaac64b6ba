#![doc = include_str!("../README.md")]
//!
//! # Limits of its knowledge
//!
//! The crate knows the API, the task state machine and the local machine. It knows no command line, no `.aurora` files
//! and no leader election. It reads no environment variables and prints nothing.

mod calls;
mod cluster;
mod cron;
mod engine;
mod error;
mod executor;
mod fit;
mod flapping;
mod layout;
mod leftovers;
mod maintenance;
mod model;
mod options;
mod ports;
mod running;
mod scheduler;
mod service;
mod state;
mod state_machine;
mod ui;
mod updates;
mod validate;

pub use aurora_thermos::Bytes;
pub use cluster::DevCluster;
pub use error::Error;
pub use options::{Capacity, DEFAULT_CLUSTER_NAME, DEFAULT_PORT, Options, Timings};
pub use running::{RunningCluster, Stopped, log_path, stop, task_log_dir};
