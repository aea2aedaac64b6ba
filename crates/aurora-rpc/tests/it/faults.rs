//! Servers that misbehave: each gives its own error, in time, and nothing panics or hangs.

use std::io::Write as _;
use std::time::{Duration, Instant};

use aurora_api::message::ExceptionKind;
use aurora_api::{JobConfiguration, ResponseCode};
use aurora_jobkey::JobKey;
use aurora_rpc::{Delivery, Error, HttpStatus, RetryPolicy, SchedulerClient};
use aurora_testkit::scheduler::{Act, ScriptedScheduler, gzip, http};
use flate2::write::GzEncoder;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::server::{Clients, RESPONSE_LIMIT, builder, ok, refuse};

/// The error of a read, which must come within the limits and some time to breathe.
async fn error_of(client: &SchedulerClient) -> Error {
    let start = Instant::now();
    let call = client.get_jobs(None);
    let result = tokio::time::timeout(Duration::from_secs(10), call).await;
    let error = result.expect("the call hangs").unwrap_err();
    let took = start.elapsed();
    assert!(took < RESPONSE_LIMIT + Duration::from_secs(5), "{took:?}");
    error
}

async fn error_after(act: Act) -> Error {
    let server = ScriptedScheduler::performing([act]);
    let error = error_of(&server.once()).await;
    assert_eq!(server.requests().len(), 1, "{error}");
    error
}

fn once(url: &str) -> SchedulerClient {
    builder(url).retry(RetryPolicy::never()).build().unwrap()
}

async fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn refused() {
    let error = error_of(&once(&free_address().await)).await;
    assert!(matches!(error, Error::Refused { .. }), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotExecuted);
    assert!(
        error
            .connection_text()
            .ends_with("/api: Connection refused"),
        "{}",
        error.connection_text()
    );
}

#[tokio::test]
async fn unknown_host() {
    let error = error_of(&once("http://no-such-host.invalid:8081")).await;
    assert!(matches!(error, Error::UnknownHost { .. }), "{error:?}");
}

#[tokio::test]
async fn nobody_accepts() {
    // A full queue of connections: the system leaves further ones unanswered.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(1).unwrap();
    let address = listener.local_addr().unwrap();
    let mut queued = Vec::new();
    let connect = |limit| tokio::time::timeout(limit, TcpStream::connect(address));
    while let Ok(stream) = connect(Duration::from_millis(100)).await {
        queued.push(stream.unwrap());
        assert!(queued.len() < 100, "the queue does not fill");
    }
    let error = error_of(&once(&format!("http://{address}"))).await;
    assert!(matches!(error, Error::ConnectTimedOut { .. }), "{error:?}");
    assert_eq!(error.delivery(), Delivery::NotExecuted);
}

#[tokio::test]
async fn silence_and_slowness() {
    let pause = Duration::from_millis(20);
    let slow_headers = Act::Drip(b"HTTP/1.1 200 OK\r\nX: ".to_vec(), pause);
    let head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n".to_vec();
    let slow_body = Act::Drip(head.clone(), Duration::from_millis(2));
    for act in [
        Act::RawThenSilence(Vec::new()),
        Act::RawThenSilence(head),
        slow_headers,
        slow_body,
    ] {
        let error = error_after(act.clone()).await;
        assert!(
            matches!(error, Error::TimedOut { limit, .. } if limit == RESPONSE_LIMIT),
            "{act:?}: {error:?}"
        );
        assert_eq!(error.delivery(), Delivery::Unknown);
        assert!(
            error
                .connection_text()
                .starts_with("Timed out talking to http://")
        );
    }
}

