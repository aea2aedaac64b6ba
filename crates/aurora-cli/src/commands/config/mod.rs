//! `aurora config`: work with job files.

mod check;
mod list;
mod render;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What to do with job files.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    List(list::ListArgs),
    Check(check::CheckArgs),
    Render(render::RenderArgs),
}

impl Verb {
    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::List(args) => args.format.is_json(),
            Self::Check(args) => args.is_for_programs(),
            Self::Render(_) => true,
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::List(args) => list::run(args, context),
            Self::Check(args) => check::run(args, context),
            Self::Render(args) => render::run(args, context),
        }
    }
}
