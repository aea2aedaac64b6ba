//! Whole configurations as Python files.

mod files;
mod hermetic;
mod hooks;
mod limits;
mod modules;
mod places;
