//! Jobs from creation to their end.

use std::collections::BTreeSet;
use std::time::Duration;

use aurora_api::calls::{AddInstances, CreateJob, GetPendingReason, RestartShards};
use aurora_api::{InstanceKey, ResponseCode, ScheduleStatus, TaskQuery};

use crate::common::{
    Place, data, history, id, is_alive, job, key, last_message, messages, pid_in, process, simple,
    states, task_config,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_runs_to_its_end() {
    let place = Place::start().await;
    let response = place
        .client
        .call(&CreateJob {
            description: Some(simple("hello", "echo hello from $USER; pwd; umask")),
            lock: None,
        })
        .await;
    assert_eq!(
        messages(&response),
        "1 new tasks pending for job www/test/hello"
    );
    let tasks = place
        .client
        .wait_for(&key("hello"), ScheduleStatus::FINISHED)
        .await;
    let [task] = tasks.as_slice() else {
        panic!("{tasks:?}");
    };
    assert_eq!(states(task), "PENDING ASSIGNED STARTING RUNNING FINISHED");
    assert_eq!(
        task.assigned_task.as_ref().unwrap().slave_host.as_deref(),
        Some("box")
    );
    assert_eq!(task.failure_count, Some(0));
    let log = place.log(&id(task), "main", "stdout");
    assert!(log.starts_with("hello from "), "{log}");
    let sandbox = std::fs::canonicalize(place.sandbox(&id(task))).unwrap();
    assert_eq!(log.lines().nth(1), sandbox.to_str());
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_failure_budget_is_used_up() {
    let place = Place::start().await;
    let mut job = simple("flaky", "exit 3");
    task_config(&mut job).max_task_failures = Some(2);
    place.client.create(&job).await;
    let tasks = place
        .client
        .wait(&key("flaky"), |tasks| {
            tasks.len() == 2
                && tasks
                    .iter()
                    .all(|it| it.status == Some(ScheduleStatus::FAILED))
        })
        .await;
    assert_eq!(tasks[0].failure_count, Some(1));
    assert_eq!(tasks[1].failure_count, Some(2));
    assert_eq!(tasks[1].ancestor_id, Some(id(&tasks[0])));
    assert!(
        states(&tasks[1]).starts_with("PENDING "),
        "{}",
        history(&tasks)
    );
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(place.client.tasks(&key("flaky")).await.len(), 2);
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_service_comes_back_and_waits_when_it_flaps() {
    let place = Place::start_with(|options| {
        options.timings.flapping_initial_delay = Duration::from_millis(200);
    })
    .await;
    let mut job = simple("service", "exit 0");
    task_config(&mut job).is_service = Some(true);
    place.client.create(&job).await;
    let tasks = place
        .client
        .wait(&key("service"), |tasks| tasks.len() >= 4)
        .await;
    assert_eq!(
        states(&tasks[0]),
        "PENDING ASSIGNED STARTING RUNNING FINISHED"
    );
    assert!(
        states(&tasks[1]).starts_with("PENDING ASSIGNED"),
        "{}",
        history(&tasks)
    );
    assert!(
        states(&tasks[2]).starts_with("THROTTLED PENDING ASSIGNED"),
        "{}",
        history(&tasks)
    );
    let throttled = tasks[2].task_events.as_ref().unwrap()[0]
        .message
        .clone()
        .unwrap();
    assert!(
        throttled.starts_with("Rescheduled, penalized for "),
        "{throttled}"
    );
    place.client.kill(&key("service")).await;
    place
        .client
        .wait(&key("service"), |tasks| {
            tasks.iter().all(|task| task.status.unwrap().is_terminal())
        })
        .await;
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ignores_sigterm_is_killed() {
    let place = Place::start().await;
    let job = simple(
        "stubborn",
        "trap '' TERM; echo $$ > pid; while true; do sleep 0.1; done",
    );
    place.client.create(&job).await;
    let tasks = place
        .client
        .wait_for(&key("stubborn"), ScheduleStatus::RUNNING)
        .await;
    let pid = pid_in(&place.sandbox(&id(&tasks[0])).join("pid")).await;
    assert!(is_alive(pid));
    place.client.kill(&key("stubborn")).await;
    let tasks = place
        .client
        .wait_for(&key("stubborn"), ScheduleStatus::KILLED)
        .await;
    assert_eq!(
        states(&tasks[0]),
        "PENDING ASSIGNED STARTING RUNNING KILLING KILLED"
    );
    let killing = &tasks[0].task_events.as_ref().unwrap()[4];
    assert_eq!(killing.message.as_deref(), Some("Killed by UNSECURE"));
    assert!(!is_alive(pid));
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_pipeline_keeps_its_order() {
    let place = Place::start().await;
    let mut data = data(
        "pipeline",
        &[
            process("load", "test -e transformed && echo load >> order"),
            process("extract", "touch extracted; echo extract >> order"),
            process(
                "transform",
                "test -e extracted && touch transformed && echo transform >> order",
            ),
        ],
    );
    data["task"]["constraints"] = serde_json::json!([{"order": ["extract", "transform", "load"]}]);
    place.client.create(&job("pipeline", &data)).await;
    let tasks = place
        .client
        .wait_for(&key("pipeline"), ScheduleStatus::FINISHED)
        .await;
    let order = std::fs::read_to_string(place.sandbox(&id(&tasks[0])).join("order")).unwrap();
    assert_eq!(order, "extract\ntransform\nload\n");
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_two_instances_share_a_port() {
    let place = Place::start_with(|options| options.task_ports = 31_800..=31_899).await;
    let cmdline = "echo {{thermos.ports[http]}} {{thermos.ports[admin]}} {{mesos.instance}} \
                   {{mesos.hostname}} {{thermos.task_id}}; sleep 600";
    let mut job = simple("ports", cmdline);
    job.instance_count = Some(8);
    task_config(&mut job).requested_ports = Some(["http", "admin"].map(str::to_owned).into());
    place.client.create(&job).await;
    let tasks = place
        .client
        .wait_for(&key("ports"), ScheduleStatus::RUNNING)
        .await;
    assert_eq!(tasks.len(), 8);
    let mut all = BTreeSet::new();
    for task in &tasks {
        let assigned = task.assigned_task.as_ref().unwrap();
        let ports = assigned.assigned_ports.clone().unwrap();
        assert_eq!(ports.len(), 2);
        all.extend(ports.values().copied());
        let log = place.sandbox(&id(task)).join(".logs/main/0/stdout");
        crate::common::eventually("the log is there", || {
            std::fs::read_to_string(&log).is_ok_and(|text| text.ends_with('\n'))
        })
        .await;
        assert_eq!(
            std::fs::read_to_string(&log).unwrap(),
            format!(
                "{} {} {} box {}\n",
                ports["http"],
                ports["admin"],
                assigned.instance_id.unwrap(),
                id(task)
            )
        );
    }
    assert_eq!(all.len(), 16);
    assert!(all.iter().all(|port| (31_800..=31_899).contains(port)));
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn restarted_and_added_instances_run() {
    let place = Place::start().await;
    place.client.create(&simple("web", "sleep 600")).await;
    place
        .client
        .wait_for(&key("web"), ScheduleStatus::RUNNING)
        .await;

    let response = place
        .client
        .call(&RestartShards {
            job: Some(key("web")),
            shard_ids: Some(BTreeSet::from([0])),
            lock: None,
        })
        .await;
    assert_eq!(response.response_code, Some(ResponseCode::OK));
    let tasks = place
        .client
        .wait(&key("web"), |tasks| {
            tasks.len() == 2 && tasks[1].status == Some(ScheduleStatus::RUNNING)
        })
        .await;
    assert_eq!(
        states(&tasks[0]),
        "PENDING ASSIGNED STARTING RUNNING RESTARTING KILLED"
    );
    assert_eq!(last_message(&tasks[0]), "Instructed to kill task.");

    let response = place
        .client
        .call(&AddInstances {
            key: Some(InstanceKey {
                job_key: Some(key("web")),
                instance_id: Some(0),
            }),
            count: Some(2),
            ..AddInstances::default()
        })
        .await;
    assert_eq!(response.response_code, Some(ResponseCode::OK));
    let running = |tasks: &[aurora_api::ScheduledTask]| {
        tasks
            .iter()
            .filter(|it| it.status == Some(ScheduleStatus::RUNNING))
            .count()
            == 3
    };
    let tasks = place.client.wait(&key("web"), running).await;
    let instances: Vec<i32> = tasks
        .iter()
        .map(|task| task.assigned_task.as_ref().unwrap().instance_id.unwrap())
        .collect();
    assert_eq!(instances, [0, 0, 1, 2]);
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_fit_waits_and_says_why() {
    let place = Place::start().await;
    let mut job = simple("huge", "true");
    task_config(&mut job).num_cpus = Some(65.0.into());
    task_config(&mut job).disk_mb = Some(1 << 40);
    place.client.create(&job).await;
    let response = place
        .client
        .call(&GetPendingReason {
            query: Some(TaskQuery::default()),
        })
        .await;
    let Some(aurora_api::Result::GetPendingReasonResult(result)) = response.result else {
        panic!("{response:?}");
    };
    let reasons: Vec<String> = result
        .reasons
        .unwrap()
        .into_iter()
        .filter_map(|it| it.reason)
        .collect();
    assert_eq!(reasons, ["Insufficient: CPU,Insufficient: disk"]);
    place.client.kill(&key("huge")).await;
    assert!(place.client.tasks(&key("huge")).await.is_empty());
    place.cluster.shutdown().await;
}
