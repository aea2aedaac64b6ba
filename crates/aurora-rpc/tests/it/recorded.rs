//! Operations against the calls, replies and waits that were recorded of the released client.

use std::num::NonZeroUsize;
use std::time::Duration;

use aurora_api::{
    AssignedTask, ResponseCode, Result as ResultBranch, ScheduleStatus, ScheduleStatusResult,
    ScheduledTask, TaskEvent,
};
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::Error;
use aurora_rpc::operations::sla::{TimeSpan, job_uptimes};
use aurora_rpc::operations::{
    Hooks, KillOptions, KillOutcome, Pace, RestartEnd, RestartEvent, RestartOptions,
    RestartOutcome, Waited, check_active, kill, kill_at_once, restart,
};
use aurora_testkit::scheduler::{Act, ScriptedScheduler};

use crate::server::{ok, refuse};
use crate::trace::Traced;

const RUNNING: ScheduleStatus = ScheduleStatus::RUNNING;
const KILLING: ScheduleStatus = ScheduleStatus::KILLING;
const KILLED: ScheduleStatus = ScheduleStatus::KILLED;

pub(crate) fn job() -> JobKey {
    JobKey::new("west", "www", "prod", "web").unwrap()
}

fn set(text: &str) -> InstanceSet {
    text.parse().unwrap()
}

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

fn tasks(tasks: &[(i32, ScheduleStatus, &str)]) -> Act {
    let task = |&(instance, status, id): &(i32, ScheduleStatus, &str)| ScheduledTask {
        status: Some(status),
        assigned_task: Some(AssignedTask {
            instance_id: Some(instance),
            task_id: Some(id.to_owned()),
            ..AssignedTask::default()
        }),
        task_events: Some(vec![TaskEvent {
            timestamp: Some(1_448_996_400_000),
            status: Some(RUNNING),
            ..TaskEvent::default()
        }]),
        ..ScheduledTask::default()
    };
    let result = ScheduleStatusResult {
        tasks: Some(tasks.iter().map(task).collect()),
    };
    ok(Some(ResultBranch::ScheduleStatusResult(result)), "")
}

fn running(all: &[(i32, &str)]) -> Act {
    let all: Vec<_> = all.iter().map(|&(i, id)| (i, RUNNING, id)).collect();
    tasks(&all)
}

fn restarted() -> Act {
    ok(None, "Restarted")
}

/// Restarts, and writes down what happens, as the released client logs it.
async fn reported_restart(
    traced: &Traced<'_>,
    instances: Option<&InstanceSet>,
    options: RestartOptions,
) -> (Result<RestartOutcome, Error>, String) {
    let mut reported = Vec::new();
    let result = restart(
        &traced.client,
        &job(),
        instances,
        &options,
        &Hooks::none(),
        |event| {
            reported.push(match event {
                RestartEvent::Begins { instances } => format!("begins {instances}"),
                RestartEvent::Restarting { instances } => format!("restarting {instances:?}"),
                RestartEvent::Accepted { reply, .. } => format!("accepted: {}", reply.message()),
                RestartEvent::Running { instance } => format!("running {instance}"),
                RestartEvent::Healthy { instance, watch } => {
                    format!("healthy {instance} {watch:?}")
                }
                RestartEvent::Unhealthy { instance } => format!("unhealthy {instance}"),
                RestartEvent::NotRunning {
                    instance,
                    threshold,
                } => format!("not running {instance} {threshold:?}"),
                RestartEvent::Undecided { instance } => format!("undecided {instance}"),
                RestartEvent::LookRefused { error } => format!("refused: {error}"),
                other => format!("{other:?}"),
            });
        },
    )
    .await;
    (result, reported.join("\n"))
}

