#![doc = include_str!("../README.md")]

pub mod binary;
pub mod calls;
mod error;
mod generated;
#[cfg(feature = "jobkey")]
mod jobkey;
mod limits;
pub mod message;
mod names;
mod states;
pub mod tjson;
mod view;
mod wire;

pub use error::Error;
pub use generated::api::*;
pub use limits::Limits;
/// The double of the generated types, from the `thrift` crate.
pub use thrift::OrderedFloat;
pub use view::to_json;
