//! The nouns; each verb is a file that parses its arguments, calls one operation and prints.

pub(crate) mod config;
pub(crate) mod devcluster;
pub(crate) mod job;
pub(crate) mod update;

use aurora_jobkey::InstanceSet;
use aurora_rpc::Answer;
use clap::Subcommand;

use crate::context::Context;
use crate::failure::Result;

/// What a command is about.
#[derive(Debug, Subcommand)]
pub(crate) enum Noun {
    /// Work with jobs
    #[command(subcommand)]
    Job(job::Verb),
    /// Work with job files
    #[command(subcommand)]
    Config(config::Verb),
    /// Update jobs, and steer and follow updates
    #[command(subcommand)]
    Update(update::Verb),
    /// Work with the development cluster of this machine
    #[command(subcommand)]
    Devcluster(devcluster::Verb),
}

impl Noun {
    /// Whether the verb sets up its own log, as the daemon does.
    pub(crate) fn logs_by_itself(&self) -> bool {
        matches!(self, Self::Devcluster(verb) if verb.is_daemon())
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Job(verb) => verb.run(context),
            Self::Config(verb) => verb.run(context),
            Self::Update(verb) => verb.run(context),
            Self::Devcluster(verb) => verb.run(context),
        }
    }
}

/// Logs what the scheduler says beside an OK.
pub(crate) fn log_message<T>(answer: &Answer<T>) {
    let message = answer.message();
    if !message.is_empty() {
        tracing::info!("{message}");
    }
}

/// Instances as the released client prints them: `[0, 1, 4]`.
pub(crate) fn python_instances(instances: &InstanceSet) -> String {
    let numbers: Vec<_> = instances.iter().map(|number| number.to_string()).collect();
    format!("[{}]", numbers.join(", "))
}
