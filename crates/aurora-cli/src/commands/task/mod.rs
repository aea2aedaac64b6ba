//! `aurora task`: work on the hosts of tasks.

mod remote;
mod run;
mod ssh;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What to do with running tasks.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    Run(run::RunArgs),
    Ssh(ssh::SshTaskArgs),
}

impl Verb {
    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Run(args) => run::run(args, context),
            Self::Ssh(args) => ssh::run(args, context),
        }
    }
}
