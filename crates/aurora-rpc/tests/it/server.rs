//! A web server that does what it is told, right or wrong, one connection after the other.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_api::message;
use aurora_api::{Limits, Response, ResponseCode, ResponseDetail, Result as ResultBranch};
use aurora_cluster::Cluster;
use aurora_rpc::{RetryPolicy, SchedulerClient, SchedulerClientBuilder, Timeouts, VirtualClock};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::{JoinHandle, JoinSet};

/// What to do with one connection.
#[derive(Clone, Debug)]
pub(crate) enum Act {
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
    /// Answer every request on the connection with a response of the API, and keep it open.
    KeepAlive(Box<Response>),
    /// Read the request and close without an answer.
    Drop,
    /// Answer whatever comes first with these bytes, and wait for the other side to close.
    Greet(Vec<u8>),
    /// Close with a reset before the request is read.
    ResetUnread,
    /// Read the request, write these bytes, and reset.
    ResetAfter(Vec<u8>),
    /// Do something else, if the request passes; to others answer 401.
    Guarded(fn(&Seen) -> bool, Box<Act>),
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// Which connection brought it, where connections are kept alive.
    pub(crate) connection: usize,
}

impl Seen {
    pub(crate) fn line(&self) -> &str {
        self.head.lines().next().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .filter_map(|line| line.split_once(": "))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
    }

    /// The method of the call in it, if it is one.
    pub(crate) fn method(&self) -> String {
        message::decode_call(&self.body, &Limits::default())
            .map_or_else(|_| String::new(), |call| call.method().to_owned())
    }
}

/// A running server. It stops when it is dropped.
#[derive(Debug)]
pub(crate) struct Server {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// A server that goes through `acts`, and repeats the last one.
    pub(crate) async fn start(acts: impl IntoIterator<Item = Act>) -> Self {
        Self::start_with(|_| acts).await
    }

