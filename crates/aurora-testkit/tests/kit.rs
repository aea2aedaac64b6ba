//! What the other tests rely on.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use aurora_cluster::Cluster;
use aurora_jobkey::{InstanceSet, JobKey};
use aurora_rpc::operations::job_status;
use aurora_rpc::{RetryPolicy, SchedulerClient};
use aurora_testkit::command::Home;
use aurora_testkit::kerberos::Realm;
use aurora_testkit::{ScriptedScheduler, scheduler};

fn client(scheduler: &ScriptedScheduler) -> SchedulerClient {
    SchedulerClient::builder(&Cluster::direct("west", scheduler.url()))
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

fn job() -> JobKey {
    "west/www/prod/hello".parse().unwrap()
}

/// The active instances with the ids of their tasks.
async fn active(client: &SchedulerClient) -> Vec<(i32, String)> {
    let status = job_status(client, &job()).await.unwrap().value;
    let tasks = status.active.into_iter().map(|task| {
        let task = task.assigned_task.unwrap();
        (task.instance_id.unwrap(), task.task_id.unwrap())
    });
    tasks.collect()
}

#[tokio::test]
async fn a_scripted_scheduler_keeps_jobs() {
    let scheduler = ScriptedScheduler::running([("www/prod/hello", 3), ("www/prod/other", 1)]);
    let client = client(&scheduler);
    let before = active(&client).await;
    assert_eq!(before.len(), 3);

    client
        .kill_tasks(&job(), Some(&InstanceSet::from_iter([1])))
        .await
        .unwrap();
    let left = active(&client).await;
    assert_eq!(left, [before[0].clone(), before[2].clone()]);

    client
        .restart_shards(&job(), &InstanceSet::from_iter([2]))
        .await
        .unwrap();
    let restarted = active(&client).await;
    assert_eq!(restarted[0], left[0]);
    assert_eq!(restarted[1].0, 2);
    assert_ne!(restarted[1].1, left[1].1);
}

#[test]
#[should_panic = "the script of a scheduler has failed"]
fn a_script_that_panics_fails_the_test() {
    let scheduler = ScriptedScheduler::answering(|_| panic!("nothing is to be asked"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let client = client(&scheduler);
    let failed = runtime.block_on(client.get_jobs(None));
    assert!(failed.is_err());
}

#[test]
fn requests_are_read_to_their_end_wherever_they_are_cut() {
    use std::io::{Read as _, Write as _};
    let scheduler = ScriptedScheduler::performing([scheduler::http(503, "later")]);
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", scheduler.port())).unwrap();
    for part in [
        "POST /api HTTP/1.1\r\nContent-",
        "Length: 4\r\n\r\nab",
        "cd",
    ] {
        stream.write_all(part.as_bytes()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(
        answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
        "{answer}"
    );
    let requests = scheduler.requests();
    assert_eq!(requests[0].header("content-length"), Some("4"));
    assert_eq!((requests[0].verb(), requests[0].path()), ("POST", "/api"));
    assert_eq!(requests[0].body, b"abcd");
}

#[test]
fn runs_see_nothing_of_the_environment() {
    let home = Home::of("/usr/bin/env");
    let run = home.run(&[]).succeeded();
    let mut names: Vec<_> = run
        .stdout
        .lines()
        .filter_map(|line| line.split('=').next())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "AURORA_CONFIG_ROOT",
            "AURORA_DEVCLUSTER_DIR",
            "COLUMNS",
            "HOME",
            "LOGNAME",
            "TMPDIR",
            "TZ"
        ]
    );
}

#[test]
#[should_panic = "exit 1"]
fn a_failed_run_is_not_a_success() {
    let _ = Home::of("/bin/false").run(&[]).succeeded();
}

#[test]
fn a_realm_gives_tickets() {
    let Some(realm) = Realm::start(&["HTTP/localhost"]) else {
        return;
    };
    let has_ticket = || realm.command("klist").arg("-s").status().unwrap().success();
    assert!(!has_ticket());
    realm.sign_in("1h");
    assert!(has_ticket());
}
