//! `aurora job create`: creates a job from a job file.

use std::cell::Cell;
use std::path::PathBuf;

use aurora_jobkey::JobKey;
use aurora_rpc::operations::{
    self, CreatedEnd, CreatedOptions, CreatedStep, FailedInstance, Goal, Hooks, JobCreation, Stage,
    WantedJob,
};
use aurora_rpc::{SchedulerClient, urls};
use clap::{Args, ValueEnum};

use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::options::ReadArgs;
use crate::target::Target;

/// Create a job from a job file and start its instances
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job create devcluster/$(whoami)/devel/hello hello.aurora
  aurora job create --wait-until RUNNING west/www/prod/web web.aurora
  aurora job create --bind version=1.2 west/www/prod/web web.aurora

The cluster `devcluster` is built in: it runs jobs on this machine, and starts the first time you create one.")]
pub(crate) struct CreateArgs {
    /// The job to create
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Wait until all instances are in this state; PENDING does not wait
    #[arg(
        long,
        value_name = "STATE",
        value_enum,
        ignore_case = true,
        default_value_t
    )]
    wait_until: WaitUntil,

    /// Open the job's page in the web browser once the job exists
    #[arg(long)]
    open_browser: bool,

    #[command(flatten)]
    read: ReadArgs,
}

/// How long `job create` waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
enum WaitUntil {
    #[default]
    Pending,
    Running,
    Finished,
}

pub(crate) fn run(args: CreateArgs, context: &Context) -> Result<()> {
    let key = &args.key;
    let loading = context.load_job_with_hooks(&args.file, &args.read, key);
    let (job, hooks) = context.block_on(loading)?;
    let wanted = WantedJob::new(job, key.clone(), context.environment.user()?);
    let creation = wanted.creation().map_err(unfit)?;
    context.start_if_embedded(key.cluster())?;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let stage = Cell::new(Stage::default());
    let creating = create(
        &args,
        (&creation, &hooks),
        &target,
        &client,
        context,
        &stage,
    );
    let page = context.block_on(creating).map_err(|failure| {
        failure
            .naming_hook(Some(&hooks))
            .if_interrupted(|| progress(stage.get(), key))
    })?;
    context
        .output
        .line(format_args!("Job create succeeded: job url={page}"));
    Ok(())
}

/// The failure for a job that cannot be created.
fn unfit(error: aurora_rpc::Error) -> Failure {
    match error {
        aurora_rpc::Error::CronJob { .. } => Failure::new(
            exit::COMMAND_FAILURE,
            "Cron jobs may only be scheduled with \"aurora cron schedule\" command",
        ),
        error => error.into(),
    }
}

/// The result so far, for a user who interrupts the command.
fn progress(stage: Stage, key: &JobKey) -> String {
    match stage {
        Stage::NotSent => "The job was not created".to_owned(),
        Stage::Executed => {
            format!("The job was created and continues; `aurora job status {key}` shows its tasks")
        }
        _ => {
            format!("The job may or may not have been created; `aurora job status {key}` shows it")
        }
    }
}

