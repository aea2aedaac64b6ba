//! Runs of the released client with ZooKeeper: the same leader is found, and the same is said.
//!
//! `data/zookeeper.json` holds for each the entry of the cluster, the nodes in ZooKeeper (and those
//! that replace them before the first answer), the answers with the host that was asked and the
//! seconds that were waited before, the pages that were opened, the exit code and the warnings.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_api::{GetQuotaResult, Response, ResponseCode, ResponseDetail, Result as ResultBranch};
use aurora_cluster::{Cluster, Clusters};
use aurora_rpc::{Clock, Error, Sleep, urls};
use aurora_testkit::scheduler::{Act, ScriptedScheduler};
use aurora_testkit::zookeeper::{Editor, Ensemble};
use serde_json::Value;
use tokio::sync::Notify;

use super::{builder, until};

/// The path of the recorded runs, which share one server here.
const PATH: &str = "/aurora/scheduler";

/// A clock of which each sleep ends at once, but for the one that is interrupted.
#[derive(Clone, Debug, Default)]
struct Interrupted {
    sleeps: Arc<Mutex<Vec<f64>>>,
    at: usize,
    interrupt: Arc<Notify>,
}

impl Clock for Interrupted {
    fn now(&self) -> Duration {
        Duration::from_secs_f64(self.sleeps.lock().unwrap().iter().sum())
    }

    fn unix_time(&self) -> Duration {
        self.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        Box::pin(async move {
            let count = {
                let mut sleeps = self.sleeps.lock().unwrap();
                sleeps.push(pause.as_secs_f64());
                sleeps.len()
            };
            if count == self.at {
                self.interrupt.notify_one();
                std::future::pending::<()>().await;
            }
        })
    }
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn seconds(value: &Value) -> impl Iterator<Item = f64> {
    list(value).iter().map(|wait| wait.as_f64().unwrap())
}

fn answer(exchange: &Value) -> Box<Response> {
    let code = exchange["code"].as_i64().unwrap().try_into().unwrap();
    let detail = |message: &Value| ResponseDetail {
        message: message.as_str().map(str::to_owned),
    };
    Box::new(Response {
        response_code: Some(ResponseCode(code)),
        details: Some(list(&exchange["messages"]).iter().map(detail).collect()),
        result: Some(ResultBranch::GetQuotaResult(GetQuotaResult::default())),
        ..Response::default()
    })
}

async fn put(editor: &Editor, nodes: &[Value], port: &str, path: &str) {
    for node in nodes {
        let data = node["data"].as_str().unwrap().replace("<PORT>", port);
        let node = node["path"].as_str().unwrap().replace(PATH, path);
        editor.put(&node, data).await;
    }
}

#[tokio::test]
async fn recorded_runs_find_the_same_leader_and_say_the_same() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/zookeeper.json");
    let runs: Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    assert_eq!(list(&runs).len(), 9);
    for run in list(&runs) {
        replay(run, zookeeper).await;
    }
}

