//! Programs that use objects and types.

mod objects;
