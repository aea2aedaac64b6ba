//! `/api`: one Thrift message in, one out, whatever the method of the request.
//!
//! Release 0.12.0 speaks TJSON and looks at no header. Later schedulers tell TJSON and the binary encoding apart by the
//! content type; so does this one, and takes everything else for TJSON.

use std::sync::Arc;
use std::time::Duration;

use aurora_api::message::{ExceptionKind, Protocol};
use aurora_api::{Error as WireError, Limits, message};
use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::http::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};

use super::app::App;
use super::dispatch;

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
    let protocol = named(request.headers(), &CONTENT_TYPE).unwrap_or_default();
    let reply_protocol = named(request.headers(), &ACCEPT).unwrap_or(protocol);
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
    match message::decode_call_as(protocol, &body, &LIMITS) {
        Ok(incoming) => {
            let (method, sequence) = (incoming.method(), incoming.sequence);
            let reply = app
                .scheduler
                .with(move |engine, now| dispatch::reply_to(engine, now, &incoming.call))
                .await;
            match reply {
                Ok(reply) => {
                    tracing::debug!(method, code = %reply.code, messages = ?reply.messages, "call");
                    let response = reply.into_response(&app.cluster_name);
                    let bytes =
                        message::encode_reply_as(reply_protocol, method, sequence, &response);
                    thrift(reply_protocol, bytes)
                }
                Err(_) => {
                    let kind = ExceptionKind::INTERNAL_ERROR;
                    let text = "the scheduler is ending";
                    exception(reply_protocol, method, sequence, kind, text)
                }
            }
        }
        Err(WireError::UnknownMethod { method, sequence }) => {
            let kind = ExceptionKind::UNKNOWN_METHOD;
            let text = format!("Invalid method name: '{method}'");
            exception(reply_protocol, &method, sequence, kind, &text)
        }
        Err(error) => {
            tracing::debug!(%error, "a request that is not a call");
            let encoding = match protocol {
                Protocol::Binary => "the binary encoding",
                _ => "TJSON",
            };
            let text = format!("This is not a Thrift call in {encoding}: {error}\n");
            (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
        }
    }
}

/// The protocol that a header names first, if it names one.
fn named(headers: &HeaderMap, header: &HeaderName) -> Option<Protocol> {
    let text = headers.get(header)?.to_str().ok()?;
    text.split(',').find_map(Protocol::of_content_type)
}

fn exception(
    protocol: Protocol,
    method: &str,
    sequence: i32,
    kind: ExceptionKind,
    text: &str,
) -> Response {
    let bytes = message::encode_exception_as(protocol, method, sequence, kind, text);
    thrift(protocol, bytes)
}

fn thrift(protocol: Protocol, bytes: Vec<u8>) -> Response {
    ([(CONTENT_TYPE, protocol.content_type())], bytes).into_response()
}
