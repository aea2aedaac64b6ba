//! `aurora cron`: work with cron jobs.

mod deschedule;
mod schedule;
mod show;
mod start;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What to do with cron jobs.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    Schedule(schedule::ScheduleArgs),
    Deschedule(deschedule::DescheduleArgs),
    Start(start::StartArgs),
    Show(show::ShowArgs),
}

impl Verb {
    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Show(args) => args.format.is_json(),
            Self::Schedule(_) | Self::Deschedule(_) | Self::Start(_) => false,
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Schedule(args) => schedule::run(args, context),
            Self::Deschedule(args) => deschedule::run(args, context),
            Self::Start(args) => start::run(args, context),
            Self::Show(args) => show::run(args, context),
        }
    }
}
