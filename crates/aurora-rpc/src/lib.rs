#![doc = include_str!("../README.md")]
//!
//! # Where things are
//!
//! ```
//! use aurora_cluster::Cluster;
//! use aurora_rpc::{SchedulerClient, operations, urls};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let scheduler = aurora_testkit::ScriptedScheduler::running([("www/prod/web", 2)]);
//! # let url = scheduler.url();
//! let client = SchedulerClient::connect(&Cluster::direct("west", url))?;
//! let base = client.base_url().await?;
//! for job in operations::list_jobs(&client, &"west/www".parse()?).await?.value {
//!     println!("{job}: {}", urls::job(&base, &job));
//!     # assert_eq!(job.as_str(), "west/www/prod/web");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`SchedulerClient`]: one async method for each call, and [`call`](SchedulerClient::call) for
//!   any; made by [`connect`](SchedulerClient::connect) or, with [`Timeouts`], a [`RetryPolicy`]
//!   or a [`Clock`], by [`builder`](SchedulerClient::builder).
//! - [`operations`]: what takes more than one call.
//! - [`Reply`]: a result with the scheduler's messages. [`Error`]: everything that can go wrong.
//! - [`SearchLimits`], [`FailedSearch`]: how the leader is found in ZooKeeper.
//! - [`urls`]: addresses of the scheduler's web pages.
//! - [`job_key`] and [`task_query`]: domain types as the API's structs.

mod address;
mod auth;
mod client;
mod clock;
mod decode;
mod discovery;
mod error;
pub mod operations;
mod outcome;
mod recover;
mod reply;
mod retry;
mod scheduler;
mod transport;
pub mod urls;
mod wire;

pub use auth::{Credentials, Netrc};
pub use client::{DEFAULT_MAX_RESPONSE_BYTES, SchedulerClient, SchedulerClientBuilder};
pub use clock::{Clock, Sleep, TokioClock, VirtualClock};
pub use discovery::{FailedSearch, SearchLimits};
pub use error::{Delivery, Error, HttpStatus, KerberosProblem};
pub use outcome::{Created, Started};
pub use reply::{Reply, messages};
pub use retry::{Retry, RetryPolicy};
pub use transport::Timeouts;
pub use wire::{job_key, task_query};
