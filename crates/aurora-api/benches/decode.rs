//! Decoding an answer to `getTasksWithoutConfigs`, beside serde_json reading the same bytes into typed structs.
//!
//! The number of tasks is 2,000, so that a run over all benchmarks stays short; set `AURORA_BENCH_TASKS=100000` for
//! the size that counts. Ours is to stay within twice the time of serde_json.

#![allow(missing_docs)]

mod peer;

use std::hint::black_box;

use aurora_api::{
    AssignedTask, Constraint, Identity, JobKey, LimitConstraint, Limits, Response, ResponseCode,
    Result as ApiResult, ScheduleStatus, ScheduleStatusResult, ScheduledTask, ServerInfo,
    TaskConfig, TaskConstraint, TaskEvent, message,
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const METHOD: &str = "getTasksWithoutConfigs";

fn task(number: i32) -> ScheduledTask {
    let started = 1_448_996_400_000 + i64::from(number);
    let event = |after: i64, status, message: Option<&str>| TaskEvent {
        timestamp: Some(started + after),
        status: Some(status),
        message: message.map(str::to_owned),
        scheduler: Some("sched-1.example.com".into()),
    };
    ScheduledTask {
        assigned_task: Some(AssignedTask {
            task_id: Some(format!("{started}-www-prod-web-{number}-0a1b2c3d")),
            slave_id: Some(format!("20151201-000000-1-5050-1-S{}", number % 500)),
            slave_host: Some(format!("slave-{}.example.com", number % 500)),
            task: Some(TaskConfig {
                job: Some(JobKey {
                    role: Some("www".into()),
                    environment: Some("prod".into()),
                    name: Some("web".into()),
                }),
                owner: Some(Identity {
                    role: Some("www".into()),
                    user: Some("alice".into()),
                }),
                environment: Some("prod".into()),
                job_name: Some("web".into()),
                is_service: Some(true),
                num_cpus: Some(0.5.into()),
                ram_mb: Some(128),
                disk_mb: Some(256),
                priority: Some(0),
                max_task_failures: Some(1),
                production: Some(true),
                constraints: Some(
                    [Constraint {
                        name: Some("host".into()),
                        constraint: Some(TaskConstraint::Limit(LimitConstraint { limit: Some(1) })),
                    }]
                    .into(),
                ),
                requested_ports: Some(["http".to_owned()].into()),
                contact_email: Some("www-team@example.com".into()),
                ..TaskConfig::default()
            }),
            assigned_ports: Some([("http".to_owned(), 31_000)].into()),
            instance_id: Some(number),
        }),
        status: Some(ScheduleStatus::RUNNING),
        failure_count: Some(0),
        task_events: Some(vec![
            event(0, ScheduleStatus::PENDING, None),
            event(2_000, ScheduleStatus::ASSIGNED, None),
            event(
                3_000,
                ScheduleStatus::STARTING,
                Some("Initializing sandbox."),
            ),
            event(5_000, ScheduleStatus::RUNNING, None),
        ]),
        ancestor_id: None,
    }
}

fn answer(tasks: i32) -> Vec<u8> {
    let response = Response {
        response_code: Some(ResponseCode::OK),
        server_info: Some(ServerInfo {
            cluster_name: Some("west".into()),
            stats_url_prefix: None,
        }),
        result: Some(ApiResult::ScheduleStatusResult(ScheduleStatusResult {
            tasks: Some((0..tasks).map(task).collect()),
        })),
        details: Some(Vec::new()),
    };
    message::encode_reply(METHOD, 0, &response)
}

fn decode(criterion: &mut Criterion) {
    let tasks = std::env::var("AURORA_BENCH_TASKS")
        .ok()
        .and_then(|tasks| tasks.parse().ok())
        .unwrap_or(2_000);
    let body = answer(tasks);
    let expected = usize::try_from(tasks).unwrap_or(0);
    assert_eq!(peer::tasks(&body), Some(expected));

    let mut group = criterion.benchmark_group(format!("{METHOD} of {tasks} tasks"));
    group.throughput(Throughput::Bytes(body.len() as u64));
    group.sample_size(10);
    group.bench_function("aurora-api", |bencher| {
        bencher.iter(|| message::decode_reply(black_box(&body), &Limits::default()));
    });
    group.bench_function("serde_json", |bencher| {
        bencher.iter(|| serde_json::from_slice::<peer::Message>(black_box(&body)));
    });
    group.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);