#[tokio::test]
async fn a_restart_watches_one_instance_after_the_other() {
    let mut acts = vec![
        running(&[(0, "old-0"), (1, "old-1")]),
        restarted(),
        running(&[]),
    ];
    acts.extend(vec![running(&[(0, "new-0")]); 4]);
    acts.push(restarted());
    acts.extend(vec![running(&[(1, "new-1")]); 4]);
    let server = ScriptedScheduler::performing(acts);
    let traced = Traced::new(&server);
    let options = RestartOptions::default().watch(secs(6));
    let (outcome, reported) = reported_restart(&traced, None, options).await;
    let outcome = outcome.unwrap();
    assert!(outcome.is_success());
    assert_eq!(outcome.restarted, set("0-1"));
    assert_eq!(outcome.reply.unwrap().message(), "Restarted");
    insta::assert_snapshot!(traced.reported(), @r"
    getTasksWithoutConfigs ACTIVE
    restartShards {0}
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    restartShards {1}
    getTasksWithoutConfigs RUNNING {1}
    3 s
    getTasksWithoutConfigs RUNNING {1}
    3 s
    getTasksWithoutConfigs RUNNING {1}
    3 s
    getTasksWithoutConfigs RUNNING {1}
    ");
    insta::assert_snapshot!(reported, @r"
    begins 0-1
    restarting [0]
    accepted: Restarted
    running 0
    healthy 0 6s
    restarting [1]
    accepted: Restarted
    running 1
    healthy 1 6s
    ");
}

#[tokio::test]
async fn an_instance_that_never_runs_fails_after_the_threshold() {
    let server =
        ScriptedScheduler::performing([running(&[(0, "old-0")]), restarted(), running(&[])]);
    let traced = Traced::new(&server);
    let options = RestartOptions::default().watch(secs(3)).threshold(secs(6));
    let instances = set("0");
    let (outcome, reported) = reported_restart(&traced, Some(&instances), options).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.end, RestartEnd::GaveUp);
    assert_eq!(outcome.failed, set("0"));
    assert!(outcome.restarted.is_empty() && outcome.untouched.is_empty());
    assert_eq!(outcome.over_limit(), [(0, 1)].into());
    insta::assert_snapshot!(traced.reported(), @r"
    getTasksWithoutConfigs ACTIVE
    restartShards {0}
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    ");
    insta::assert_snapshot!(reported, @r"
    begins 0
    restarting [0]
    accepted: Restarted
    not running 0 6s
    ");
}

#[tokio::test]
async fn failed_instances_go_to_the_end_of_the_queue_while_the_limit_allows() {
    let server = ScriptedScheduler::performing([
        running(&[(0, "old-0"), (1, "old-1")]),
        restarted(),
        running(&[]),
        running(&[]),
        restarted(),
        running(&[(1, "new-1")]),
        running(&[(1, "new-1")]),
        restarted(),
        running(&[(0, "new-0")]),
    ]);
    let traced = Traced::new(&server);
    let options = RestartOptions::default()
        .watch(secs(2))
        .threshold(secs(2))
        .max_failed_instances(1);
    let instances = set("0-1");
    let (outcome, _) = reported_restart(&traced, Some(&instances), options).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.end, RestartEnd::Restarted);
    assert_eq!(outcome.restarted, set("0-1"));
    assert!(outcome.failed.is_empty());
    assert_eq!(outcome.failures, [(0, 1)].into());
    insta::assert_snapshot!(traced.reported(), @r"
    getTasksWithoutConfigs ACTIVE
    restartShards {0}
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    restartShards {1}
    getTasksWithoutConfigs RUNNING {1}
    3 s
    getTasksWithoutConfigs RUNNING {1}
    restartShards {0}
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    ");
}

#[tokio::test]
async fn a_look_that_is_refused_fails_what_ran_before() {
    let server = ScriptedScheduler::performing([
        running(&[(0, "old-0")]),
        restarted(),
        running(&[(0, "new-0")]),
        refuse(ResponseCode::ERROR, "no idea"),
    ]);
    let traced = Traced::new(&server);
    let options = RestartOptions::default().watch(secs(9));
    let instances = set("0");
    let (outcome, reported) = reported_restart(&traced, Some(&instances), options).await;
    assert_eq!(outcome.unwrap().end, RestartEnd::GaveUp);
    insta::assert_snapshot!(traced.reported(), @r"
    getTasksWithoutConfigs ACTIVE
    restartShards {0}
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    ");
    insta::assert_snapshot!(reported, @r"
    begins 0
    restarting [0]
    accepted: Restarted
    running 0
    refused: the scheduler refused getTasksWithoutConfigs (ERROR): no idea
    unhealthy 0
    ");
}

#[tokio::test]
async fn a_restart_repeats_a_look_that_failed_for_the_moment() {
    let server = ScriptedScheduler::performing([
        refuse(ResponseCode::ERROR_TRANSIENT, ""),
        running(&[(0, "old-0")]),
        restarted(),
        running(&[(0, "new-0")]),
    ]);
    let traced = Traced::new(&server);
    let options = RestartOptions::default().watch(secs(2));
    let (outcome, _) = reported_restart(&traced, None, options).await;
    assert!(outcome.unwrap().is_success());
    insta::assert_snapshot!(traced.reported(), @r"
    getTasksWithoutConfigs ACTIVE
    5 s
    getTasksWithoutConfigs ACTIVE
    restartShards {0}
    getTasksWithoutConfigs RUNNING {0}
    3 s
    getTasksWithoutConfigs RUNNING {0}
    ");
}

#[tokio::test]
async fn a_restart_without_active_instances_sends_nothing() {
    let server = ScriptedScheduler::performing([running(&[])]);
    let traced = Traced::new(&server);
    let (outcome, reported) = reported_restart(&traced, None, RestartOptions::default()).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.end, RestartEnd::NothingToRestart);
    assert!(outcome.is_success() && outcome.reply.is_none());
    assert_eq!((server.requests().len(), reported.as_str()), (1, ""));

    let none = InstanceSet::new();
    let (outcome, _) = reported_restart(&traced, Some(&none), RestartOptions::default()).await;
    assert!(matches!(outcome, Err(Error::NoInstances { .. })));
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn refusals_of_the_look_and_of_the_restart_can_be_distinguished() {
    let locked = || refuse(ResponseCode::LOCK_ERROR, "locked");
    let server = ScriptedScheduler::performing([
        locked(),
        running(&[(0, "a"), (1, "b")]),
        restarted(),
        running(&[(0, "new")]),
        running(&[(0, "new")]),
        locked(),
    ]);
    let traced = Traced::new(&server);
    let options = RestartOptions::default().watch(secs(2));
    let (outcome, _) = reported_restart(&traced, None, options).await;
    assert!(matches!(outcome, Err(Error::Rejected { .. })));
    let (outcome, _) = reported_restart(&traced, None, options).await;
    let error = outcome.unwrap_err();
    assert_eq!(error.rejection().unwrap().0, ResponseCode::LOCK_ERROR);
    assert!(matches!(&error, Error::RestartFailed { restarted, .. } if *restarted == set("0")));
    insta::assert_snapshot!(error, @"the restart of instances 1 failed: the scheduler refused restartShards (LOCK_ERROR): locked");
}

#[tokio::test]
async fn a_task_that_is_replaced_is_unhealthy_and_a_batch_has_an_end() {
    let server = ScriptedScheduler::performing([
        running(&[(0, "a"), (1, "b"), (2, "c")]),
        restarted(),
        running(&[(0, "new")]),
        running(&[(0, "other"), (1, "late")]),
    ]);
    let traced = Traced::new(&server);
    let options = RestartOptions::default()
        .batch_size(NonZeroUsize::new(2).unwrap())
        .watch(secs(4))
        .threshold(secs(3))
        .poll(secs(4));
    let (outcome, reported) = reported_restart(&traced, None, options).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.end, RestartEnd::GaveUp);
    assert_eq!((outcome.failed, outcome.untouched), (set("0-1"), set("2")));
    insta::assert_snapshot!(reported, @r"
    begins 0-2
    restarting [0, 1]
    accepted: Restarted
    running 0
    unhealthy 0
    running 1
    undecided 1
    ");
}

#[tokio::test]
async fn a_tolerated_instance_gets_one_more_try_unless_the_release_is_asked_for() {
    let options = RestartOptions::default()
        .watch(Duration::ZERO)
        .threshold(Duration::ZERO)
        .poll(secs(1))
        .max_failed_instances(5);
    let mut acts = vec![running(&[(0, "a")])];
    for _ in 0..2 {
        acts.extend([restarted(), running(&[]), running(&[])]);
    }
    let server = ScriptedScheduler::performing(acts.clone());
    let traced = Traced::new(&server);
    let (outcome, _) = reported_restart(&traced, None, options).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.end, RestartEnd::Incomplete);
    assert!(!outcome.is_success());
    assert_eq!(outcome.failures, [(0, 2)].into());

    acts.extend([restarted(), running(&[]), running(&[]), restarted()]);
    acts.push(running(&[(0, "new")]));
    let server = ScriptedScheduler::performing(acts);
    let traced = Traced::new(&server);
    let (outcome, _) = reported_restart(&traced, None, options.endless(true)).await;
    let outcome = outcome.unwrap();
    assert_eq!(outcome.end, RestartEnd::Restarted);
    assert_eq!(outcome.failures, [(0, 3)].into());
}

#[tokio::test]
async fn a_kill_asks_and_waits_as_recorded() {
    let server = ScriptedScheduler::performing([
        tasks(&[(0, RUNNING, "a"), (1, RUNNING, "b"), (2, RUNNING, "c")]),
        ok(None, ""),
        tasks(&[(0, KILLING, "a")]),
        tasks(&[(0, KILLED, "a")]),
        ok(None, ""),
        tasks(&[(2, KILLED, "c")]),
    ]);
    let traced = Traced::new(&server);
    let options = KillOptions::default();
    let instances = set("0,2");
    let outcome = kill(
        &traced.client,
        &job(),
        Some(&instances),
        &options,
        &Hooks::none(),
        |_| (),
    )
    .await;
    assert!(matches!(outcome, Ok(KillOutcome::Killed { .. })));
    insta::assert_snapshot!(traced.reported(), @r"
    getTasksWithoutConfigs ACTIVE
    killTasks {0}
    getTasksWithoutConfigs {0}
    2 s
    getTasksWithoutConfigs {0}
    killTasks {2}
    getTasksWithoutConfigs {2}
    ");
}

#[tokio::test]
async fn a_kill_at_once_asks_and_waits_as_recorded() {
    let both = |a, b| tasks(&[(0, a, "a"), (1, b, "b")]);
    let server = ScriptedScheduler::performing([ok(None, ""), both(KILLING, KILLING)]);
    let traced = Traced::new(&server);
    let instances = set("0-1");
    let waited = kill_at_once(
        &traced.client,
        &job(),
        Some(&instances),
        Pace::KILL,
        &Hooks::none(),
        |_| (),
    )
    .await;
    assert!(matches!(waited, Ok(Waited::TimedOut { .. })));
    insta::assert_snapshot!(traced.reported(), @r"
    killTasks {0, 1}
    getTasksWithoutConfigs {0, 1}
    2 s
    getTasksWithoutConfigs {0, 1}
    4 s
    getTasksWithoutConfigs {0, 1}
    8 s
    getTasksWithoutConfigs {0, 1}
    16 s
    getTasksWithoutConfigs {0, 1}
    32 s
    getTasksWithoutConfigs {0, 1}
    64 s
    getTasksWithoutConfigs {0, 1}
    128 s
    getTasksWithoutConfigs {0, 1}
    ");

    let server =
        ScriptedScheduler::performing([ok(None, ""), both(KILLING, KILLING), both(KILLED, KILLED)]);
    let traced = Traced::new(&server);
    let waited = kill_at_once(
        &traced.client,
        &job(),
        None,
        Pace::KILL,
        &Hooks::none(),
        |_| (),
    )
    .await;
    assert!(matches!(waited, Ok(Waited::Reached)));
    insta::assert_snapshot!(traced.reported(), @r"
    killTasks all
    getTasksWithoutConfigs
    2 s
    getTasksWithoutConfigs
    ");
}

#[tokio::test]
async fn strictness_is_one_look_at_what_is_active() {
    let server = ScriptedScheduler::performing([running(&[(0, "a"), (1, "b"), (2, "c")])]);
    let traced = Traced::new(&server);
    let activity = check_active(&traced.client, &job(), &set("1-4"))
        .await
        .unwrap();
    assert_eq!(
        (activity.value.active, activity.value.missing),
        (set("0-2"), set("3-4"))
    );
    insta::assert_snapshot!(traced.reported(), @"getTasksWithoutConfigs ACTIVE");
}

#[tokio::test]
async fn figures_of_availability_take_one_look() {
    let server = ScriptedScheduler::performing([running(&[(0, "a")])]);
    let traced = Traced::new(&server);
    let uptimes = job_uptimes(&traced.client, &job()).await.unwrap().value;
    assert_eq!(uptimes.seconds(), [3600]);
    assert_eq!(uptimes.percent_up_for(TimeSpan::from_secs(3600)), 100.0);
    insta::assert_snapshot!(traced.reported(), @"getTasksWithoutConfigs LIVE");
}
