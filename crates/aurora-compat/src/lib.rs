#![doc = include_str!("../README.md")]

mod compat;
mod rows;
#[cfg(feature = "serde")]
mod text_serde;

pub use compat::{Compat, Error};
pub use rows::{ROWS, Row, row};
