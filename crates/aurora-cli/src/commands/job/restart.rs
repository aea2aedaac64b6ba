//! `aurora job restart`: restarts the instances of a job in batches.

use std::num::NonZeroUsize;
use std::sync::{Mutex, OnceLock};
use std::time::Duration;

use aurora_jobkey::{InstanceKey, InstanceSet, JobKey};
use aurora_rpc::SchedulerClient;
use aurora_rpc::operations::{self, Hooks, RestartEnd, RestartOptions, RestartOutcome};
use clap::Args;
use serde_json::{Value, json};

use super::restarting::Restarting;
use super::strict;
use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::{FormatArgs, HookArgs};
use crate::python_text::python_instances;
use crate::target::Target;

/// Restart instances of a job in batches, and watch that they stay healthy
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job restart west/www/prod/web            all instances, one by one
  aurora job restart --batch-size 5 west/www/prod/web/0-49
  aurora job restart --watch-secs 60 --max-total-failures 2 west/www/prod/web
  aurora job restart -o json west/www/prod/web    the result as JSON

The configuration stays the same; `aurora update start` changes it. The command drives the restart: when you stop the \
command, the restart stops.")]
pub(crate) struct RestartArgs {
    /// The job, optionally with instances as in `0,2,5-9`
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME[/INSTANCES]")]
    key: InstanceKey,

    /// Instances to restart per batch; each batch is watched before the next
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    batch_size: u32,

    /// Time that an instance must stay running to count as healthy
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    watch_secs: u32,

    /// Time within which an instance must be running
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    restart_threshold: u32,

    /// Time between two looks at the instances
    #[arg(long, value_name = "SECONDS", default_value_t = 3)]
    healthcheck_interval_seconds: u32,

    /// Failures of an instance after which it is restarted again; negative for no limit
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    max_per_instance_failures: i64,

    /// Stop after more instances than this failed too often
    #[arg(
        long,
        value_name = "N",
        default_value_t = 0,
        allow_negative_numbers = true
    )]
    max_total_failures: i64,

    /// Fail if a named instance is not active
    #[arg(long)]
    strict: bool,

    /// Accepted for compatibility, without effect
    #[arg(long, hide = true)]
    force: bool,

    /// Open the job's page in the web browser when done
    #[arg(long)]
    open_browser: bool,

    #[command(flatten)]
    pub(super) format: FormatArgs,

    #[command(flatten)]
    hooks: HookArgs,
}

pub(crate) fn run(args: RestartArgs, context: &Context) -> Result<()> {
    if args.max_total_failures < 0 {
        let heading = format!(
            "max_total_failures option must be >0, but you specified {}",
            args.max_total_failures
        );
        return Err(Failure::new(exit::INVALID_PARAMETER, heading).announced());
    }
    let (job, instances) = args.key.clone().into_parts();
    let target = context.target(job.cluster())?;
    let client = context.client(&target)?;
    let restart = Restart {
        options: options(&args, &target),
        job,
        instances,
        args,
        target,
    };
    let hooks = OnceLock::new();
    let progress = Mutex::default();
    context
        .block_on(restart.run(&client, context, &hooks, &progress))
        .map_err(|failure| {
            let summary = || super::restarting::lock(&progress).summary();
            failure.naming_hook(hooks.get()).if_interrupted(summary)
        })
}

fn options(args: &RestartArgs, target: &Target) -> RestartOptions {
    let compat = target.cluster.compat;
    let seconds = |seconds: u32| Duration::from_secs(seconds.into());
    let within = |limit: i64| u32::try_from(limit).unwrap_or(u32::MAX);
    let per_instance = match args.max_per_instance_failures {
        ..0 if compat.restarts_without_limit_below_zero() => None,
        limit => Some(within(limit.max(0))),
    };
    let batch_size = usize::try_from(args.batch_size).ok();
    RestartOptions::default()
        .batch_size(
            batch_size
                .and_then(NonZeroUsize::new)
                .unwrap_or(NonZeroUsize::MIN),
        )
        .watch(seconds(args.watch_secs))
        .threshold(seconds(args.restart_threshold))
        .poll(seconds(args.healthcheck_interval_seconds))
        .max_failures_per_instance(per_instance)
        // The release shows a negative limit to hooks even where it applies none.
        .shown_failure_limit(Some(args.max_per_instance_failures))
        .max_failed_instances(within(args.max_total_failures))
        .endless(compat.restarts_tolerated_instances_for_ever())
}

