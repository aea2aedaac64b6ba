//! Updates: what is said of how they go and end, and pulses.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use aurora_api::calls::AnyCall;
use aurora_api::{
    GetJobUpdateSummariesResult, JobKey, JobUpdateKey, JobUpdatePulseStatus, JobUpdateState,
    JobUpdateStatus, JobUpdateSummary, PulseJobUpdateResult, Response, Result as Branch,
};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::scheduler::{Scheduler, ok, refused, said};

const KEY: &str = "west/www/prod/web";

fn update(status: JobUpdateStatus) -> JobUpdateSummary {
    JobUpdateSummary {
        key: Some(JobUpdateKey {
            job: Some(JobKey {
                role: Some("www".to_owned()),
                environment: Some("prod".to_owned()),
                name: Some("web".to_owned()),
            }),
            id: Some("u-1".to_owned()),
        }),
        user: Some("alice".to_owned()),
        state: Some(JobUpdateState {
            status: Some(status),
            created_timestamp_ms: Some(1_448_992_800_999),
            last_modified_timestamp_ms: Some(1_448_999_940_000),
        }),
    }
}

fn summaries(updates: Vec<JobUpdateSummary>) -> Response {
    ok(Branch::GetJobUpdateSummariesResult(
        GetJobUpdateSummariesResult {
            update_summaries: Some(updates),
        },
    ))
}

fn pulsed(status: JobUpdatePulseStatus) -> Response {
    ok(Branch::PulseJobUpdateResult(PulseJobUpdateResult {
        status: Some(status),
    }))
}

/// A scheduler with one update, which is in these states one look after the other; the last one stays.
fn with_update(states: &'static [JobUpdateStatus], pulse: JobUpdatePulseStatus) -> Scheduler {
    let mut looks = 0;
    Scheduler::answering(move |call| match call {
        AnyCall::GetJobUpdateSummaries(_) => {
            let state = states[looks.min(states.len() - 1)];
            looks += 1;
            summaries(vec![update(state)])
        }
        AnyCall::PulseJobUpdate(_) => pulsed(pulse),
        other => refused(other.method()),
    })
}

#[test]
fn a_wait_that_ends_badly_names_the_end() {
    let scheduler = with_update(&[JobUpdateStatus::ABORTED], JobUpdatePulseStatus::OK);
    insta::assert_snapshot!(scheduler.show(&["update", "wait", KEY]), @r"
    exit 20
    --- stdout
    Current state ABORTED
    --- stderr
    Update u-1 of west/www/prod/web was aborted (ABORTED)

    hint: `aurora update info west/www/prod/web u-1` shows its history
     INFO] Command terminated with error code 20
    ");
    let scheduler = with_update(&[JobUpdateStatus::ROLLED_BACK], JobUpdatePulseStatus::OK);
    insta::assert_snapshot!(scheduler.show(&["update", "wait", KEY, "u-1"]), @r"
    exit 4
    --- stdout
    Current state ROLLED_BACK
    --- stderr
    Update u-1 of west/www/prod/web was rolled back (ROLLED_BACK)

    hint: `aurora update info west/www/prod/web u-1` shows its history
     INFO] Command terminated with error code 4
    ");
}

#[test]
fn more_active_updates_than_one_are_listed() {
    let scheduler = Scheduler::answering(|_| {
        summaries(vec![
            update(JobUpdateStatus::ROLLING_BACK),
            update(JobUpdateStatus::ROLLING_FORWARD),
        ])
    });
    insta::assert_snapshot!(scheduler.show(&["update", "abort", KEY]), @r"
    exit 10
    --- stderr
    The scheduler returned multiple active updates for this job.
    	u-1 ROLLING_BACK
    	u-1 ROLLING_FORWARD
     INFO] Command terminated with error code 10
    ");
    insta::assert_snapshot!(scheduler.show(&["update", "wait", KEY]), @r"
    exit 10
    --- stderr
    Scheduler returned multiple updates:
    	u-1 ROLLING_BACK
    	u-1 ROLLING_FORWARD
     INFO] Command terminated with error code 10
    ");
}

#[test]
fn nothing_to_steer_is_said() {
    let scheduler = Scheduler::answering(|_| summaries(Vec::new()));
    for verb in ["pause", "resume", "abort", "pulse"] {
        let shown = scheduler.show(&["update", verb, KEY]);
        let expected = "exit 6\n--- stderr\nNo active update found for this job.\n";
        assert!(shown.starts_with(expected), "{verb}: {shown}");
        assert_eq!(scheduler.methods(), ["getJobUpdateSummaries"]);
    }
}

