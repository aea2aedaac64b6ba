//! `aurora devcluster` in a command that was built without it.

use std::ffi::OsString;

use clap::Subcommand;

use crate::context::Context;
use crate::embedded;
use crate::failure::Result;

/// Any verb, which cannot be carried out.
#[derive(Debug, Subcommand)]
#[command(disable_help_subcommand = true)]
pub(crate) enum Verb {
    #[command(external_subcommand)]
    Any(#[expect(dead_code, reason = "clap asks for a place for the words")] Vec<OsString>),
}

impl Verb {
    /// No daemon is built in.
    pub(crate) fn is_daemon(&self) -> bool {
        false
    }

    /// Nothing is printed at all.
    pub(crate) fn prints_json(&self) -> bool {
        false
    }

    pub(crate) fn run(self, _: &Context) -> Result<()> {
        Err(embedded::not_built_in())
    }
}
