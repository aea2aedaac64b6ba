//! A transport that the program gives.

use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_api::message;
use aurora_api::{GetJobsResult, Limits, Response as ApiResponse, ResponseCode, Result as Branch};
use aurora_cluster::Cluster;
use aurora_rpc::{Delivery, Error, RetryPolicy, SchedulerClient, VirtualClock};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::{Request, Response, StatusCode};
use tower::service_fn;

/// A reply to `getJobs` with no jobs.
fn no_jobs() -> Bytes {
    let response = ApiResponse {
        response_code: Some(ResponseCode::OK),
        result: Some(Branch::GetJobsResult(GetJobsResult::default())),
        ..ApiResponse::default()
    };
    message::encode_reply("getJobs", 0, &response).into()
}

#[tokio::test]
async fn a_call_goes_through_a_transport_in_memory() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let service = service_fn({
        let seen = Arc::clone(&seen);
        move |request: Request<Full<Bytes>>| {
            let seen = Arc::clone(&seen);
            async move {
                let (head, body) = request.into_parts();
                let body = body.collect().await?.to_bytes();
                let call = message::decode_call(&body, &Limits::default()).unwrap();
                let authorization = head.headers["authorization"].to_str().unwrap().to_owned();
                seen.lock().unwrap().push(format!(
                    "{} {} {authorization}",
                    head.uri,
                    call.method()
                ));
                let reply = match head.uri.host() {
                    Some("first") => Response::builder()
                        .status(StatusCode::TEMPORARY_REDIRECT)
                        .header("location", "http://first:8081/leader/api")
                        .body(Full::default()),
                    _ => Response::builder().body(Full::new(no_jobs())),
                };
                Ok::<_, Infallible>(match head.uri.path() {
                    "/leader/api" => Response::new(Full::new(no_jobs())),
                    _ => reply.unwrap(),
                })
            }
        }
    });
    let cluster = Cluster::direct("west", "http://al:pw@first:8081");
    let client = SchedulerClient::builder(&cluster)
        .transport(service)
        .build()
        .unwrap();
    assert_eq!(client.get_jobs(None).await.unwrap().value, [].into());
    assert_eq!(
        *seen.lock().unwrap(),
        [
            "http://first:8081/api getJobs Basic YWw6cHc=",
            "http://first:8081/leader/api getJobs Basic YWw6cHc="
        ]
    );
}

#[tokio::test]
async fn a_transport_that_fails_is_retried_and_named() {
    let service = service_fn(async |_: Request<Full<Bytes>>| {
        Err::<Response<Full<Bytes>>, _>(io::Error::other("the tunnel is closed"))
    });
    let clock = VirtualClock::new();
    let client = SchedulerClient::builder(&Cluster::direct("west", "http://h"))
        .transport(service)
        .clock(clock.clone())
        .retry(RetryPolicy::new(
            Duration::from_secs(5),
            Duration::from_secs(10),
        ))
        .build()
        .unwrap();
    let error = client.get_jobs(None).await.unwrap_err();
    let Error::GaveUp { last, attempts, .. } = &error else {
        panic!("{error}");
    };
    assert_eq!(*attempts, 2);
    insta::assert_snapshot!(last, @"the transport to http://h/api failed: the tunnel is closed");
    assert_eq!(last.delivery(), Delivery::Unknown);
    assert_eq!(clock.sleeps(), [Duration::from_secs(5); 2]);
}

#[tokio::test]
async fn limits_hold_for_a_given_transport() {
    let service = service_fn(async |_: Request<Full<Bytes>>| {
        Ok::<_, Infallible>(Response::new(Full::new(no_jobs())))
    });
    let client = SchedulerClient::builder(&Cluster::direct("west", "http://h"))
        .transport(service)
        .max_response_bytes(10)
        .build()
        .unwrap();
    let error = client.get_jobs(None).await.unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: 10, .. }),
        "{error}"
    );
}
