//! `aurora job create`: a job from a job file, on a cluster.

use std::cell::Cell;
use std::path::PathBuf;

use aurora_api::{JobConfiguration, ScheduleStatus};
use aurora_config::{HookConfig, HookedCall};
use aurora_jobkey::JobKey;
use aurora_rpc::operations::{self, Goal, JobStatus, Waited};
use aurora_rpc::{SchedulerClient, urls};
use clap::{Args, ValueEnum};

use crate::commands::{log_message, open_job_page};
use crate::context::Context;
use crate::exit;
use crate::failure::{Failure, Result, refusal};
use crate::hooks::{self, Hooks, response_of};
use crate::options::ReadArgs;
use crate::target::Target;

/// Create a job from a job file and start its instances
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  aurora job create devcluster/$USER/devel/hello hello.aurora
  aurora job create --wait-until RUNNING west/www/prod/web web.aurora
  aurora job create --bind version=1.2 west/www/prod/web web.aurora

The cluster `devcluster` always exists: it runs jobs on this machine and is started when needed.")]
pub(crate) struct CreateArgs {
    /// The job to create
    #[arg(value_name = "CLUSTER/ROLE/ENV/NAME")]
    key: JobKey,

    /// The job file
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Return when all instances are in this state; PENDING does not wait
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
    if job.is_cron() {
        return Err(Failure::new(
            exit::COMMAND_FAILURE,
            "Cron jobs may only be scheduled with \"aurora cron schedule\" command",
        ));
    }
    let user = context.environment.user()?;
    let description = job.to_job_configuration(&user)?;
    context.start_if_embedded(key.cluster())?;
    let target = context.target(key.cluster())?;
    let client = context.client(&target)?;
    let creation = Creation {
        call: HookedCall::create_job(key.clone(), HookConfig::new(job, user)),
        description,
        hooks: &hooks,
    };
    let stage = Cell::new(Stage::BeforeCall);
    let page = context
        .block_on(create(&args, creation, &target, &client, context, &stage))
        .map_err(|failure| {
            hooks::if_interrupted(Some(&hooks), failure).if_interrupted(|| stage.get().told(key))
        })?;
    context
        .output
        .line(format_args!("Job create succeeded: job url={page}"));
    Ok(())
}

/// What is to be created, and who has a say in it.
struct Creation<'a> {
    description: JobConfiguration,
    hooks: &'a Hooks,
    call: HookedCall,
}

/// How far an interrupted `job create` came.
#[derive(Clone, Copy, Debug)]
enum Stage {
    BeforeCall,
    Asking,
    Waiting,
}

impl Stage {
    fn told(self, key: &JobKey) -> String {
        match self {
            Self::BeforeCall => "The job was not created".to_owned(),
            Self::Asking => format!(
                "Whether the job was created is not known; `aurora job status {key}` shows it"
            ),
            Self::Waiting => format!(
                "The job was created and goes on; `aurora job status {key}` shows how far it is"
            ),
        }
    }
}

/// Creates the job and waits as asked; gives the address of its page.
async fn create(
    args: &CreateArgs,
    creation: Creation<'_>,
    target: &Target,
    client: &SchedulerClient,
    context: &Context,
    stage: &Cell<Stage>,
) -> Result<String> {
    let key = &args.key;
    let making = async {
        stage.set(Stage::Asking);
        tracing::info!("Creating job {}", key.name());
        let result = client.create_job(creation.description).await;
        if result.is_ok() {
            stage.set(Stage::Waiting);
        }
        result
    };
    let result = creation
        .hooks
        .around(&creation.call, making, response_of)
        .await?;
    let answer = result.map_err(|error| {
        let heading = "Job creation failed due to error:";
        refusal(error, heading, exit::COMMAND_FAILURE)
    })?;
    log_message(&answer);
    if args.open_browser {
        open_job_page(client, key, context).await?;
    }
    let tells_the_truth = target.cluster.compat.exit_codes_tell_the_truth();
    if let Some(goal) = args.wait_until.goal() {
        let pace = target.patient_pace();
        let hoped = args.wait_until.hoped().unwrap_or_default();
        let waiting = format!("waiting until every instance of {key} {hoped}");
        let _busy = context.output.busy(waiting);
        match operations::wait_until(client, key, None, goal, pace).await? {
            Waited::Refused(error) if tells_the_truth => {
                let heading = "The job was created, but the scheduler does not say how it goes on:";
                return Err(refusal(error, heading, exit::COMMAND_FAILURE));
            }
            _ => {}
        }
    }
    tracing::info!("Checking status of {key}");
    let tasks = match operations::job_status(client, key).await {
        Ok(answer) if !answer.value.is_empty() => answer.value,
        Ok(_) | Err(aurora_rpc::Error::Rejected { .. }) => {
            let heading = format!("Error occurred while creating job {key}");
            return Err(Failure::new(exit::COMMAND_FAILURE, heading).announced());
        }
        Err(error) => return Err(error.into()),
    };
    let page = urls::job(&client.base_url().await?, key);
    if tells_the_truth {
        args.wait_until.check(&tasks, key, &page)?;
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
}

impl WaitUntil {
    /// What is said of an instance that is as asked for.
    fn hoped(self) -> Option<&'static str> {
        match self {
            Self::Pending => None,
            Self::Running => Some("runs"),
            Self::Finished => Some("has finished"),
        }
    }

    /// Refuses to call it a success when an instance ended in another way than asked for.
    fn check(self, status: &JobStatus, key: &JobKey, page: &str) -> Result<()> {
        let Some(hoped) = self.hoped() else {
            return Ok(());
        };
        let failed = failed_instances(status);
        if failed.is_empty() {
            return Ok(());
        }
        let heading = format!("Job {key} was created, but not every instance {hoped}:");
        let mut failure = Failure::new(exit::COMMAND_FAILURE, heading);
        let told = failed.len().min(FAILED_TOLD);
        for (instance, end) in &failed[..told] {
            failure = failure.detail(format!("instance {instance}: {end}"));
        }
        if failed.len() > told {
            failure = failure.detail(format!("and {} more", failed.len() - told));
        }
        Err(failure.hint(format!("the job's page is {page}")))
    }
}