/// Creates the job, waits as requested, and returns the address of its page.
async fn create(
    args: &CreateArgs,
    (creation, hooks): (&JobCreation<'_>, &Hooks),
    target: &Target,
    client: &SchedulerClient,
    context: &Context,
    stage: &Cell<Stage>,
) -> Result<String> {
    let key = &args.key;
    let on_stage = |reached| {
        if reached == Stage::Sent {
            tracing::info!("Creating job {}", key.name());
        }
        stage.set(reached);
    };
    let answer = operations::create(client, creation, hooks, on_stage)
        .await
        .map_err(|error| {
            let heading = "Job creation failed due to error:";
            refusal(error, heading, exit::COMMAND_FAILURE)
        })?;
    log_message(&answer);
    if args.open_browser {
        open_job_page(client, key, context).await?;
    }
    let reports_failures = target.cluster.compat.exit_codes_tell_the_truth();
    let options = CreatedOptions::default()
        .goal(args.wait_until.goal())
        .pace(target.patient_pace())
        .ignore_refused_look(!reports_failures);
    let mut busy = None;
    let on_step = |step| match step {
        CreatedStep::Waiting => {
            let reached = args.wait_until.reached().unwrap_or_default();
            let waiting = format!("waiting until every instance of {key} {reached}");
            busy = Some(context.output.busy(waiting));
        }
        _ => {
            busy = None;
            tracing::info!("Checking status of {key}");
        }
    };
    let end = operations::await_created(client, key, &options, on_step).await?;
    let failed = match end {
        CreatedEnd::Known { failed } => failed,
        CreatedEnd::Refused(error) => {
            let heading = "The job was created, but the scheduler does not report its tasks:";
            return Err(refusal(error, heading, exit::COMMAND_FAILURE));
        }
        CreatedEnd::NoTasks => {
            let heading = format!("Error occurred while creating job {key}");
            return Err(Failure::new(exit::COMMAND_FAILURE, heading).announced());
        }
    };
    let page = urls::job(&client.base_url().await?, key);
    if reports_failures {
        args.wait_until.check(&failed, key, &page)?;
    }
    Ok(page)
}

impl WaitUntil {
    /// What to wait for; the first state is reached as soon as the job exists.
    fn goal(self) -> Option<Goal> {
        match self {
            Self::Pending => None,
            Self::Running => Some(Goal::RunningOrFinished),
            Self::Finished => Some(Goal::Terminal),
        }
    }

    /// The words for an instance that is in the requested state.
    fn reached(self) -> Option<&'static str> {
        match self {
            Self::Pending => None,
            Self::Running => Some("runs"),
            Self::Finished => Some("has finished"),
        }
    }

    /// Fails if an instance ended without success before it was in the requested state.
    fn check(self, failed: &[FailedInstance], key: &JobKey, page: &str) -> Result<()> {
        let Some(reached) = self.reached() else {
            return Ok(());
        };
        if failed.is_empty() {
            return Ok(());
        }
        let heading = format!("Job {key} was created, but not every instance {reached}:");
        let mut failure = Failure::new(exit::COMMAND_FAILURE, heading);
        for end in failed.iter().take(FAILED_SHOWN) {
            failure = failure.detail(format!("instance {}: {end}", end.instance));
        }
        if let Some(more) = failed
            .len()
            .checked_sub(FAILED_SHOWN)
            .filter(|more| *more > 0)
        {
            failure = failure.detail(format!("and {more} more"));
        }
        Err(failure.hint(format!("the job's page is {page}")))
    }
}

/// The maximum number of failed instances to list.
const FAILED_SHOWN: usize = 10;

#[cfg(test)]
mod tests {
    use aurora_api::{AssignedTask, ScheduleStatus, ScheduledTask, TaskEvent};
    use aurora_rpc::operations::JobStatus;

    use super::*;

    fn lost(instances: std::ops::Range<i32>) -> Vec<FailedInstance> {
        let task = |instance| ScheduledTask {
            status: Some(ScheduleStatus::LOST),
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                ..AssignedTask::default()
            }),
            task_events: Some(vec![TaskEvent {
                message: Some("host is gone".to_owned()),
                ..TaskEvent::default()
            }]),
            ..ScheduledTask::default()
        };
        let mut status = JobStatus::default();
        status.inactive = instances.map(task).collect();
        status.failed_instances()
    }

    #[test]
    fn a_failed_instance_matters_only_to_a_wait() {
        let key: JobKey = "west/www/prod/web".parse().unwrap();
        let check = |wait: WaitUntil| wait.check(&lost(0..1), &key, "http://h/scheduler");
        assert_eq!(check(WaitUntil::Pending), Ok(()));
        assert_eq!(
            check(WaitUntil::Running).unwrap_err().code(),
            exit::COMMAND_FAILURE
        );
    }

    #[test]
    fn a_shortened_list_shows_how_many_are_missing() {
        let key: JobKey = "west/www/prod/web".parse().unwrap();
        let failure = WaitUntil::Finished.check(&lost(0..12), &key, "http://h/scheduler");
        insta::assert_snapshot!(failure.unwrap_err().plain_text(), @r"
        Job west/www/prod/web was created, but not every instance has finished:
        	instance 0: LOST: host is gone
        	instance 1: LOST: host is gone
        	instance 2: LOST: host is gone
        	instance 3: LOST: host is gone
        	instance 4: LOST: host is gone
        	instance 5: LOST: host is gone
        	instance 6: LOST: host is gone
        	instance 7: LOST: host is gone
        	instance 8: LOST: host is gone
        	instance 9: LOST: host is gone
        	and 2 more

        hint: the job's page is http://h/scheduler
        ");
    }
}
