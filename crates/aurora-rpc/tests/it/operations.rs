//! Operations of many calls, on a clock of their own.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_api::{
    AssignedTask, GetJobsResult, JobConfiguration, JobKey as WireJobKey, ResponseCode,
    Result as ResultBranch, ScheduleStatus, ScheduleStatusResult, ScheduledTask, TaskEvent,
};
use aurora_config::{HookEvent, HookValue};
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::operations::{
    Goal, Hooks, KillEvent, KillOptions, KillOutcome, KillProgress, Pace, RestartOptions, Stage,
    Waited, job_status, kill, kill_at_once, list_jobs, live_tasks, restart, start_cron, wait_until,
};
use aurora_rpc::{Delivery, Error, SchedulerClient};
use aurora_testkit::scheduler::{Act, ScriptedScheduler};

use crate::server::{Clients, ok, refuse};

const RUNNING: ScheduleStatus = ScheduleStatus::RUNNING;
const KILLED: ScheduleStatus = ScheduleStatus::KILLED;
const PENDING: ScheduleStatus = ScheduleStatus::PENDING;

fn job() -> JobKey {
    JobKey::new("west", "www", "prod", "web").unwrap()
}

fn set(text: &str) -> InstanceSet {
    text.parse().unwrap()
}

fn tasks(states: &[(i32, ScheduleStatus)]) -> Act {
    let task = |&(instance, status)| ScheduledTask {
        status: Some(status),
        assigned_task: Some(AssignedTask {
            instance_id: Some(instance),
            ..AssignedTask::default()
        }),
        task_events: Some(vec![TaskEvent {
            timestamp: Some(1),
            ..TaskEvent::default()
        }]),
        ..ScheduledTask::default()
    };
    let result = ScheduleStatusResult {
        tasks: Some(states.iter().map(task).collect()),
    };
    ok(Some(ResultBranch::ScheduleStatusResult(result)), "")
}

fn seconds(sleeps: &[Duration]) -> Vec<u64> {
    sleeps.iter().map(Duration::as_secs).collect()
}

/// Kills and writes down what happens, one line an event.
async fn reported_kill(
    client: &SchedulerClient,
    instances: Option<&InstanceSet>,
    options: &KillOptions,
) -> (Result<KillOutcome, Error>, Vec<String>) {
    let mut reported = Vec::new();
    let result = kill(
        client,
        &job(),
        instances,
        options,
        &Hooks::none(),
        |event: KillEvent<'_>| {
            reported.push(match event {
                // A test of its own hears of it.
                KillEvent::Looked { .. } => return,
                KillEvent::Killing { instances } => format!("killing {}", instances.unwrap()),
                KillEvent::Accepted { reply } => format!("accepted: {}", reply.message()),
                KillEvent::Killed { instances } => format!("killed {instances}"),
                KillEvent::TooLate { instances, pending } => {
                    format!("too late {instances}, pending {pending}")
                }
                KillEvent::Unconfirmed { instances, error } => {
                    format!("unconfirmed {instances}: {error}")
                }
                other => format!("{other:?}"),
            });
        },
    )
    .await;
    (result, reported)
}

#[tokio::test]
async fn a_wait_looks_at_once_and_then_after_growing_pauses() {
    let mut acts = vec![tasks(&[(0, PENDING), (1, RUNNING)]); 9];
    acts.push(tasks(&[(0, KILLED), (1, RUNNING)]));
    let server = ScriptedScheduler::performing(acts);
    let (client, clock) = server.patient();
    let waited = wait_until(
        &client,
        &job(),
        None,
        Goal::RunningOrFinished,
        Pace::PATIENT,
    )
    .await;
    assert!(matches!(waited, Ok(Waited::Reached)), "{waited:?}");
    assert_eq!(
        seconds(&clock.sleeps()),
        [2, 4, 8, 16, 32, 64, 128, 150, 150]
    );
    let query = r#"[1,"getTasksWithoutConfigs",1,0,{"1":{"rec":{"11":{"set":["rec",1,{"1":{"str":"www"},"2":{"str":"prod"},"3":{"str":"web"}}]}}}}]"#;
    assert_eq!(server.requests()[0].body, query.as_bytes());
}

