//! The calls about updates.

mod control;
mod read;
mod request;
mod start;

pub(crate) use control::{pulse, request};
pub(super) use read::config_groups;
pub(crate) use read::{details, diff, summaries};
pub(crate) use start::start;
