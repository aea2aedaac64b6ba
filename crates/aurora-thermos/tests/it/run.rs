//! Tasks with real processes: order, limits, exit codes, environment.

use std::fs;
use std::time::{Duration, Instant};

use aurora_thermos::{
    Bytes, Error, FinalState, LogMode, ProcessState, RotatePolicy, Stage, TaskEvent, TaskRunner,
    TaskSpec,
};

use crate::common::{Place, With, dead, ordered, process, watch};

/// How the runs of a process ended.
fn ends(events: &[TaskEvent], name: &str) -> Vec<(ProcessState, Option<i32>)> {
    events
        .iter()
        .filter_map(|event| match event {
            TaskEvent::ProcessEnded {
                process,
                state,
                return_code,
                ..
            } if process == name => Some((*state, *return_code)),
            _ => None,
        })
        .collect()
}

#[tokio::test]
async fn a_process_runs_in_its_sandbox() {
    let place = Place::new();
    let task = TaskSpec::new("t", [process("p", "pwd; echo problem >&2")]);
    let outcome = place.run(task).await;
    assert_eq!(outcome.state, FinalState::Success, "{}", outcome.reason);
    assert_eq!(
        place.stdout("p", 0),
        format!("{}\n", place.sandbox().display())
    );
    assert_eq!(place.log("p", 0, "stderr"), "problem\n");
}

#[tokio::test]
async fn processes_run_in_order() {
    let place = Place::new();
    let task = ordered([
        process("one", "sleep 0.1; echo 1 >> list"),
        process("two", "sleep 0.05; echo 2 >> list"),
        process("three", "echo 3 >> list"),
    ]);
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert_eq!(
        fs::read_to_string(place.sandbox().join("list")).unwrap(),
        "1\n2\n3\n"
    );
    let stages: Vec<Stage> = events
        .iter()
        .filter_map(|event| match event {
            TaskEvent::Stage(stage) => Some(*stage),
            _ => None,
        })
        .collect();
    assert_eq!(
        stages,
        [
            Stage::Active,
            Stage::Cleaning,
            Stage::Finalizing,
            Stage::Ended
        ]
    );
    assert_eq!(events.last(), Some(&TaskEvent::Ended(outcome)));
}

#[tokio::test]
async fn processes_without_order_run_together() {
    let place = Place::new();
    // Each waits for the other, so neither ends unless both run.
    let wait =
        |own: &str, other: &str| format!("touch {own}; until [ -e {other} ]; do sleep 0.01; done");
    let task = TaskSpec::new(
        "t",
        [process("a", &wait("a", "b")), process("b", &wait("b", "a"))],
    );
    assert_eq!(place.run(task).await.state, FinalState::Success);
}

#[tokio::test]
async fn no_more_run_at_once_than_allowed() {
    let place = Place::new();
    let cmdline = "mkdir slot.$$; ls -d slot.* | wc -l; sleep 0.05; rmdir slot.$$";
    let names = ["a", "b", "c", "d", "e", "f"];
    let task = TaskSpec::new("t", names.map(|name| process(name, cmdline)))
        .with(|it| it.max_concurrency = 2);
    assert_eq!(place.run(task).await.state, FinalState::Success);
    let most = names
        .iter()
        .map(|name| place.stdout(name, 0).trim().parse::<u32>().unwrap())
        .max();
    assert_eq!(most, Some(2));
}

#[tokio::test]
async fn a_failing_process_is_run_again_after_its_pause() {
    let place = Place::new();
    let flaky = process("flaky", "echo >> runs; [ $(wc -l < runs) -ge 3 ]").with(|it| {
        it.max_failures = 3;
        it.min_duration = Duration::from_millis(150);
    });
    let start = Instant::now();
    let (outcome, events) = watch(&place, TaskSpec::new("t", [flaky])).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert!(start.elapsed() >= Duration::from_millis(300));
    assert_eq!(
        ends(&events, "flaky"),
        [
            (ProcessState::Failed, Some(1)),
            (ProcessState::Failed, Some(1)),
            (ProcessState::Success, Some(0)),
        ]
    );
    assert_eq!(place.stdout("flaky", 2), "");
}

