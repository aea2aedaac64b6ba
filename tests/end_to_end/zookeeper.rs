//! The command with a scheduler that it finds in a real ZooKeeper: the embedded one, registered there as schedulers
//! of a real cluster are.

use std::{thread, time::Duration};

use aurora_testkit::{command::Run, eventually, free_addresses, zookeeper::Ensemble};
use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use crate::harness::Machine;

const PATH: &str = "/aurora/scheduler";
const KEY: &str = "east/tester/test/steps";

/// A machine whose clusters.json knows the cluster `east` by ZooKeeper alone.
struct Site {
    machine: Machine,
    zookeeper: Ensemble,
}

impl Site {
    /// Nothing if ZooKeeper is not installed: the test is left out by name.
    fn new() -> Option<Self> {
        let zookeeper = Ensemble::start(1)?;
        let machine = Machine::new();
        machine.clusters(&format!(
            r#"[{{"name": "east", "zk": "{}", "scheduler_zk_path": "{PATH}"}}]"#,
            zookeeper.hosts()
        ));
        Some(Self { machine, zookeeper })
    }

    /// Registers the scheduler that runs now as the member of this number, in the place of `former`.
    fn register(&self, number: u32, former: Option<u32>) {
        let status = self
            .machine
            .aurora(&["devcluster", "status", "-o", "json"])
            .succeeded();
        let status: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
        let (host, port) = status["url"]
            .as_str()
            .and_then(|url| url.strip_prefix("http://")?.split_once(':'))
            .unwrap();
        let endpoint = format!(r#"{{"host": "{host}", "port": {port}}}"#);
        let member = format!(
            r#"{{"serviceEndpoint": {endpoint}, "additionalEndpoints": {{"http": {endpoint}}}, "status": "ALIVE"}}"#
        );
        let node = |number: u32| format!("{PATH}/member_{number:010}");
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
            .block_on(async {
                let editor = self.zookeeper.editor().await;
                if let Some(former) = former {
                    editor.delete(&node(former)).await;
                }
                editor.put(&node(number), member).await;
            });
    }

    fn steps(&self, command: &str) -> String {
        let job = format!(
            "jobs = [Job(cluster = 'east', role = 'tester', environment = 'test', name = 'steps', max_task_failures = -1,
                 task = SimpleTask('steps', '{command}'))]"
        );
        self.machine.file("steps.aurora", &job)
    }
}

#[test]
fn jobs_live_and_die_on_a_scheduler_found_in_zookeeper() {
    let Some(site) = Site::new() else { return };
    let machine = &site.machine;
    machine.aurora(&["devcluster", "start"]).succeeded();
    site.register(3, None);
    let file = site.steps("sleep 600");
    machine
        .aurora(&["job", "create", "--wait-until=RUNNING", KEY, &file])
        .succeeded()
        .says("Job create succeeded: job url=http://127.0.0.1:");
    machine
        .aurora(&["job", "list", "east/tester"])
        .succeeded()
        .says(KEY);
    machine
        .aurora(&["job", "status", KEY])
        .succeeded()
        .says("status: RUNNING");
    machine
        .aurora(&["job", "killall", KEY])
        .succeeded()
        .says("Job killall succeeded");
    machine.wait_for_status(KEY, "Active tasks (0):");
}

#[test]
fn a_wait_goes_on_with_the_scheduler_that_takes_over() {
    let Some(site) = Site::new() else { return };
    let machine = &site.machine;
    // On a port that no other scheduler takes when the first one is gone.
    let port = free_addresses(1)[0].port().to_string();
    machine
        .aurora(&["devcluster", "start", "--port", &port])
        .succeeded();
    site.register(0, None);
    let first = machine.cluster_pid();
    // The task of the first scheduler never ends, and one that is made after it has gone ends at once.
    let gone = machine.work().join("gone");
    let file = site.steps(&format!("test -e {} || sleep 600", gone.display()));
    let waiting = machine.spawn(&["job", "create", "--wait-until=FINISHED", KEY, &file]);
    machine.wait_for_status(KEY, "status: RUNNING");
    machine.file("gone", "");
    kill(Pid::from_raw(first), Signal::SIGKILL).unwrap();
    eventually("the first scheduler to be gone", || {
        let status = machine.aurora(&["devcluster", "status"]);
        status.stderr.contains("not running").then_some(())
    });
    // Longer than the first pause of the wait, so that it finds no scheduler.
    thread::sleep(Duration::from_secs(3));
    machine.aurora(&["devcluster", "start"]).succeeded();
    site.register(1, Some(0));
    let run = Run::from(waiting.wait_with_output().unwrap())
        .succeeded()
        .says("reconnecting...");
    assert!(
        run.stdout.starts_with("Job create succeeded: job url="),
        "{}",
        run.stdout
    );
}
