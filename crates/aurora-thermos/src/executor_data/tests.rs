use std::path::Path;
use std::time::Duration;

use super::*;
use crate::bytes::Bytes;
use crate::health::{HttpHealthChecker, ShellHealthChecker};
use crate::spec::{LogDestination, LogMode, RotatePolicy};

fn assignment(ports: &[(&str, u16)]) -> Assignment {
    let mut assignment = Assignment::new("the-id", 7, "box");
    assignment.role = "www".to_owned();
    assignment.user = "alice".to_owned();
    assignment.ports = ports
        .iter()
        .map(|&(name, port)| (name.to_owned(), port))
        .collect();
    assignment
}

fn read(data: &str, ports: &[(&str, u16)]) -> Result<JobTask, Error> {
    JobTask::from_executor_data(data, &assignment(ports))
}

/// Executor data of a job without processes, with more fields.
fn job(fields: &str) -> String {
    format!(r#"{{"task": {{"name": "t", "processes": []}}, {fields}}}"#)
}

/// Executor data of a job with one process, with more fields of the process and of the task.
fn process(fields: &str, of_task: &str) -> String {
    format!(
        r#"{{"task": {{"name": "t", "processes": [{{"name": "p", "cmdline": "true" {fields}}}] {of_task}}}}}"#
    )
}

#[test]
fn every_recorded_job_can_be_read() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/data/config");
    let mut seen = 0;
    for case in std::fs::read_dir(folder).unwrap() {
        let path = case.unwrap().path().join("job_configuration.json");
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let job: Value = serde_json::from_str(&text).unwrap();
        let config = &job["taskConfig"];
        let data = config["executorConfig"]["data.raw"].as_str().unwrap();
        let names = config["requestedPorts"].as_array().unwrap();
        let ports: Vec<(&str, u16)> = names
            .iter()
            .map(|name| (name.as_str().unwrap(), 31_000))
            .collect();
        let task = read(data, &ports).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let written = config["executorConfig"]["data"]["task"]["processes"]
            .as_array()
            .unwrap();
        assert_eq!(
            task.spec.processes.len(),
            written.len(),
            "{}",
            path.display()
        );
        for process in &task.spec.processes {
            assert!(
                !process.cmdline.contains("{{thermos."),
                "{}",
                process.cmdline
            );
        }
        seen += 1;
    }
    assert!(seen > 50, "{seen}");
}

#[test]
fn references_are_bound_and_checkers_found() {
    let data = r#"{
        "name": "web", "role": "www", "cluster": "devcluster", "environment": "test",
        "task": {"name": "web", "processes": [{
            "name": "serve", "max_failures": 0, "min_duration": 3, "daemon": true,
            "cmdline": "{{thermos.ports[health]}} {{thermos.task_id}} {{thermos.user}} {{mesos.instance}} {{mesos.hostname}} {{mesos.role}}"
        }]},
        "health_check_config": {"interval_secs": 0.5, "health_checker": {"http": {"endpoint": "/up"}}},
        "lifecycle": {"http": {"shutdown_endpoint": "/die"}}
    }"#;
    let task = read(data, &[("health", 31_234)]).unwrap();
    let [process] = task.spec.processes.as_slice() else {
        panic!("{task:?}");
    };
    assert_eq!(process.cmdline, "31234 the-id alice 7 box www");
    assert_eq!((process.max_failures, process.daemon), (0, true));
    assert_eq!(process.min_duration, Duration::from_secs(3));
    let (checker, settings) = task.health.unwrap();
    let mut expected = HttpHealthChecker::new(31_234);
    expected.endpoint = "/up".to_owned();
    assert_eq!(checker, HealthChecker::Http(expected));
    assert_eq!(settings.interval, Duration::from_millis(500));
    assert_eq!(settings.initial_interval, Duration::from_secs(15));
    let teardown = task.teardown.unwrap();
    assert_eq!(teardown.port, 31_234);
    assert_eq!(teardown.graceful_shutdown_endpoint, "/quitquitquit");
    assert_eq!(teardown.shutdown_endpoint, "/die");
}