/// What to restart, and how.
struct Restart {
    job: JobKey,
    /// All active ones with `None`.
    instances: Option<InstanceSet>,
    options: RestartOptions,
    args: RestartArgs,
    target: Target,
}

impl Restart {
    async fn run(
        &self,
        client: &SchedulerClient,
        context: &Context,
        hooks: &OnceLock<Hooks>,
        progress: &Mutex<Restarting>,
    ) -> Result<()> {
        let job = &self.job;
        if let (true, Some(instances)) = (self.args.strict, &self.instances) {
            strict::check(client, job, instances).await?;
        }
        let loaded = context.load_hooks(&self.args.hooks, job).await?;
        let hooks = hooks.get_or_init(|| loaded);
        let busy = context.output.busy(format!("restarting {job}"));
        let outcome = operations::restart(
            client,
            job,
            self.instances.as_ref(),
            &self.options,
            hooks,
            |event| {
                let mut progress = super::restarting::lock(progress);
                progress.record(&event, job);
                busy.set_text(progress.status(job));
            },
        )
        .await
        .map_err(|error| {
            if let (aurora_rpc::Error::RestartFailed { .. }, Some((_, messages))) =
                (&error, error.rejection())
            {
                tracing::error!("Error restarting instances: {}", messages.join(", "));
            }
            let heading = format!("Error restarting job {job}:");
            refusal(error, &heading, exit::API_ERROR)
        })?;
        self.report(&outcome, context)?;
        if self.args.open_browser {
            open_job_page(client, job, context).await?;
        }
        Ok(())
    }

    /// Prints the result.
    fn report(&self, outcome: &RestartOutcome, context: &Context) -> Result<()> {
        let job = &self.job;
        let is_exact = self.target.cluster.compat.exit_codes_tell_the_truth();
        match outcome.end {
            RestartEnd::NothingToRestart => {
                tracing::info!(
                    "No instances specified, and no active instances found in job {job}"
                );
                tracing::info!("Nothing to do.");
            }
            RestartEnd::Restarted => tracing::info!("All instances were restarted successfully"),
            RestartEnd::Incomplete => {}
            RestartEnd::GaveUp => {
                // The released client logs it when it stops, and again at the end.
                for _ in 0..if is_exact { 1 } else { 2 } {
                    self.log_failures(outcome);
                }
                tracing::info!("Restart failures threshold reached. Aborting");
            }
        }
        if let Some(reply) = &outcome.reply {
            log_message(reply);
        }
        let succeeds = outcome.is_success() || !is_exact;
        if context.output.is_for_programs() {
            context.output.json(&outcome_json(job, outcome));
        } else if succeeds {
            context
                .output
                .line(format_args!("Job {job} restarted successfully"));
        }
        if succeeds {
            return Ok(());
        }
        Err(unsuccessful(job, outcome))
    }

    fn log_failures(&self, outcome: &RestartOutcome) {
        let over = outcome.over_limit();
        tracing::error!(
            "{} failed instances observed, maximum allowed is {}",
            over.len(),
            self.args.max_total_failures
        );
        for (instance, failures) in over {
            tracing::error!(
                "{failures} instance failures for instance {instance}, maximum allowed is {}",
                self.args.max_per_instance_failures
            );
        }
    }
}

fn outcome_json(job: &JobKey, outcome: &RestartOutcome) -> Value {
    let list = |instances: &InstanceSet| instances.iter().collect::<Vec<_>>();
    json!({
        "job": job.as_str(),
        "outcome": outcome.end.to_string(),
        "restarted": list(&outcome.restarted),
        "failed": list(&outcome.failed),
        "untouched": list(&outcome.untouched),
        "failures": outcome.failures,
    })
}

fn unsuccessful(job: &JobKey, outcome: &RestartOutcome) -> Failure {
    let heading = match outcome.end {
        RestartEnd::GaveUp => format!("The restart of job {job} was stopped"),
        _ => format!("Job {job} was restarted, but some instances are not healthy"),
    };
    let mut failure = Failure::new(exit::COMMAND_FAILURE, heading);
    for (instances, what) in [
        (&outcome.restarted, "restarted and healthy"),
        (&outcome.failed, "failed"),
        (&outcome.untouched, "not restarted"),
    ] {
        if !instances.is_empty() {
            failure = failure.detail(format!("{what}: {}", python_instances(instances)));
        }
    }
    let rest = outcome.failed.union(&outcome.untouched);
    failure.hint(format!(
        "`aurora job restart {job}/{rest}` restarts the others"
    ))
}
