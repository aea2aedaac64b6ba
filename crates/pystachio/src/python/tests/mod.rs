//! Programs that use objects and types.

mod face;
mod objects;
