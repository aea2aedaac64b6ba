//! What schedulers get from users with tickets, and what users without one are shown.

use std::net::TcpListener;
use std::time::Duration;

use aurora_api::{GetLocksResult, Result as ResultBranch};
use aurora_cluster::Cluster;
use aurora_rpc::{
    Delivery, Error, KerberosProblem, Netrc, RetryPolicy, SchedulerClient, SchedulerClientBuilder,
    Timeouts, VirtualClock,
};
use aurora_testkit::PATIENCE;
use aurora_testkit::kerberos::dead_address;
use aurora_testkit::scheduler::{Act, Request, ScriptedScheduler, http, redirect};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use libgssapi::context::{SecurityContext as _, ServerCtx};
use libgssapi::credential::{Cred, CredUsage};
use libgssapi::oid::{GSS_MECH_SPNEGO, OidSet};

use super::scene::{Kdc, Scene, Ticket};
use crate::server::ok;
use crate::sign_in::Log;

/// The server's side of the library: who calls, if the request has a token that is for this realm
/// and was never seen before.
fn caller(request: &Request) -> Option<String> {
    let token = request
        .header("authorization")?
        .strip_prefix("Negotiate ")?;
    let token = BASE64.decode(token).unwrap();
    let spnego = OidSet::singleton(GSS_MECH_SPNEGO).unwrap();
    let keys = Cred::acquire(None, None, CredUsage::Accept, Some(&spnego)).unwrap();
    let mut context = ServerCtx::new(Some(keys));
    context.step(&token, None).ok()?;
    assert!(context.delegated_cred().is_none());
    let name = context.source_name().unwrap().display_name().unwrap();
    Some(String::from_utf8(name.to_vec()).unwrap())
}

fn is_alice(request: &Request) -> bool {
    caller(request).as_deref() == Some("alice@TEST.EXAMPLE")
}

fn locks() -> Act {
    let locks = GetLocksResult::default();
    ok(Some(ResultBranch::GetLocksResult(locks)), "")
}

/// A scheduler that lets only alice in.
async fn kerberized() -> ScriptedScheduler {
    ScriptedScheduler::performing([Act::Guarded(is_alice, Box::new(locks()))])
}

fn at(host: &str, server: &ScriptedScheduler) -> String {
    server.url().replace("127.0.0.1", host)
}

/// A client that would ask for ten minutes, on a clock of its own, and the pauses of that clock.
fn patient(url: &str) -> (SchedulerClientBuilder, VirtualClock) {
    let mut cluster = Cluster::direct("west", url);
    cluster.set_auth_mechanism("KERBEROS");
    let clock = VirtualClock::new();
    let builder = SchedulerClient::builder(&cluster)
        .timeouts(Timeouts::new(PATIENCE, PATIENCE))
        .clock(clock.clone());
    (builder, clock)
}

fn client(url: &str) -> SchedulerClient {
    let (builder, _) = patient(url);
    builder.retry(RetryPolicy::never()).build().unwrap()
}

/// The error of a call to `host` that is not repeated, and of which the server hears nothing.
async fn problem_with(host: &str) -> (KerberosProblem, String) {
    let server = kerberized().await;
    let (builder, clock) = patient(&at(host, &server));
    let error = builder.build().unwrap().get_locks().await.unwrap_err();
    assert!(server.requests().is_empty());
    assert!(clock.sleeps().is_empty());
    assert_eq!(error.delivery(), Delivery::NotExecuted);
    let text = error.to_string();
    let Error::Kerberos { problem, .. } = error else {
        panic!("{error:?}");
    };
    (problem, text)
}

#[test]
fn a_ticket_lets_us_in_at_the_first_request() {
    Scene::default().play("a_ticket_lets_us_in_at_the_first_request", async || {
        let server = kerberized().await;
        // A password that is known for the host does not go there.
        let text = "machine localhost login bob password s3cret";
        let netrc = Netrc::parse("netrc".as_ref(), text).unwrap();
        let (builder, clock) = patient(&at("localhost", &server));
        let client = builder.netrc(netrc).build().unwrap();
        client.get_locks().await.unwrap();
        assert_eq!(server.methods(), ["getLocks"]);
        assert!(clock.sleeps().is_empty());
    });
}