#[test]
fn fields_that_are_left_out_have_their_defaults() {
    let task = read(&process("", ""), &[]).unwrap();
    let expected = TaskSpec::new("t", [crate::ProcessSpec::new("p", "true")]);
    assert_eq!(task.spec, expected);
}

#[test]
fn every_field_of_a_task_arrives() {
    let data = process(
        r#", "max_failures": 4, "ephemeral": true, "final": true,
           "logger": {"destination": "both", "mode": "rotate", "rotate": {"log_size": 1024, "backups": 2}}"#,
        r#", "max_failures": 3, "max_concurrency": 2, "finalization_wait": 9, "constraints": [{"order": ["p"]}]"#,
    );
    let spec = read(&data, &[]).unwrap().spec;
    assert_eq!((spec.max_failures, spec.max_concurrency), (3, 2));
    assert_eq!(spec.finalization_wait, Duration::from_secs(9));
    assert_eq!(spec.constraints, [["p"]]);
    let process = &spec.processes[0];
    assert_eq!(process.max_failures, 4);
    assert!(process.ephemeral && process.is_final && !process.daemon);
    let logger = process.logger.unwrap();
    assert_eq!(logger.destination, LogDestination::Both);
    let policy = RotatePolicy::new(Bytes::new(1024), 2);
    assert_eq!(logger.mode, LogMode::Rotate(policy));
}

