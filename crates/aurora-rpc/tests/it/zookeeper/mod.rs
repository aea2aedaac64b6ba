//! The client against real ZooKeeper servers. Without them these tests are left out, by name.

mod failures;
mod hostile;
mod leaders;
mod line;
mod recorded;

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aurora_api::{GetJobsResult, Result as ResultBranch};
use aurora_cluster::Cluster;
use aurora_rpc::{Error, RetryPolicy, SchedulerClient, SchedulerClientBuilder, SearchLimits};
use aurora_testkit::PATIENCE;
use aurora_testkit::scheduler::{Act, ScriptedScheduler, keep_alive};
use aurora_testkit::zookeeper::{Editor, Ensemble};

/// What a scheduler puts into its member's node.
fn member(scheduler: &ScriptedScheduler) -> String {
    let port = scheduler.url().rsplit(':').next().unwrap();
    format!(
        r#"{{"serviceEndpoint": {{"host": "127.0.0.1", "port": 1}}, "additionalEndpoints": {{"http": {{"host": "127.0.0.1", "port": {port}}}}}, "status": "ALIVE"}}"#
    )
}

/// A cluster whose schedulers are found there.
fn cluster(zookeeper: &Ensemble, path: &str) -> Cluster {
    Cluster::zookeeper("west", zookeeper.hosts(), path)
}

/// A scheduler that answers every question for jobs.
async fn scheduler() -> ScriptedScheduler {
    ScriptedScheduler::performing([jobs()])
}

fn jobs() -> Act {
    keep_alive(ResultBranch::GetJobsResult(GetJobsResult {
        configs: Some([].into()),
    }))
}

/// Limits for a server that is there, however slow the machine is.
fn limits() -> SearchLimits {
    let mut limits = SearchLimits::default();
    limits.first_member = PATIENCE;
    limits.list = PATIENCE;
    limits.server = Duration::from_secs(20);
    limits
}

/// Limits for a search that is to fail.
fn short_limits() -> SearchLimits {
    let mut limits = limits();
    limits.first_member = Duration::from_millis(200);
    limits.search = Duration::ZERO;
    limits
}

fn builder(cluster: &Cluster) -> SchedulerClientBuilder {
    SchedulerClient::builder(cluster).search(limits())
}

/// Tries again soon, for as long as it takes.
fn soon() -> RetryPolicy {
    RetryPolicy::new(Duration::from_millis(50), PATIENCE)
}

fn persistent(cluster: &Cluster) -> SchedulerClient {
    builder(cluster).retry(soon()).build().unwrap()
}

/// Calls until the scheduler that is meant to answer has answered.
async fn call_until_it_answers(client: &SchedulerClient, scheduler: &ScriptedScheduler) {
    let before = scheduler.requests().len();
    until("the scheduler was never asked", async || {
        client.get_jobs(None).await.unwrap();
        scheduler.requests().len() > before
    })
    .await;
}

/// Asks again and again until the reason why ZooKeeper cannot be asked is the expected one.
async fn until_the_reason_is(cluster: &Cluster, server_limit: Duration, expected: &[&str]) {
    let mut limits = short_limits();
    limits.list = Duration::from_millis(300);
    limits.server = server_limit;
    let client = builder(cluster)
        .search(limits)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let mut reasons = BTreeSet::new();
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        match client.get_jobs(None).await {
            Err(Error::ZooKeeper { reason, .. }) => {
                if expected.iter().all(|part| reason.contains(part)) {
                    return;
                }
                reasons.insert(reason);
            }
            other => panic!("{other:?}"),
        }
    }
    panic!("{expected:?} is none of {reasons:?}");
}

async fn until(complaint: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !is_so().await {
        assert!(Instant::now() < deadline, "{complaint}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The leadership goes to another scheduler, under a new number.
async fn take_over(editor: &Editor, path: &str, number: u32, scheduler: &ScriptedScheduler) {
    editor.delete(&node(path, number)).await;
    editor.put(&node(path, number + 1), member(scheduler)).await;
}

fn node(path: &str, number: u32) -> String {
    format!("{path}/member_{number:010}")
}