#[tokio::test]
async fn a_process_that_fails_for_good_fails_the_task() {
    let place = Place::new();
    let bad = process("bad", "exit 42").with(|it| it.max_failures = 2);
    let (outcome, events) = watch(&place, TaskSpec::new("t", [bad])).await;
    assert_eq!(outcome.state, FinalState::Failed);
    assert_eq!(outcome.reason, "process 'bad' (exit code 42) failed");
    assert_eq!(ends(&events, "bad").len(), 2);
}

#[tokio::test]
async fn what_waits_for_a_failed_process_never_runs() {
    let place = Place::new();
    let task = ordered([process("bad", "exit 3"), process("after", "touch ran")])
        .with(|it| it.max_failures = 0);
    let outcome = place.run(task).await;
    assert_eq!(outcome.state, FinalState::Failed);
    assert_eq!(
        outcome.reason,
        "process 'bad' (exit code 3) failed, so that 'after' cannot run"
    );
    assert!(!place.sandbox().join("ran").exists());
}

#[tokio::test]
async fn failures_below_the_limit_of_the_task_are_forgiven() {
    let place = Place::new();
    let task = TaskSpec::new("t", [process("bad", "exit 1"), process("good", "true")])
        .with(|it| it.max_failures = 2);
    assert_eq!(place.run(task).await.state, FinalState::Success);
}

#[tokio::test]
async fn a_daemon_runs_again_until_the_run_limit() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [process("d", "echo >> runs").with(|it| it.daemon = true)],
    );
    let mut options = place.options();
    options.run_limit = Some(5);
    let runner = TaskRunner::start(task, options).await.unwrap();
    let outcome = runner.wait().await;
    assert_eq!(outcome.state, FinalState::Failed);
    assert_eq!(outcome.reason, "process 'd' (run too often) failed");
    let runs = fs::read_to_string(place.sandbox().join("runs")).unwrap();
    assert_eq!(runs.lines().count(), 5);
    let status = runner.status();
    assert_eq!(
        (status.processes[0].runs, status.processes[0].successes),
        (5, 5)
    );
}

#[tokio::test]
async fn an_ephemeral_process_does_not_hold_up_the_end() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [
            process("saver", "touch started; exec sleep 1000").with(|it| {
                it.ephemeral = true;
                it.daemon = true;
            }),
            process("main", "until [ -e started ]; do sleep 0.01; done"),
        ],
    );
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert_eq!(
        ends(&events, "saver"),
        [(ProcessState::Killed, Some(-15))],
        "stopped with SIGTERM"
    );
}

#[tokio::test]
async fn a_task_of_ephemerals_launches_them_and_ends() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [process("e", "sleep 1000").with(|it| it.ephemeral = true)],
    );
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert_eq!(ends(&events, "e").len(), 1);
}

#[tokio::test]
async fn final_processes_run_last_in_their_order_and_whatever_happened() {
    let place = Place::new();
    let last = |name: &str, cmdline: &str| process(name, cmdline).with(|it| it.is_final = true);
    let mut task = TaskSpec::new(
        "t",
        [
            last("second", "echo second >> list; exit 9"),
            last("first", "echo first >> list"),
            process("main", "echo main >> list; exit 1"),
        ],
    );
    task.constraints = vec![vec!["first".to_owned(), "second".to_owned()]];
    let outcome = place.run(task).await;
    assert_eq!(outcome.reason, "process 'main' (exit code 1) failed");
    assert_eq!(
        fs::read_to_string(place.sandbox().join("list")).unwrap(),
        "main\nfirst\nsecond\n"
    );
}

#[tokio::test]
async fn a_failing_final_process_does_not_change_the_result() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [
            process("main", "true"),
            process("last", "exit 1").with(|it| it.is_final = true),
        ],
    );
    assert_eq!(place.run(task).await.state, FinalState::Success);
}