#[test]
fn loggers_go_where_they_say_and_rotate_by_default_as_documented() {
    for (text, destination) in [
        ("file", LogDestination::File),
        ("console", LogDestination::Console),
        ("none", LogDestination::None),
    ] {
        let data = process(
            &format!(r#", "logger": {{"destination": "{text}", "mode": "rotate"}}"#),
            "",
        );
        let logger = read(&data, &[]).unwrap().spec.processes[0].logger.unwrap();
        assert_eq!(logger.destination, destination);
        assert_eq!(logger.mode, LogMode::Rotate(RotatePolicy::default()));
    }
}

#[test]
fn negative_numbers_count_as_thermos_counts_them() {
    let data = process(
        r#", "max_failures": -1, "min_duration": -5"#,
        r#", "finalization_wait": -1"#,
    );
    let spec = read(&data, &[]).unwrap().spec;
    assert_eq!(spec.processes[0].max_failures, 1);
    assert_eq!(spec.processes[0].min_duration, Duration::ZERO);
    assert_eq!(spec.finalization_wait, Duration::ZERO);
}

#[test]
fn numbers_out_of_range_are_named() {
    for (data, message) in [
        (
            process("", r#", "max_failures": -1"#),
            "max_failures of the task cannot be -1; use a number that fits",
        ),
        (
            process("", r#", "max_concurrency": 99999999999"#),
            "max_concurrency cannot be 99999999999; use a number that fits",
        ),
        (
            job(
                r#""health_check_config": {"timeout_secs": 1e300, "health_checker": {"shell": {"shell_command": "true"}}}"#,
            ),
            "timeout_secs cannot be 1",
        ),
    ] {
        let error = read(&data, &[]).unwrap_err();
        assert!(matches!(error, Error::OutOfRange { .. }), "{error:?}");
        assert!(error.to_string().starts_with(message), "{error}");
    }
}

#[test]
fn a_reference_without_a_value_is_named_once() {
    let data = process(
        "",
        r#", "constraints": [{"order": ["{{b}}", "{{a}}", "{{b}}"]}]"#,
    );
    let error = read(&data, &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the task refers to a, b, which have no value; request the port or bind the name"
    );
}

#[test]
fn references_outside_the_task_may_stay_open() {
    let data = job(r#""contact": "{{profile.mail}}""#);
    assert!(read(&data, &[]).is_ok());
}

#[test]
fn text_that_is_not_a_job_is_refused() {
    for data in [
        "",
        "[]",
        "{}",
        r#"{"task": 1}"#,
        r#"{"announce": 5, "task": {"name": "t"}}"#,
    ] {
        let error = read(data, &[]).unwrap_err();
        assert!(matches!(error, Error::ExecutorData(_)), "{data}: {error:?}");
    }
    let error = read(
        &process("", r#", "constraints": [{"order": ["{{a b}}"]}]"#),
        &[],
    );
    assert!(matches!(error, Err(Error::Template(_))), "{error:?}");
}

#[test]
fn the_port_map_adds_names_for_ports() {
    let data = job(
        r#""announce": {"portmap": {"aurora": "{{primary_port}}", "admin": "8081", "alias": "admin", "nowhere": "missing", "http": "9"}}"#,
    );
    let ports = read(&data, &[("http", 31_000)]).unwrap().ports;
    let expected = [
        ("admin", 8081),
        ("alias", 8081),
        ("aurora", 31_000),
        ("http", 31_000),
    ];
    let expected = expected.map(|(name, port)| (name.to_owned(), port));
    assert_eq!(ports, BTreeMap::from(expected));
}

#[test]
fn without_a_port_map_the_primary_port_is_also_called_aurora() {
    let data = job(r#""announce": {"primary_port": "web"}"#);
    let ports = read(&data, &[("web", 31_000)]).unwrap().ports;
    assert_eq!(ports["aurora"], 31_000);
    assert!(
        !read(&job(r#""announce": null"#), &[("http", 1)])
            .unwrap()
            .ports
            .contains_key("aurora")
    );
}

#[test]
fn a_port_map_that_leads_back_to_itself_is_refused() {
    let data = job(r#""announce": {"portmap": {"a": "b", "b": "a"}}"#);
    let error = read(&data, &[]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "port `a` leads back to itself in the port map; give it a port"
    );
}

#[test]
fn a_shell_check_takes_precedence_over_the_health_port() {
    let data = job(
        r#""health_check_config": {"max_consecutive_failures": 2, "initial_interval_secs": -1,
           "health_checker": {"shell": {"shell_command": "test -e up"}, "http": {}}}"#,
    );
    let (checker, settings) = read(&data, &[("health", 1)]).unwrap().health.unwrap();
    let expected = ShellHealthChecker::new("test -e up", ".");
    assert_eq!(checker, HealthChecker::Shell(expected));
    assert_eq!(settings.max_consecutive_failures, 2);
    assert_eq!(settings.initial_interval, Duration::ZERO);
    assert_eq!(settings.timeout, Duration::from_secs(1));
}

#[test]
fn an_http_check_takes_all_its_fields() {
    let data = job(
        r#""health_check_config": {"timeout_secs": 2, "health_checker":
           {"http": {"expected_response": "fine", "expected_response_code": 204}}}"#,
    );
    let (checker, settings) = read(&data, &[("health", 5)]).unwrap().health.unwrap();
    let mut expected = HttpHealthChecker::new(5);
    expected.expected_response = Some("fine".to_owned());
    expected.expected_response_code = Some(204);
    assert_eq!(checker, HealthChecker::Http(expected));
    assert_eq!(settings.timeout, Duration::from_secs(2));
    let default = read(&job(r#""health_check_config": {}"#), &[("health", 5)]).unwrap();
    assert_eq!(
        default.health.unwrap().0,
        HealthChecker::Http(HttpHealthChecker::new(5))
    );
}

#[test]
fn without_a_health_port_there_is_no_check_and_no_teardown() {
    let task = read(&job(r#""lifecycle": {"http": {}}"#), &[("http", 31_000)]).unwrap();
    assert_eq!((task.health, task.teardown), (None, None));
}

#[test]
fn a_teardown_goes_to_the_port_that_it_names() {
    let data =
        job(r#""lifecycle": {"http": {"port": "admin", "graceful_shutdown_endpoint": "/bye"}}"#);
    let teardown = read(&data, &[("admin", 31_000)]).unwrap().teardown.unwrap();
    assert_eq!(teardown.port, 31_000);
    assert_eq!(teardown.graceful_shutdown_endpoint, "/bye");
    assert_eq!(teardown.shutdown_endpoint, "/abortabortabort");
}
