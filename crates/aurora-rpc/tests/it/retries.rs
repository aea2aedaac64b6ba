//! Deadlines of whole calls, and what the log says of attempts.

use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aurora_api::{JobConfiguration, ResponseCode};
use aurora_jobkey::JobKey;
use aurora_rpc::{Error, RetryPolicy, SchedulerClient, Timeouts};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, http};
use tracing::instrument::WithSubscriber;

use crate::server::{Clients, ok, refuse};

/// A client whose attempts would wait for a minute.
fn unhurried(server: &ScriptedScheduler) -> SchedulerClient {
    SchedulerClient::builder(&server.cluster())
        .timeouts(Timeouts::new(
            Duration::from_secs(60),
            Duration::from_secs(60),
        ))
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_deadline_ends_a_call_in_the_middle_of_an_attempt() {
    let server = ScriptedScheduler::performing([Act::RawThenSilence(Vec::new())]);
    let deadline = RetryPolicy::default().with_deadline(Duration::from_millis(200));
    let client = unhurried(&server).with_retry(deadline);
    let start = Instant::now();
    let error = client.snapshot().await.unwrap_err();
    assert!(start.elapsed() < Duration::from_secs(30));
    insta::assert_snapshot!(error, @"snapshot on west missed its deadline of 0.2 s; the scheduler may have executed it: check the job before you repeat the call, or allow more time");
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    let error = client.start_cron_job(&job).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
}

#[tokio::test]
async fn nobody_pauses_into_a_deadline() {
    let server = ScriptedScheduler::performing([http(503, "")]);
    let (client, clock) = server.patient();
    let deadline = Duration::from_secs(12);
    let client = client.with_retry(RetryPolicy::default().with_deadline(deadline));
    let error = client.get_locks().await.unwrap_err();
    assert!(
        matches!(error, Error::GaveUp { attempts: 3, waited, .. } if waited == Duration::from_secs(10)),
        "{error:?}"
    );
    assert_eq!(clock.sleeps().len(), 2);
}

#[tokio::test]
async fn looking_into_a_lost_reply_is_within_the_deadline_of_the_call() {
    let exists = refuse(ResponseCode::INVALID_REQUEST, "Job already exists");
    let server = ScriptedScheduler::performing([Act::Drop, exists, http(503, "")]);
    let (client, clock) = server.patient();
    let deadline = RetryPolicy::default().with_deadline(Duration::from_secs(12));
    let client = client.with_retry(deadline);
    let description = JobConfiguration {
        key: Some(aurora_api::JobKey::default()),
        ..JobConfiguration::default()
    };
    let error = client.create_job(description).await.unwrap_err();
    assert!(matches!(error, Error::OutcomeUnknown { .. }), "{error}");
    assert_eq!(clock.sleeps().len(), 2);
}

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn the_log_says_what_is_tried_again_and_why() {
    let server = ScriptedScheduler::performing([http(503, ""), ok(None, "")]);
    let (client, _) = server.patient();
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_target(false)
        .with_writer({
            let lines = lines.clone();
            move || lines.clone()
        })
        .finish();
    client.snapshot().with_subscriber(subscriber).await.unwrap();
    let reported = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    let reported: Vec<_> = reported
        .lines()
        .filter(|line| line.contains("call{") && !line.contains(" connect"))
        .collect();
    let reported = reported.join("\n").replace(server.url(), "URL");
    insta::assert_snapshot!(reported, @r#"
    DEBUG call{cluster="west" method="snapshot"}:attempt{number=1}: calling cluster="west" method="snapshot" address="URL"
    DEBUG call{cluster="west" method="snapshot"}: attempt failed, retrying after a pause cluster="west" method="snapshot" attempt=1 pause=5s error=URL/api answered 503 Server Error: Service Unavailable; the scheduler is starting or has no leader: retry
    DEBUG call{cluster="west" method="snapshot"}:attempt{number=2 after="URL/api answered 503 Server Error: Service Unavailable; the scheduler is starting or has no leader: retry"}: calling cluster="west" method="snapshot" address="URL"
    "#);
}
