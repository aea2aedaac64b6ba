//! The rules of job updates.
//!
//! An update is stored with its whole history. How far each instance is at the moment is not: whenever an update begins
//! to roll, after a pause or a restart too, it examines every instance again.

mod diff;
mod rollout;
mod status;
mod updater;

pub(crate) use diff::{Diff, groups};
pub(crate) use rollout::{
    check_instance, control, next_check, overdue, pulse, resume_all, settle, start,
};
pub(crate) use status::Control;
