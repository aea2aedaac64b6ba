//! A scheduler that answers as recorded, and writes down what was asked otherwise.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use aurora_testkit::command::Waits;
use aurora_testkit::scheduler::{Request, http_answer};
use serde_json::{Value, json};

use super::difference::differences;
use super::scenario::Exchange;
use super::schema::API;

/// How closely requests are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Closeness {
    /// All of them.
    Arguments,
    /// Only which methods are called: the answers are borrowed from another run.
    Methods,
}

/// The script of a scheduler, and how far it came. Clones share both.
#[derive(Clone)]
pub(crate) struct Script(Arc<Mutex<State>>);

struct State {
    port: u16,
    closeness: Closeness,
    left: VecDeque<Exchange>,
    done: usize,
    waits: Waits,
    before_first_answer: Option<Box<dyn FnOnce() + Send>>,
    complaints: Vec<String>,
}

impl Script {
    pub(crate) fn new(
        exchanges: &[Exchange],
        closeness: Closeness,
        port: u16,
        waits: Waits,
        before_first_answer: Option<Box<dyn FnOnce() + Send>>,
    ) -> Self {
        let left = exchanges
            .iter()
            .flat_map(|exchange| std::iter::repeat_n(exchange.clone(), exchange.times))
            .collect();
        Self(Arc::new(Mutex::new(State {
            port,
            closeness,
            left,
            done: 0,
            waits,
            before_first_answer,
            complaints: Vec::new(),
        })))
    }

    /// The bytes that answer a request.
    pub(crate) fn answer(&self, request: &Request) -> Vec<u8> {
        self.0.lock().unwrap().answer(request)
    }

    /// What was not as recorded, after the end of the command.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let mut state = self.0.lock().unwrap();
        let missing: Vec<_> = state
            .left
            .iter()
            .map(|exchange| exchange.method.as_deref().unwrap_or("a request"))
            .collect();
        let missing = (!missing.is_empty()).then(|| format!("never sent: {}", missing.join(", ")));
        state.complaints.extend(missing);
        std::mem::take(&mut state.complaints)
    }
}

impl State {
    fn answer(&mut self, request: &Request) -> Vec<u8> {
        self.done += 1;
        let Some(expected) = self.left.pop_front() else {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            self.complain("sent once more", &body);
            // Nothing else ends a command as soon.
            return http_answer(401, "", b"");
        };
        self.compare(&expected, request);
        if let Some(act) = self.before_first_answer.take() {
            act();
        }
        self.scripted(&expected)
    }

    fn complain(&mut self, what: &str, text: &str) {
        self.complaints
            .push(format!("exchange {}: {what}: {text}", self.done));
    }

    fn compare(&mut self, expected: &Exchange, request: &Request) {
        let waits = self.waits.take();
        let mut expect = |what: &str, ours: &Value, theirs: &Value| {
            for difference in differences(ours, theirs) {
                self.complain(what, &difference);
            }
        };
        let of_header = |name: &str| request.header(name).map_or(Value::Null, Value::from);
        expect("waits before", &json!(waits), &json!(expected.waits_before));
        expect("verb", &json!(request.verb()), &json!(expected.verb));
        expect("path", &json!(request.path()), &json!(expected.path));
        expect(
            "authorization",
            &of_header("authorization"),
            &json!(expected.authorization),
        );
        if let Some(host) = &expected.host {
            let ours = request.header("host").unwrap_or_default();
            let ours = ours.split(':').next().unwrap_or_default();
            expect("host", &json!(ours), &json!(host));
        }
        let Some(method) = &expected.method else {
            let body = String::from_utf8_lossy(&request.body);
            expect("body", &json!(body), &json!(expected.body.as_deref()));
            return;
        };
        match API.read_call(&request.body) {
            Err(error) => self.complain("not readable", &error),
            Ok(call) if call.method != *method => {
                self.complain("called", &format!("{} instead of {method}", call.method));
            }
            Ok(call) if self.closeness == Closeness::Arguments => {
                let theirs = API.canonical(method, &expected.request);
                for difference in differences(&call.arguments, &theirs) {
                    self.complain(method, &difference);
                }
            }
            Ok(_) => {}
        }
    }

    fn scripted(&self, exchange: &Exchange) -> Vec<u8> {
        if exchange.transport.is_some() {
            return Vec::new();
        }
        if let Some(response) = &exchange.http_response {
            let port = self.port.to_string();
            let headers: String = response
                .headers
                .iter()
                .map(|(name, value)| format!("{name}: {}\r\n", value.replace("<PORT>", &port)))
                .collect();
            return http_answer(response.status, &headers, response.body.as_bytes());
        }
        let method = exchange.method.as_deref().unwrap_or_default();
        let body = if let Some(exception) = &exchange.application_exception {
            let fields = json!({"1": {"str": exception.message}, "2": {"i32": exception.kind}});
            json!([1, method, 3, 0, fields]).to_string()
        } else if exchange.empty_result {
            json!([1, method, 2, 0, {}]).to_string()
        } else {
            API.reply(method, exchange.response.as_ref().unwrap())
        };
        let kind = "Content-Type: application/x-thrift\r\n";
        http_answer(200, kind, body.as_bytes())
    }
}
