//! Whom calls go to, as schedulers come and go.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use aurora_api::{
    AssignedTask, Result as ResultBranch, ScheduleStatus, ScheduleStatusResult, ScheduledTask,
};
use aurora_jobkey::JobKey;
use aurora_rpc::operations::{Goal, Pace, Waited, wait_until};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, keep_alive};
use aurora_testkit::zookeeper::{Ensemble, LONGEST_SESSION, hosts};

use super::line::Line;
use super::{
    builder, call_until_it_answers, cluster, limits, member, node, persistent, scheduler, soon,
    take_over, until,
};
use crate::server::ok;

fn task(status: ScheduleStatus) -> ResultBranch {
    ResultBranch::ScheduleStatusResult(ScheduleStatusResult {
        tasks: Some(vec![ScheduledTask {
            status: Some(status),
            assigned_task: Some(AssignedTask {
                instance_id: Some(0),
                ..AssignedTask::default()
            }),
            ..ScheduledTask::default()
        }]),
    })
}

#[tokio::test]
async fn the_next_call_goes_to_the_next_leader() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let path = "/next/leader";
    let editor = zookeeper.editor().await;
    let (first, second) = (scheduler().await, scheduler().await);
    editor.put(&node(path, 1), member(&first)).await;
    let client = persistent(&cluster(zookeeper, path));
    client.get_jobs(None).await.unwrap();
    assert_eq!(first.requests().len(), 1);

    // The first one still answers: only ZooKeeper knows that it leads no more.
    take_over(&editor, path, 1, &second).await;
    call_until_it_answers(&client, &second).await;
    let asked = first.requests().len();
    client.get_jobs(None).await.unwrap();
    assert_eq!(first.requests().len(), asked);
}

#[tokio::test]
async fn a_group_that_appears_later_is_waited_for() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let path = "/appears/later";
    let scheduler = scheduler().await;
    let client = persistent(&cluster(zookeeper, path));
    let call = tokio::spawn({
        let client = client.clone();
        async move { client.get_jobs(None).await }
    });
    let editor = zookeeper.editor().await;
    for step in ["/appears", "/appears/later"] {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(!call.is_finished());
        editor.put(step, "").await;
    }
    editor.put(&node(path, 0), member(&scheduler)).await;
    call.await.unwrap().unwrap();
    assert_eq!(scheduler.methods(), ["getJobs"]);
}

#[tokio::test]
async fn a_wait_survives_the_death_of_its_scheduler() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let path = "/dies";
    let editor = zookeeper.editor().await;
    let first = ScriptedScheduler::performing([keep_alive(task(ScheduleStatus::PENDING))]);
    let second = ScriptedScheduler::performing([keep_alive(task(ScheduleStatus::RUNNING))]);
    editor.put(&node(path, 1), member(&first)).await;
    let retries = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&retries);
    let client = builder(&cluster(zookeeper, path))
        .retry(soon())
        .on_retry(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
        })
        .build()
        .unwrap();
    let waiting = tokio::spawn(async move {
        let job = JobKey::new("west", "www", "prod", "web").unwrap();
        let mut pace = Pace::PATIENT;
        (pace.first_pause, pace.longest_pause) =
            (Duration::from_millis(20), Duration::from_millis(20));
        wait_until(&client, &job, None, Goal::RunningOrFinished, pace).await
    });
    until("the first scheduler was never asked", async || {
        first.requests().len() > 1
    })
    .await;

    drop(first);
    until("no client missed it", async || {
        retries.load(Ordering::Relaxed) > 0
    })
    .await;
    assert!(!waiting.is_finished());
    take_over(&editor, path, 1, &second).await;
    let waited = waiting.await.unwrap().unwrap();
    assert!(matches!(waited, Waited::Reached), "{waited:?}");
    assert_eq!(second.methods(), ["getTasksWithoutConfigs"]);
}

#[tokio::test]
async fn a_redirect_makes_the_client_look_again() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let path = "/redirects";
    let editor = zookeeper.editor().await;
    let line = Line::to(zookeeper.servers[0].address).await;
    let leader = ScriptedScheduler::performing([ok(None, "killed")]);
    let location = format!("Location: {}/api\r\n", leader.url()).leak();
    let follower = ScriptedScheduler::performing([Act::Http(307, location, Vec::new())]);
    editor.put(&node(path, 1), member(&follower)).await;
    let mut cluster = cluster(zookeeper, path);
    cluster.zk = Some(hosts([line.address]));
    let client = persistent(&cluster);
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    let kill = async || client.kill_tasks(&job, None).await.unwrap();
    client.base_url().await.unwrap();

    // On a frozen line no watch says that there is another leader.
    line.freeze(true);
    take_over(&editor, path, 1, &leader).await;
    kill().await;
    assert_eq!((follower.requests().len(), leader.requests().len()), (1, 1));
    let thawing = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        line.freeze(false);
    };
    tokio::join!(kill(), thawing);
    assert_eq!((follower.requests().len(), leader.requests().len()), (1, 2));
}

#[tokio::test]
async fn all_clones_share_one_session_which_the_last_one_closes() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let server = &zookeeper.servers[0];
    let path = "/closes";
    let editor = zookeeper.editor().await;
    let line = Line::to(server.address).await;
    let scheduler = scheduler().await;
    editor.put(&node(path, 1), member(&scheduler)).await;
    let mut cluster = cluster(zookeeper, path);
    cluster.zk = Some(hosts([line.address]));

    let mut limits = limits();
    limits.session = LONGEST_SESSION;
    let client = builder(&cluster).search(limits).build().unwrap();
    assert!(
        line.ports().is_empty(),
        "nothing is opened before the first call"
    );
    let clone = client.clone();
    client.get_jobs(None).await.unwrap();
    clone.get_jobs(None).await.unwrap();
    let sessions: BTreeSet<_> = line
        .ports()
        .into_iter()
        .filter_map(|port| server.session_of(port))
        .filter(|id| id != "0x0")
        .collect();
    assert_eq!(sessions.len(), 1, "{sessions:?}");

    drop(client);
    clone.get_jobs(None).await.unwrap();
    assert!(sessions.is_subset(&server.sessions().into_iter().collect()));
    let closing = Instant::now();
    drop(clone);
    let closed = closing.elapsed();
    assert!(closed < Duration::from_secs(5), "{closed:?}");
    // It does not end by its time-out.
    until("the session is kept", async || {
        sessions.is_disjoint(&server.sessions().into_iter().collect())
    })
    .await;
    let gone = closing.elapsed();
    assert!(gone < LONGEST_SESSION * 3 / 4, "{gone:?}");
}
