//! Watching instances after their restart.

use std::collections::BTreeMap;
use std::time::Duration;

use aurora_api::ScheduleStatus;
use aurora_jobkey::{InstanceSet, JobKey};

use super::event::RestartEvent;
use super::options::RestartOptions;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::operations::wait::SHORTEST_PAUSE;

/// The task of an instance, and when it was first seen running.
struct Seen {
    task: Option<String>,
    since: Duration,
}

/// Looks at a batch until each instance is healthy or has failed: those that failed, in order.
pub(super) async fn watch(
    client: &SchedulerClient,
    job: &JobKey,
    batch: &[u32],
    options: &RestartOptions,
    on_event: &mut (impl FnMut(RestartEvent<'_>) + Send),
) -> Result<Vec<u32>, Error> {
    let &RestartOptions {
        watch, threshold, ..
    } = options;
    let instances: InstanceSet = batch.iter().copied().collect();
    let clock = client.clock();
    let begin = clock.now();
    let mut seen: BTreeMap<u32, Seen> = BTreeMap::new();
    let mut undecided = batch.to_vec();
    let mut failed = Vec::new();
    loop {
        let running = match running(client, job, &instances).await {
            Ok(running) => running,
            Err(error @ Error::Rejected { .. }) => {
                on_event(RestartEvent::LookRefused { error: &error });
                BTreeMap::new()
            }
            Err(error) => return Err(error),
        };
        let now = clock.now();
        undecided.retain(|&instance| {
            let is_healthy = match (running.get(&instance), seen.get(&instance)) {
                (Some(task), None) => {
                    let task = task.clone();
                    seen.insert(instance, Seen { task, since: now });
                    on_event(RestartEvent::Running { instance });
                    return true;
                }
                (Some(task), Some(before)) if *task == before.task => {
                    if now <= before.since.saturating_add(watch) {
                        return true;
                    }
                    on_event(RestartEvent::Healthy { instance, watch });
                    true
                }
                (_, Some(_)) => {
                    on_event(RestartEvent::Unhealthy { instance });
                    false
                }
                (None, None) => {
                    if now <= begin.saturating_add(threshold) {
                        return true;
                    }
                    on_event(RestartEvent::NotRunning {
                        instance,
                        threshold,
                    });
                    false
                }
            };
            if !is_healthy {
                failed.push(instance);
            }
            false
        });
        if undecided.is_empty() {
            return Ok(failed);
        }
        if now > begin.saturating_add(threshold).saturating_add(watch) {
            for instance in undecided {
                on_event(RestartEvent::Undecided { instance });
                failed.push(instance);
            }
            return Ok(failed);
        }
        clock.sleep(options.poll.max(SHORTEST_PAUSE)).await;
    }
}

/// The tasks of those instances that run.
async fn running(
    client: &SchedulerClient,
    job: &JobKey,
    instances: &InstanceSet,
) -> Result<BTreeMap<u32, Option<String>>, Error> {
    let query = client.task_query(job, Some(&[ScheduleStatus::RUNNING]), Some(instances))?;
    let tasks = client.get_tasks_without_configs(query).await?.value;
    let task = |task: aurora_api::ScheduledTask| {
        let task = task.assigned_task?;
        let instance = u32::try_from(task.instance_id?).ok()?;
        Some((instance, task.task_id))
    };
    Ok(tasks.into_iter().filter_map(task).collect())
}
