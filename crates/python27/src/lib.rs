#![doc = include_str!("../README.md")]

mod float;
mod hash;
mod layout;
mod order;
mod text;

pub use float::{float_repr, float_str, parse_float, parse_int};
pub use hash::{Hash, hash_float, hash_int, hash_long, hash_text, hash_tuple};
pub use layout::Layout;
pub use order::{DictOrder, SetOrder, name_order};
pub use text::text_repr;
