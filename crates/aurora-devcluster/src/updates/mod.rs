//! Updates of jobs: what they are to do, what they have done, and how they do it.
//!
//! An update is stored with its whole history. How far each instance is at the moment is not: whenever an update begins
//! to roll, after a pause or a restart too, it looks at every instance anew.

mod diff;
mod rollout;
mod status;
mod updater;

pub(crate) use diff::{Diff, groups};
pub(crate) use rollout::{next_look, overdue, pulse, resume_all, settle, start, take_look, wish};
pub(crate) use status::{Wish, target};
