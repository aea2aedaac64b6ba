//! Exchanges of the released 0.12.0 client, as they were on the wire: both directions of the encoding.

// Helpers of tests, which may fail as tests do.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::PathBuf;

use aurora_api::message::{self, ReplyBody};
use aurora_api::{Limits, ResponseCode};
use serde_json::Value;

/// The body of a recorded request or response, after checking that its length is the announced one.
fn body(path: &PathBuf) -> Vec<u8> {
    let bytes = fs::read(path).unwrap();
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap();
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let length: usize = head
        .lines()
        .find_map(|line| line.strip_prefix("Content-Length: "))
        .unwrap()
        .parse()
        .unwrap();
    let body = bytes[end + 4..].to_vec();
    assert_eq!(body.len(), length, "{}", path.display());
    body
}

/// Method and body of every recording of one kind, in order.
fn recordings(kind: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/raw");
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let name = path.file_name()?.to_str()?.to_owned();
            let method = name.strip_suffix(&format!(".{kind}.txt"))?.to_owned();
            Some((method, body(&path)))
        })
        .collect();
    found.sort();
    assert_eq!(found.len(), 18);
    found
}

/// TJSON as a tree, with the elements of every set in one order.
fn unordered(bytes: &[u8]) -> Value {
    fn sort_sets(value: &mut Value) {
        match value {
            Value::Array(elements) => elements.iter_mut().for_each(sort_sets),
            Value::Object(fields) => {
                fields.values_mut().for_each(sort_sets);
                if let Some(Value::Array(set)) = fields.get_mut("set") {
                    set[2..].sort_by_key(Value::to_string);
                }
            }
            _ => {}
        }
    }
    let mut value = serde_json::from_slice(bytes).unwrap();
    sort_sets(&mut value);
    value
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn requests_are_written_byte_for_byte() {
    for (method, body) in recordings("request") {
        let incoming = message::decode_call(&body, &Limits::default()).unwrap();
        assert_eq!(incoming.method(), method);
        assert_eq!(incoming.sequence, 0);
        let ours = message::encode_any_call(&incoming.call, incoming.sequence);
        assert_eq!(unordered(&ours), unordered(&body), "{method}");
        assert_eq!(text(&ours), text(&body), "{method}");
    }
}

/// Sets of structs have no order on the wire, and two recorded replies have them in another order than ours.
#[test]
fn replies_are_written_byte_for_byte_but_for_the_order_of_sets() {
    for (method, body) in recordings("response") {
        let reply = message::decode_reply(&body, &Limits::default()).unwrap();
        assert_eq!(reply.method, method);
        assert_eq!(reply.sequence, 0);
        let ReplyBody::Response(response) = reply.body else {
            panic!("{method} has no response");
        };
        assert_eq!(response.response_code, Some(ResponseCode::OK));
        let ours = message::encode_reply(&method, 0, &response);
        assert_eq!(unordered(&ours), unordered(&body), "{method}");
        if !matches!(method.as_str(), "getJobs" | "getJobUpdateDiff") {
            assert_eq!(text(&ours), text(&body), "{method}");
        }
    }
}

/// Blanks between all tokens and fields in reverse order mean the same.
#[test]
fn layout_and_order_do_not_matter() {
    fn reversed(value: &Value, out: &mut String) {
        match value {
            Value::Array(elements) => {
                out.push_str("[\n");
                for (at, element) in elements.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { "\t,\r\n " });
                    reversed(element, out);
                }
                out.push_str(" ]\t");
            }
            Value::Object(fields) => {
                out.push_str("{ ");
                for (at, (name, value)) in fields.iter().rev().enumerate() {
                    out.push_str(if at == 0 { "\n" } else { " ,\n" });
                    out.push_str(&format!("{} :\n", Value::from(name.as_str())));
                    reversed(value, out);
                }
                out.push_str("\n} ");
            }
            scalar => out.push_str(&scalar.to_string()),
        }
    }
    for (method, body) in recordings("response") {
        let tree: Value = serde_json::from_slice(&body).unwrap();
        let mut other = String::from(" \n");
        reversed(&tree, &mut other);
        let limits = Limits::default();
        assert_eq!(
            message::decode_reply(other.as_bytes(), &limits),
            message::decode_reply(&body, &limits),
            "{method}"
        );
    }
}
