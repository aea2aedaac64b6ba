//! `/api`: one TJSON message in, one out, whatever the method and the headers of the request.

use std::sync::Arc;
use std::time::Duration;

use aurora_api::{Error as WireError, Limits, message};
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::{App, dispatch};

/// The largest request: a job with a long configuration has some ten KiB.
const BODY_LIMIT: usize = 8 * 1024 * 1024;
/// How long a client may take to send a request.
const BODY_TIME: Duration = Duration::from_secs(30);
/// What a client may make us keep.
const LIMITS: Limits = Limits {
    message_bytes: BODY_LIMIT,
    depth: 32,
    string_bytes: BODY_LIMIT,
    elements: 100_000,
};

pub(super) async fn handle(State(app): State<Arc<App>>, request: Request) -> Response {
    let body = match tokio::time::timeout(BODY_TIME, to_bytes(request.into_body(), BODY_LIMIT))
        .await
    {
        Ok(Ok(body)) => body,
        Ok(Err(_)) => {
            let text = format!("The request was cut, or has more than {BODY_LIMIT} bytes.\n");
            return (StatusCode::PAYLOAD_TOO_LARGE, text).into_response();
        }
        Err(_) => {
            return (StatusCode::REQUEST_TIMEOUT, "The request was too slow.\n").into_response();
        }
    };
    match message::decode_call(&body, &LIMITS) {
        Ok(incoming) => {
            let (method, sequence) = (incoming.method(), incoming.sequence);
            let reply = app
                .scheduler
                .with(move |engine, now| dispatch::answer(engine, now, &incoming.call))
                .await;
            match reply {
                Ok(reply) => {
                    tracing::debug!(method, code = %reply.code, messages = ?reply.messages, "call");
                    let response = reply.into_response(&app.cluster_name);
                    tjson(message::encode_reply(method, sequence, &response))
                }
                Err(_) => tjson(message::encode_exception(
                    method,
                    sequence,
                    message::ExceptionKind::INTERNAL_ERROR,
                    "the scheduler is ending",
                )),
            }
        }
        Err(WireError::UnknownMethod { method, sequence }) => tjson(message::encode_exception(
            &method,
            sequence,
            message::ExceptionKind::UNKNOWN_METHOD,
            &format!("Invalid method name: '{method}'"),
        )),
        Err(error) => {
            tracing::debug!(%error, "a request that is no call");
            let text = format!("This is no Thrift call in TJSON: {error}\n");
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

fn tjson(bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, message::CONTENT_TYPE)], bytes).into_response()
}
