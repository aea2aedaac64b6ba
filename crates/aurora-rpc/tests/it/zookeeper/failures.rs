//! ZooKeeper down, ending, refusing, and telling nonsense.

use std::time::Duration;

use aurora_cluster::Cluster;
use aurora_rpc::{Error, RetryPolicy, SchedulerClient};
use aurora_testkit::scheduler::{ScriptedScheduler, http};
use aurora_testkit::zookeeper::{Ensemble, SHORTEST_SESSION, Server, hosts};
use aurora_testkit::{PATIENCE, free_addresses};

use super::line::Line;
use super::{
    builder, call_until_it_answers, cluster, member, node, persistent, scheduler, short_limits,
    soon, take_over, until, until_the_reason_is,
};

async fn error_of(cluster: &Cluster) -> Error {
    let client = builder(cluster)
        .search(short_limits())
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    client.get_jobs(None).await.unwrap_err()
}

#[tokio::test]
async fn the_data_of_a_member_may_be_anything() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let editor = zookeeper.editor().await;
    for (path, data, expected) in [
        (
            "/data/text",
            &b"not json"[..],
            "expected ident at line 1 column 2",
        ),
        (
            "/data/binary",
            b"\x0c\x00\x01\x0b\xff\xfe",
            "byte 6: it ends where a number should follow",
        ),
        (
            "/data/part",
            b"{\"serviceEndpoint\": {}}",
            "missing field `host` at line 1 column 22",
        ),
        (
            "/data/nothing",
            b"",
            "EOF while parsing a value at line 1 column 0",
        ),
    ] {
        let member = node(path, 7);
        editor.put(&member, data).await;
        match error_of(&cluster(zookeeper, path)).await {
            Error::MalformedMember {
                member: found,
                reason,
                ..
            } => assert_eq!((found, reason), (member, expected.to_owned())),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_empty_group_and_a_missing_one_are_distinguished() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let editor = zookeeper.editor().await;
    editor
        .put("/empty/group/singleton_candidate_0000000000", "host-1")
        .await;
    for (path, exists) in [("/empty/group", true), ("/empty/other", false)] {
        let error = error_of(&cluster(zookeeper, path)).await;
        assert!(
            matches!(error, Error::NoLeader { path_exists, .. } if path_exists == exists),
            "{error:?}"
        );
    }
}

#[tokio::test]
async fn zookeeper_that_is_down_is_named_with_the_reason() {
    let cluster = Cluster::zookeeper("west", "no-such-host.invalid,127.0.0.1:1", "/aurora");
    let expected = [
        "127.0.0.1:1: cannot connect: Connection refused",
        "no-such-host.invalid:2181: its host cannot be found",
    ];
    until_the_reason_is(&cluster, PATIENCE, &expected).await;
}

#[tokio::test]
async fn what_is_no_zookeeper_is_named() {
    let web = ScriptedScheduler::performing([http(400, "what?")]);
    let address = web.url().strip_prefix("http://").unwrap();
    let cluster = Cluster::zookeeper("west", address, "/aurora");
    let expected = "it accepts connections, but opened no session within 0.3 s";
    let expected = format!("{address}: {expected}");
    until_the_reason_is(&cluster, Duration::from_millis(300), &[&expected]).await;
}

#[tokio::test]
async fn zookeeper_that_comes_up_later_is_found() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let path = "/comes/up";
    let editor = zookeeper.editor().await;
    let scheduler = scheduler().await;
    editor.put(&node(path, 1), member(&scheduler)).await;
    let line = Line::to(zookeeper.servers[0].address).await;
    line.freeze(true);
    // One server answers nothing, the other one does not run.
    let mut cluster = cluster(zookeeper, path);
    cluster.zk = Some(hosts([line.address, free_addresses(1)[0]]));
    let mut limits = short_limits();
    limits.list = Duration::from_millis(200);
    limits.server = Duration::from_millis(200);
    let client = SchedulerClient::builder(&cluster)
        .search(limits)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.get_jobs(None).await.unwrap_err();
    assert!(matches!(error, Error::ZooKeeper { .. }), "{error:?}");

    line.freeze(false);
    until("ZooKeeper was not found", async || {
        client.get_jobs(None).await.is_ok()
    })
    .await;
    assert_eq!(scheduler.methods(), ["getJobs"]);
}

#[tokio::test]
async fn an_expired_session_is_replaced() {
    let Some(zookeeper) = Ensemble::shared() else {
        return;
    };
    let server = &zookeeper.servers[0];
    let path = "/expires";
    let editor = zookeeper.editor().await;
    let (first, second) = (scheduler().await, scheduler().await);
    editor.put(&node(path, 1), member(&first)).await;
    let line = Line::to(server.address).await;
    let mut cluster = cluster(zookeeper, path);
    cluster.zk = Some(hosts([line.address]));
    let mut limits = super::limits();
    limits.session = SHORTEST_SESSION;
    let client = builder(&cluster)
        .search(limits)
        .retry(soon())
        .build()
        .unwrap();
    client.get_jobs(None).await.unwrap();
    let session = session(server, &line).expect("there is a session");

    line.freeze(true);
    until("the session does not expire", async || {
        !server.sessions().contains(&session)
    })
    .await;
    // Whom it knew still counts.
    client.get_jobs(None).await.unwrap();
    take_over(&editor, path, 1, &second).await;
    line.freeze(false);
    call_until_it_answers(&client, &second).await;
}

/// The session that serves the client at the other end of the line.
fn session(server: &Server, line: &Line) -> Option<String> {
    line.ports()
        .into_iter()
        .filter_map(|port| server.session_of(port))
        .find(|id| id != "0x0")
}

#[tokio::test]
async fn the_ensemble_may_lose_its_own_leader() {
    let Some(mut zookeeper) = Ensemble::start(3) else {
        return;
    };
    let path = "/ensemble";
    let (first, second) = (scheduler().await, scheduler().await);
    let editor = zookeeper.editor().await;
    editor.put(&node(path, 1), member(&first)).await;
    // One client for each server to be connected to, as which one a client takes is chance.
    let clients: Vec<_> = (0..3)
        .map(|_| persistent(&cluster(&zookeeper, path)))
        .collect();
    for client in &clients {
        call_until_it_answers(client, &first).await;
    }

    let leads = |server: &Server| server.say("srvr").contains("Mode: leader");
    let leader = zookeeper
        .servers
        .iter()
        .position(leads)
        .expect("a server that leads");
    zookeeper.servers.remove(leader).kill();
    // Schedulers that are known still count.
    for client in &clients {
        client.get_jobs(None).await.unwrap();
    }
    until("the others elect no leader", async || {
        zookeeper.servers.iter().any(leads)
    })
    .await;
    take_over(&zookeeper.editor().await, path, 1, &second).await;
    for client in &clients {
        call_until_it_answers(client, &second).await;
    }
}

#[tokio::test]
async fn an_ensemble_that_is_gone_comes_back() {
    let Some(mut zookeeper) = Ensemble::start(1) else {
        return;
    };
    let path = "/gone";
    let (first, second) = (scheduler().await, scheduler().await);
    zookeeper
        .editor()
        .await
        .put(&node(path, 1), member(&first))
        .await;
    let client = persistent(&cluster(&zookeeper, path));
    client.get_jobs(None).await.unwrap();

    zookeeper.restart();
    client.get_jobs(None).await.unwrap();
    take_over(&zookeeper.editor().await, path, 1, &second).await;
    call_until_it_answers(&client, &second).await;
}
