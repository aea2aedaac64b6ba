//! Updates from the call that starts them to their end, against a clock of our own.

mod checks;
mod course;
mod pulses;
mod reading;

use aurora_api::calls::StartJobUpdate;
use aurora_api::{
    JobUpdateDetails, JobUpdateKey, JobUpdateRequest, JobUpdateSettings, JobUpdateStatus as Status,
};

use super::super::updates;
use super::*;
use crate::updates::Control;

/// Milliseconds that instances have to run.
const STABLE: i32 = 1000;

/// A service with the marker in its executor data, so that another marker makes another configuration.
fn service(marker: &str) -> TaskConfig {
    let mut config = job(1).task_config.unwrap();
    config.is_service = Some(true);
    config.num_cpus = Some(0.1.into());
    config.executor_config = Some(ExecutorConfig {
        name: text("AuroraExecutor"),
        data: text(marker),
    });
    config
}

fn settings() -> JobUpdateSettings {
    JobUpdateSettings {
        update_group_size: Some(1),
        max_per_instance_failures: Some(0),
        max_failed_instances: Some(0),
        min_wait_in_instance_running_ms: Some(STABLE),
        rollback_on_failure: Some(true),
        ..JobUpdateSettings::default()
    }
}

fn request(marker: &str, count: i32) -> JobUpdateRequest {
    JobUpdateRequest {
        task_config: Some(service(marker)),
        instance_count: Some(count),
        settings: Some(settings()),
    }
}

fn start(bench: &mut Bench, now: i64, request: JobUpdateRequest) -> Reply {
    let call = StartJobUpdate {
        request: Some(request),
        message: text("why"),
    };
    merge(updates::start(&mut bench.engine, now, &call))
}

/// Starts an update that has to start.
fn begin(bench: &mut Bench, now: i64, request: JobUpdateRequest) -> JobUpdateKey {
    let reply = start(bench, now, request);
    match reply.result.as_deref() {
        Some(aurora_api::Result::StartJobUpdateResult(result)) => result.key.clone().unwrap(),
        _ => panic!("{reply:?}"),
    }
}

/// A cluster with stable instances of the marker `old`.
fn with_job(count: i32) -> Bench {
    let mut bench = Bench::new();
    create(
        &mut bench,
        &changed(|job| {
            job.instance_count = Some(count);
            job.task_config = Some(service("old"));
        }),
    );
    bench.live(2000);
    bench
}

fn details(bench: &Bench, key: &JobUpdateKey) -> JobUpdateDetails {
    let reply = updates::details(&bench.engine, Some(key)).unwrap();
    match reply.result.as_deref() {
        Some(aurora_api::Result::GetJobUpdateDetailsResult(result)) => {
            result.details.clone().unwrap()
        }
        other => panic!("{other:?}"),
    }
}

fn status(bench: &Bench, key: &JobUpdateKey) -> Status {
    let details = details(bench, key);
    let events = details.update_events.unwrap();
    events.last().unwrap().status.unwrap()
}

/// The statuses that an update went through.
fn statuses(bench: &Bench, key: &JobUpdateKey) -> Vec<String> {
    let events = details(bench, key).update_events.unwrap();
    let statuses = events.iter().map(|event| event.status.unwrap());
    statuses.map(|status| status.to_string()).collect()
}

/// What was done, as `time: instance action`.
fn done(bench: &Bench, key: &JobUpdateKey) -> Vec<String> {
    let events = details(bench, key).instance_events.unwrap();
    events
        .iter()
        .map(|event| {
            format!(
                "{}: {} {}",
                event.timestamp_ms.unwrap(),
                event.instance_id.unwrap(),
                event.action.unwrap().to_string().replace("INSTANCE_", "")
            )
        })
        .collect()
}

/// The active instances with their markers, such as `0 old RUNNING`.
fn instances(bench: &Bench) -> Vec<String> {
    let mut tasks: Vec<_> = bench
        .engine
        .tasks()
        .filter(|task| task.state.is_active())
        .collect();
    tasks.sort_by_key(|task| task.instance);
    tasks
        .iter()
        .map(|task| {
            let executor = task.config.executor_config.as_ref().unwrap();
            let marker = executor.data.clone().unwrap();
            format!("{} {marker} {}", task.instance, task.state.name())
        })
        .collect()
}

/// Lets everything run until nothing more is due before `end`.
fn live_until(bench: &mut Bench, start: i64, end: i64) {
    let mut now = start;
    while let Some(next) = bench.live(now) {
        if next > end {
            return;
        }
        now = next.max(now + 1);
    }
}

/// Reports what became of the active task of an instance.
fn report(bench: &mut Bench, now: i64, instance: i32, state: TaskState) {
    let task = bench
        .engine
        .tasks()
        .find(|task| task.instance == instance && task.state.is_active());
    let id = task.unwrap().id.clone();
    bench.report(now, &id, state);
}

fn control(bench: &mut Bench, now: i64, key: &JobUpdateKey, control: Control) -> Reply {
    merge(updates::request(
        &mut bench.engine,
        now,
        Some(key),
        None,
        control,
    ))
}