#[tokio::test]
async fn finalizing_is_cut_off_when_its_time_is_up() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [
            process("main", "true"),
            process("last", "sleep 1000").with(|it| it.is_final = true),
        ],
    )
    .with(|it| it.finalization_wait = Duration::from_millis(300));
    let start = Instant::now();
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert!(start.elapsed() < Duration::from_secs(10));
    assert_eq!(ends(&events, "last"), [(ProcessState::Killed, Some(-9))]);
}

#[tokio::test]
async fn death_by_a_signal_is_no_failure_and_is_repeated() {
    let place = Place::new();
    let task = TaskSpec::new(
        "t",
        [process(
            "p",
            "[ -e again ] || { touch again; kill -USR1 $$; sleep 9; }",
        )],
    );
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Success);
    assert_eq!(
        ends(&events, "p"),
        [
            (ProcessState::Killed, Some(-10)),
            (ProcessState::Success, Some(0)),
        ]
    );
}

#[tokio::test]
async fn a_signal_inside_a_surviving_bash_is_a_failure() {
    let place = Place::new();
    let task = TaskSpec::new("t", [process("p", "sh -c 'kill -KILL $$'; exit $?")]);
    let (_, events) = watch(&place, task).await;
    assert_eq!(ends(&events, "p"), [(ProcessState::Failed, Some(137))]);
}

#[tokio::test]
async fn a_background_child_that_holds_the_output_keeps_the_run_going() {
    let place = Place::new();
    let task = TaskSpec::new("t", [process("p", "(sleep 0.4; echo late) & echo early")]);
    assert_eq!(place.run(task).await.state, FinalState::Success);
    assert_eq!(place.stdout("p", 0), "early\nlate\n");
}

#[tokio::test]
async fn what_is_left_of_a_run_is_killed_when_it_ends() {
    let place = Place::new();
    let left = "sleep 1000 >/dev/null 2>&1 & echo $! > pid";
    // The second process keeps the task going, so it is not the end of the task that kills.
    let task = ordered([process("p", left), process("q", "echo > next; sleep 1000")]);
    let runner = place.start(task).await;
    place.file("next").await;
    dead(place.pid("pid").await).await;
    assert_eq!(runner.status().stage, Stage::Active);
}

#[tokio::test]
async fn the_environment_is_what_was_asked_for() {
    let place = Place::new();
    let mut options = place.options();
    options.environment = vec![
        ("EXTRA".into(), "1".into()),
        ("HOME".into(), "/overridden".into()),
    ];
    options.path = "/usr/bin:/bin".into();
    let task = TaskSpec::new("t", [process("p", "env | sort; ulimit -n >/dev/null")]);
    let runner = TaskRunner::start(task, options).await.unwrap();
    runner.wait().await;
    let text = place.stdout("p", 0);
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, _)| name)
        .collect();
    // PWD, SHLVL and _ are bash's own.
    assert_eq!(
        names,
        [
            "EXTRA", "HOME", "LOGNAME", "PATH", "PWD", "SHLVL", "USER", "_"
        ]
    );
    let home = format!("HOME={}\n", place.sandbox().display());
    assert!(text.contains(&home), "{text}");
    assert!(text.contains("PATH=/usr/bin:/bin\n"), "{text}");
}

#[tokio::test]
async fn one_process_exports_variables_to_later_ones() {
    let place = Place::new();
    let task = ordered([
        process(
            "a",
            "echo 'export WORD=hello' > .thermos_profile; echo \"$BASH_ENV\"",
        ),
        process("b", "echo $WORD"),
    ]);
    assert_eq!(place.run(task).await.state, FinalState::Success);
    assert_eq!(place.stdout("a", 0), "\n");
    assert_eq!(place.stdout("b", 0), "hello\n");
}

