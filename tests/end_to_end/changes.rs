//! What changes a job that runs: updates, restarts, and hooks that have a say in it.

use std::process::Child;

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use serde_json::Value;

use aurora_testkit::{command::Run, eventually};

use crate::harness::Machine;

const KEY: &str = "devcluster/tester/test/web";

/// A service of two instances; `settings` are those of its updates.
fn service(machine: &Machine, command: &str, settings: &str) -> String {
    machine.file(
        "web.aurora",
        &format!(
            "
task = Task(
  name = 'web',
  processes = [Process(name = 'web', cmdline = '{command}')],
  resources = Resources(cpu = 0.1, ram = 16 * MB, disk = 16 * MB))
jobs = [Service(
  cluster = 'devcluster', role = 'tester', environment = 'test', name = 'web', instances = 2, task = task,
  health_check_config = HealthCheckConfig(initial_interval_secs = 0, interval_secs = 1),
  update_config = UpdateConfig({settings}))]
"
        ),
    )
}

/// A machine on which the service runs.
fn running(settings: &str) -> Machine {
    let machine = Machine::new();
    let file = service(&machine, "sleep 600", settings);
    machine
        .aurora(&["job", "create", "--wait-until=RUNNING", KEY, &file])
        .succeeded();
    machine
}

fn updates(machine: &Machine) -> Vec<Value> {
    let run = machine
        .aurora(&["update", "list", "-o", "json", KEY])
        .succeeded();
    serde_json::from_str(&run.stdout).unwrap()
}

/// The id of the only update, once it is in that state.
fn update_in(machine: &Machine, state: &str) -> String {
    eventually(state, || match updates(machine).as_slice() {
        [update] if update["status"] == state => Some(update["id"].as_str()?.to_owned()),
        _ => None,
    })
}

fn interrupt(child: Child) -> Run {
    let pid = Pid::from_raw(i32::try_from(child.id()).unwrap());
    kill(pid, Signal::SIGINT).unwrap();
    child.wait_with_output().unwrap().into()
}

