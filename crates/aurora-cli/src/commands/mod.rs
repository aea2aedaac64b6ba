//! The nouns; each verb is a file that parses its arguments, calls one operation and prints.

mod completion;
pub(crate) mod config;
pub(crate) mod cron;
#[cfg(feature = "devcluster")]
pub(crate) mod devcluster;
pub(crate) mod job;
#[cfg(not(feature = "devcluster"))]
mod no_devcluster;
pub(crate) mod quota;
pub(crate) mod sla;
pub(crate) mod task;
pub(crate) mod update;

use aurora_jobkey::JobKey;
use aurora_rpc::{Reply, SchedulerClient, urls};
use clap::Subcommand;

use crate::browser;
use crate::context::Context;
use crate::failure::Result;
#[cfg(not(feature = "devcluster"))]
use no_devcluster as devcluster;

/// What a command is about.
#[derive(Debug, Subcommand)]
pub(crate) enum Noun {
    /// Work with jobs
    #[command(subcommand)]
    Job(job::Verb),
    /// Work with cron jobs
    #[command(subcommand)]
    Cron(cron::Verb),
    /// Show the quota of roles
    #[command(subcommand)]
    Quota(quota::Verb),
    /// Show the availability of jobs
    #[command(subcommand)]
    Sla(sla::Verb),
    /// Work on the hosts of tasks
    #[command(subcommand)]
    Task(task::Verb),
    /// Work with job files
    #[command(subcommand)]
    Config(config::Verb),
    /// Update jobs and control their updates
    #[command(subcommand)]
    Update(update::Verb),
    /// Run a development cluster on this machine
    #[command(subcommand)]
    #[cfg_attr(not(feature = "devcluster"), command(hide = true))]
    Devcluster(devcluster::Verb),
    Completion(completion::CompletionArgs),
}

impl Noun {
    /// Whether the verb starts a log of its own, as the daemon does.
    pub(crate) fn logs_by_itself(&self) -> bool {
        matches!(self, Self::Devcluster(verb) if verb.is_daemon())
    }

    /// Whether standard output is for the JSON of the verb alone, and everything else goes to standard error.
    pub(crate) fn prints_json(&self) -> bool {
        match self {
            Self::Job(verb) => verb.prints_json(),
            Self::Cron(verb) => verb.prints_json(),
            Self::Quota(verb) => verb.prints_json(),
            Self::Sla(verb) => verb.prints_json(),
            Self::Config(verb) => verb.prints_json(),
            Self::Update(verb) => verb.prints_json(),
            Self::Devcluster(verb) => verb.prints_json(),
            Self::Task(_) | Self::Completion(_) => false,
        }
    }

    pub(crate) fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Job(verb) => verb.run(context),
            Self::Cron(verb) => verb.run(context),
            Self::Quota(verb) => verb.run(context),
            Self::Sla(verb) => verb.run(context),
            Self::Task(verb) => verb.run(context),
            Self::Config(verb) => verb.run(context),
            Self::Update(verb) => verb.run(context),
            Self::Devcluster(verb) => verb.run(context),
            Self::Completion(args) => completion::run(args, context),
        }
    }
}

/// Logs the message that comes with a successful reply.
pub(crate) fn log_message<T>(reply: &Reply<T>) {
    let message = reply.message();
    if !message.is_empty() {
        tracing::info!("{message}");
    }
}

/// Opens the page of a job, for `--open-browser` of other verbs. Without a browser, the address goes to standard
/// error, because standard output carries the results of the verb.
pub(crate) async fn open_job_page(
    client: &SchedulerClient,
    job: &JobKey,
    context: &Context,
) -> Result<()> {
    let page = urls::job(&client.base_url().await?, job);
    if !browser::open(&page, &context.environment) {
        context.output.note(format_args!(
            "No browser could be started; the job's page is {page}"
        ));
    }
    Ok(())
}
