//! Pages for people: what runs here, why something does not, and what it wrote.

mod logs;
mod pages;
mod update;
mod view;

pub(crate) use logs::log;
pub(crate) use pages::{Pages, environment, job, role, roles};
pub(crate) use update::update;
