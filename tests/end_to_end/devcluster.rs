//! The embedded cluster as a daemon.

use nix::{
    sys::signal::{Signal, kill},
    unistd::{Pid, getsid},
};

use aurora_testkit::eventually;

use crate::harness::Machine;

const SLEEPER: &str = "jobs = [Service(cluster = 'devcluster', role = 'tester', environment = 'test', \
                       name = 'sleeper', task = SimpleTask(name = 'sleeper', command = 'exec -a NAME sleep 600'))]";

fn sleeper(machine: &Machine, name: &str) {
    let file = machine.file("sleeper.aurora", &SLEEPER.replace("NAME", name));
    machine
        .aurora(&[
            "job",
            "create",
            "--wait-until=RUNNING",
            "devcluster/tester/test/sleeper",
            &file,
        ])
        .succeeded();
    eventually("the sleeper to run", || {
        (!Machine::processes_with(name).is_empty()).then_some(())
    });
}

#[test]
fn it_has_a_session_of_its_own_and_one_copy() {
    let machine = Machine::new();
    machine.aurora(&["devcluster", "start"]).succeeded();
    let pid = Pid::from_raw(machine.cluster_pid());
    assert_ne!(getsid(Some(pid)).unwrap(), getsid(None).unwrap());
    let second = machine.aurora(&["devcluster", "start", "--foreground"]);
    assert_ne!(second.code, Some(0), "{}", second.stdout);
    assert!(
        second.stderr.contains("already running"),
        "{}",
        second.stderr
    );
    assert_eq!(machine.cluster_pid(), pid.as_raw());
}

#[test]
fn stopping_it_leaves_no_process() {
    let machine = Machine::new();
    sleeper(&machine, "stop-leaves-no-process");
    machine.aurora(&["devcluster", "stop"]).succeeded();
    assert_eq!(
        Machine::processes_with("stop-leaves-no-process"),
        Vec::<String>::new()
    );
    machine
        .aurora(&["devcluster", "status"])
        .says("not running");
    machine.aurora(&["devcluster", "stop"]).says("not running");
}

#[test]
fn it_recovers_from_being_killed() {
    let machine = Machine::new();
    sleeper(&machine, "recovers-from-being-killed");
    kill(Pid::from_raw(machine.cluster_pid()), Signal::SIGKILL).unwrap();
    eventually("the daemon to be gone", || {
        let status = machine.aurora(&["devcluster", "status"]);
        status.stderr.contains("not running").then_some(())
    });
    machine.aurora(&["devcluster", "start"]).succeeded();
    machine.wait_for_status("devcluster/tester/test/sleeper", "status: LOST");
    let status = machine.wait_for_status("devcluster/tester/test/sleeper", "status: RUNNING");
    assert!(status.contains("Active tasks (1):"), "{status}");
    eventually("exactly one copy", || {
        (Machine::processes_with("recovers-from-being-killed").len() == 1).then_some(())
    });
}

#[test]
fn its_log_can_be_read() {
    let machine = Machine::new();
    machine.aurora(&["devcluster", "start"]).succeeded();
    let run = machine.aurora(&["devcluster", "logs"]).succeeded();
    assert!(!run.stdout.trim().is_empty());
}

#[test]
fn a_job_survives_a_restart_of_the_cluster_in_the_books() {
    let machine = Machine::new();
    sleeper(&machine, "survives-in-the-books");
    machine.aurora(&["devcluster", "stop"]).succeeded();
    machine.aurora(&["devcluster", "start"]).succeeded();
    machine
        .aurora(&["job", "status", "devcluster/tester/test/sleeper"])
        .succeeded()
        .says("sleeper");
}
