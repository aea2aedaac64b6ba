#![doc = include_str!("../README.md")]

#[cfg(feature = "interpreter")]
pub mod interpreter;

mod float;
mod hash;
mod layout;
mod nearest;
mod order;
mod sink;
mod text;

pub use float::{float_repr, float_str, parse_float, parse_int};
pub use hash::{Hash, hash_float, hash_int, hash_long, hash_text, hash_tuple};
pub use layout::Layout;
pub use nearest::nearest;
pub use order::{DictOrder, SetOrder, name_order};
pub use sink::{OutputSink, OutputStream};
pub use text::text_repr;
