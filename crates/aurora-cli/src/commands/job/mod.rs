//! `aurora job`: work with jobs.

mod create;
mod diff;
mod inspect;
mod kill;
mod killall;
mod killing;
mod list;
mod matching;
mod open;
mod restart;
mod restarting;
mod status;
mod strict;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What to do with jobs.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    Create(create::CreateArgs),
    Diff(diff::DiffArgs),
    Inspect(inspect::InspectArgs),
    Kill(kill::KillInstancesArgs),
    Killall(killall::KillallArgs),
    List(list::ListArgs),
    Open(open::OpenArgs),
    Restart(restart::RestartArgs),
    Status(status::StatusArgs),
}

impl Verb {
    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Diff(args) => args.format.is_json(),
            Self::Inspect(args) => args.format.is_json(),
            Self::List(args) => args.format.is_json(),
            Self::Restart(args) => args.format.is_json(),
            Self::Status(args) => args.format.is_json(),
            Self::Create(_) | Self::Kill(_) | Self::Killall(_) | Self::Open(_) => false,
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Create(args) => create::run(args, context),
            Self::Diff(args) => diff::run(args, context),
            Self::Inspect(args) => inspect::run(args, context),
            Self::Kill(args) => kill::run(args, context),
            Self::Killall(args) => killall::run(args, context),
            Self::List(args) => list::run(args, context),
            Self::Open(args) => open::run(args, context),
            Self::Restart(args) => restart::run(args, context),
            Self::Status(args) => status::run(args, context),
        }
    }
}
