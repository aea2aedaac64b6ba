//! A client library for Apache Aurora schedulers.
//!
//! It knows how to reach the scheduler of a cluster, how to say each call of its API, what to do
//! when a connection fails or an answer gets lost, and the operations that take many calls. It
//! knows nothing of configuration files, of the terminal, or of the environment: paths, names and
//! credentials are given to it, and what happens meanwhile is told through events. Kerberos tickets
//! alone are found by the system's library, where that looks for them.
//!
//! ```
//! use aurora_cluster::Cluster;
//! use aurora_rpc::{SchedulerClient, operations, urls};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let scheduler = {
//! #     use std::io::{Read, Write};
//! #     let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
//! #     let url = format!("http://{}", listener.local_addr()?);
//! #     std::thread::spawn(move || -> std::io::Result<()> {
//! #         let (mut stream, _) = listener.accept()?;
//! #         let mut seen = Vec::new();
//! #         while !seen.ends_with(br#"[1,"getJobs",1,0,{"1":{"str":"www"}}]"#) {
//! #             let mut chunk = [0; 4096];
//! #             let n = stream.read(&mut chunk)?;
//! #             seen.extend_from_slice(&chunk[..n]);
//! #         }
//! #         let body = concat!(
//! #             r#"[1,"getJobs",2,0,{"0":{"rec":{"1":{"i32":1},"3":{"rec":{"4":{"rec":{"1":{"set":["rec",1,"#,
//! #             r#"{"9":{"rec":{"1":{"str":"www"},"2":{"str":"prod"},"3":{"str":"web"}}}}]}}}}}}}}]"#
//! #         );
//! #         write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len())
//! #     });
//! #     url
//! # };
//! let cluster = Cluster::direct("west", scheduler);
//! let client = SchedulerClient::connect(&cluster)?;
//!
//! let base = client.base_url().await?;
//! for job in operations::list_jobs(&client, &"west/www".parse()?).await?.value {
//!     println!("{job}: {}", urls::job(&base, &job));
//!     # assert_eq!(job.to_string(), "west/www/prod/web");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - [`SchedulerClient`]: one async method for each call, and [`call`](SchedulerClient::call) for
//!   any; made by [`connect`](SchedulerClient::connect) or, with [`Timeouts`], a [`RetryPolicy`]
//!   or a [`Clock`], by [`builder`](SchedulerClient::builder).
//! - Finding the leader in ZooKeeper: [`SearchLimits`], [`FailedSearch`]. Each client has one
//!   session, opened by its first call, that follows the leader.
//! - [`Answer`]: a result with the scheduler's messages. [`Error`]: everything that can go wrong.
//! - [`operations`]: waiting for instances, killing and restarting in batches, following updates,
//!   SLA figures, listing, status.
//! - [`urls`]: addresses of the scheduler's web pages.
//! - [`KerberosProblem`]: clusters with Kerberos need the cargo feature `kerberos`.
//! - [`job_key`] and [`task_query`]: domain types as the API's structs.

mod address;
mod answer;
mod auth;
mod client;
mod clock;
mod delivery;
mod discovery;
mod error;
mod kerberos;
mod netrc;
pub mod operations;
mod recover;
mod reply;
mod retry;
mod scheduler;
mod status;
mod transport;
pub mod urls;
mod wire;

pub use answer::{Answer, messages};
pub use auth::Credentials;
pub use client::{DEFAULT_MAX_RESPONSE_BYTES, SchedulerClient, SchedulerClientBuilder};
pub use clock::{Clock, Sleep, TokioClock, VirtualClock};
pub use delivery::Delivery;
pub use discovery::{FailedSearch, SearchLimits};
pub use error::Error;
pub use kerberos::KerberosProblem;
pub use netrc::Netrc;
pub use retry::{Retry, RetryPolicy};
pub use scheduler::{Created, Started};
pub use status::HttpStatus;
pub use transport::Timeouts;
pub use wire::{job_key, task_query};

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
