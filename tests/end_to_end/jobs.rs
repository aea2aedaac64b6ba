//! The main job: a configuration becomes running processes.

use std::{fs, io::Read as _, process::Stdio};

use aurora_testkit::eventually;

use crate::harness::{Machine, example, http_get};

#[test]
fn hello_world_runs_and_prints() {
    let machine = Machine::new();
    let key = "devcluster/tester/test/hello_world";
    let run = machine
        .aurora(&["job", "create", key, &example("hello_world.aurora")])
        .succeeded();
    assert!(
        run.stdout
            .starts_with("Job create succeeded: job url=http://127.0.0.1:"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.ends_with("/scheduler/tester/test/hello_world\n"),
        "{}",
        run.stdout
    );
    let about_the_cluster: Vec<_> = run
        .stderr
        .lines()
        .filter(|line| line.contains("devcluster at"))
        .collect();
    assert_eq!(about_the_cluster.len(), 1, "{}", run.stderr);

    let status = machine.wait_for_status(key, "status: FINISHED");
    assert!(status.contains("Active tasks (0):"), "{status}");
    assert!(status.contains("PENDING: None"), "{status}");
    let printed: Vec<_> = machine
        .cluster_files("stdout")
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!(printed, ["hello world\n"]);
}

#[test]
fn creating_waits_for_the_end_when_asked() {
    let machine = Machine::new();
    let key = "devcluster/tester/test/hello_world";
    machine
        .aurora(&[
            "job",
            "create",
            "--wait-until=FINISHED",
            key,
            &example("hello_world.aurora"),
        ])
        .succeeded();
    machine
        .aurora(&["job", "status", key])
        .succeeded()
        .says("status: FINISHED");
}

#[test]
fn a_pipeline_runs_in_order_and_cleans_up() {
    let machine = Machine::new();
    let key = "devcluster/tester/test/pipeline";
    machine
        .aurora(&["job", "create", key, &example("pipeline.aurora")])
        .succeeded();
    machine.wait_for_status(key, "status: FINISHED");
    let printed: String = machine
        .cluster_files("stdout")
        .iter()
        .map(|file| fs::read_to_string(file).unwrap())
        .collect();
    assert_eq!(printed, "the squares add up to 338350\n");
    assert!(
        machine.cluster_files("squares.txt").is_empty(),
        "the final process removes it"
    );
}

#[test]
fn a_service_gets_ports_and_dies_when_killed() {
    let machine = Machine::new();
    let key = "devcluster/tester/test/web";
    machine
        .aurora(&[
            "job",
            "create",
            "--wait-until=RUNNING",
            key,
            &example("web_service.aurora"),
        ])
        .succeeded();
    let ports = ports(&machine, key);
    assert_eq!(ports.len(), 2);
    assert_ne!(ports[0], ports[1]);
    for (instance, port) in ports.iter().enumerate() {
        let body = eventually("the web server", || http_get(*port, "/"));
        assert_eq!(body, format!("instance {instance}\n"));
    }

    machine
        .aurora(&["job", "list", "devcluster/tester/*"])
        .succeeded()
        .says(key);
    machine
        .aurora(&["job", "kill", &format!("{key}/1")])
        .succeeded()
        .says("Successfully killed instances [1]");
    assert_eq!(http_get(ports[1], "/"), None);
    assert!(
        http_get(ports[0], "/").is_some(),
        "the other instance goes on"
    );

    machine
        .aurora(&["job", "killall", key])
        .succeeded()
        .says("Job killall succeeded");
    assert_eq!(http_get(ports[0], "/"), None);
    machine
        .aurora(&["job", "status", key])
        .succeeded()
        .says("Active tasks (0):");
}

fn ports(machine: &Machine, key: &str) -> Vec<u16> {
    let run = machine
        .aurora(&["job", "status", "--write-json", key])
        .succeeded();
    let jobs: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let active = jobs[0]["active"].as_array().unwrap();
    active
        .iter()
        .map(|task| {
            u16::try_from(
                task["assignedTask"]["assignedPorts"]["health"]
                    .as_u64()
                    .unwrap(),
            )
            .unwrap()
        })
        .collect()
}

#[test]
fn a_failing_job_fails_with_its_exit_code() {
    let machine = Machine::new();
    let file = machine.file(
        "fail.aurora",
        "jobs = [Job(cluster = 'devcluster', role = 'tester', environment = 'test', \
         task = SimpleTask(name = 'fail', command = 'exit 3'))]",
    );
    let key = "devcluster/tester/test/fail";
    machine.aurora(&["job", "create", key, &file]).succeeded();
    let status = machine.wait_for_status(key, "status: FAILED");
    assert!(status.contains("FAILED: "), "{status}");
}

#[test]
fn every_example_reads() {
    let machine = Machine::new();
    for (name, key) in [
        ("hello_world.aurora", "devcluster/tester/test/hello_world"),
        (
            "hello_world_productionized.aurora",
            "devcluster/tester/test/hello_world-devcluster",
        ),
        ("web_service.aurora", "devcluster/tester/test/web"),
        ("pipeline.aurora", "devcluster/tester/test/pipeline"),
        (
            "nightly_report.aurora",
            "devcluster/tester/prod/nightly_report",
        ),
        ("multi_cluster.aurora", "cluster1/tester/prod/greeter"),
    ] {
        let file = example(name);
        machine
            .aurora(&["job", "inspect", key, &file])
            .succeeded()
            .says("Process '");
        machine
            .aurora(&["config", "list", &file])
            .succeeded()
            .says("jobs=[");
    }
}

#[test]
fn opening_a_job_prints_its_page_where_there_is_no_browser() {
    let machine = Machine::new();
    machine.aurora(&["devcluster", "start"]).succeeded();
    let run = machine
        .aurora(&["job", "open", "devcluster/tester/test/hello_world"])
        .succeeded();
    assert!(
        run.stdout
            .trim_end()
            .ends_with("/scheduler/tester/test/hello_world"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout.starts_with("http://127.0.0.1:"),
        "{}",
        run.stdout
    );
}

/// What a program shows on a terminal; `args` are those of the command.
fn on_a_terminal(machine: &Machine, args: &[&str]) -> String {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut child = machine
        .command(args)
        .env("TERM", "xterm")
        .stdout(Stdio::null())
        .stderr(terminal.slave)
        .spawn()
        .unwrap();
    let mut shown = Vec::new();
    // It ends with an error when no process is left that could write.
    let _ = fs::File::from(terminal.master).read_to_end(&mut shown);
    assert!(child.wait().unwrap().success());
    String::from_utf8_lossy(&shown).into_owned()
}

#[test]
fn a_wait_is_shown_on_terminals_only_and_taken_back() {
    let machine = Machine::new();
    let file = machine.file(
        "short.aurora",
        "jobs = [Job(cluster = 'devcluster', role = 'tester', environment = 'test', name = 'short', \
         task = SimpleTask('short', 'sleep 1'))]",
    );
    let create = [
        "job",
        "create",
        "--wait-until=FINISHED",
        "devcluster/tester/test/short",
        &file,
    ];
    machine.aurora(&["devcluster", "start"]).succeeded();
    let shown = on_a_terminal(&machine, &create);
    let text = "waiting until every instance of devcluster/tester/test/short has finished";
    let (_, after) = shown.rsplit_once(text).expect(&shown);
    // The line is erased, and only then comes what stays.
    let erased = after.find("\u{1b}[2K").expect(&shown);
    assert!(after[erased..].contains("Checking status of"), "{shown:?}");

    machine
        .aurora(&["job", "killall", "devcluster/tester/test/short"])
        .succeeded();
    let run = machine.aurora(&create).succeeded();
    assert!(!run.stderr.contains(text), "{}", run.stderr);
}
