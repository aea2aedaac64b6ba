//! Restarting instances a few at a time, and watching that they stay healthy.

mod event;
mod options;
mod outcome;
mod watch;

use std::collections::{BTreeMap, VecDeque};

use aurora_config::HookedCall;
use aurora_jobkey::{InstanceSet, JobKey};

use super::active::active_instances;
use super::hooks::Hooks;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::reply::Reply;
pub use event::RestartEvent;
pub use options::RestartOptions;
pub use outcome::{RestartEnd, RestartOutcome};
use watch::watch;

/// Restarts `instances`, or all active ones with `None`, batch after batch in ascending order, and
/// watches each batch until its instances are healthy or have failed. Those that failed go to the
/// end of the queue. `hooks` run once, around the whole restart.
///
/// ```
/// use std::time::Duration;
///
/// use aurora_rpc::operations::{self, Hooks, RestartEnd, RestartEvent, RestartOptions};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let scheduler = aurora_testkit::ScriptedScheduler::running([("www/prod/web", 2)]);
/// # let cluster = aurora_cluster::Cluster::direct("west", scheduler.url());
/// # let clock = aurora_rpc::VirtualClock::new();
/// # let client = aurora_rpc::SchedulerClient::builder(&cluster).clock(clock).build()?;
/// let job = "west/www/prod/web".parse()?;
/// let options = RestartOptions::default().watch(Duration::from_secs(45));
/// let outcome = operations::restart(&client, &job, None, &options, &Hooks::none(), |event| {
///     if let RestartEvent::Healthy { instance, .. } = event {
///         println!("healthy: {instance}");
///     }
/// })
/// .await?;
/// assert_eq!(outcome.end, RestartEnd::Restarted);
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// [`Error::NoInstances`] when `instances` is empty; [`Error::RestartFailed`] when the restart of a batch
/// could not be sent or was refused, or nothing is known of its instances; as [`Hooks::around`]; any other
/// error is of the look at which instances are active.
pub async fn restart(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    options: &RestartOptions,
    hooks: &Hooks,
    on_event: impl FnMut(RestartEvent<'_>) + Send,
) -> Result<RestartOutcome, Error> {
    if instances.is_some_and(InstanceSet::is_empty) {
        return Err(Error::NoInstances {
            method: "restartShards",
        });
    }
    // The list of a large range is long, and only hooks read it.
    let listed = instances.filter(|_| !hooks.is_empty());
    let listed: Option<Vec<u32>> = listed.map(|instances| instances.iter().collect());
    let settings = options.to_hook_value();
    let call = HookedCall::restart(job.clone(), listed.as_deref(), settings, hooks.config());
    let restarting = restart_all(client, job, instances, options, on_event);
    hooks
        .around(&call, restarting, RestartOutcome::to_response)
        .await
}

/// Restarts batch after batch, without hooks.
async fn restart_all(
    client: &SchedulerClient,
    job: &JobKey,
    instances: Option<&InstanceSet>,
    options: &RestartOptions,
    mut on_event: impl FnMut(RestartEvent<'_>) + Send,
) -> Result<RestartOutcome, Error> {
    let active = active_instances(client, job).await?.value;
    let targets = instances.unwrap_or(&active);
    let mut outcome = RestartOutcome {
        end: RestartEnd::NothingToRestart,
        restarted: InstanceSet::new(),
        failed: InstanceSet::new(),
        untouched: targets.clone(),
        failures: BTreeMap::new(),
        options: *options,
        reply: None,
    };
    if targets.is_empty() {
        return Ok(outcome);
    }
    on_event(RestartEvent::Begins { instances: targets });
    let mut queue: VecDeque<u32> = targets.iter().collect();
    outcome.end = loop {
        if outcome.over_limit().len()
            > usize::try_from(options.max_failed_instances).unwrap_or(usize::MAX)
        {
            break RestartEnd::GaveUp;
        }
        let size = options.batch_size.get().min(queue.len());
        let batch: Vec<u32> = queue.drain(..size).collect();
        if batch.is_empty() {
            break match outcome.failed.is_empty() {
                true => RestartEnd::Restarted,
                false => RestartEnd::Incomplete,
            };
        }
        let instances: InstanceSet = batch.iter().copied().collect();
        let result = restart_batch(client, job, &batch, options, &mut on_event).await;
        let (reply, failed) = result.map_err(|error| Error::RestartFailed {
            instances: instances.clone(),
            restarted: outcome.restarted.clone(),
            source: Box::new(error),
        })?;
        outcome.reply = Some(reply);
        outcome.untouched = outcome.untouched.difference(&instances);
        let failed_now: InstanceSet = failed.iter().copied().collect();
        let healthy = instances.difference(&failed_now);
        outcome.restarted = outcome.restarted.union(&healthy);
        outcome.failed = outcome.failed.difference(&healthy).union(&failed_now);
        for instance in failed {
            let failures = outcome.failures.entry(instance).or_default();
            *failures = failures.saturating_add(1);
            if options.tries_again(*failures) {
                queue.push_back(instance);
            }
        }
    };
    Ok(outcome)
}

/// Restarts and watches one batch: the scheduler's reply, and the instances that failed.
async fn restart_batch(
    client: &SchedulerClient,
    job: &JobKey,
    batch: &[u32],
    options: &RestartOptions,
    on_event: &mut (impl FnMut(RestartEvent<'_>) + Send),
) -> Result<(Reply<()>, Vec<u32>), Error> {
    on_event(RestartEvent::Restarting { instances: batch });
    let instances = batch.iter().copied().collect();
    let reply = client.restart_shards(job, &instances).await?;
    on_event(RestartEvent::Accepted {
        instances: batch,
        reply: &reply,
    });
    let failed = watch(client, job, batch, options, on_event).await?;
    Ok((reply, failed))
}