async fn replay(run: &Value, zookeeper: &Ensemble) {
    let name = run["name"].as_str().unwrap();
    let path = format!("/recorded/{name}");
    let exchanges = list(&run["exchanges"]);

    let gate = Arc::new(Notify::new());
    let mut acts: Vec<_> = exchanges.iter().map(answer).map(Act::Answer).collect();
    let changed = list(&run["zookeeper_after_first"]);
    if let (false, Some(Act::Answer(first))) = (changed.is_empty(), acts.first().cloned()) {
        acts[0] = Act::AnswerWhen(Arc::clone(&gate), first);
    }
    acts.push(Act::Drop);
    let scheduler = ScriptedScheduler::performing(acts);
    let port = scheduler.url().rsplit(':').next().unwrap();
    let editor = zookeeper.editor().await;
    put(&editor, list(&run["zookeeper"]), port, &path).await;

    let clock = Interrupted {
        at: if run["exit"] == 130 {
            list(&run["waits_after"]).len()
        } else {
            0
        },
        ..Interrupted::default()
    };
    let warnings = Arc::new(Mutex::new(Vec::new()));
    let (searching, connecting) = (Arc::clone(&warnings), Arc::clone(&warnings));
    // The times themselves are tested where the clock does not move.
    let mut limits = super::limits();
    limits.first_member = Duration::from_millis(50);
    limits.search = Duration::from_millis(250);
    let client = builder(&cluster(run, zookeeper, &path))
        .clock(clock.clone())
        .search(limits)
        .on_failed_search(move |failed| {
            let line = format!(" WARN] Could not connect to scheduler: {}", failed.text());
            searching.lock().unwrap().push(line);
        })
        .on_retry(move |retry| {
            let text = retry.error.connection_text();
            let line = format!(" WARN] Connection error with scheduler: {text}, reconnecting...");
            connecting.lock().unwrap().push(line);
        })
        .build();
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            assert_eq!(name, "zk-no-scheduler-path", "{error}");
            assert!(matches!(error, Error::Cluster { .. }), "{error:?}");
            return;
        }
    };

    if let [page] = list(&run["opened"]) {
        let base = client.base_url().await.unwrap();
        let job = "west/www/prod/web".parse().unwrap();
        assert_eq!(*page, urls::job(&base, &job), "{name}");
        return;
    }
    let changing = async {
        if !changed.is_empty() {
            until("no scheduler is asked", async || {
                !scheduler.requests().is_empty()
            })
            .await;
            for node in list(&run["zookeeper"]) {
                editor
                    .delete(&node["path"].as_str().unwrap().replace(PATH, &path))
                    .await;
            }
            put(&editor, changed, port, &path).await;
            gate.notify_one();
        }
    };
    let outcome = async {
        tokio::select! {
            (result, ()) = async { tokio::join!(client.get_quota("www"), changing) } => Some(result),
            () = clock.interrupt.notified() => None,
        }
    }
    .await;
    match (run["exit"].as_i64(), outcome) {
        (Some(0), Some(Ok(_))) | (Some(130), None) => {}
        (Some(1), Some(Err(Error::MalformedMember { .. }))) => assert_eq!(name, "zk-bad-member"),
        (exit, outcome) => panic!("{name}: {exit:?}, {outcome:?}"),
    }

    let hosts: Vec<_> = scheduler
        .requests()
        .iter()
        .map(|seen| {
            seen.header("host")
                .unwrap()
                .split(':')
                .next()
                .unwrap()
                .to_owned()
        })
        .collect();
    let recorded: Vec<_> = exchanges
        .iter()
        .map(|it| it["host"].as_str().unwrap())
        .collect();
    assert_eq!(hosts, recorded, "{name}");
    let waits: Vec<f64> = exchanges
        .iter()
        .flat_map(|exchange| seconds(&exchange["waits_before"]))
        .chain(seconds(&run["waits_after"]))
        .collect();
    assert_eq!(*clock.sleeps.lock().unwrap(), waits, "{name}");
    let mut warnings = warnings.lock().unwrap().clone();
    // How often something is tried within its time is tested where the clock does not move.
    warnings.dedup();
    let mut recorded: Vec<_> = list(&run["warnings"]).to_vec();
    recorded.dedup();
    assert_eq!(warnings, recorded, "{name}");
}

/// The cluster of the recorded entry, on the servers of the test.
fn cluster(run: &Value, zookeeper: &Ensemble, path: &str) -> Cluster {
    let zk_port = zookeeper.servers[0].address.port().to_string();
    let entry = run["cluster"]
        .to_string()
        .replace("\"<ZKPORT>\"", &zk_port)
        .replace(PATH, path);
    let mut clusters = Clusters::new();
    clusters
        .merge(Path::new("clusters.json"), &format!("[{entry}]"))
        .unwrap();
    clusters.get("west").unwrap().clone()
}
