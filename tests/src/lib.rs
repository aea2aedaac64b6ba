//! The programs in the guide, so that `cargo test` compiles them.
#![cfg(doctest)]

#[doc = include_str!("../../docs/library.md")]
struct LibraryGuide;
