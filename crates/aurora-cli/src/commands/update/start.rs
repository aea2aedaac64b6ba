//! `aurora update start`: updates a job to its job file, batch by batch.

use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

use aurora_jobkey::{InstanceKey, JobKey};
use aurora_rpc::operations::{self, Hooks, JobUpdate, PlannedGroup, Stage, WantedJob};
use aurora_rpc::{Reply, SchedulerClient, Started, urls};
use clap::Args;

use super::follow::Followed;
use crate::commands::log_message;
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::{FormatArgs, ReadArgs};
use crate::plan::Plan;
use crate::target::Target;

/// Update a job to its job file, batch by batch
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora update start --dry-run west/www/prod/web web.aurora   a preview
  aurora update start west/www/prod/web web.aurora
  aurora update start --wait -m 'version 1.3' west/www/prod/web web.aurora
  aurora update start west/www/prod/web/0-4 web.aurora         some instances

The rollout is configured by update_config. `aurora job diff` shows the changes in detail.")]
pub(crate) struct StartArgs {
    /// The job, optionally with instances as in `0,2,5-9`
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME[/INSTANCES]")]
    key: InstanceKey,

    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Reason, shown with the update
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,

    /// Wait until the update has ended, with the exit codes of `aurora update wait`
    #[arg(long)]
    wait: bool,

    /// Only show which instances would be added, removed, updated and kept
    #[arg(long, conflicts_with = "wait")]
    dry_run: bool,

    #[command(flatten)]
    pub(super) format: FormatArgs,

    #[command(flatten)]
    ineffective: IneffectiveArgs,

    #[command(flatten)]
    read: ReadArgs,
}

/// Options that the release accepts and ignores.
#[derive(Args, Debug)]
struct IneffectiveArgs {
    /// Accepted for compatibility, without effect
    #[arg(long)]
    open_browser: bool,

    /// Accepted for compatibility, without effect
    #[arg(long)]
    strict: bool,

    /// Accepted for compatibility, without effect
    #[arg(
        long,
        value_name = "N",
        default_value_t = 3,
        allow_negative_numbers = true
    )]
    healthcheck_interval_seconds: i64,
}

pub(crate) fn run(args: StartArgs, context: &Context) -> Result<()> {
    if args.format.is_json() && !args.dry_run {
        return Err(Failure::new(
            exit::USAGE,
            "`-o json` needs `--dry-run`; `aurora update info -o json` shows an update that has started",
        ));
    }
    let (key, instances) = args.key.clone().into_parts();
    let loading = context.load_job_with_hooks(&args.file, &args.read, &key);
    let (job, hooks) = context.block_on(loading)?;
    let wanted =
        WantedJob::new(job, key.clone(), context.environment.user()?).with_instances(instances);
    let update = wanted.update().map_err(unfit)?;
    if !args.dry_run {
        context.start_if_embedded(key.cluster())?;
    }
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    if args.dry_run {
        return show_plan(&wanted, &args, &client, context);
    }
    let start = Start {
        update: &update,
        hooks: &hooks,
        key: &key,
        message: args.message.as_deref(),
        waits: args.wait,
        progress: RefCell::new(Progress::NotSent),
    };
    context
        .block_on(start.run(&client, &target, context))
        .map_err(|failure| {
            failure
                .naming_hook(Some(&hooks))
                .if_interrupted(|| start.progress.borrow().text(&key))
        })
}

/// The failure for a job that cannot be updated.
fn unfit(error: aurora_rpc::Error) -> Failure {
    match error {
        aurora_rpc::Error::CronJob { .. } => Failure::new(
            exit::COMMAND_FAILURE,
            "Cron jobs may only be updated with \"aurora cron schedule\" command",
        ),
        error => error.into(),
    }
}

/// Prints what the update would do.
fn show_plan(
    wanted: &WantedJob,
    args: &StartArgs,
    client: &SchedulerClient,
    context: &Context,
) -> Result<()> {
    let plan = Plan::make(wanted, (&args.file, &args.read), client, None, context)?;
    if context.output.is_for_programs() {
        plan.print_json(wanted.key(), None, context);
        return Ok(());
    }
    plan.print_frame(context, None::<fn(&PlannedGroup) -> Result<()>>)?;
    plan.note_explained(context);
    Ok(())
}

/// An update that is to be started.
struct Start<'a> {
    update: &'a JobUpdate<'a>,
    hooks: &'a Hooks,
    key: &'a JobKey,
    message: Option<&'a str>,
    waits: bool,
    progress: RefCell<Progress<'a>>,
}

/// The progress of an interrupted `update start`.
enum Progress<'a> {
    NotSent,
    Unknown,
    NothingToDo,
    Following(Rc<Followed<'a>>),
}

impl Progress<'_> {
    fn text(&self, key: &JobKey) -> String {
        match self {
            Self::NotSent => "The update was not started".to_owned(),
            Self::Unknown => format!(
                "The update may or may not have started; `aurora update info {key}` shows it"
            ),
            Self::NothingToDo => "There was nothing to update".to_owned(),
            Self::Following(followed) => followed.still_runs(),
        }
    }
}

impl Start<'_> {
    /// Starts the update, and waits as requested.
    async fn run(
        &self,
        client: &SchedulerClient,
        target: &Target,
        context: &Context,
    ) -> Result<()> {
        let answer = self.send(client).await?;
        let Some(update) = answer.value.key() else {
            self.progress.replace(Progress::NothingToDo);
            log_message(&answer);
            context.output.line(answer.message());
            return Ok(());
        };
        let id = update.id.clone();
        let followed = Rc::new(Followed::new(self.key, id.clone()));
        self.progress.replace(Progress::Following(followed.clone()));
        log_message(&answer);
        let page = urls::update(
            &client.base_url().await?,
            self.key,
            id.as_deref().unwrap_or_default(),
        );
        context.output.line(format_args!(
            "Job update has started. View your update progress at {page}"
        ));
        if self.waits {
            followed.to_the_end(client, target, context).await?;
        }
        Ok(())
    }

    async fn send(&self, client: &SchedulerClient) -> Result<Reply<Started>> {
        let on_stage = |stage| {
            if stage == Stage::Sent {
                self.progress.replace(Progress::Unknown);
                tracing::info!("Starting update for: {}", self.key.name());
            }
        };
        operations::start_update(client, self.update, self.message, self.hooks, on_stage)
            .await
            .map_err(|error| {
                refusal(
                    error,
                    "Failed to start update due to error:",
                    exit::API_ERROR,
                )
            })
    }
}
