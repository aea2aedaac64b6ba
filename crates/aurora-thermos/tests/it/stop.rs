//! Stopping tasks: whole process trees die, whatever they do against it.

use std::time::{Duration, Instant};

use crate::common::{PATIENCE, Place, With, alive, dead, eventually, process};
use aurora_thermos::{FinalState, ProcessState, Stage, TaskSpec};

/// A shell that ignores SIGTERM, with a child and a grandchild that do too, one of them in a job of its
/// own and another one in a session of its own.
const STUBBORN: &str = r#"
trap '' TERM
bash -c 'trap "" TERM; sleep 1000 & echo $! > grandchild; wait' &
bash -c 'set -m; sleep 1001 & echo $! > job; wait' &
setsid bash -c 'trap "" TERM; echo $$ > session; sleep 1002; true' &
echo $$ > shell
wait
wait
sleep 1003
"#;

const STUBBORN_FILES: [&str; 4] = ["shell", "grandchild", "job", "session"];

/// A process that leaves session, group and parent.
const STRAY: &str = "setsid -f bash -c 'echo $$ > stray; exec sleep 1004' >/dev/null 2>&1";

async fn pids(place: &Place, names: &[&str]) -> Vec<i32> {
    let mut pids = Vec::new();
    for name in names {
        pids.push(place.pid(name).await);
    }
    assert!(pids.iter().all(|&pid| alive(pid)));
    pids
}

#[tokio::test]
async fn a_tree_that_ignores_sigterm_dies_at_the_deadline() {
    let place = Place::new();
    let runner = place
        .start(TaskSpec::new("t", [process("p", STUBBORN)]))
        .await;
    let pids = pids(&place, &STUBBORN_FILES).await;
    let start = Instant::now();
    runner.kill(Duration::from_millis(400));
    let outcome = runner.wait().await;
    assert_eq!(outcome.state, FinalState::Killed);
    assert_eq!(outcome.reason, "killed on request");
    assert!(start.elapsed() >= Duration::from_millis(400));
    assert!(start.elapsed() < Duration::from_secs(10));
    for pid in pids {
        dead(pid).await;
    }
    let status = runner.status();
    assert_eq!(status.stage, Stage::Ended);
    assert_eq!(status.processes[0].state, Some(ProcessState::Killed));
    assert_eq!(status.processes[0].return_code, Some(-9));
}

#[tokio::test]
async fn sigterm_reaches_children_and_gives_them_time() {
    let place = Place::new();
    let child = r#"
bash -c 'trap "echo clean > done; exit 0" TERM; echo > ready; while :; do sleep 0.05; done' &
trap 'wait; exit 0' TERM
wait
"#;
    let runner = place.start(TaskSpec::new("t", [process("p", child)])).await;
    place.file("ready").await;
    runner.kill(Duration::from_secs(20));
    let start = Instant::now();
    assert_eq!(runner.wait().await.state, FinalState::Killed);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(place.file("done").await, "clean\n");
}

#[tokio::test]
async fn a_kill_still_finalizes_within_its_time() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [
            process("p", "echo > ready; exec sleep 1000"),
            process("last", "echo > finalized").with(|it| it.is_final = true),
        ],
    );
    let runner = place.start(task).await;
    place.file("ready").await;
    runner.kill(Duration::from_secs(20));
    assert_eq!(runner.wait().await.state, FinalState::Killed);
    assert!(place.sandbox().join("finalized").exists());
}

#[tokio::test]
async fn without_grace_nothing_is_finalized() {
    for lose in [false, true] {
        let place = Place::new();
        let task = TaskSpec::new(
            "t",
            [
                process("p", STUBBORN),
                process("last", "touch finalized").with(|it| it.is_final = true),
            ],
        );
        let runner = place.start(task).await;
        let pids = pids(&place, &STUBBORN_FILES).await;
        let expected = if lose {
            runner.lose();
            FinalState::Lost
        } else {
            runner.kill(Duration::ZERO);
            FinalState::Killed
        };
        assert_eq!(runner.wait().await.state, expected);
        for pid in pids {
            dead(pid).await;
        }
        assert!(!place.sandbox().join("finalized").exists());
    }
}

#[tokio::test]
async fn a_second_kill_may_shorten_the_time() {
    let place = Place::new();
    let runner = place
        .start(TaskSpec::new("t", [process("p", STUBBORN)]))
        .await;
    pids(&place, &STUBBORN_FILES).await;
    runner.kill(Duration::MAX);
    eventually("the task is being stopped", || {
        (runner.status().stage == Stage::Cleaning).then_some(())
    })
    .await;
    assert!(runner.outcome().is_none());
    runner.kill(Duration::from_millis(50));
    assert_eq!(runner.wait().await.state, FinalState::Killed);
}