#[test]
fn one_pulse_is_one_call_and_the_word_of_the_scheduler() {
    let states = &[JobUpdateStatus::ROLL_FORWARD_AWAITING_PULSE];
    let scheduler = with_update(states, JobUpdatePulseStatus::OK);
    let shown = scheduler.show(&["update", "pulse", KEY]);
    assert_eq!(shown, "exit 0\n--- stdout\nPulse result OK\n");
    let methods = ["getJobUpdateSummaries", "pulseJobUpdate"];
    assert_eq!(scheduler.methods(), methods);
    let shown = scheduler.show(&["update", "pulse", KEY, "u-1"]);
    assert_eq!(shown, "exit 0\n--- stdout\nPulse result OK\n");
    assert_eq!(scheduler.methods(), ["pulseJobUpdate"]);
}

#[test]
fn a_pulse_that_comes_too_late_tells_how_the_update_ended() {
    let finished = JobUpdatePulseStatus::FINISHED;
    let scheduler = with_update(&[JobUpdateStatus::ROLLED_FORWARD], finished);
    let shown = scheduler.show(&["update", "pulse", "--every", "30", KEY, "u-1"]);
    assert_eq!(
        shown,
        "exit 0\n--- stdout\nPulse result FINISHED\nCurrent state ROLLED_FORWARD\n"
    );
    let scheduler = with_update(&[JobUpdateStatus::FAILED], finished);
    insta::assert_snapshot!(scheduler.show(&["update", "pulse", KEY, "u-1"]), @r"
    exit 20
    --- stdout
    Pulse result FINISHED
    Current state FAILED
    --- stderr
    Update u-1 of west/www/prod/web failed (FAILED)

    hint: `aurora update info west/www/prod/web u-1` shows its history
     INFO] Command terminated with error code 20
    ");
    let scheduler = Scheduler::answering(move |call| match call {
        AnyCall::PulseJobUpdate(_) => pulsed(finished),
        _ => summaries(Vec::new()),
    });
    insta::assert_snapshot!(scheduler.show(&["update", "pulse", KEY, "u-2"]), @r"
    exit 6
    --- stdout
    Pulse result FINISHED
    --- stderr
    Job update not found.
     INFO] Command terminated with error code 6
    ");
}

#[test]
fn pulses_need_some_time_between_them() {
    let scheduler = with_update(
        &[JobUpdateStatus::ROLLING_FORWARD],
        JobUpdatePulseStatus::OK,
    );
    let shown = scheduler.show(&["update", "pulse", "--every", "0", KEY]);
    assert!(shown.starts_with("exit 2\n"), "{shown}");
    assert!(scheduler.methods().is_empty());
}

#[test]
fn jobs_of_a_filter_must_have_names_and_states_must_exist() {
    let scheduler = Scheduler::answering(|_| said("not asked"));
    let shown = scheduler.show(&["update", "list", "west/www/prod/w?b"]);
    assert!(shown.starts_with("exit 2\n"), "{shown}");
    let shown = scheduler.show(&["update", "list", "--status", "nope", "west"]);
    assert!(shown.starts_with("exit 2\n"), "{shown}");
    assert!(scheduler.methods().is_empty());
}

#[test]
fn an_environment_is_looked_for_in_the_updates_of_the_role() {
    let states = &[JobUpdateStatus::ROLLING_FORWARD];
    let scheduler = with_update(states, JobUpdatePulseStatus::OK);
    let shown = scheduler.show(&["update", "list", "-o", "json", "west/www/prod"]);
    insta::assert_snapshot!(shown, @r#"
    exit 0
    --- stdout
    [
      {
        "job": "west/www/prod/web",
        "id": "u-1",
        "user": "alice",
        "started": "2015-12-01T18:00:00",
        "last_modified": "2015-12-01T19:59:00",
        "status": "ROLLING_FORWARD"
      }
    ]
    "#);
    let shown = scheduler.show(&["update", "list", "-o", "json", "west/www/devel"]);
    assert_eq!(shown, "exit 0\n--- stdout\n[]\n");
}

#[test]
fn ctrl_c_ends_the_wait_and_says_how_to_go_on() {
    let states = &[JobUpdateStatus::ROLLING_FORWARD];
    let scheduler = with_update(states, JobUpdatePulseStatus::OK);
    let mut child = scheduler
        .home
        .command(&["update", "wait", KEY])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "Current state ROLLING_FORWARD\n");
    kill(
        Pid::from_raw(child.id().try_into().unwrap()),
        Signal::SIGINT,
    )
    .unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    insta::assert_snapshot!(String::from_utf8(output.stderr).unwrap(), @r"
    ERROR] Command interrupted by user
    	Update u-1 of west/www/prod/web continues; `aurora update wait west/www/prod/web u-1` follows it, `aurora update pause west/www/prod/web` and `aurora update abort west/www/prod/web` stop it
    ");
}
