//! Everything that the scheduler holds, in memory and on disk, and how it changes: all or nothing.

mod change;
mod overlay;
mod store;
mod tables;

pub(crate) use change::{Change, ChangeSet, Notice, Order, Random};
pub(crate) use store::Store;
pub(crate) use tables::State;
