//! Users and passwords: who gets them, and that they are never reported.

use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use aurora_cluster::Cluster;
use aurora_rpc::{Credentials, Error, Netrc, RetryPolicy, SchedulerClient, VirtualClock};
use aurora_testkit::scheduler::{Act, Request, ScriptedScheduler, gzip, http, redirect};
use tracing_subscriber::fmt::MakeWriter;

use crate::server::{Clients, builder, ok};

fn netrc(text: &str) -> Netrc {
    Netrc::parse(Path::new("/home/al/.netrc"), text).unwrap()
}

fn basic(cluster: Cluster) -> Cluster {
    let mut cluster = cluster;
    cluster.set_auth_mechanism("BASIC");
    cluster
}

#[tokio::test]
async fn each_host_gets_what_netrc_has_for_it() {
    let leader = ScriptedScheduler::performing([ok(None, "")]);
    let to = leader.url().replace("127.0.0.1", "localhost");
    let follower = ScriptedScheduler::performing([redirect(307, &to)]);
    // alice:1 and bob:2 by Base64.
    let (alice, bob) = (Some("Basic YWxpY2U6MQ=="), Some("Basic Ym9iOjI="));
    for (text, at_leader) in [
        (
            "machine 127.0.0.1 login alice password 1 machine localhost login bob password 2",
            bob,
        ),
        (
            "machine 127.0.0.1 login alice password 1 default login bob password 2",
            None,
        ),
        ("default login alice password 1", None),
    ] {
        let client = SchedulerClient::builder(&basic(follower.cluster()))
            .netrc(netrc(text))
            .retry(RetryPolicy::never())
            .build()
            .unwrap();
        client.snapshot().await.unwrap();
        let (first, second) = (
            follower.requests().pop().unwrap(),
            leader.requests().pop().unwrap(),
        );
        assert_eq!(first.header("authorization"), alice, "{text}");
        assert_eq!(second.header("authorization"), at_leader, "{text}");
    }
}

#[tokio::test]
async fn a_scheduler_that_netrc_does_not_know_is_not_asked_without_a_password() {
    let server = ScriptedScheduler::performing([ok(None, "")]);
    let client = SchedulerClient::builder(&basic(server.cluster()))
        .netrc(netrc("machine other.example.com login alice password 1"))
        .build()
        .unwrap();
    let error = client.get_locks().await.unwrap_err();
    assert!(matches!(error, Error::NoCredentials { .. }), "{error:?}");
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_scheduler_that_asks_for_a_password_is_not_asked_without_one_first() {
    let guard = |seen: &Request| seen.header("authorization") == Some("Basic YWxpY2U6MQ==");
    let server = ScriptedScheduler::performing([Act::Guarded(guard, Box::new(ok(None, "")))]);
    let client = SchedulerClient::builder(&basic(server.cluster()))
        .credentials(Credentials::new("alice", "1"))
        .build()
        .unwrap();
    client.snapshot().await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn the_hint_of_a_refusal_depends_on_what_was_sent() {
    let server = ScriptedScheduler::performing([http(401, "")]);
    let error = server.once().get_locks().await.unwrap_err();
    assert!(error.to_string().contains("~/.netrc"), "{error}");
    let client = builder(server.url())
        .credentials(Credentials::new("alice", "s3cret"))
        .build()
        .unwrap();
    let error = client.get_locks().await.unwrap_err();
    assert!(
        error.to_string().contains("check user and password"),
        "{error}"
    );
}

/// What the log would show.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Log;

    fn make_writer(&self) -> Log {
        self.clone()
    }
}

#[tokio::test]
async fn no_text_that_anybody_sees_holds_a_password() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    // s3cret, and alice:s3cret by Base64.
    let secrets = ["s3cret", "YWxpY2U6czNjcmV0"];
    let mut reported = String::new();
    for act in [
        http(401, "no"),
        http(403, "no"),
        http(500, "no"),
        http(200, "<html>"),
        redirect(307, "ftp://alice:s3cret@h/api"),
        redirect(307, "http://alice:s3cret@127.0.0.1:1/api"),
        redirect(307, "/api"),
        gzip(&b"no gzip"[..]),
        Act::Raw(b"SSH-2.0\r\n\r\n".to_vec()),
        Act::RawThenSilence(Vec::new()),
        Act::Drop,
    ] {
        let server = ScriptedScheduler::performing([act]);
        let url = server.url().replace("http://", "http://alice:s3cret@");
        for url in [url.as_str(), server.url()] {
            let builder = builder(url)
                .netrc(netrc("machine 127.0.0.1 login alice password s3cret"))
                .retry(RetryPolicy::new(
                    std::time::Duration::from_secs(1),
                    std::time::Duration::from_secs(2),
                ))
                .clock(VirtualClock::new());
            reported += &format!("{builder:?}\n");
            let client = builder.build().unwrap();
            let error = client.get_locks().await.unwrap_err();
            reported += &format!(
                "{client:?}\n{error}\n{error:?}\n{}\n",
                error.connection_text()
            );
        }
        assert!(server.requests()[0].header("authorization").is_some());
    }
    let log = log.text();
    assert!(log.contains("retrying"), "{log}");
    for secret in secrets {
        assert!(!reported.contains(secret), "{reported}");
        assert!(!log.contains(secret), "{log}");
    }
}
