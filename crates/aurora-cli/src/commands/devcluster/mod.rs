//! `aurora devcluster`: the development cluster of this machine.

mod logs;
mod run;
mod start;
mod status;
mod stop;

use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What to do with the development cluster.
#[derive(Debug, Subcommand)]
#[command(
    disable_help_subcommand = true,
    subcommand_value_name = "VERB",
    subcommand_help_heading = "Verbs"
)]
pub(crate) enum Verb {
    Start(start::StartArgs),
    Stop(stop::StopArgs),
    Status(status::StatusArgs),
    Logs(logs::LogsArgs),
    #[command(hide = true)]
    Run(run::RunArgs),
}

impl Verb {
    /// Whether this process becomes the daemon.
    pub(crate) fn is_daemon(&self) -> bool {
        match self {
            Self::Start(args) => args.foreground,
            Self::Run(_) => true,
            _ => false,
        }
    }

    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Status(args) => args.format.is_json(),
            Self::Start(_) | Self::Stop(_) | Self::Logs(_) | Self::Run(_) => false,
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Start(args) => start::run(args, context),
            Self::Stop(args) => stop::run(args, context),
            Self::Status(args) => status::run(args, context),
            Self::Logs(args) => logs::run(args, context),
            Self::Run(args) => run::run(args, context),
        }
    }
}