#[tokio::test]
async fn a_kill_interrupts_a_pause() {
    let place = Place::new();
    let runner = place
        .start(TaskSpec::new(
            "t",
            [process("p", "echo > ran; exit 1").with(|it| {
                it.max_failures = 0;
                it.min_duration = Duration::MAX;
            })],
        ))
        .await;
    place.file("ran").await;
    eventually("it has failed", || {
        (runner.status().processes[0].failures == 1).then_some(())
    })
    .await;
    runner.kill(Duration::from_secs(60));
    assert_eq!(runner.wait().await.state, FinalState::Killed);
}

#[tokio::test]
async fn cleaning_ends_in_time_when_a_task_ends_by_itself() {
    let place = Place::new();
    let task = TaskSpec::new(
            "t",
            [
                process("helper", STUBBORN).with(|it| it.ephemeral = true),
                process(
                    "main",
                    "for f in shell grandchild job session; do until [ -s $f ]; do sleep 0.01; done; done",
                ),
                process("last", "touch finalized").with(|it| it.is_final = true),
            ],
        ).with(|it| it.finalization_wait = Duration::from_millis(300));
    let runner = place.start(task).await;
    let outcome = runner.wait().await;
    assert_eq!(outcome.state, FinalState::Success, "{}", outcome.reason);
    for name in STUBBORN_FILES {
        dead(place.pid(name).await).await;
    }
    assert!(
        !place.sandbox().join("finalized").exists(),
        "the time was used up"
    );
}

#[tokio::test]
async fn a_process_that_left_its_session_is_killed_at_the_end() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [process(
            "p",
            &format!("{STRAY}; until [ -s stray ]; do sleep 0.01; done"),
        )],
    );
    assert_eq!(place.run(task).await.state, FinalState::Success);
    dead(place.pid("stray").await).await;
}

#[tokio::test]
async fn output_held_by_a_process_that_left_does_not_hold_up_the_end() {
    let place = Place::new();
    let runner = place
        .start(TaskSpec::new(
            "t",
            [process(
                "p",
                "setsid -f bash -c 'echo $$ > stray; exec sleep 1004'",
            )],
        ))
        .await;
    let stray = place.pid("stray").await;
    runner.kill(Duration::from_millis(300));
    assert_eq!(runner.wait().await.state, FinalState::Killed);
    dead(stray).await;
}

#[tokio::test]
async fn dropping_the_runner_kills_everything_at_once() {
    let place = Place::new();
    let runner = place
        .start(TaskSpec::new(
            "t",
            [process("p", &format!("{STRAY}\n{STUBBORN}"))],
        ))
        .await;
    let mut pids = pids(&place, &STUBBORN_FILES).await;
    pids.push(place.pid("stray").await);
    let handle = runner.handle();
    drop(runner);
    // Without giving the runtime a chance to do it: SIGKILL has been sent, and only dying takes time.
    let start = Instant::now();
    while pids.iter().any(|&pid| alive(pid)) {
        assert!(start.elapsed() < PATIENCE, "{pids:?} live on");
        std::thread::sleep(Duration::from_millis(1));
    }
    let outcome = handle.wait().await;
    assert_eq!(outcome.state, FinalState::Lost);
    assert_eq!(
        outcome.reason,
        "the runner was dropped before the task had ended"
    );
    assert_eq!(handle.events().next().await, None);
}

#[test]
fn the_end_of_the_runtime_kills_everything() {
    let place = Place::new();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pids = runtime.block_on(async {
        let runner = place
            .start(TaskSpec::new("t", [process("p", STUBBORN)]))
            .await;
        let pids = pids(&place, &STUBBORN_FILES).await;
        std::mem::forget(runner);
        pids
    });
    drop(runtime);
    let after = tokio::runtime::Runtime::new().unwrap();
    after.block_on(async {
        for pid in pids {
            dead(pid).await;
        }
    });
}

#[tokio::test]
async fn nothing_of_a_finished_task_stays_behind() {
    let place = Place::new();
    let own = std::process::id() as i32;
    let runner = place
        .start(TaskSpec::new("unmistakable", [process("p", "true")]))
        .await;
    runner.wait().await;
    eventually("the guard has gone and was reaped", || {
        crate::common::children(own)
            .into_iter()
            .all(|pid| !crate::common::cmdline(pid).contains("unmistakable"))
            .then_some(())
    })
    .await;
}