#[tokio::test]
async fn a_process_leads_its_own_session_and_inherits_nothing() {
    let place = Place::new();
    // Fields 5 and 6 of stat: group and session. Descriptor 3 is the folder that ls itself reads.
    let task = TaskSpec::new(
        "t",
        [process(
            "p",
            "[ $(cut -d' ' -f5,6 /proc/$$/stat | tr ' ' -) = $$-$$ ] && echo leads
             echo $(ls /proc/self/fd) $(readlink /proc/$$/fd/0)
             grep SigIgn /proc/self/status | cut -f2",
        )],
    );
    let outcome = place.run(task).await;
    assert_eq!(outcome.state, FinalState::Success, "{}", outcome.reason);
    let text = place.stdout("p", 0);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[..2], ["leads", "0 1 2 3 /dev/null"]);
    let ignored = u64::from_str_radix(lines[2], 16).unwrap();
    let is_ignored = |signal: u64| ignored & (1 << (signal - 1)) != 0;
    let (hangup, interrupt, pipe, terminate) = (1, 2, 13, 15);
    assert!(is_ignored(interrupt), "{ignored:x}");
    for signal in [hangup, pipe, terminate] {
        assert!(!is_ignored(signal), "{ignored:x}");
    }
}

#[tokio::test]
async fn a_process_that_cannot_be_launched_fails_with_the_reason() {
    let place = Place::new();
    let task = ordered([process("a", "cd /; rm -r \"$HOME\""), process("b", "true")]);
    let (outcome, events) = watch(&place, task).await;
    assert_eq!(outcome.state, FinalState::Failed);
    let error = events.iter().find_map(|event| match event {
        TaskEvent::ProcessEnded {
            process,
            state: ProcessState::Failed,
            return_code: None,
            error,
            ..
        } if process == "b" => error.as_deref(),
        _ => None,
    });
    assert!(error.unwrap().contains("No such file"), "{error:?}");
}

#[tokio::test]
async fn a_task_that_cannot_start_says_why() {
    let place = Place::new();
    fs::write(place.path().join("file"), "").unwrap();
    let below_a_file = place.path().join("file/x");
    let task = || TaskSpec::new("t", [process("p", "true")]);
    let start = async |task, change: &dyn Fn(&mut aurora_thermos::RunnerOptions)| {
        let mut options = place.options();
        change(&mut options);
        TaskRunner::start(task, options).await.unwrap_err()
    };
    let error = start(task(), &|o| o.sandbox = below_a_file.clone()).await;
    assert!(matches!(&error, Error::Sandbox { path, .. } if *path == below_a_file));
    let error = start(task(), &|o| o.log_dir = Some(below_a_file.clone())).await;
    assert!(matches!(&error, Error::LogDir { path, .. } if *path == below_a_file));
    let error = start(task(), &|o| o.checkpoint = below_a_file.clone()).await;
    assert!(matches!(&error, Error::Checkpoint { action: "open", .. }));
    let error = start(task(), &|o| {
        o.user = Some("nobody-has-this-name".to_owned())
    })
    .await;
    assert_eq!(
        error.to_string(),
        "unknown user `nobody-has-this-name`; create the user on this machine, or run the task as another user"
    );
    let error = start(TaskSpec::new("t", [process("", "true")]), &|_| {}).await;
    assert!(matches!(error, Error::InvalidName { .. }));
    let error = start(task(), &|o| {
        o.logger.mode = LogMode::Rotate(RotatePolicy::new(Bytes::new(0), 1));
    })
    .await;
    assert!(matches!(error, Error::Logger { backups: 1, .. }));
}

#[tokio::test]
async fn a_task_without_processes_succeeds() {
    let place = Place::new();
    let outcome = place.run(TaskSpec::new("t", [])).await;
    assert_eq!(outcome.state, FinalState::Success);
}

#[tokio::test]
async fn a_hundred_processes_finish() {
    let place = Place::new();
    let names: Vec<String> = (0..100).map(|number| format!("p{number}")).collect();
    let task = TaskSpec::new("t", names.iter().map(|name| process(name, "echo $$")))
        .with(|it| it.max_concurrency = 10);
    assert_eq!(place.run(task).await.state, FinalState::Success);
    for name in names {
        assert!(place.stdout(&name, 0).trim().parse::<u32>().is_ok());
    }
}
