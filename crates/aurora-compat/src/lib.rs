//! The places where the Apache Aurora 0.12.0 client behaves otherwise than its documentation says,
//! and which of the two a caller wants.
//!
//! The documented behaviour is the default. [`Compat::Released`] gives what the released client
//! does, for those who move over with scripts that rely on it. Every difference is one [`Row`] of
//! [`ROWS`], with its reason; code asks the accessors of [`Compat`] and never compares the mode itself,
//! so that this crate stays the only place that knows the rows.
//!
//! It knows the rows and nothing else: no files, no environment, no command lines. Whoever reads
//! `--compat`, `AURORA_COMPAT` or a cluster's `compat` property parses the text with [`str::parse`].
//!
//! ```
//! use aurora_compat::{Compat, ROWS};
//!
//! let compat: Compat = "released".parse()?;
//! assert_eq!(compat.default_min_duration(), 5);
//! assert_eq!(Compat::default().default_min_duration(), 15);
//!
//! for row in ROWS {
//!     println!("{}: {} ({})", row.subject, row.behaviour(compat), row.reason);
//! }
//! # Ok::<(), aurora_compat::Error>(())
//! ```
//!
//! Entry types: [`Compat`], [`Row`], [`ROWS`], [`row`], [`Error`].

mod compat;
mod rows;

pub use compat::{Compat, Error};
pub use rows::{ROWS, Row, row};

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