#[test]
fn an_update_is_foreseen_carried_out_and_done_once() {
    let machine = running("watch_secs = 1");
    let file = service(&machine, "sleep 617", "watch_secs = 1");
    machine
        .aurora(&["job", "diff", KEY, &file])
        .succeeded()
        .says("update instances: [0-1]")
        .says("sleep 617");
    machine
        .aurora(&["update", "start", "--dry-run", KEY, &file])
        .succeeded()
        .says("update instances: [0-1]");
    assert!(updates(&machine).is_empty());

    machine
        .aurora(&["update", "start", "--wait", "-m", "longer", KEY, &file])
        .succeeded()
        .says("View your update progress at http://127.0.0.1:")
        .says("Current state ROLLED_FORWARD");
    let id = update_in(&machine, "ROLLED_FORWARD");
    let info = machine
        .aurora(&["update", "info", "-o", "json", KEY, &id])
        .succeeded();
    let info: Value = serde_json::from_str(&info.stdout).unwrap();
    assert_eq!(info["updateId"], id.as_str());
    assert_eq!(info["update_events"][0]["message"], "longer");
    assert!(
        !info["instance_update_events"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(Machine::processes_with("sleep 617").len() >= 2);

    machine
        .aurora(&["job", "diff", KEY, &file])
        .succeeded()
        .says("not change instances: [0-1]");
    machine
        .aurora(&["update", "start", "--wait", KEY, &file])
        .succeeded();
    assert_eq!(updates(&machine).len(), 1, "there was nothing to update");
}

#[test]
fn an_update_that_fails_is_taken_back_and_said_to_have_failed() {
    let machine = running("watch_secs = 1");
    let file = service(&machine, "exit 3", "watch_secs = 1");
    let run = machine
        .aurora(&["update", "start", "--wait", KEY, &file])
        .ended_with(4)
        .says("Current state ROLLED_BACK")
        .says("was rolled back (ROLLED_BACK)");
    let id = update_in(&machine, "ROLLED_BACK");
    let reported = machine
        .aurora(&["update", "wait", "-o", "json", KEY, &id])
        .ended_with(4);
    let reported: Value = serde_json::from_str(&reported.stdout).unwrap();
    assert_eq!(reported["status"], "ROLLED_BACK");
    assert!(run.stderr.contains("aurora update info"), "{}", run.stderr);
    machine
        .aurora(&["job", "status", KEY])
        .succeeded()
        .says("Active tasks (2):");
}

#[test]
fn a_coordinated_update_waits_for_pulses_and_holds_the_lock() {
    let machine = running("watch_secs = 1");
    let file = service(
        &machine,
        "sleep 601",
        "watch_secs = 1, pulse_interval_secs = 60",
    );
    machine.aurora(&["update", "start", KEY, &file]).succeeded();
    let id = update_in(&machine, "ROLL_FORWARD_AWAITING_PULSE");
    machine
        .aurora(&["job", "killall", KEY])
        .ended_with(10)
        .says("locked");
    machine.aurora(&["update", "pulse", KEY]).succeeded();
    machine
        .aurora(&["update", "wait", KEY, &id])
        .succeeded()
        .says("Current state ROLLED_FORWARD");
    machine
        .aurora(&["update", "pulse", KEY, "no-such-update"])
        .ended_with(6);
}

#[test]
fn an_update_can_be_held_resumed_and_given_up() {
    let machine = running("watch_secs = 1");
    let file = service(&machine, "sleep 601", "watch_secs = 300");
    let waiting = machine.spawn(&["update", "start", "--wait", KEY, &file]);
    let id = update_in(&machine, "ROLLING_FORWARD");
    machine
        .aurora(&["update", "pause", KEY])
        .succeeded()
        .says("Update has been paused.");
    update_in(&machine, "ROLL_FORWARD_PAUSED");
    // The command that waits may end; the update stays.
    interrupt(waiting)
        .ended_with(130)
        .says("continues")
        .says("aurora update abort");
    machine
        .aurora(&["update", "resume", KEY])
        .succeeded()
        .says("Update has been resumed.");
    machine
        .aurora(&["update", "abort", KEY])
        .succeeded()
        .says("Update has been aborted.");
    machine
        .aurora(&["update", "wait", KEY, &id])
        .ended_with(20)
        .says("ABORTED");
    machine
        .aurora(&["update", "abort", KEY])
        .ended_with(6)
        .says("No active update found for this job.");
}

#[test]
fn an_update_outlives_its_scheduler() {
    let machine = running("watch_secs = 1");
    let file = service(&machine, "sleep 601", "watch_secs = 3");
    machine.aurora(&["update", "start", KEY, &file]).succeeded();
    update_in(&machine, "ROLLING_FORWARD");
    kill(Pid::from_raw(machine.cluster_pid()), Signal::SIGKILL).unwrap();
    eventually("the scheduler to be gone", || {
        let status = machine.aurora(&["devcluster", "status"]);
        status.stderr.contains("not running").then_some(())
    });
    machine.aurora(&["devcluster", "start"]).succeeded();
    let id = updates(&machine)[0]["id"].as_str().unwrap().to_owned();
    let end = machine.aurora(&["update", "wait", KEY, &id]);
    // A task that died with the scheduler may count as a failure of its instance, but the update comes to an end.
    assert!(matches!(end.code, Some(0 | 4)), "{}", end.stderr);
}

#[test]
fn a_restart_gives_instances_new_tasks() {
    let machine = running("watch_secs = 1");
    let quick = ["--watch-secs=1", "--healthcheck-interval-seconds=1"];
    let restart = [&["job", "restart"], &quick[..], &[KEY]].concat();
    machine
        .aurora(&restart)
        .succeeded()
        .says(&format!("Job {KEY} restarted successfully"));
    let one = format!("{KEY}/1");
    let reported = machine
        .aurora(&[&["job", "restart", "-o", "json"], &quick[..], &[&one]].concat())
        .succeeded();
    let reported: Value = serde_json::from_str(&reported.stdout).unwrap();
    assert_eq!(reported["outcome"], "restarted");
    assert_eq!(reported["restarted"], serde_json::json!([1]));
    machine
        .aurora(&["job", "status", KEY])
        .succeeded()
        .says("Active tasks (2):")
        .says("Inactive tasks (3):");
    let missing = format!("{KEY}/7");
    let strict = [&["job", "restart", "--strict"], &quick[..], &[&missing]].concat();
    machine
        .aurora(&strict)
        .ended_with(6)
        .says("Invalid instance parameter: [7]");
}

#[test]
fn an_interrupted_restart_says_what_it_did() {
    let machine = running("watch_secs = 1");
    let restarting = machine.spawn(&["job", "restart", "--watch-secs=300", KEY]);
    machine.wait_for_status(KEY, "Inactive tasks (1):");
    interrupt(restarting)
        .ended_with(130)
        .says("[1] were not restarted");
}

#[test]
fn a_hook_that_refuses_keeps_the_job_from_being_made() {
    let machine = Machine::new();
    machine.aurora(&["devcluster", "start"]).succeeded();
    let file = machine.file(
        "guarded.aurora",
        "
class Guard(object):
  def pre_create_job(self, config):
    print('asked about %s' % config.job_key())
    return False
  def pre_kill_job(self, job_key, shards = None):
    return True
hooks = [Guard()]
task = Task(name = 'web', processes = [Process(name = 'web', cmdline = 'sleep 600')],
            resources = Resources(cpu = 0.1, ram = 16 * MB, disk = 16 * MB))
jobs = [Service(cluster = 'devcluster', role = 'tester', environment = 'test', name = 'web', task = task,
                enable_hooks = True)]
",
    );
    machine
        .aurora(&["job", "create", KEY, &file])
        .ended_with(1)
        .says(&format!("asked about {KEY}"))
        .says("Pre hooks stopped call to create_job");
    machine.aurora(&["job", "status", KEY]).ended_with(6);
    machine
        .aurora(&["job", "killall", "--config", &file, KEY])
        .succeeded()
        .says("No tasks to kill found");
}
