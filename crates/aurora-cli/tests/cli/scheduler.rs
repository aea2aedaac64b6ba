//! A scheduler that answers every call by a function.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use aurora_api::calls::AnyCall;
use aurora_api::{Limits, Response, ResponseCode, ResponseDetail, Result as Branch, message};

use crate::harness::Home;

/// What it saw of calls; it ends with the process of the tests.
pub(crate) struct Scheduler {
    pub(crate) home: Home,
    port: u16,
    methods: Arc<Mutex<Vec<&'static str>>>,
}

impl Scheduler {
    /// A scheduler of cluster `west`, which the command finds in the configuration of a new home.
    pub(crate) fn answering(mut answer: impl FnMut(AnyCall) -> Response + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let methods = Arc::default();
        let seen: Arc<Mutex<Vec<_>>> = Arc::clone(&methods);
        let answer = Mutex::new(move |call: AnyCall| {
            seen.lock().unwrap().push(call.method());
            answer(call)
        });
        let answer = Arc::new(answer);
        std::thread::spawn(move || {
            // A command may keep one open while it uses another.
            for stream in listener.incoming() {
                let answer = Arc::clone(&answer);
                std::thread::spawn(move || serve(stream.unwrap(), &*answer));
            }
        });
        let clusters =
            format!(r#"[{{"name": "west", "scheduler_uri": "http://127.0.0.1:{port}"}}]"#);
        Self {
            home: Home::new().with_clusters(&clusters),
            port,
            methods,
        }
    }

    /// Sets properties of the cluster, written as in JSON.
    pub(crate) fn with_properties(mut self, properties: &str) -> Self {
        let port = self.port;
        self.home = self.home.with_clusters(&format!(
            r#"[{{"name": "west", "scheduler_uri": "http://127.0.0.1:{port}", {properties}}}]"#
        ));
        self
    }

    pub(crate) fn with_file(mut self, name: &str, text: &str) -> Self {
        self.home = self.home.with_file(name, text);
        self
    }

    /// The outcome of a command, with a fixed port.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let shown = self.home.run(arguments);
        shown.replace(&self.port.to_string(), "PORT")
    }

    /// The methods that were called since the last look.
    pub(crate) fn methods(&self) -> Vec<&'static str> {
        std::mem::take(&mut *self.methods.lock().unwrap())
    }
}

/// Answers the requests of one connection.
fn serve(mut stream: TcpStream, answer: &Mutex<impl FnMut(AnyCall) -> Response>) {
    let mut bytes = Vec::new();
    let mut chunk = [0; 4096];
    loop {
        if let Some(length) = length_of_request(&bytes) {
            let request: Vec<u8> = bytes.drain(..length).collect();
            let body = request
                .windows(4)
                .position(|four| four == b"\r\n\r\n")
                .unwrap()
                + 4;
            let call = message::decode_call(&request[body..], &Limits::default());
            let call = call.unwrap().call;
            let method = call.method();
            let reply = message::encode_reply(method, 0, &answer.lock().unwrap()(call));
            let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", reply.len());
            stream
                .write_all(&[head.as_bytes(), &reply].concat())
                .unwrap();
            continue;
        }
        match stream.read(&mut chunk) {
            Ok(0) | Err(_) => return,
            Ok(n) => bytes.extend_from_slice(&chunk[..n]),
        }
    }
}

/// The bytes of the first request, once it is there as a whole.
fn length_of_request(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head])
        .unwrap()
        .to_ascii_lowercase();
    let length = text
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let total = head + length.map_or(0, |length| length.trim().parse().unwrap());
    (bytes.len() >= total).then_some(total)
}

/// An OK with a result.
pub(crate) fn ok(result: Branch) -> Response {
    Response {
        response_code: Some(ResponseCode::OK),
        result: Some(result),
        ..Response::default()
    }
}

/// An OK without a result, and a message.
pub(crate) fn said(text: &str) -> Response {
    Response {
        response_code: Some(ResponseCode::OK),
        details: Some(vec![ResponseDetail {
            message: Some(text.to_owned()),
        }]),
        ..Response::default()
    }
}

/// A no.
pub(crate) fn refused(text: &str) -> Response {
    Response {
        response_code: Some(ResponseCode::INVALID_REQUEST),
        ..said(text)
    }
}
