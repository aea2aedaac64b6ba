//! An embedded one-machine Apache Aurora scheduler for development.
//!
//! [`DevCluster::start`] gives a scheduler that speaks the Thrift API of release 0.12.0 on a loopback port and runs
//! tasks as processes of this machine. Its state is on disk and survives a restart. It is a development cluster: it has
//! one host, and whoever can reach its port can run programs as its user. Production is Apache Aurora on Mesos.
//!
//! The crate knows the API, the task state machine and the local machine. It knows no command line, no `.aurora` files
//! and no leader election; it reads no environment variables and prints nothing.
//!
//! ```
//! use aurora_devcluster::{DevCluster, Options};
//!
//! # #[tokio::main]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let cluster = DevCluster::start(Options::new(folder.path())).await?;
//! assert!(cluster.url().starts_with("http://127.0.0.1:"));
//!
//! let found = aurora_devcluster::Instance::find(folder.path())?;
//! assert_eq!(found.map(|found| found.url).as_deref(), Some(cluster.url()));
//!
//! cluster.shutdown().await;
//! assert_eq!(aurora_devcluster::Instance::find(folder.path())?, None);
//! # Ok(())
//! # }
//! ```
//!
//! - [`Options`], [`Capacity`] and [`Timings`] say how it runs.
//! - [`Instance::find`], [`stop`], [`log_path`] and [`task_log_dir`] are for other processes of the same user.
//!
//! # What it serves
//!
//! All calls but rewriteConfigs and those about backups and recovery, which are refused with INVALID_REQUEST and their name.
//!
//! # Where it differs from a real cluster
//!
//! - Executors run inside this process, so tasks need nothing beside what they ask for.
//! - A role without a quota of its own may use the whole machine for production tasks.
//! - Tasks run as the user of this process, whatever their role. Resources are counted, not enforced.
//! - Stopping the cluster is a drain of its host: tasks come back with the next start and nothing counts as flapping.
//! - A job with an instance that has ended for good is updated all the same; the released scheduler waits for ever.
//! - Cron jobs skip a run that is more than a minute late, and times that a change of the clock leaves out.
//! - forceTaskState cannot assign a task, and ends the processes of a task that it calls ended.
//! - Waiting tasks are looked at whenever something changes, not with growing delays. Nothing is preempted.
//! - A task configuration has to be of the job that it comes with.

mod calls;
mod cluster;
mod cron;
mod engine;
mod error;
mod executor;
mod fit;
mod flapping;
mod instance;
mod layout;
mod leftovers;
mod maintenance;
mod model;
mod options;
mod ports;
mod scheduler;
mod service;
mod state;
mod state_machine;
mod ui;
mod updates;
mod validate;

pub use cluster::DevCluster;
pub use error::Error;
pub use instance::{
    RunningInstance, RunningInstance as Instance, Stopped, log_path, stop, task_log_dir,
};
pub use options::{Capacity, DEFAULT_CLUSTER_NAME, DEFAULT_PORT, Options, Timings};
