#![doc = include_str!("../README.md")]
//!
//! # Reading
//!
//! One reader serves strict JSON and the documentation's own sample, which has a trailing comma: `jsonc-parser`
//! with all its other liberties off. It keeps the place of every value for error messages, and it limits the
//! depth of nesting. (`json5` does neither: a value of the wrong type would have no place, and a file of brackets
//! would overflow the stack.)

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
#[cfg(feature = "serde")]
mod text_serde;
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