/// How many instances that ended badly are named.
const FAILED_TOLD: usize = 10;

/// The instances whose latest task ended without success, and how it ended.
fn failed_instances(status: &JobStatus) -> Vec<(u32, String)> {
    let bad = [
        ScheduleStatus::FAILED,
        ScheduleStatus::KILLED,
        ScheduleStatus::LOST,
    ];
    status
        .latest()
        .into_iter()
        .filter_map(|(instance, task)| {
            let status = task.status.filter(|status| bad.contains(status))?;
            let last = task.task_events.as_ref().and_then(|events| events.last());
            let message = last.and_then(|event| event.message.as_deref());
            let end = match message.unwrap_or_default() {
                "" => status.to_string(),
                message => format!("{status}: {message}"),
            };
            Some((instance, end))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use aurora_api::{AssignedTask, ScheduledTask, TaskEvent};

    use super::*;

    fn task(instance: i32, began: i64, status: ScheduleStatus, message: &str) -> ScheduledTask {
        ScheduledTask {
            status: Some(status),
            assigned_task: Some(AssignedTask {
                instance_id: Some(instance),
                ..AssignedTask::default()
            }),
            task_events: Some(vec![TaskEvent {
                timestamp: Some(began),
                message: Some(message.to_owned()),
                ..TaskEvent::default()
            }]),
            ..ScheduledTask::default()
        }
    }

    #[test]
    fn the_latest_task_of_an_instance_tells_how_it_ended() {
        let mut status = JobStatus::default();
        status.active = vec![task(0, 9, ScheduleStatus::PENDING, "")];
        status.inactive = vec![
            task(0, 1, ScheduleStatus::FAILED, "replaced since"),
            task(1, 1, ScheduleStatus::LOST, "older"),
            task(1, 2, ScheduleStatus::FAILED, "exit code 1"),
            task(2, 1, ScheduleStatus::FAILED, "older"),
            task(2, 2, ScheduleStatus::FINISHED, ""),
            task(3, 1, ScheduleStatus::KILLED, ""),
        ];
        assert_eq!(
            failed_instances(&status),
            [
                (1, "FAILED: exit code 1".to_owned()),
                (3, "KILLED".to_owned())
            ]
        );
        let key: JobKey = "west/www/prod/web".parse().unwrap();
        let check = |wait: WaitUntil| wait.check(&status, &key, "http://h/scheduler");
        assert_eq!(check(WaitUntil::Pending), Ok(()));
        assert_eq!(
            check(WaitUntil::Running).unwrap_err().code(),
            exit::COMMAND_FAILURE
        );
    }

    #[test]
    fn a_cut_list_says_how_much_is_missing() {
        let mut status = JobStatus::default();
        status.inactive = (0..12)
            .map(|instance| task(instance, 1, ScheduleStatus::LOST, "host is gone"))
            .collect();
        let key: JobKey = "west/www/prod/web".parse().unwrap();
        let failure = WaitUntil::Finished.check(&status, &key, "http://h/scheduler");
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
