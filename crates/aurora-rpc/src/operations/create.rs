//! Creating a job, and waiting until its instances are in a state.

use aurora_config::{HookConfig, HookedCall};
use aurora_jobkey::JobKey;

use super::hooks::Hooks;
use super::stage::Stage;
use super::start::in_stages;
use super::status::{FailedInstance, job_status};
use super::wait::{Goal, Pace, Waited, wait_until};
use super::wanted::JobCreation;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::outcome::Created;
use crate::reply::Reply;

/// Creates a job, with its hooks around the call. `on_stage` is called as each stage begins.
///
/// ```
/// use aurora_config::{Bytes, Configuration, Job, LoadOptions, Process, Resources, Task};
/// use aurora_rpc::operations::{self, CreatedEnd, CreatedOptions, Goal, Hooks, WantedJob};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let scheduler = aurora_testkit::ScriptedScheduler::start();
/// # let cluster = aurora_cluster::Cluster::direct("west", scheduler.url());
/// # let client = aurora_rpc::SchedulerClient::connect(&cluster)?;
/// let key = "west/www/prod/web".parse()?;
/// let task = Task::new("web", vec![Process::new("serve", "./serve")])
///     .with_resources(Resources::new(0.5, Bytes::mebibytes(64), Bytes::mebibytes(64)));
/// let configuration = Configuration::from_jobs(&[Job::new(&key, task)], &LoadOptions::default())?;
/// let wanted = WantedJob::new(configuration.job(&key)?, key, "alice");
///
/// operations::create(&client, &wanted.creation()?, &Hooks::none(), |_| ()).await?;
///
/// let options = CreatedOptions::default().goal(Some(Goal::RunningOrFinished));
/// match operations::await_created(&client, wanted.key(), &options, |_| ()).await? {
///     CreatedEnd::Known { failed } => println!("{} instances failed", failed.len()),
///     end => panic!("{end:?}"),
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// As [`SchedulerClient::create_job`] and [`Hooks::around`].
pub async fn create(
    client: &SchedulerClient,
    creation: &JobCreation<'_>,
    hooks: &Hooks,
    on_stage: impl FnMut(Stage),
) -> Result<Reply<Created>, Error> {
    let wanted = creation.wanted;
    let config = HookConfig::new(wanted.job().clone(), wanted.user());
    let call = HookedCall::create_job(wanted.key().clone(), config);
    let sending = client.create_job(creation.configuration.clone());
    hooks
        .around(&call, in_stages(sending, on_stage), Reply::to_response)
        .await
}

/// How to wait for a job that was created.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CreatedOptions {
    /// What every instance has to be. Default: `None`, which does not wait.
    pub goal: Option<Goal>,
    /// How often to look. Default: [`Pace::PATIENT`].
    pub pace: Pace,
    /// Whether to continue when the scheduler refuses to report the instances, as the released client does.
    /// Default: no.
    pub ignore_refused_look: bool,
}

impl Default for CreatedOptions {
    fn default() -> Self {
        Self {
            goal: None,
            pace: Pace::PATIENT,
            ignore_refused_look: false,
        }
    }
}

impl CreatedOptions {
    /// The same with another goal.
    pub fn goal(mut self, goal: Option<Goal>) -> Self {
        self.goal = goal;
        self
    }

    /// The same with another pace.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// The same with another treatment of a refused report.
    pub fn ignore_refused_look(mut self, ignore: bool) -> Self {
        self.ignore_refused_look = ignore;
        self
    }
}

/// What [`await_created`] does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum CreatedStep {
    /// It waits until every instance meets the goal.
    Waiting,
    /// It looks which instances failed.
    Checking,
}

/// What became of a job that was created.
#[derive(Debug)]
#[must_use]
pub enum CreatedEnd {
    /// The wait is over, and the scheduler reported the job's tasks.
    Known {
        /// The instances whose latest task ended without success, by instance.
        failed: Vec<FailedInstance>,
    },
    /// The scheduler refused to report the instances: an [`Error::Rejected`].
    Refused(Error),
    /// The wait is over, and the scheduler has no task of the job, or refused to report them.
    NoTasks,
}

/// Waits for a job that was created, and looks which of its instances failed. `on_step` is called as each
/// step begins.
///
/// # Errors
/// As [`wait_until`].
pub async fn await_created(
    client: &SchedulerClient,
    job: &JobKey,
    options: &CreatedOptions,
    mut on_step: impl FnMut(CreatedStep),
) -> Result<CreatedEnd, Error> {
    if let Some(goal) = options.goal {
        on_step(CreatedStep::Waiting);
        match wait_until(client, job, None, goal, options.pace).await? {
            Waited::Refused(error) if !options.ignore_refused_look => {
                return Ok(CreatedEnd::Refused(error));
            }
            _ => {}
        }
    }
    on_step(CreatedStep::Checking);
    match job_status(client, job).await {
        Ok(reply) if !reply.value.is_empty() => Ok(CreatedEnd::Known {
            failed: reply.value.failed_instances(),
        }),
        Ok(_) | Err(Error::Rejected { .. }) => Ok(CreatedEnd::NoTasks),
        Err(error) => Err(error),
    }
}
