//! Calls in TJSON and in binary, and replies in either.

use aurora_api::message::{self, Protocol};
use aurora_api::{GetJobsResult, Limits, Response, ResponseCode, Result as ResultBranch};
use aurora_rpc::{Error, RetryPolicy, SchedulerClient};
use aurora_testkit::scheduler::{Act, ScriptedScheduler};

use crate::server::{Clients, builder};

const BINARY: &str = "Content-Type: application/vnd.apache.thrift.binary\r\n";
const JSON: &str = "Content-Type: application/vnd.apache.thrift.json; charset=utf-8\r\n";
const RELEASED: &str = "Content-Type: application/x-thrift\r\n";

fn response() -> Response {
    Response {
        response_code: Some(ResponseCode::OK),
        result: Some(ResultBranch::GetJobsResult(GetJobsResult {
            configs: Some([].into()),
        })),
        ..Response::default()
    }
}

fn reply(headers: &'static str, protocol: Protocol) -> Act {
    let body = message::encode_reply_as(protocol, "getJobs", 0, &response());
    Act::Http(200, headers, body)
}

fn client(server: &ScriptedScheduler, protocol: Protocol) -> SchedulerClient {
    builder(server.url())
        .protocol(protocol)
        .retry(RetryPolicy::never())
        .build()
        .unwrap()
}

#[tokio::test]
async fn a_reply_is_read_as_its_content_type_says() {
    for asked in [Protocol::Json, Protocol::Binary] {
        for (headers, replied) in [
            (BINARY, Protocol::Binary),
            (JSON, Protocol::Json),
            (RELEASED, Protocol::Json),
            ("Content-Type: text/html\r\n", Protocol::Json),
            ("", asked),
        ] {
            let server = ScriptedScheduler::performing([reply(headers, replied)]);
            let jobs = client(&server, asked).get_jobs(None).await.unwrap().value;
            assert!(jobs.is_empty());
        }
    }
}

#[tokio::test]
async fn a_call_says_how_it_is_encoded_and_how_it_wants_its_reply() {
    let server = ScriptedScheduler::performing([reply(BINARY, Protocol::Binary)]);
    client(&server, Protocol::Binary)
        .get_jobs(None)
        .await
        .unwrap();
    let seen = &server.requests()[0];
    let named = Protocol::Binary.content_type();
    assert_eq!(seen.header("content-type"), Some(named));
    assert_eq!(seen.header("accept"), Some(named));
    let call = message::decode_call_as(Protocol::Binary, &seen.body, &Limits::REQUEST).unwrap();
    assert_eq!(call.method(), "getJobs");
}

#[tokio::test]
async fn a_reply_that_is_not_what_it_says_is_an_error() {
    let whole = message::encode_reply_as(Protocol::Binary, "getJobs", 0, &response());
    let mut wrong_type = whole.clone();
    // The response code as a list: the type byte of the first field of the response.
    let field = whole.windows(3).position(|w| w == [8, 0, 1]).unwrap();
    wrong_type[field] = 15;
    let mut endless = whole.clone();
    let name = 4;
    endless[name..name + 4].copy_from_slice(&i32::MAX.to_be_bytes());
    for body in [
        Vec::new(),
        b"<html>".to_vec(),
        br#"[1,"getJobs",2,0,{}]"#.to_vec(),
        whole[..whole.len() - 1].to_vec(),
        [&whole[..], b"x"].concat(),
        wrong_type,
        endless,
    ] {
        let server = ScriptedScheduler::performing([Act::Http(200, BINARY, body.clone())]);
        let error = client(&server, Protocol::Json)
            .get_jobs(None)
            .await
            .unwrap_err();
        assert!(
            matches!(error, Error::NotThrift { .. }),
            "{body:?}: {error:?}"
        );
    }
    let server = ScriptedScheduler::performing([reply(JSON, Protocol::Binary)]);
    let error = client(&server, Protocol::Binary)
        .get_jobs(None)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotThrift { .. }), "{error:?}");
}

/// As the released client does: the one reply of a connection belongs to the one call on it.
#[tokio::test]
async fn neither_number_nor_method_of_a_reply_matter() {
    let body = message::encode_reply_as(Protocol::Json, "getLocks", 77, &response());
    let server = ScriptedScheduler::performing([Act::Http(200, "", body)]);
    let jobs = server.once().get_jobs(None).await.unwrap().value;
    assert!(jobs.is_empty());
}
