//! Schedulers that send their callers elsewhere.

use aurora_jobkey::JobKey;
use aurora_rpc::{Error, RetryPolicy};
use aurora_testkit::scheduler::{ScriptedScheduler, http, redirect};

use crate::server::{Clients, builder, ok};

fn job() -> JobKey {
    JobKey::new("west", "www", "prod", "web").unwrap()
}

#[tokio::test]
async fn a_307_repeats_the_message_at_the_leader() {
    let leader = ScriptedScheduler::performing([ok(None, "killed")]);
    let follower =
        ScriptedScheduler::performing([redirect(307, &format!("{}/leader/api", leader.url()))]);
    let reply = follower.once().kill_tasks(&job(), None).await.unwrap();
    assert_eq!(reply.message(), "killed");
    let (first, second) = (&follower.requests()[0], &leader.requests()[0]);
    assert_eq!(second.line(), "POST /leader/api HTTP/1.1");
    assert_eq!(first.body, second.body);
    assert_eq!(second.header("content-type"), Some("application/x-thrift"));
    assert_eq!(second.header("host"), leader.url().strip_prefix("http://"));
}

#[tokio::test]
async fn a_302_becomes_a_get_whose_failure_is_repeated_from_the_start() {
    let server = ScriptedScheduler::performing([
        redirect(302, "/leader/api"),
        http(405, "post please"),
        ok(None, "killed"),
    ]);
    let (client, clock) = server.patient();
    let reply = client.kill_tasks(&job(), None).await.unwrap();
    assert_eq!(reply.message(), "killed");
    assert_eq!(clock.sleeps().len(), 1);
    let seen = server.requests();
    let lines: Vec<_> = seen.iter().map(|request| request.line()).collect();
    assert_eq!(
        lines,
        [
            "POST /api HTTP/1.1",
            "GET /leader/api HTTP/1.1",
            "POST /api HTTP/1.1"
        ]
    );
    assert!(seen[1].body.is_empty());
    assert_eq!(seen[1].header("content-type"), None);
}

#[tokio::test]
async fn a_loop_ends() {
    let server = ScriptedScheduler::performing([redirect(307, "/api")]);
    let error = server.once().get_locks().await.unwrap_err();
    assert!(
        matches!(error, Error::TooManyRedirects { limit: 30, .. }),
        "{error:?}"
    );
    assert_eq!(server.requests().len(), 31);
}

#[tokio::test]
async fn a_redirect_to_nowhere_is_an_error() {
    for to in ["gopher://leader/api", "http://"] {
        let server = ScriptedScheduler::performing([redirect(307, to)]);
        let (client, clock) = server.patient();
        let error = client.get_locks().await.unwrap_err();
        assert!(
            matches!(error, Error::BadRedirect { .. }),
            "{to}: {error:?}"
        );
        assert!(clock.sleeps().is_empty());
    }
    let server = ScriptedScheduler::performing([http(307, "no location")]);
    let error = server.once().get_locks().await.unwrap_err();
    assert!(matches!(error, Error::NotThrift { .. }), "{error:?}");
}

#[tokio::test]
async fn credentials_are_not_carried_to_another_host() {
    let other = ScriptedScheduler::performing([ok(None, "")]);
    let server = ScriptedScheduler::performing([redirect(307, other.url())]);
    let url = server.url().replace("http://", "http://alice:s3cret@");
    let client = builder(&url).retry(RetryPolicy::never()).build().unwrap();
    client.snapshot().await.unwrap();
    assert!(server.requests()[0].header("authorization").is_some());
    assert!(other.requests()[0].header("authorization").is_none());
}
