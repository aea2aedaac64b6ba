//! Apache Aurora cluster configuration: finding, reading and merging `clusters.json`.
//!
//! It knows the properties of a cluster, their types, defaults and dependencies on each other, and where 0.12.0
//! looks for the files. It must not know the network, which it never touches, nor the environment and
//! the home folder, whose values are given to it.
//!
//! ```
//! use std::path::Path;
//!
//! use aurora_cluster::{Clusters, SchedulerAddress};
//!
//! let mut clusters = Clusters::new();
//! clusters.merge(
//!     Path::new("clusters.json"),
//!     r#"[{
//!         // Comments and trailing commas are welcome.
//!         "name": "example",
//!         "scheduler_uri": "localhost:55555",
//!     }]"#,
//! )?;
//! match clusters.get("example")?.scheduler_address()? {
//!     SchedulerAddress::Direct(url) => assert_eq!(url.join("api"), "http://localhost:55555/api"),
//!     SchedulerAddress::ZooKeeper(zookeeper) => println!("{}", zookeeper.connect_string()),
//!     _ => {}
//! }
//! # Ok::<(), aurora_cluster::Error>(())
//! ```
//!
//! Entry types: [`Clusters`] ([`load`](Clusters::load), [`default_paths`](Clusters::default_paths)),
//! [`Cluster`], [`SchedulerAddress`], [`BaseUrl`], [`AuthMechanism`], [`SandboxRoot`], [`Error`],
//! [`Warning`].
//!
//! # Reading
//!
//! A file is a list of clusters, or an object with clusters as its values. It is JSON, with comments
//! and trailing commas beside: the documentation's own sample has one. One reader does both, `jsonc-parser`
//! with all its other liberties off; it keeps the place of every value, so that an error names file,
//! line and column, and it bounds the depth of nesting. (`json5` does neither: a value of a wrong
//! type would have no place, and a file of brackets would overflow the stack.)
//!
//! As in the released client a number is taken where text is wanted and the other way round, and a
//! mistake in a property disturbs only those who need that property: a cluster with a bad
//! connection is an error when it is asked for, one without `slave_root` when a sandbox is.

mod address;
mod auth;
mod cluster;
mod clusters;
mod entry;
mod error;
mod location;
mod paths;
mod property;
mod reader;
mod sandbox;
mod secret;
mod url;
mod warning;

pub use address::{HostPort, SchedulerAddress, ZooKeeper};
pub use auth::AuthMechanism;
pub use cluster::Cluster;
pub use clusters::Clusters;
pub use error::Error;
pub use location::Location;
pub use sandbox::SandboxRoot;
pub use secret::redact;
pub use url::BaseUrl;
pub use warning::Warning;

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
