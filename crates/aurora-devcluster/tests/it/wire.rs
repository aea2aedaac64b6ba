//! What comes over the wire, and what must not come through.

use aurora_api::calls::{AnyCall, GetJobs, GetRoleSummary};
use aurora_api::message::Protocol;
use aurora_api::{Limits, ResponseCode, message};

use crate::common::{Place, messages};

const NOT_SERVED: &[&str] = &[
    "commitRecovery",
    "deleteRecoveryTasks",
    "listBackups",
    "performBackup",
    "queryRecovery",
    "rewriteConfigs",
    "stageRecovery",
    "unloadRecovery",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_that_are_not_served_are_refused_by_name() {
    let place = Place::start().await;
    let mut refused = 0;
    for method in AnyCall::METHODS {
        let body = format!("[1,\"{method}\",1,7,{{}}]");
        let answer = place
            .client
            .post("Host: localhost\r\n", body.as_bytes())
            .await;
        let reply = message::decode_reply(&answer.body, &Limits::default()).unwrap();
        assert_eq!((reply.method.as_str(), reply.sequence), (*method, 7));
        let message::ReplyBody::Response(response) = reply.body else {
            panic!("{method}: {reply:?}");
        };
        if !NOT_SERVED.contains(method) {
            assert!(
                !messages(&response).contains("is not served"),
                "{method}: {}",
                messages(&response)
            );
            continue;
        }
        refused += 1;
        assert_eq!(
            response.response_code,
            Some(ResponseCode::INVALID_REQUEST),
            "{method}"
        );
        assert_eq!(
            messages(&response),
            format!(
                "{method} is not served by the development cluster; its state is the file `state.redb` in its folder"
            )
        );
        assert_eq!(response.result, None);
    }
    assert_eq!(refused, NOT_SERVED.len());
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_bodies_are_answered_and_forgotten() {
    let place = Place::start().await;
    let deep = format!(
        "[1,\"getJobs\",1,0,{{\"9\":{}",
        "{\"rec\":{\"1\":".repeat(10_000)
    );
    let wide = format!(
        "[1,\"getJobs\",1,0,{{\"9\":{{\"lst\":[\"rec\",2000000000{}",
        ",{}".repeat(10)
    );
    let bodies: [&[u8]; 8] = [
        b"",
        b"<html>",
        b"[1,\"getJobs\",2,0,{}]",
        b"[9,\"getJobs\",1,0,{}]",
        b"[1,\"createJob\",1,0,{\"1\":{\"str\":\"no job\"}}]",
        b"\xff\xfe[1]",
        deep.as_bytes(),
        wide.as_bytes(),
    ];
    for body in bodies {
        let answer = place.client.post("Host: localhost\r\n", body).await;
        let shown = String::from_utf8_lossy(&body[..body.len().min(40)]).into_owned();
        assert_eq!(answer.code, 500, "{shown}");
        assert!(
            answer
                .text()
                .starts_with("This is not a Thrift call in TJSON: "),
            "{shown}"
        );
    }
    let huge = vec![b' '; 9 << 20];
    assert_eq!(
        place.client.post("Host: localhost\r\n", &huge).await.code,
        413
    );

    let answer = place
        .client
        .post("Host: localhost\r\n", b"[1,\"nothing\",1,5,{}]")
        .await;
    let reply = message::decode_reply(&answer.body, &Limits::default()).unwrap();
    assert_eq!(reply.sequence, 5);
    let message::ReplyBody::Exception { kind, message } = reply.body else {
        panic!("{reply:?}");
    };
    assert_eq!(kind, message::ExceptionKind::UNKNOWN_METHOD);
    assert_eq!(message, "Invalid method name: 'nothing'");

    let response = place.client.call(&GetJobs { owner_role: None }).await;
    assert_eq!(response.response_code, Some(ResponseCode::OK));
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn web_pages_from_elsewhere_are_kept_out() {
    let place = Place::start().await;
    let body = message::encode_call(&GetRoleSummary {});
    for (headers, code) in [
        ("Host: localhost\r\n", 200),
        ("Host: 127.0.0.1\r\nContent-Type: text/plain\r\n", 200),
        ("Host: localhost:1\r\nOrigin: http://localhost:1\r\n", 200),
        ("Host: evil.example\r\n", 403),
        ("Host: localhost\r\nOrigin: http://evil.example\r\n", 403),
        ("Host: localhost\r\nOrigin: null\r\n", 403),
    ] {
        assert_eq!(
            place.client.post(headers, &body).await.code,
            code,
            "{headers}"
        );
    }
    let rebound = place
        .client
        .send("GET /scheduler HTTP/1.1\r\nHost: evil.example\r\n", b"")
        .await;
    assert_eq!(rebound.code, 403);
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn get_is_as_good_as_post() {
    let place = Place::start().await;
    let body = message::encode_call(&GetRoleSummary {});
    let answer = place
        .client
        .send("GET /api HTTP/1.1\r\nHost: localhost\r\n", &body)
        .await;
    assert_eq!(answer.code, 200);
    let reply = message::decode_reply(&answer.body, &Limits::default()).unwrap();
    assert!(matches!(reply.body, message::ReplyBody::Response(_)));
    place.cluster.shutdown().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn binary_calls_get_binary_answers() {
    let place = Place::start().await;
    let binary = Protocol::Binary;
    let body = message::encode_call_as(binary, &GetRoleSummary {});
    let head = format!(
        "Host: localhost\r\nContent-Type: {}\r\n",
        binary.content_type()
    );
    let answer = place.client.post(&head, &body).await;
    assert_eq!(answer.code, 200);
    let headers = answer.head.to_lowercase();
    assert!(headers.contains("content-type: application/vnd.apache.thrift.binary"));
    let reply = message::decode_reply_as(binary, &answer.body, &Limits::default()).unwrap();
    assert!(matches!(reply.body, message::ReplyBody::Response(_)));

    let json = message::encode_call(&GetRoleSummary {});
    let accepting = format!(
        "Host: localhost\r\nAccept: text/html, {}\r\n",
        binary.content_type()
    );
    let answer = place.client.post(&accepting, &json).await;
    let reply = message::decode_reply_as(binary, &answer.body, &Limits::default()).unwrap();
    assert_eq!(reply.method, "getRoleSummary");

    let answer = place.client.post(&head, &json).await;
    assert_eq!(answer.code, 500);
    assert!(
        answer
            .text()
            .starts_with("This is not a Thrift call in the binary encoding: ")
    );
    place.cluster.shutdown().await;
}
