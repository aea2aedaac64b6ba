//! What CPython 2.7 does and other programs came to rely on: hashes, the order of dictionaries and
//! sets, and the text of numbers.
//!
//! Executor data is compared byte for byte by the scheduler, so the order in which the released
//! client writes keys is part of the format. That order is deterministic; this module computes it.

mod api;
mod dump;
mod float;
mod hash;
mod layout;
mod order;
mod text;

pub(crate) use api::job_configuration_repr;
pub use dump::task_dump;
pub(crate) use float::{float_repr, float_str, parse_float, parse_int};
pub(crate) use hash::{Hash, hash_float, hash_int, hash_long, hash_text, hash_tuple};
#[cfg(feature = "python")]
pub(crate) use layout::Layout;
pub(crate) use order::{DictOrder, SetOrder, name_order};
pub use text::text_repr;