#[tokio::test]
async fn a_wait_for_death_ends_after_254_seconds() {
    let server = ScriptedScheduler::performing([tasks(&[(0, RUNNING), (1, KILLED)])]);
    let (client, clock) = server.patient();
    let instances = set("0-1");
    let waited = wait_until(
        &client,
        &job(),
        Some(&instances),
        Goal::Terminal,
        Pace::KILL,
    )
    .await;
    match waited.unwrap() {
        Waited::TimedOut { pending } => assert_eq!(pending, set("0")),
        other => panic!("{other:?}"),
    }
    assert_eq!(seconds(&clock.sleeps()), [2, 4, 8, 16, 32, 64, 128]);
    assert_eq!(server.requests().len(), 8);
}

#[tokio::test]
async fn no_tasks_and_a_refusal_end_a_wait_and_can_be_distinguished() {
    let server = ScriptedScheduler::performing([tasks(&[]), refuse(ResponseCode::ERROR, "no")]);
    let (client, clock) = server.patient();
    let job = job();
    let wait = || wait_until(&client, &job, None, Goal::Terminal, Pace::PATIENT);
    let waited = wait().await.unwrap();
    assert!(matches!(waited, Waited::NoTasks) && waited.is_success_in_release());
    let waited = wait().await.unwrap();
    assert!(matches!(waited, Waited::Refused(_)) && waited.is_success_in_release());
    assert!(clock.sleeps().is_empty());
}

#[tokio::test]
async fn a_kill_goes_batch_by_batch_through_the_active_instances() {
    let server = ScriptedScheduler::performing([
        tasks(&[(4, RUNNING), (0, RUNNING), (2, RUNNING), (7, RUNNING)]),
        ok(None, "Tasks killed"),
        tasks(&[(0, RUNNING), (2, KILLED)]),
        tasks(&[(0, KILLED), (2, KILLED)]),
        ok(None, "Tasks killed"),
        tasks(&[]),
    ]);
    let (client, clock) = server.patient();
    let options = KillOptions::default().batch_size(NonZeroUsize::new(2).unwrap());
    let (outcome, reported) = reported_kill(&client, Some(&set("0-5")), &options).await;
    assert_eq!(
        outcome.unwrap(),
        KillOutcome::Killed {
            instances: set("0,2,4")
        }
    );
    insta::assert_snapshot!(reported.join("\n"), @r"
    killing 0,2
    accepted: Tasks killed
    killed 0,2
    killing 4
    accepted: Tasks killed
    killed 4
    ");
    assert_eq!(seconds(&clock.sleeps()), [2]);
    let query = r#"{"5":{"set":["i32",9,0,1,2,6,9,12,13,16,17]}"#;
    let body = String::from_utf8(server.requests()[0].body.clone()).unwrap();
    assert!(body.contains(query), "{body}");
}

#[tokio::test]
async fn a_kill_gives_up_after_more_failures_than_allowed() {
    let states = [(0, RUNNING), (1, RUNNING), (2, RUNNING)];
    let slow = Pace::KILL.with_limit(Some(Duration::from_secs(2)));
    let acts = || {
        let batch = [ok(None, ""), tasks(&[(0, RUNNING)]), tasks(&[(0, RUNNING)])];
        let mut acts = vec![tasks(&states)];
        acts.extend(std::iter::repeat_n(batch, 3).flatten());
        acts
    };
    let server = ScriptedScheduler::performing(acts());
    let (client, clock) = server.patient();
    let options = KillOptions::default().max_failures(1).pace(slow);
    let (outcome, reported) = reported_kill(&client, None, &options).await;
    assert_eq!(
        outcome.unwrap(),
        KillOutcome::GaveUp {
            failed: set("0-1"),
            untouched: set("2")
        }
    );
    assert_eq!(reported[2], "too late 0, pending 0");
    assert_eq!(seconds(&clock.sleeps()), [2, 2]);

    let server = ScriptedScheduler::performing(acts());
    let (client, _) = server.patient();
    let (outcome, _) = reported_kill(&client, None, &options.max_failures(3)).await;
    assert_eq!(
        outcome.unwrap(),
        KillOutcome::Incomplete { failed: set("0-2") }
    );
}

#[tokio::test]
async fn a_refused_look_is_a_failure_unless_the_release_is_asked_for() {
    let acts = || {
        [
            tasks(&[(0, RUNNING)]),
            ok(None, ""),
            refuse(ResponseCode::ERROR, "no idea"),
        ]
    };
    let server = ScriptedScheduler::performing(acts());
    let (client, _) = server.patient();
    let (outcome, reported) = reported_kill(&client, None, &KillOptions::default()).await;
    assert!(matches!(outcome, Ok(KillOutcome::GaveUp { .. })));
    insta::assert_snapshot!(reported[2], @"unconfirmed 0: the scheduler refused getTasksWithoutConfigs (ERROR): no idea");

    let server = ScriptedScheduler::performing(acts());
    let (client, _) = server.patient();
    let options = KillOptions::default().refused_look_is_success(true);
    let (outcome, _) = reported_kill(&client, None, &options).await;
    assert!(matches!(outcome, Ok(KillOutcome::Killed { .. })));
}

#[tokio::test]
async fn a_kill_without_anything_to_kill_sends_nothing() {
    let server = ScriptedScheduler::performing([tasks(&[]), tasks(&[(3, RUNNING)])]);
    let (client, _) = server.patient();
    for others_active in [false, true] {
        let options = KillOptions::default();
        let (outcome, reported) = reported_kill(&client, Some(&set("0")), &options).await;
        let expected = KillOutcome::NothingToKill { others_active };
        assert_eq!(outcome.unwrap(), expected);
        assert!(reported.is_empty());
    }
}

#[tokio::test]
async fn the_look_before_a_kill_is_reported_with_what_the_scheduler_says() {
    let server = ScriptedScheduler::performing([tasks(&[(0, RUNNING)])]);
    let (client, _) = server.patient();
    let mut active = Vec::new();
    let outcome = kill(
        &client,
        &job(),
        Some(&set("3")),
        &KillOptions::default(),
        &Hooks::none(),
        |event: KillEvent<'_>| {
            if let KillEvent::Looked { reply } = event {
                active.push(reply.clone());
            }
        },
    )
    .await
    .unwrap();
    assert_eq!(
        outcome,
        KillOutcome::NothingToKill {
            others_active: true
        }
    );
    assert_eq!(active.len(), 1);
    assert_eq!(active[0].value, set("0"));
}

