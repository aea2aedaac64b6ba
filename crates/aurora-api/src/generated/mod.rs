//! What `cargo xtask codegen` writes, and the few functions that the repaired code calls.

#![allow(
    missing_docs,
    unused_imports,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::vec_box,
    clippy::match_single_binding,
    clippy::large_enum_variant
)]

#[rustfmt::skip]
pub(crate) mod api;
#[rustfmt::skip]
pub(crate) mod calls;

use thrift::{ProtocolError, ProtocolErrorKind};

/// The room to make for a list before its elements are read: a sender's word is not enough for more.
pub(crate) fn capacity(declared: i32) -> usize {
    usize::try_from(declared).unwrap_or(0).min(64)
}

pub(crate) fn unknown_branch(union: &str) -> thrift::Error {
    thrift::Error::Protocol(ProtocolError::new(
        ProtocolErrorKind::InvalidData,
        format!("{union} holds a branch that is not part of release 0.12.0"),
    ))
}
