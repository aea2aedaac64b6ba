//! Starting, stopping, restarting and crashing.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use aurora_api::ScheduleStatus;
use aurora_devcluster::{DevCluster, Error, RunningCluster, Stopped, stop};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use crate::child::Daemon;
use crate::common::{
    Client, Place, eventually, history, id, is_alive, key, last_message, options, pid_in, sandbox,
    simple, states, task_config,
};

fn service(name: &str) -> aurora_api::JobConfiguration {
    let mut job = simple(
        name,
        "trap '' TERM; echo $$ > pid; while true; do sleep 0.1; done",
    );
    task_config(&mut job).is_service = Some(true);
    job
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn jobs_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let cluster = DevCluster::start(options(folder.path())).await.unwrap();
    let client = Client::new(cluster.url());
    client.create(&service("web")).await;
    client.create(&simple("once", "echo done")).await;
    let tasks = client.wait_for(&key("web"), ScheduleStatus::RUNNING).await;
    client
        .wait_for(&key("once"), ScheduleStatus::FINISHED)
        .await;
    let pid = pid_in(&sandbox(folder.path(), &id(&tasks[0])).join("pid")).await;
    cluster.shutdown().await;
    assert!(!is_alive(pid));
    assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);

    for _ in 0..2 {
        let cluster = DevCluster::start(options(folder.path())).await.unwrap();
        let client = Client::new(cluster.url());
        let tasks = client
            .wait(&key("web"), |tasks| {
                tasks
                    .last()
                    .is_some_and(|it| it.status == Some(ScheduleStatus::RUNNING))
            })
            .await;
        let ended = &tasks[tasks.len() - 2];
        assert_eq!(
            states(ended),
            "PENDING ASSIGNED STARTING RUNNING DRAINING KILLED",
            "{}",
            history(&tasks)
        );
        assert_eq!(
            client
                .wait_for(&key("once"), ScheduleStatus::FINISHED)
                .await
                .len(),
            1
        );
        cluster.shutdown().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_crash_leaves_no_process_and_loses_no_job() {
    let folder = tempfile::tempdir().unwrap();
    let mut daemon = Daemon::start(folder.path()).await;
    let client = Client::new(&daemon.running.url);
    client.create(&service("web")).await;
    let tasks = client.wait_for(&key("web"), ScheduleStatus::RUNNING).await;
    let pid = pid_in(&sandbox(folder.path(), &id(&tasks[0])).join("pid")).await;
    daemon.child.kill().unwrap();
    daemon.child.wait().unwrap();
    assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);

    let again = Daemon::start(folder.path()).await;
    assert!(!is_alive(pid));
    let client = Client::new(&again.running.url);
    let tasks = client
        .wait(&key("web"), |tasks| {
            tasks
                .last()
                .is_some_and(|it| it.status == Some(ScheduleStatus::RUNNING))
        })
        .await;
    assert_eq!(tasks.len(), 2);
    assert_eq!(states(&tasks[0]), "PENDING ASSIGNED STARTING RUNNING LOST");
    assert_eq!(
        last_message(&tasks[0]),
        "The development cluster ended while the task was on it"
    );
    assert_eq!(tasks[1].ancestor_id, Some(id(&tasks[0])));

    let pid = pid_in(&sandbox(folder.path(), &id(&tasks[1])).join("pid")).await;
    let stopped = stop(folder.path(), Duration::from_secs(30)).await.unwrap();
    assert_eq!(stopped, Stopped::Gracefully);
    assert!(!is_alive(pid));
    assert_eq!(
        stop(folder.path(), Duration::from_secs(1)).await.unwrap(),
        Stopped::NotRunning
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_daemon_that_does_not_react_is_killed_with_its_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let daemon = Daemon::start(folder.path()).await;
    let client = Client::new(&daemon.running.url);
    client.create(&service("web")).await;
    let tasks = client.wait_for(&key("web"), ScheduleStatus::RUNNING).await;
    let pid = pid_in(&sandbox(folder.path(), &id(&tasks[0])).join("pid")).await;
    kill(Pid::from_raw(daemon.running.pid), Signal::SIGSTOP).unwrap();
    let stopped = stop(folder.path(), Duration::from_millis(300))
        .await
        .unwrap();
    assert_eq!(stopped, Stopped::Killed);
    eventually("the task's process is gone", || !is_alive(pid)).await;
    assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_second_copy_is_refused() {
    let place = Place::start().await;
    let found = RunningCluster::find(place.folder.path()).unwrap().unwrap();
    assert_eq!(found.url, place.cluster.url());
    let error = DevCluster::start(options(place.folder.path()))
        .await
        .unwrap_err();
    let Error::AlreadyRunning { pid, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(*pid, Some(found.pid));
    assert!(error.to_string().contains("already running"), "{error}");
    // The attempt has not disturbed the first one.
    assert_eq!(
        RunningCluster::find(place.folder.path()).unwrap(),
        Some(found)
    );
    place.client.create(&simple("still", "true")).await;
    place
        .client
        .wait_for(&key("still"), ScheduleStatus::FINISHED)
        .await;
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_named_port_in_use_is_an_error_and_an_unnamed_one_is_avoided() {
    let held = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = held.local_addr().unwrap().port();
    let folder = tempfile::tempdir().unwrap();
    let mut wanted = options(folder.path());
    wanted.port = Some(port);
    let error = DevCluster::start(wanted).await.unwrap_err();
    assert!(
        matches!(error, Error::Port { port: named, .. } if named == port),
        "{error}"
    );
    assert!(
        error
            .to_string()
            .starts_with(&format!("cannot use port {port} of 127.0.0.1"))
    );
    assert_eq!(RunningCluster::find(folder.path()).unwrap(), None);

    let _default = std::net::TcpListener::bind(("127.0.0.1", aurora_devcluster::DEFAULT_PORT));
    let mut any = options(folder.path());
    any.port = None;
    let cluster = DevCluster::start(any).await.unwrap();
    assert_ne!(
        cluster.url(),
        format!("http://127.0.0.1:{}", aurora_devcluster::DEFAULT_PORT)
    );
    cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn dropping_a_cluster_kills_its_tasks() {
    let place = Place::start().await;
    place.client.create(&service("web")).await;
    let tasks = place
        .client
        .wait_for(&key("web"), ScheduleStatus::RUNNING)
        .await;
    let pid = pid_in(&place.sandbox(&id(&tasks[0])).join("pid")).await;
    drop(place.cluster);
    eventually("the task's process is gone", || !is_alive(pid)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_user_can_look_into_folders() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("new/root");
    let cluster = DevCluster::start(options(&root)).await.unwrap();
    let client = Client::new(cluster.url());
    client.create(&simple("private", "true")).await;
    let tasks = client
        .wait_for(&key("private"), ScheduleStatus::FINISHED)
        .await;
    for folder in [root.clone(), sandbox(&root, &id(&tasks[0]))] {
        let mode = folder.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
    }
    cluster.shutdown().await;
}
