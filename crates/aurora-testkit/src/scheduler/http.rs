//! HTTP, as far as a scripted server needs it: wrong answers are written as they are.

use std::io;

use aurora_api::calls::AnyCall;
use aurora_api::{Limits, message};
use tokio::io::{AsyncRead, AsyncReadExt as _};

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct Request {
    /// The request line and the headers, without the empty line after them.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
    /// Which connection brought it, from 0, where connections are kept open.
    pub connection: usize,
}

impl Request {
    /// The request line: verb, path and version.
    pub fn line(&self) -> &str {
        self.head.lines().next().unwrap_or_default()
    }

    /// The verb, such as `POST`.
    pub fn verb(&self) -> &str {
        self.line().split(' ').next().unwrap_or_default()
    }

    /// The path with its query.
    pub fn path(&self) -> &str {
        self.line().split(' ').nth(1).unwrap_or_default()
    }

    /// The value of a header, whose name is compared without case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim_start())
    }

    /// The call in it, if it is one.
    pub fn call(&self) -> Option<AnyCall> {
        let decoded = message::decode_call(&self.body, &Limits::default());
        decoded.ok().map(|it| it.call)
    }

    /// The method of the call in it; empty if it is not a call.
    pub fn method(&self) -> String {
        self.call()
            .map_or_else(String::new, |call| call.method().to_owned())
    }
}

/// Reads one connection's requests.
pub(crate) struct Requests<S> {
    pub(crate) stream: S,
    unread: Vec<u8>,
}

impl<S: AsyncRead + Unpin> Requests<S> {
    pub(crate) fn of(stream: S) -> Self {
        Self {
            stream,
            unread: Vec::new(),
        }
    }

    /// The next request; nothing when the other side ends before it is complete.
    pub(crate) async fn next(&mut self) -> io::Result<Option<Request>> {
        let mut chunk = [0; 4096];
        loop {
            if let Some(request) = self.take() {
                return Ok(Some(request));
            }
            match self.stream.read(&mut chunk).await? {
                0 => return Ok(None),
                n => self.unread.extend_from_slice(&chunk[..n]),
            }
        }
    }

    /// The first request, once all of it is there.
    fn take(&mut self) -> Option<Request> {
        let end = self.unread.windows(4).position(|it| it == b"\r\n\r\n")?;
        let request = Request {
            head: String::from_utf8(self.unread[..end].to_vec()).expect("a head in UTF-8"),
            body: Vec::new(),
            connection: 0,
        };
        let length = request.header("content-length").map_or(0, |length| {
            length.parse().expect("a number as the length of the body")
        });
        let body = end + 4..end + 4 + length;
        if self.unread.len() < body.end {
            return None;
        }
        let body_bytes = self.unread[body.clone()].to_vec();
        self.unread.drain(..body.end);
        Some(Request {
            body: body_bytes,
            ..request
        })
    }
}

/// The bytes of an answer after which the connection ends. `headers` are whole lines.
pub fn http_answer(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status} {}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        reason(status),
        body.len()
    );
    [head.as_bytes(), body].concat()
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
