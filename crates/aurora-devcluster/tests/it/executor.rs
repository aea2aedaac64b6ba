//! How tasks are looked after, and what happens to those that cannot run.

use std::io::{Read, Write};
use std::net::TcpListener;

use aurora_api::{ExecutorConfig, ScheduleStatus};
use serde_json::json;

use crate::common::{
    Place, data, id, job, key, last_message, process, simple, states, task_config,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unhealthy_task_fails() {
    let place = Place::start().await;
    let mut sick = data("sick", &[process("main", "sleep 600")]);
    sick["health_check_config"] = json!({
        "health_checker": {"shell": {"shell_command": "test -e sandbox && exit 7"}},
        "initial_interval_secs": 0.1, "interval_secs": 0.05, "timeout_secs": 20.0, "max_consecutive_failures": 1,
    });
    place.client.create(&job("sick", &sick)).await;
    let tasks = place
        .client
        .wait_for(&key("sick"), ScheduleStatus::FAILED)
        .await;
    assert_eq!(
        states(&tasks[0]),
        "PENDING ASSIGNED STARTING RUNNING FAILED"
    );
    let message = last_message(&tasks[0]);
    assert!(
        message.starts_with("Failed health check!") && message.contains('7'),
        "{message}"
    );
    place.cluster.shutdown().await;
}

/// Answers every request on the port, and tells what was asked for.
fn answer(listener: TcpListener, requests: usize) -> std::thread::JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        let mut asked = Vec::new();
        while asked.len() < requests {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap() == 1 {
                head.push(byte[0]);
            }
            stream
                .write_all(
                    b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
                )
                .unwrap();
            let head = String::from_utf8(head).unwrap();
            asked.push(head.lines().next().unwrap().to_owned());
        }
        asked
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_is_asked_over_http_before_it_is_killed() {
    let place = Place::start_with(|options| options.task_ports = 31_900..=31_949).await;
    let mut job = simple(
        "polite",
        "trap 'echo terminated; exit 0' TERM; while true; do sleep 0.1; done",
    );
    task_config(&mut job).requested_ports = Some(["health".to_owned()].into());
    place.client.create(&job).await;
    let tasks = place
        .client
        .wait_for(&key("polite"), ScheduleStatus::RUNNING)
        .await;
    let port = tasks[0]
        .assigned_task
        .as_ref()
        .unwrap()
        .assigned_ports
        .as_ref()
        .unwrap()["health"];
    let listener = TcpListener::bind(("127.0.0.1", u16::try_from(port).unwrap())).unwrap();
    let asked = answer(listener, 2);
    place.client.kill(&key("polite")).await;
    let tasks = place
        .client
        .wait_for(&key("polite"), ScheduleStatus::KILLED)
        .await;
    assert_eq!(
        asked.join().unwrap(),
        [
            "POST /quitquitquit HTTP/1.1",
            "POST /abortabortabort HTTP/1.1"
        ]
    );
    assert_eq!(place.log(&id(&tasks[0]), "main", "stdout"), "terminated\n");
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_task_that_cannot_be_built_fails_with_the_reason() {
    let place = Place::start().await;
    let with = |name: &str, path: &str, value: serde_json::Value| {
        let mut data = data(name, &[process("a", "true")]);
        let (parent, field) = path.rsplit_once('/').unwrap();
        data.pointer_mut(parent).unwrap()[field] = value;
        data.to_string()
    };
    for (name, data, reason) in [
        (
            "garbage",
            "{".to_owned(),
            "the executor data is not a job: EOF",
        ),
        (
            "list",
            "[]".to_owned(),
            "the executor data is not a job: expected an object",
        ),
        ("empty", "{}".to_owned(), "missing field `task`"),
        (
            "unbound",
            with(
                "unbound",
                "/task/processes/0/cmdline",
                json!("{{thermos.ports[http]}} {{x}}"),
            ),
            "the task refers to thermos.ports[http], x, which have no value",
        ),
        (
            "cycle",
            with("cycle", "/task/constraints", json!([{"order": ["a", "a"]}])),
            "The task could not be started: ",
        ),
        (
            "ports",
            with(
                "ports",
                "/announce",
                json!({"portmap": {"a": "b", "b": "a"}}),
            ),
            "port `a` leads back to itself",
        ),
        (
            "negative",
            with("negative", "/task/max_failures", json!(-1)),
            "max_failures of the task cannot be -1",
        ),
        (
            "logger",
            with(
                "logger",
                "/task/processes/0/logger",
                json!({"mode": "rotate", "rotate": {"backups": -2}}),
            ),
            "backups cannot be -2",
        ),
    ] {
        let mut job = simple(name, "true");
        task_config(&mut job).executor_config = Some(ExecutorConfig {
            name: Some("AuroraExecutor".to_owned()),
            data: Some(data),
        });
        place.client.create(&job).await;
        let tasks = place
            .client
            .wait_for(&key(name), ScheduleStatus::FAILED)
            .await;
        assert_eq!(states(&tasks[0]), "PENDING ASSIGNED STARTING FAILED");
        let message = last_message(&tasks[0]);
        assert!(message.contains(reason), "{message}");
    }
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn aliases_of_ports_lead_to_the_assigned_one() {
    let place = Place::start_with(|options| options.task_ports = 31_950..=31_999).await;
    let mut data = data(
        "alias",
        &[process(
            "main",
            "echo {{thermos.ports[aurora]}} {{thermos.ports[fixed]}}",
        )],
    );
    data["announce"] = json!({
        "primary_port": "http",
        "portmap": {"aurora": "{{primary_port}}", "fixed": "8080", "loose": "nowhere"},
    });
    let mut job = job("alias", &data);
    task_config(&mut job).requested_ports = Some(["http".to_owned()].into());
    place.client.create(&job).await;
    let tasks = place
        .client
        .wait_for(&key("alias"), ScheduleStatus::FINISHED)
        .await;
    let ports = tasks[0]
        .assigned_task
        .as_ref()
        .unwrap()
        .assigned_ports
        .clone()
        .unwrap();
    let log = place.log(&id(&tasks[0]), "main", "stdout");
    assert_eq!(log, format!("{} 8080\n", ports["http"]));
    place.cluster.shutdown().await;
}