#[tokio::test]
async fn refusals_of_the_look_and_of_the_kill_can_be_distinguished() {
    let locked = || refuse(ResponseCode::LOCK_ERROR, "locked");
    let server =
        ScriptedScheduler::performing([locked(), tasks(&[(0, RUNNING), (1, RUNNING)]), locked()]);
    let (client, _) = server.patient();
    let options = KillOptions::default();
    let (outcome, _) = reported_kill(&client, None, &options).await;
    assert!(matches!(outcome, Err(Error::Rejected { .. })));
    let (outcome, reported) = reported_kill(&client, None, &options).await;
    let error = outcome.unwrap_err();
    insta::assert_snapshot!(error, @"the kill of instances 0 failed: the scheduler refused killTasks (LOCK_ERROR): locked");
    assert_eq!(error.rejection().unwrap().0, ResponseCode::LOCK_ERROR);
    assert_eq!(reported, ["killing 0"]);
}

#[tokio::test]
async fn a_hook_may_stop_each_call_of_a_kill() {
    let server = ScriptedScheduler::performing([
        tasks(&[(0, RUNNING), (1, RUNNING), (2, RUNNING)]),
        ok(None, "Tasks killed"),
        tasks(&[(0, KILLED)]),
    ]);
    let (client, _) = server.patient();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hooks = Hooks::none().with("OnlyOne", {
        let seen = Arc::clone(&seen);
        move |event, call| {
            let mut seen = seen.lock().unwrap();
            seen.push(format!("{}_{}", event.name(), call.method()));
            seen.len() < 3
        }
    });
    let options = KillOptions::default();
    let mut progress = KillProgress::default();
    let on_event = |event: KillEvent<'_>| progress.note(&event);
    let error = kill(&client, &job(), None, &options, &hooks, on_event)
        .await
        .unwrap_err();
    insta::assert_snapshot!(error, @"the kill of instances 1 failed: hooks stopped the call to kill_job: OnlyOne; a hook lets the call pass by returning True");
    assert_eq!(error.delivery(), Delivery::NotExecuted);
    assert_eq!(
        *seen.lock().unwrap(),
        ["pre_kill_job", "post_kill_job", "pre_kill_job"]
    );
    assert_eq!(server.methods().len(), 3, "nothing is sent for it");
    assert_eq!((progress.killed, progress.unknown), (set("0"), None));
    assert_eq!(hooks.running(), None);
}

