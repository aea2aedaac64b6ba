//! What a scripted server does with one connection.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_api::calls::AnyCall;
use aurora_api::{Limits, Response, Result as Branch, message};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::Notify;

use super::http::{Request, Requests, http_answer};
use super::{Shared, success};

/// What to do with one connection.
#[derive(Clone, Debug)]
pub enum Act {
    /// Read the request and answer with a response of the API.
    Answer(Box<Response>),
    /// Read the request, and answer when the test says so.
    AnswerWhen(Arc<Notify>, Box<Response>),
    /// Read the request and answer with this status, these header lines and this body.
    Http(u16, &'static str, Vec<u8>),
    /// Read the request, write these bytes, close.
    Raw(Vec<u8>),
    /// Read the request, write these bytes, and hold the connection open.
    RawThenSilence(Vec<u8>),
    /// Read the request, then write these bytes one by one, with pauses, for as long as it takes.
    Drip(Vec<u8>, Duration),
    /// Read the request, then write these bytes over and over.
    Flood(Vec<u8>),
    /// Answer every call on the connection, and keep it open: [`Act::calls`] and [`keep_alive`].
    Calls(Function<AnyCall, Response>),
    /// Read the request, write the bytes that a function makes of it, close: [`Act::bytes`].
    Bytes(Function<Request, Vec<u8>>),
    /// Read the request and close without an answer.
    Drop,
    /// Answer whatever comes first with these bytes, and wait for the other side to close.
    Greet(Vec<u8>),
    /// Close with a reset before the request is read.
    ResetUnread,
    /// Read the request, write these bytes, and reset.
    ResetAfter(Vec<u8>),
    /// Do something else if the request passes; answer 401 to others.
    Guarded(fn(&Request) -> bool, Box<Act>),
}

/// A function that all connections share.
pub struct Function<A, R>(Arc<Mutex<dyn FnMut(A) -> R + Send>>);

impl<A, R> Function<A, R>
where
    A: Send + 'static,
    R: Send + 'static,
{
    fn new(function: impl FnMut(A) -> R + Send + 'static) -> Self {
        Self(Arc::new(Mutex::new(function)))
    }

    /// Where it may block: a script may write to other servers before it answers.
    async fn call(&self, argument: A) -> R {
        let Self(function) = self.clone();
        let call = move || (function.lock().unwrap())(argument);
        tokio::task::spawn_blocking(call).await.unwrap()
    }
}

impl<A, R> Clone for Function<A, R> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<A, R> fmt::Debug for Function<A, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Function(..)")
    }
}

impl Act {
    /// Answers every call on the connection by a function, and keeps it open.
    pub fn calls(answer: impl FnMut(AnyCall) -> Response + Send + 'static) -> Self {
        Act::Calls(Function::new(answer))
    }

    /// Answers one request with the bytes that a function makes of it. [`http_answer`] makes right ones.
    pub fn bytes(answer: impl FnMut(Request) -> Vec<u8> + Send + 'static) -> Self {
        Act::Bytes(Function::new(answer))
    }

    pub(crate) async fn perform(self, mut stream: TcpStream, shared: Arc<Shared>) {
        match self {
            Act::ResetUnread => {
                // A socket that is closed with unread bytes resets.
                let _ = stream.read(&mut [0; 1]).await;
                stream.set_zero_linger().unwrap();
            }
            Act::Greet(bytes) => {
                let mut chunk = [0; 4096];
                let _ = stream.read(&mut chunk).await;
                write(&mut stream, &bytes).await;
                while matches!(stream.read(&mut chunk).await, Ok(1..)) {}
            }
            Act::Calls(answer) => answer_calls(stream, &answer, &shared).await,
            other => {
                let mut requests = Requests::of(stream);
                if let Ok(Some(request)) = requests.next().await {
                    other.respond(requests.stream, request, &shared).await;
                }
            }
        }
    }

    /// Does what comes after the only request of a connection.
    async fn respond(self, mut stream: TcpStream, request: Request, shared: &Shared) {
        let act = match self {
            Act::Guarded(passes, act) if passes(&request) => *act,
            Act::Guarded(..) => http(401, ""),
            act => act,
        };
        let method = request.method();
        shared.note(request.clone());
        match act {
            Act::Answer(response) => write_response(&mut stream, &method, &response).await,
            Act::AnswerWhen(gate, response) => {
                gate.notified().await;
                write_response(&mut stream, &method, &response).await;
            }
            Act::Http(status, headers, body) => {
                write(&mut stream, &http_answer(status, headers, &body)).await;
            }
            Act::Raw(bytes) => write(&mut stream, &bytes).await,
            Act::Bytes(answer) => write(&mut stream, &answer.call(request).await).await,
            Act::RawThenSilence(bytes) => {
                write(&mut stream, &bytes).await;
                std::future::pending::<()>().await;
            }
            Act::Drip(bytes, pause) => {
                for byte in bytes.iter().cycle() {
                    if stream.write_all(&[*byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(pause).await;
                }
            }
            Act::Flood(bytes) => while stream.write_all(&bytes).await.is_ok() {},
            Act::ResetAfter(bytes) => {
                write(&mut stream, &bytes).await;
                tokio::time::sleep(Duration::from_millis(50)).await;
                stream.set_zero_linger().unwrap();
            }
            Act::Drop => {}
            // They do not wait for a request, or are resolved above.
            Act::ResetUnread | Act::Calls(_) | Act::Greet(_) | Act::Guarded(..) => {
                panic!("cannot be guarded");
            }
        }
    }
}

async fn answer_calls(stream: TcpStream, answer: &Function<AnyCall, Response>, shared: &Shared) {
    let connection = shared.next_connection();
    let mut requests = Requests::of(stream);
    while let Ok(Some(mut request)) = requests.next().await {
        let call = message::decode_call(&request.body, &Limits::default());
        let call = call.expect("a call of the API").call;
        let method = call.method();
        request.connection = connection;
        shared.note(request);
        let body = message::encode_reply(method, 0, &answer.call(call).await);
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
        write(&mut requests.stream, &[head.as_bytes(), &body].concat()).await;
    }
}

async fn write_response(stream: &mut TcpStream, method: &str, response: &Response) {
    let body = message::encode_reply(method, 0, response);
    write(stream, &http_answer(200, "", &body)).await;
}

/// The other side may be gone by now.
async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
}

/// An HTTP answer with that body.
pub fn http(status: u16, body: &str) -> Act {
    Act::Http(status, "", body.into())
}

/// A redirect to another address.
pub fn redirect(status: u16, to: &str) -> Act {
    let header = format!("Location: {to}\r\n");
    Act::Http(status, header.leak(), Vec::new())
}

/// An answer that says that its body is packed with gzip, which may be wrong.
pub fn gzip(body: impl Into<Vec<u8>>) -> Act {
    Act::Http(200, "Content-Encoding: gzip\r\n", body.into())
}

/// Answers every call on the connection with the same result, and keeps it open.
pub fn keep_alive(result: Branch) -> Act {
    let response = success(result);
    Act::calls(move |_| response.clone())
}
