//! The keys by which Apache Aurora jobs, their instances and groups of jobs are named.
//!
//! It knows how keys are written, what may stand in them, how they compare and what a pattern
//! covers. It knows nothing else of Aurora: not which clusters exist, no configuration, no network. It has
//! no dependency but `thiserror`, and `serde` behind the feature of that name.
//!
//! ```
//! use aurora_jobkey::{InstanceKey, JobKey, JobKeyPattern};
//!
//! let key: JobKey = "west/www/prod/web".parse()?;
//! assert_eq!((key.cluster(), key.role()), ("west", "www"));
//!
//! let some: InstanceKey = "west/www/prod/web/0,4-7".parse()?;
//! assert!(some.instances().is_some_and(|set| set.contains(5)));
//!
//! let pattern: JobKeyPattern = "west/www/*/w*".parse()?;
//! assert!(pattern.matches(&key));
//!
//! let error = "west/www/prod".parse::<JobKey>().unwrap_err();
//! assert_eq!(error.to_string(), "job name is missing: expected CLUSTER/ROLE/ENV/NAME");
//! # Ok::<(), aurora_jobkey::Error>(())
//! ```
//!
//! | type | text |
//! | --- | --- |
//! | [`JobKey`] | `CLUSTER/ROLE/ENV/NAME` |
//! | [`InstanceKey`] | `CLUSTER/ROLE/ENV/NAME[/INSTANCES]` |
//! | [`TaskInstanceKey`] | `CLUSTER/ROLE/ENV/NAME/INSTANCE` |
//! | [`PartialJobKey`] | `CLUSTER[/ROLE[/ENV[/NAME]]]` |
//! | [`JobKeyPattern`] | the same, with wildcards |
//! | [`RoleKey`] | `CLUSTER/ROLE` |
//! | [`InstanceSet`] | `0,2,4-7` |
//!
//! All of them implement [`FromStr`](std::str::FromStr) and [`Display`](std::fmt::Display); what prints
//! reads back as the same value. An [`Error`] says which [`Component`] is wrong and where, to
//! the byte.

mod component;
mod error;
mod glob;
mod instance_key;
mod instances;
mod key;
mod partial;
mod pattern;
#[cfg(feature = "serde")]
mod text_serde;

pub use component::{Component, Form, is_identifier};
pub use error::Error;
pub use instance_key::{InstanceKey, TaskInstanceKey};
pub use instances::{InstanceIter, InstanceSet};
pub use key::JobKey;
pub use partial::{PartialJobKey, RoleKey};
pub use pattern::JobKeyPattern;

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