#[tokio::test]
async fn hooks_run_once_around_a_restart_of_several_batches() {
    let looked = || tasks(&[(0, RUNNING), (1, RUNNING)]);
    let mut acts = vec![looked()];
    for _ in 0..2 {
        acts.extend([ok(None, "Restarted"), looked(), looked()]);
    }
    let server = ScriptedScheduler::performing(acts);
    let (client, _) = server.patient();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hooks = Hooks::none().with("Watcher", {
        let seen = Arc::clone(&seen);
        move |event, call| {
            let mut seen = seen.lock().unwrap();
            seen.push(format!("{}_{}", event.name(), call.method()));
            true
        }
    });
    let options = RestartOptions::default().watch(Duration::ZERO);
    let outcome = restart(&client, &job(), None, &options, &hooks, |_| ()).await;
    assert_eq!(outcome.unwrap().restarted, set("0-1"));
    assert_eq!(*seen.lock().unwrap(), ["pre_restart", "post_restart"]);
}

#[tokio::test]
async fn a_hook_may_stop_a_restart_before_anything_is_sent() {
    let server = ScriptedScheduler::performing([]);
    let (client, _) = server.patient();
    let hooks = Hooks::none().with("Never", |_, _| false);
    let options = RestartOptions::default();
    let result = restart(&client, &job(), None, &options, &hooks, |_| ()).await;
    assert!(
        matches!(&result, Err(Error::HooksRefused { method: "restart", hooks }) if hooks == &["Never"]),
        "{result:?}"
    );
    assert_eq!(server.methods().len(), 0);
}

#[tokio::test]
async fn hooks_get_the_failure_of_a_call() {
    let server = ScriptedScheduler::performing([refuse(ResponseCode::LOCK_ERROR, "locked")]);
    let (client, _) = server.patient();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let hooks = Hooks::none().with("Watcher", {
        let seen = Arc::clone(&seen);
        move |event, _| {
            if let HookEvent::Err(HookValue::Record { text, .. }) = event {
                seen.lock().unwrap().push(text.clone());
            }
            true
        }
    });
    let mut stages = Vec::new();
    let result = start_cron(&client, &job(), &hooks, |stage| stages.push(stage)).await;
    assert!(matches!(result, Err(Error::Rejected { .. })), "{result:?}");
    assert_eq!(*seen.lock().unwrap(), ["APIError: LOCK_ERROR: locked"]);
    assert_eq!(stages, [Stage::Sent], "it was not executed");
}

#[tokio::test]
async fn an_operation_that_is_dropped_says_how_far_it_came() {
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let (client, _) = server.patient();
    let (entered, waiting) = tokio::sync::oneshot::channel();
    let entered = Mutex::new(Some(entered));
    let (leave, left) = std::sync::mpsc::channel::<()>();
    let left = Mutex::new(left);
    let hooks = Hooks::none().with("Asks", move |_, _| {
        if let Some(entered) = entered.lock().unwrap().take() {
            let _ = entered.send(());
        }
        let _ = left.lock().unwrap().recv();
        true
    });
    let mut stage = Stage::default();
    let job = job();
    tokio::select! {
        result = start_cron(&client, &job, &hooks, |reached| stage = reached) => panic!("{result:?}"),
        entered = waiting => entered.unwrap(),
    }
    assert_eq!(stage, Stage::NotSent);
    let running = hooks.running().unwrap();
    assert_eq!(running.to_string(), "Hook pre_start_cronjob of Asks");
    drop(leave);
    assert!(server.methods().is_empty());
}

