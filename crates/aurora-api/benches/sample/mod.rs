//! Answers to `getTasksWithoutConfigs` of any size.

use aurora_api::{
    AssignedTask, Constraint, Identity, JobKey, LimitConstraint, Response, ResponseCode,
    Result as ApiResult, ScheduleStatus, ScheduleStatusResult, ScheduledTask, ServerInfo,
    TaskConfig, TaskConstraint, TaskEvent, message,
};

/// The call that is answered.
pub(crate) const METHOD: &str = "getTasksWithoutConfigs";

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

/// The answer as it is on the wire.
pub(crate) fn answer(tasks: i32) -> Vec<u8> {
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

/// How many tasks to decode: `AURORA_BENCH_TASKS`, or `default`.
pub(crate) fn tasks(default: i32) -> i32 {
    std::env::var("AURORA_BENCH_TASKS")
        .ok()
        .and_then(|tasks| tasks.parse().ok())
        .unwrap_or(default)
}