    /// The same, for acts that name the server's own address.
    pub(crate) async fn start_with<A>(acts: impl FnOnce(&str) -> A) -> Self
    where
        A: IntoIterator<Item = Act>,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let mut acts: VecDeque<Act> = acts(&url).into_iter().collect();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let task = tokio::spawn({
            let seen = Arc::clone(&seen);
            let connections = Arc::new(AtomicUsize::new(0));
            async move {
                // They end with the server.
                let mut performances = JoinSet::new();
                loop {
                    let (stream, _) = listener.accept().await.unwrap();
                    let act = match acts.len() {
                        1 => acts[0].clone(),
                        _ => acts.pop_front().unwrap(),
                    };
                    performances.spawn(perform(
                        stream,
                        act,
                        Arc::clone(&seen),
                        Arc::clone(&connections),
                    ));
                }
            }
        });
        Self { url, seen, task }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// How many requests there have been, as they come.
    pub(crate) fn counter(&self) -> impl Fn() -> usize + Send + Sync + 'static {
        let seen = Arc::clone(&self.seen);
        move || seen.lock().unwrap().len()
    }

    pub(crate) fn methods(&self) -> Vec<String> {
        self.seen().iter().map(Seen::method).collect()
    }

    pub(crate) fn cluster(&self) -> Cluster {
        Cluster::direct("west", &self.url)
    }

    /// A client with short time-outs and no repetition.
    pub(crate) fn once(&self) -> SchedulerClient {
        builder(&self.url)
            .retry(RetryPolicy::never())
            .build()
            .unwrap()
    }

    /// A client with short time-outs that repeats as released, on a clock of its own.
    pub(crate) fn patient(&self) -> (SchedulerClient, VirtualClock) {
        let clock = VirtualClock::new();
        let client = builder(&self.url).clock(clock.clone()).build().unwrap();
        (client, clock)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The response time-out of the clients that tests make.
pub(crate) const RESPONSE_LIMIT: Duration = Duration::from_millis(400);

pub(crate) fn builder(url: &str) -> SchedulerClientBuilder {
    SchedulerClient::builder(&Cluster::direct("west", url))
        .timeouts(Timeouts::new(Duration::from_millis(300), RESPONSE_LIMIT))
}

pub(crate) fn ok(result: Option<ResultBranch>, message: &str) -> Act {
    Act::Answer(Box::new(Response {
        result,
        ..response(ResponseCode::OK, message)
    }))
}

pub(crate) fn redirect(status: u16, to: &str) -> Act {
    let header = format!("Location: {to}\r\n");
    Act::Http(status, header.leak(), Vec::new())
}

/// An answer whose body, which may be gzip or not, is announced as such.
pub(crate) fn gzip(body: impl Into<Vec<u8>>) -> Act {
    Act::Http(200, "Content-Encoding: gzip\r\n", body.into())
}

pub(crate) fn keep_alive(result: ResultBranch) -> Act {
    match ok(Some(result), "") {
        Act::Answer(response) => Act::KeepAlive(response),
        other => other,
    }
}

pub(crate) fn refuse(code: ResponseCode, message: &str) -> Act {
    Act::Answer(Box::new(response(code, message)))
}

fn response(code: ResponseCode, message: &str) -> Response {
    let details = (!message.is_empty()).then(|| {
        vec![ResponseDetail {
            message: Some(message.to_owned()),
        }]
    });
    Response {
        response_code: Some(code),
        details,
        ..Response::default()
    }
}

/// An answer of HTTP with that body.
pub(crate) fn http(status: u16, body: &str) -> Act {
    Act::Http(status, "", body.into())
}

async fn perform(
    mut stream: TcpStream,
    act: Act,
    seen: Arc<Mutex<Vec<Seen>>>,
    connections: Arc<AtomicUsize>,
) {
    if matches!(act, Act::ResetUnread) {
        // Whoever closes with unread bytes resets.
        let _ = stream.read(&mut [0; 1]).await;
        stream.set_zero_linger().unwrap();
        return;
    }
    if let Act::KeepAlive(response) = act {
        let connection = connections.fetch_add(1, Ordering::Relaxed);
        while let Some(mut request) = read_request(&mut stream).await {
            let body = message::encode_reply(&request.method(), 0, &response);
            request.connection = connection;
            seen.lock().unwrap().push(request);
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
            write(&mut stream, head.as_bytes()).await;
            write(&mut stream, &body).await;
        }
        return;
    }
    if let Act::Greet(bytes) = act {
        let mut chunk = [0; 4096];
        let _ = stream.read(&mut chunk).await;
        write(&mut stream, &bytes).await;
        while matches!(stream.read(&mut chunk).await, Ok(1..)) {}
        return;
    }
    let Some(request) = read_request(&mut stream).await else {
        return;
    };
    let act = match act {
        Act::Guarded(passes, act) if passes(&request) => *act,
        Act::Guarded(..) => http(401, ""),
        act => act,
    };
    let method = request.method();
    seen.lock().unwrap().push(request);
    match act {
        Act::Answer(response) => {
            let body = message::encode_reply(&method, 0, &response);
            write(&mut stream, &answer(200, "", &body)).await;
        }
        Act::AnswerWhen(gate, response) => {
            gate.notified().await;
            let body = message::encode_reply(&method, 0, &response);
            write(&mut stream, &answer(200, "", &body)).await;
        }
        Act::Http(status, headers, body) => {
            write(&mut stream, &answer(status, headers, &body)).await
        }
        Act::Raw(bytes) => write(&mut stream, &bytes).await,
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
        Act::Drop | Act::ResetUnread | Act::KeepAlive(_) | Act::Greet(_) | Act::Guarded(..) => {}
    }
}

fn answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = format!(
        "HTTP/1.1 {status} {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        reason(status),
        body.len()
    )
    .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        302 => "Found",
        307 => "Temporary Redirect",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Other",
    }
}

async fn write(stream: &mut TcpStream, bytes: &[u8]) {
    let _ = stream.write_all(bytes).await;
    let _ = stream.flush().await;
}

async fn read_request(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let seen = Seen {
                head,
                body: bytes[end + 4..].to_vec(),
                connection: 0,
            };
            let length = seen
                .header("content-length")
                .map_or(0, |n| n.parse().unwrap());
            if seen.body.len() >= length {
                return Some(seen);
            }
        }
        match stream.read(&mut chunk).await {
            Ok(0) | Err(_) => return None,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}