#[tokio::test]
async fn a_kill_at_once_is_one_call_and_a_wait() {
    let server = ScriptedScheduler::performing([
        ok(None, ""),
        tasks(&[(0, RUNNING)]),
        tasks(&[(0, KILLED)]),
    ]);
    let (client, clock) = server.patient();
    let waited = kill_at_once(&client, &job(), None, Pace::KILL, &Hooks::none(), |_| ()).await;
    assert!(matches!(waited, Ok(Waited::Reached)), "{waited:?}");
    assert_eq!(seconds(&clock.sleeps()), [2]);
    assert_eq!(
        server.methods(),
        [
            "killTasks",
            "getTasksWithoutConfigs",
            "getTasksWithoutConfigs"
        ]
    );
}

#[tokio::test]
async fn jobs_are_listed_by_pattern() {
    let config = |role: &str, environment: &str, name: &str| JobConfiguration {
        key: Some(WireJobKey {
            role: Some(role.to_owned()),
            environment: Some(environment.to_owned()),
            name: Some(name.to_owned()),
        }),
        ..JobConfiguration::default()
    };
    let result = GetJobsResult {
        configs: Some(BTreeSet::from([
            config("www", "prod", "web"),
            config("www", "test", "web"),
            config("www", "prod", "other"),
            config("ads", "prod", "web"),
        ])),
    };
    let server = ScriptedScheduler::performing([ok(Some(ResultBranch::GetJobsResult(result)), "")]);
    let (client, _) = server.patient();
    let list = async |pattern: &str| {
        let reply = list_jobs(&client, &pattern.parse().unwrap()).await;
        let keys = reply.unwrap().value;
        let keys: Vec<_> = keys.iter().map(ToString::to_string).collect();
        keys.join(" ")
    };
    assert_eq!(
        list("west/www/*/web").await,
        "west/www/prod/web west/www/test/web"
    );
    assert_eq!(
        list("*/w*/prod").await,
        "west/www/prod/other west/www/prod/web"
    );
    assert_eq!(list("east").await, "");
    let seen = server.requests();
    let bodies: Vec<_> = seen
        .iter()
        .map(|seen| String::from_utf8_lossy(&seen.body))
        .collect();
    assert_eq!(bodies[0], r#"[1,"getJobs",1,0,{"1":{"str":"www"}}]"#);
    assert_eq!(bodies[1], r#"[1,"getJobs",1,0,{}]"#);
}

#[tokio::test]
async fn status_is_one_query_for_all_states() {
    let server = ScriptedScheduler::performing([tasks(&[(1, RUNNING), (0, KILLED), (0, PENDING)])]);
    let (client, _) = server.patient();
    let status = job_status(&client, &job()).await.unwrap().value;
    assert_eq!((status.active.len(), status.inactive.len()), (2, 1));
    assert_eq!(server.methods(), ["getTasksWithoutConfigs"]);
}

#[tokio::test]
async fn live_tasks_are_asked_for_by_state_and_instance() {
    let server = ScriptedScheduler::performing([tasks(&[(1, RUNNING), (0, RUNNING)])]);
    let (client, _) = server.patient();
    let some = live_tasks(&client, &job(), Some(&set("0-1"))).await;
    let instances: Vec<_> = some
        .unwrap()
        .value
        .iter()
        .map(|task| task.assigned_task.as_ref().unwrap().instance_id)
        .collect();
    assert_eq!(instances, [Some(1), Some(0)], "the order stays");
    live_tasks(&client, &job(), None).await.unwrap();
    let seen = server.requests();
    let bodies: Vec<_> = seen
        .iter()
        .map(|seen| String::from_utf8_lossy(&seen.body))
        .collect();
    insta::assert_snapshot!(bodies.join("\n"), @r#"
    [1,"getTasksStatus",1,0,{"1":{"rec":{"5":{"set":["i32",5,2,6,12,13,17]},"7":{"set":["i32",2,0,1]},"11":{"set":["rec",1,{"1":{"str":"www"},"2":{"str":"prod"},"3":{"str":"web"}}]}}}}]
    [1,"getTasksStatus",1,0,{"1":{"rec":{"5":{"set":["i32",5,2,6,12,13,17]},"11":{"set":["rec",1,{"1":{"str":"www"},"2":{"str":"prod"},"3":{"str":"web"}}]}}}}]
    "#);
}
