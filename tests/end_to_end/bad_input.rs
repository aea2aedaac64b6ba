//! What goes wrong gets one clear message, the right exit code and no side effect.

use std::{net::TcpListener, thread, time::Duration};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use aurora_testkit::command::Run;

use crate::harness::{Machine, example};

#[test]
fn a_missing_file() {
    let machine = Machine::new();
    let run = machine
        .aurora(&[
            "job",
            "create",
            "devcluster/tester/test/x",
            "nowhere.aurora",
        ])
        .ended_with(3)
        .says("Error loading configuration: ")
        .says("nowhere.aurora");
    assert_eq!(run.stdout, "");
    assert!(!machine.cluster_folder().exists(), "nothing was started");
}

#[test]
fn a_syntax_error_points_at_the_line() {
    let machine = Machine::new();
    let file = machine.file(
        "syntax.aurora",
        "import os\njobs = [Job(\n  name = 'x' role = 'y')]\n",
    );
    machine
        .aurora(&["job", "inspect", "devcluster/tester/test/x", &file])
        .ended_with(3)
        .says("syntax.aurora:3")
        .says("name = 'x' role = 'y'");
}

#[test]
fn an_undefined_name_is_named() {
    let machine = Machine::new();
    let file = machine.file("name.aurora", "jobs = [Jobb(name = 'x')]\n");
    machine
        .aurora(&["job", "inspect", "devcluster/tester/test/x", &file])
        .ended_with(3)
        .says("'Jobb'")
        .says("name.aurora:1");
}

#[test]
fn a_key_that_matches_no_job_shows_the_candidates() {
    let machine = Machine::new();
    machine
        .aurora(&[
            "job",
            "create",
            "devcluster/tester/test/other",
            &example("pipeline.aurora"),
        ])
        .ended_with(3)
        .says("Could not find job devcluster/tester/test/other")
        .says("devcluster/tester/test/pipeline");
}

#[test]
fn an_unknown_cluster_shows_the_known_ones() {
    let machine = Machine::new();
    machine
        .aurora(&["job", "status", "west/tester/test/web"])
        .ended_with(3)
        .says("Unknown cluster: west")
        .says("devcluster");
}

#[test]
fn a_scheduler_that_is_down_is_named_with_its_address() {
    let machine = Machine::new();
    let port = {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap().port()
    };
    machine.clusters(&format!(
        r#"[{{"name": "west", "scheduler_uri": "http://127.0.0.1:{port}"}}]"#
    ));
    let mut child = machine.spawn(&["job", "status", "west/tester/test/web"]);
    thread::sleep(Duration::from_secs(2));
    kill(
        Pid::from_raw(i32::try_from(child.id()).unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    child.wait().unwrap();
    Run::from(child.wait_with_output().unwrap())
        .ended_with(130)
        .says(&format!("127.0.0.1:{port}"));
}

#[test]
fn a_port_in_use_is_named() {
    let machine = Machine::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let run = machine.aurora(&["devcluster", "start", "--port", &port]);
    assert_ne!(run.code, Some(0));
    let run = run.says(&port);
    assert!(run.stderr.contains("in use"), "{}", run.stderr);
    machine
        .aurora(&["devcluster", "status"])
        .says("not running");
}

#[test]
fn an_interrupted_wait_says_what_was_done() {
    let machine = Machine::new();
    let file = machine.file(
        "long.aurora",
        "jobs = [Job(cluster = 'devcluster', role = 'tester', environment = 'test', \
         task = SimpleTask(name = 'long', command = 'sleep 600'))]",
    );
    let child = machine.spawn(&[
        "job",
        "create",
        "--wait-until=FINISHED",
        "devcluster/tester/test/long",
        &file,
    ]);
    machine.wait_for_status("devcluster/tester/test/long", "status: RUNNING");
    kill(
        Pid::from_raw(i32::try_from(child.id()).unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    let run = Run::from(child.wait_with_output().unwrap()).ended_with(130);
    assert!(run.stderr.contains("created"), "{}", run.stderr);
    machine
        .aurora(&["job", "status", "devcluster/tester/test/long"])
        .succeeded()
        .says("RUNNING");
}

#[test]
fn creating_a_job_twice_is_refused() {
    let machine = Machine::new();
    let key = "devcluster/tester/test/web";
    let file = example("web_service.aurora");
    machine.aurora(&["job", "create", key, &file]).succeeded();
    machine
        .aurora(&["job", "create", key, &file])
        .ended_with(4)
        .says("Job creation failed due to error:")
        .says("already exists");
}

#[test]
fn a_misspelt_verb_is_a_usage_error() {
    let machine = Machine::new();
    machine
        .aurora(&["job", "crate"])
        .ended_with(2)
        .says("create");
}

#[test]
fn what_a_file_prints_before_it_fails_is_shown() {
    let machine = Machine::new();
    let file = machine.file(
        "talks.aurora",
        "import sys\nprint 'on my way'\nsys.stderr.write('so far so good\\n')\nraise ValueError('enough')\n",
    );
    let run = machine
        .aurora(&["job", "inspect", "devcluster/tester/test/x", &file])
        .ended_with(3)
        .says("so far so good")
        .says("enough");
    assert_eq!(run.stdout, "on my way\n");
}