#[tokio::test]
async fn connections_that_end_early() {
    let half = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[1,\"getJ".to_vec();
    let chunk = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[1,".to_vec();
    for act in [
        Act::Drop,
        Act::Raw(b"HTTP/1.1 200".to_vec()),
        Act::Raw(half.clone()),
        Act::Raw(chunk),
        Act::ResetAfter(Vec::new()),
        Act::ResetAfter(half),
    ] {
        let error = error_after(act.clone()).await;
        assert!(
            matches!(error, Error::ConnectionLost { .. }),
            "{act:?}: {error:?}"
        );
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
}

#[tokio::test]
async fn reset_while_sending() {
    let server = ScriptedScheduler::performing([Act::ResetUnread]);
    let large = JobConfiguration {
        cron_schedule: Some("x".repeat(8 << 20)),
        ..JobConfiguration::default()
    };
    let error = server.once().create_job(large).await.unwrap_err();
    assert!(matches!(error, Error::ConnectionLost { .. }), "{error:?}");
}

#[tokio::test]
async fn statuses() {
    for (status, delivery) in [
        (404, Delivery::NotExecuted),
        (405, Delivery::NotExecuted),
        (500, Delivery::Unknown),
        (503, Delivery::NotExecuted),
    ] {
        let error = error_after(http(status, "<html>no</html>")).await;
        assert!(
            matches!(&error, Error::Status { status: found, .. } if found.code == status),
            "{error:?}"
        );
        assert_eq!(error.delivery(), delivery);
    }
    let server = ScriptedScheduler::performing([http(503, "")]);
    let error = error_of(&server.once()).await;
    let text = error.connection_text().replace(server.url(), "URL");
    insta::assert_snapshot!(text, @"Unknown error talking to URL/api: 503 Server Error: Service Unavailable");
    let raw = b"HTTP/1.1 418 Short And Stout\r\nContent-Length: 0\r\n\r\n".to_vec();
    let error = error_after(Act::Raw(raw)).await;
    assert!(
        error
            .to_string()
            .contains("418 Client Error: Short And Stout"),
        "{error}"
    );
}

#[tokio::test]
async fn refused_callers_are_not_asked_again() {
    for (code, text) in [
        (401, "401 Client Error: Unauthorized"),
        (403, "403 Client Error: Forbidden"),
    ] {
        let server = ScriptedScheduler::performing([http(code, "no")]);
        let (client, clock) = server.patient();
        let error = error_of(&client).await;
        let Error::Authentication { status, .. } = &error else {
            panic!("{error:?}");
        };
        assert_eq!(status.to_string(), text);
        assert_eq!(server.requests().len(), 1);
        assert!(clock.sleeps().is_empty());
    }
}

#[tokio::test]
async fn bodies_that_are_no_thrift_message() {
    for body in [
        "<html><body>It works!</body></html>",
        "",
        "[",
        "[1,\"getJobs\",2,0,{\"0\":",
        "{\"jobs\": []}",
        "[2,\"getJobs\",2,0,{}]",
        "[1,\"getJobs\",1,0,{}]",
        "[1,\"getJobs\",2,0,{\"0\":{\"rec\":{\"1\":{\"i32\":\"one\"}}}}]",
        "[1,\"getJobs\",2,0,{\"0\":{\"rec\":{\"1\":{\"str\":\"OK\"}}}}] trailing",
        "\u{fffd}\u{0}\u{1b}",
    ] {
        let error = error_after(http(200, body)).await;
        assert!(
            matches!(error, Error::NotThrift { .. }),
            "{body}: {error:?}"
        );
    }
    let server = ScriptedScheduler::performing([http(200, "<html>\n<body>It works!")]);
    let error = error_of(&server.once()).await.to_string();
    assert!(
        error.contains("it begins with `<html> <body>It works!`"),
        "{error}"
    );
    assert!(error.contains("getJobs"), "{error}");
}

#[tokio::test]
async fn nesting_without_end_is_refused_and_not_followed() {
    let body = format!("[1,\"getJobs\",2,0,{}", "{\"0\":{\"rec\":".repeat(100_000));
    let error = error_after(http(200, &body)).await;
    assert!(matches!(error, Error::NotThrift { .. }), "{error:?}");
}

#[tokio::test]
async fn the_content_type_does_not_matter() {
    let act = Act::Http(200, "Content-Type: text/html\r\n", NO_JOBS.to_vec());
    let server = ScriptedScheduler::performing([act]);
    let jobs = server.once().get_jobs(None).await.unwrap().value;
    assert!(jobs.is_empty());
}

const NO_JOBS: &[u8] =
    br#"[1,"getJobs",2,0,{"0":{"rec":{"1":{"i32":1},"3":{"rec":{"4":{"rec":{}}}}}}}]"#;

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn packed_replies() {
    let body = packed(NO_JOBS);
    let server = ScriptedScheduler::performing([gzip(body.clone())]);
    let jobs = server.once().get_jobs(None).await.unwrap().value;
    assert!(jobs.is_empty());
    assert_eq!(server.requests()[0].header("accept-encoding"), Some("gzip"));

    let mut altered = body.clone();
    altered[20] ^= 0xff;
    for act in [
        gzip(&body[..body.len() - 1]),
        gzip(&body[..15]),
        gzip(""),
        gzip(altered),
        gzip(NO_JOBS),
        Act::Http(200, "Content-Encoding: br\r\n", body.clone()),
    ] {
        let error = error_after(act.clone()).await;
        assert!(matches!(error, Error::Packing { .. }), "{act:?}: {error:?}");
        assert_eq!(error.delivery(), Delivery::Unknown);
    }
}

#[tokio::test]
async fn a_small_reply_that_unpacks_to_a_large_one_is_refused() {
    let bomb = packed(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 1 << 20);
    let server = ScriptedScheduler::performing([gzip(bomb)]);
    let client = builder(server.url())
        .retry(RetryPolicy::never())
        .max_response_bytes(1 << 20)
        .build()
        .unwrap();
    let error = error_of(&client).await;
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn what_is_thrift_but_no_response() {
    let exception =
        r#"[1,"getJobs",3,0,{"1":{"str":"Invalid method name: 'getJobs'"},"2":{"i32":1}}]"#;
    let error = error_after(http(200, exception)).await;
    assert!(
        matches!(&error, Error::Exception { kind, message, .. }
            if *kind == ExceptionKind::UNKNOWN_METHOD && message.contains("Invalid method")),
        "{error:?}"
    );
    let error = error_after(http(200, r#"[1,"getJobs",2,0,{}]"#)).await;
    assert!(matches!(error, Error::EmptyResult { .. }), "{error:?}");
    let error = error_after(http(200, r#"[1,"getJobs",2,0,{"0":{"rec":{}}}]"#)).await;
    assert!(
        matches!(
            error,
            Error::MissingResult {
                wanted: "responseCode",
                ..
            }
        ),
        "{error:?}"
    );
}

#[tokio::test]
async fn what_is_not_http() {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.6\r\n"[..],
        b"\x16\x03\x01\x00\x00",
        b"[1,\"getJobs\"]\n\n",
    ] {
        let error = error_after(Act::Raw(bytes.to_vec())).await;
        assert!(matches!(error, Error::NotHttp { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn replies_that_are_too_large() {
    let announced = b"HTTP/1.1 200 OK\r\nContent-Length: 2147483648\r\n\r\n[1,".to_vec();
    let error = error_after(Act::RawThenSilence(announced)).await;
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");

    let mut endless = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    endless.resize(1 << 16, b' ');
    let server = ScriptedScheduler::performing([Act::Flood(endless)]);
    let client = builder(server.url())
        .retry(RetryPolicy::never())
        .max_response_bytes(1 << 20)
        .build()
        .unwrap();
    let error = error_of(&client).await;
    assert!(
        matches!(error, Error::TooLarge { limit, .. } if limit == 1 << 20),
        "{error:?}"
    );

    let headers = Act::Flood(b"HTTP/1.1 200 OK\r\nX: ".repeat(100).to_vec());
    let error = error_after(headers).await;
    assert!(matches!(error, Error::NotHttp { .. }), "{error:?}");
}

#[tokio::test]
async fn failures_that_pass_are_repeated_after_five_seconds() {
    let server = ScriptedScheduler::performing([
        refuse(ResponseCode::ERROR_TRANSIENT, "Storage is not READY"),
        refuse(ResponseCode::ERROR_TRANSIENT, ""),
        http(503, ""),
        Act::Drop,
        ok(None, "done"),
    ]);
    let reported = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let clock = aurora_rpc::VirtualClock::new();
    let client = builder(server.url())
        .clock(clock.clone())
        .on_retry({
            let reported = reported.clone();
            move |retry| reported.lock().unwrap().push(retry.error.connection_text())
        })
        .build()
        .unwrap();
    let job = JobKey::new("west", "www", "prod", "web").unwrap();
    let reply = client.kill_tasks(&job, None).await.unwrap();
    assert_eq!(reply.message(), "done");
    assert_eq!(clock.sleeps(), [Duration::from_secs(5); 4]);
    let reported = reported
        .lock()
        .unwrap()
        .join("\n")
        .replace(server.url(), "URL");
    insta::assert_snapshot!(reported, @r"
    Storage is not READY

    Unknown error talking to URL/api: 503 Server Error: Service Unavailable
    Unknown error talking to URL/api: connection closed before message completed
    ");
}

#[tokio::test]
async fn ten_minutes_of_503_are_120_attempts() {
    let server = ScriptedScheduler::performing([http(503, "")]);
    let (client, clock) = server.patient();
    let error = client.get_locks().await.unwrap_err();
    assert_eq!(server.requests().len(), 120);
    assert_eq!(clock.sleeps().len(), 120);
    let expected = HttpStatus {
        code: 503,
        reason: "Service Unavailable".to_owned(),
    };
    match error {
        Error::GaveUp {
            attempts: 120,
            may_have_run: false,
            last,
            ..
        } => {
            assert!(matches!(*last, Error::Status { status, .. } if status == expected));
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn lasting_failures_are_not_repeated() {
    for act in [
        http(200, "garbage"),
        http(200, r#"[1,"getJobs",2,0,{}]"#),
        Act::Raw(b"SSH-2.0\r\n\r\n".to_vec()),
    ] {
        let server = ScriptedScheduler::performing([act]);
        let (client, clock) = server.patient();
        error_of(&client).await;
        assert_eq!(server.requests().len(), 1);
        assert!(clock.sleeps().is_empty());
    }
}

#[tokio::test]
async fn a_call_may_be_dropped_at_any_time() {
    let server = ScriptedScheduler::performing([Act::RawThenSilence(Vec::new()), ok(None, "")]);
    let client = server.once();
    let call = client.snapshot();
    let dropped = tokio::time::timeout(Duration::from_millis(100), call).await;
    assert!(dropped.is_err());
    client.snapshot().await.unwrap();
}
