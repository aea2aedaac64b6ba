//! What `cargo xtask codegen` writes.

#![allow(
    missing_docs,
    clippy::large_enum_variant,
    reason = "the IDL decides what is documented and how large a branch is"
)]

pub(crate) mod api;
pub(crate) mod calls;