#[test]
fn every_request_has_a_token_of_its_own() {
    Scene::default().play("every_request_has_a_token_of_its_own", async || {
        let server = kerberized().await;
        let client = client(&at("localhost", &server));
        for _ in 0..2 {
            client.get_locks().await.unwrap();
        }
        client.snapshot().await.unwrap();
        let seen = server.requests();
        assert_eq!(seen.len(), 3);
        // The server would not take one again, which is what the acceptor is for.
        assert_eq!(caller(&seen[0]), None);
    });
}

#[test]
fn without_a_ticket_nothing_is_sent() {
    let scene = Scene {
        ticket: Ticket::None,
        ..Scene::default()
    };
    scene.play("without_a_ticket_nothing_is_sent", async || {
        let (problem, text) = problem_with("localhost").await;
        assert_eq!(problem, KerberosProblem::NoTicket);
        assert!(
            text.starts_with(
                "no Kerberos ticket for HTTP@localhost: No Kerberos credentials available"
            ),
            "{text}"
        );
        assert!(text.ends_with("; run `kinit`"), "{text}");
    });
}

#[test]
fn an_expired_ticket_is_distinguished_from_none() {
    let scene = Scene {
        ticket: Ticket::Expired,
        ..Scene::default()
    };
    scene.play("an_expired_ticket_is_distinguished_from_none", async || {
        let (problem, text) = problem_with("localhost").await;
        assert_eq!(problem, KerberosProblem::TicketExpired);
        insta::assert_snapshot!(text, @"no Kerberos ticket for HTTP@localhost: Ticket expired; run `kinit` again");
    });
}

#[test]
fn a_scheduler_that_the_realm_does_not_know_is_named() {
    Scene::default().play("a_scheduler_that_the_realm_does_not_know_is_named", async || {
        let (problem, text) = problem_with("127.0.0.1").await;
        assert_eq!(problem, KerberosProblem::UnknownService);
        insta::assert_snapshot!(text, @"no Kerberos ticket for HTTP@127.0.0.1: Server HTTP/127.0.0.1@TEST.EXAMPLE not found in Kerberos database; check the host in clusters.json: its name must be the one in the scheduler's principal HTTP/HOST");
    });
}

#[test]
fn a_realm_without_a_kdc_is_named() {
    let scene = Scene {
        kdc: Kdc::Unknown,
        ..Scene::default()
    };
    scene.play("a_realm_without_a_kdc_is_named", async || {
        let (problem, text) = problem_with("localhost").await;
        assert_eq!(problem, KerberosProblem::UnknownRealm);
        insta::assert_snapshot!(text, @r#"no Kerberos ticket for HTTP@localhost: Cannot find KDC for realm "TEST.EXAMPLE"; name its KDC in krb5.conf, or run `kinit` for another realm"#);
    });
}

#[test]
fn a_dead_kdc_is_distinguished_from_no_ticket() {
    let scene = Scene {
        kdc: Kdc::Elsewhere(dead_address()),
        ..Scene::default()
    };
    scene.play("a_dead_kdc_is_distinguished_from_no_ticket", async || {
        let (problem, text) = problem_with("localhost").await;
        assert_eq!(problem, KerberosProblem::NoAnswer);
        insta::assert_snapshot!(text, @"no Kerberos ticket for HTTP@localhost: Cannot contact any KDC for realm 'TEST.EXAMPLE'; check the network, and the KDC that krb5.conf names");
    });
}

#[test]
fn a_silent_kdc_is_not_waited_for_longer_than_for_a_connection() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let scene = Scene {
        kdc: Kdc::Elsewhere(silent.local_addr().unwrap()),
        ..Scene::default()
    };
    scene.play("a_silent_kdc_is_not_waited_for_longer_than_for_a_connection", async || {
        let server = kerberized().await;
        let (builder, _) = patient(&at("localhost", &server));
        let limits = Timeouts::new(Duration::from_millis(100), PATIENCE);
        let client = builder.timeouts(limits).build().unwrap();
        let error = client.get_locks().await.unwrap_err();
        insta::assert_snapshot!(error, @"no Kerberos ticket for HTTP@localhost: no token within 0.1 s; check the network, and the KDC that krb5.conf names");
        assert!(server.requests().is_empty());
    });
}

