#![doc = include_str!("../README.md")]
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod component;
mod error;
mod glob;
mod instance_key;
mod instances;
mod key;
mod partial;
mod pattern;
mod text;
#[cfg(feature = "serde")]
mod text_serde;

pub use component::{Component, Form, is_identifier};
pub use error::Error;
pub use instance_key::{InstanceKey, TaskInstanceKey};
pub use instances::{InstanceIter, InstanceSet};
pub use key::JobKey;
pub use partial::{PartialJobKey, RoleKey};
pub use pattern::JobKeyPattern;
