//! `aurora quota`: the quota of roles.

mod get;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What to do with quotas.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    Get(get::GetArgs),
}

impl Verb {
    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Get(args) => args.format.is_json(),
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Get(args) => get::run(args, context),
        }
    }
}