#[test]
fn a_refusal_comes_with_the_hint_of_the_release() {
    Scene::default().play("a_refusal_comes_with_the_hint_of_the_release", async || {
        for status in [401, 403] {
            let server = ScriptedScheduler::performing([http(status, "")]);
            let (builder, clock) = patient(&at("localhost", &server));
            let error = builder.build().unwrap().get_locks().await.unwrap_err();
            let Error::Authentication { status: answer, hint, .. } = &error else {
                panic!("{error:?}");
            };
            assert_eq!(answer.code, status);
            assert_eq!(*hint, "Communication with Aurora scheduler is kerberized. Did you forget to run \"kinit\"?");
            assert_eq!((server.requests().len(), clock.sleeps().len()), (1, 0));
        }
    });
}

#[test]
fn a_server_with_another_key_refuses() {
    Scene::default().play_after(
        "a_server_with_another_key_refuses",
        |realm| realm.change_key("HTTP/localhost"),
        async || {
            let server = kerberized().await;
            let error = client(&at("localhost", &server))
                .get_locks()
                .await
                .unwrap_err();
            assert!(matches!(error, Error::Authentication { .. }), "{error:?}");
        },
    );
}

#[test]
fn a_host_that_is_redirected_to_gets_a_token_of_its_own() {
    let scene = Scene {
        services: &["HTTP/localhost", "HTTP/127.0.0.1"],
        ..Scene::default()
    };
    scene.play(
        "a_host_that_is_redirected_to_gets_a_token_of_its_own",
        async || {
            let leader = kerberized().await;
            let follower = Act::Guarded(
                is_alice,
                Box::new(redirect(307, &format!("{}/api", leader.url()))),
            );
            let follower = ScriptedScheduler::performing([follower]);
            client(&at("localhost", &follower))
                .get_locks()
                .await
                .unwrap();
            assert_eq!(leader.methods(), ["getLocks"]);
            let tokens = [&follower, &leader].map(|server| {
                server.requests()[0]
                    .header("authorization")
                    .unwrap()
                    .to_owned()
            });
            assert_ne!(tokens[0], tokens[1]);
        },
    );
}

#[test]
fn a_host_that_the_realm_does_not_know_gets_no_token_by_a_redirect() {
    Scene::default().play(
        "a_host_that_the_realm_does_not_know_gets_no_token_by_a_redirect",
        async || {
            let other = ScriptedScheduler::performing([locks()]);
            let scheduler = redirect(307, &format!("{}/api", other.url()));
            let scheduler =
                ScriptedScheduler::performing([Act::Guarded(is_alice, Box::new(scheduler))]);
            client(&at("localhost", &scheduler))
                .get_locks()
                .await
                .unwrap();
            assert_eq!(other.requests()[0].header("authorization"), None);
        },
    );
}

#[test]
fn no_text_that_anybody_sees_holds_a_token() {
    Scene::default().play("no_text_that_anybody_sees_holds_a_token", async || {
        let log = Log::default();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_writer(log.clone())
            .finish();
        tracing::subscriber::set_global_default(subscriber).unwrap();
        let server = ScriptedScheduler::performing([http(500, "no"), http(401, "no")]);
        let (builder, _) = patient(&at("localhost", &server));
        let client = builder.build().unwrap();
        let error = client.get_locks().await.unwrap_err();
        let reported = format!("{client:?} {error} {error:?}");
        let log = log.text();
        assert!(log.contains("retrying after a pause"), "{log}");
        assert_eq!(server.requests().len(), 2);
        for request in server.requests() {
            let token = request
                .header("authorization")
                .unwrap()
                .strip_prefix("Negotiate ")
                .unwrap();
            let part = &token[..40];
            assert!(
                !reported.contains(part) && !log.contains(part),
                "{reported} {log}"
            );
        }
    });
}
