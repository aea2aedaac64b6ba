//! Input from senders that are broken or mean harm: always an error, never a panic, and never much memory or time.

// Helpers of tests, which may fail as tests do.
#![allow(clippy::unwrap_used)]

use std::time::{Duration, Instant};

use aurora_api::message::{self, ReplyBody};
use aurora_api::{Error, JobKey, Limits, tjson::TJsonInput};
use proptest::prelude::*;
use thrift::protocol::{TInputProtocol, TSerializable};

fn reply(result: &str) -> Result<message::Reply, Error> {
    let body = format!("[1,\"getJobs\",2,0,{{{result}}}]");
    message::decode_reply(body.as_bytes(), &Limits::default())
}

fn response(fields: &str) -> Error {
    reply(&format!("\"0\":{{\"rec\":{{{fields}}}}}")).unwrap_err()
}

fn details(list: &str) -> Error {
    response(&format!("\"6\":{{\"lst\":{list}}}"))
}

/// An unknown field of a reply, which is skipped.
fn unknown(value: &str) -> Result<message::Reply, Error> {
    reply(&format!("\"77\":{value}"))
}

#[test]
fn what_is_no_message_is_refused() {
    let decode = |body: &[u8]| message::decode_reply(body, &Limits::default()).unwrap_err();
    assert!(matches!(decode(b""), Error::Truncated { offset: 0, .. }));
    assert!(matches!(decode(b" \n"), Error::Truncated { offset: 2, .. }));
    assert!(matches!(
        decode(b"<html>"),
        Error::Syntax {
            offset: 0,
            found: '<',
            ..
        }
    ));
    assert!(matches!(decode(b"[1,\xff"), Error::Text { offset: 3, .. }));
    assert!(matches!(
        decode(b"[2,\"m\",2,0,{}]"),
        Error::Version { found: 2 }
    ));
    assert!(matches!(
        decode(b"[1,\"m\",1,0,{}]"),
        Error::MessageType {
            expected: "reply",
            found: 1
        }
    ));
    assert!(matches!(
        decode(b"[1,\"m\",9,0,{}]"),
        Error::MessageType { found: 9, .. }
    ));
    assert!(matches!(
        decode(b"[1,\"m\",2,99999999999,{}]"),
        Error::NumberRange {
            offset: 9,
            kind: "i32"
        }
    ));
    assert!(matches!(
        decode(b"[1,\"m\",2,0,{}] x"),
        Error::Trailing { offset: 15 }
    ));
    assert!(matches!(
        decode(b"[1,\"m\",2,0,{},7]"),
        Error::Syntax { .. }
    ));
}

#[test]
fn calls_are_checked_too() {
    let decode = |body: &[u8]| message::decode_call(body, &Limits::REQUEST).unwrap_err();
    assert_eq!(
        decode(b"[1,\"shutDown\",1,7,{}]"),
        Error::UnknownMethod {
            method: "shutDown".into(),
            sequence: 7
        }
    );
    assert!(matches!(
        decode(b"[1,\"getJobs\",2,0,{}]"),
        Error::MessageType {
            expected: "call",
            found: 2
        }
    ));
    assert!(matches!(
        decode(b"[1,\"getJobs\",1,0,{\"1\":{\"i32\":3}}]"),
        Error::WrongType {
            expected: "str",
            found: "i32",
            ..
        }
    ));
}

#[test]
fn a_value_has_the_type_of_the_api() {
    assert!(matches!(
        response("\"1\":{\"str\":\"OK\"}"),
        Error::WrongType {
            expected: "i32",
            found: "str",
            ..
        }
    ));
    assert!(matches!(
        details("[\"i32\",1,5]"),
        Error::WrongType {
            expected: "rec",
            found: "i32",
            ..
        }
    ));
    assert!(matches!(
        response("\"1\":{\"i32\":\"1\"}"),
        Error::Syntax { found: '"', .. }
    ));
    assert!(matches!(
        response("\"1\":{\"i32\":1.0}"),
        Error::NumberRange { kind: "i32", .. }
    ));
    assert!(matches!(
        response("\"1\":{\"i32\":2147483648}"),
        Error::NumberRange { kind: "i32", .. }
    ));
    assert!(matches!(
        response("\"1\":{\"u64\":1}"),
        Error::UnknownType { tag, .. } if tag == "u64"
    ));
    let service = |value: &str| {
        let text = format!("{{\"7\":{{\"tf\":{value}}}}}");
        let mut input = TJsonInput::new(text.as_bytes(), &Limits::REQUEST).unwrap();
        aurora_api::TaskConfig::read_from_in_protocol(&mut input).map(|task| task.is_service)
    };
    assert_eq!(service("1").unwrap(), Some(true));
    assert!(service("2").is_err() && service("true").is_err());
    assert!(matches!(
        unknown("{\"dbl\":1e999}").unwrap_err(),
        Error::NumberRange { kind: "dbl", .. }
    ));
    assert!(matches!(
        unknown("{\"map\":[\"rec\",\"str\",0,{}]}").unwrap_err(),
        Error::WrongType { found: "rec", .. }
    ));
}

#[test]
fn announced_sizes_are_those_that_come() {
    for (list, problem) in [
        ("[\"rec\",1]", "fewer"),
        ("[\"rec\",0,{}]", "more"),
        ("[\"rec\",1,{},{}]", "more"),
        ("[\"rec\",2147483647,{}]", "not bytes enough for them"),
        ("[\"rec\",-1]", "not bytes enough for them"),
        ("[\"rec\",9223372036854775807]", "not bytes enough for them"),
    ] {
        let error = details(list);
        let Error::Count { problem: found, .. } = error else {
            panic!("{list}: {error}");
        };
        assert_eq!(found, problem, "{list}");
    }
    for (map, problem) in [
        ("[\"str\",\"i32\",2,{\"a\":1}]", "fewer"),
        ("[\"str\",\"i32\",0,{\"a\":1}]", "more"),
        ("[\"str\",\"i32\",1,{\"a\":1,\"b\":2}]", "more"),
        (
            "[\"str\",\"i32\",2147483647,{}]",
            "not bytes enough for them",
        ),
    ] {
        let error = unknown(&format!("{{\"map\":{map}}}")).unwrap_err();
        let Error::Count { problem: found, .. } = error else {
            panic!("{map}: {error}");
        };
        assert_eq!(found, problem, "{map}");
    }
}

#[test]
fn nothing_comes_twice() {
    assert!(matches!(
        response("\"1\":{\"i32\":1},\"1\":{\"i32\":2}"),
        Error::Duplicate { what, .. } if what == "field 1"
    ));
    let twice = unknown("{\"map\":[\"str\",\"i32\",3,{\"a\":1,\"b\":2,\"\\u0061\":3}]}");
    assert!(matches!(
        twice.unwrap_err(),
        Error::Duplicate { what, .. } if what == "key \"a\""
    ));
}

#[test]
fn unions_hold_one_branch_that_is_known() {
    for (union, words) in [
        ("{}", "empty union"),
        ("{\"99\":{\"rec\":{}}}", "not part of release 0.12.0"),
        (
            "{\"1\":{\"rec\":{}},\"3\":{\"rec\":{}}}",
            "2 branches instead of one",
        ),
    ] {
        let error = response(&format!("\"3\":{{\"rec\":{union}}}"));
        let Error::Union { offset, reason } = &error else {
            panic!("{union}: {error}");
        };
        assert!(reason.contains(words), "{reason}");
        assert!(*offset > 30, "{offset}");
    }
}

#[test]
fn strings_are_text() {
    let bad = |text: &str| {
        response(&format!(
            "\"5\":{{\"rec\":{{\"1\":{{\"str\":\"{text}\"}}}}}}"
        ))
    };
    for text in [r"\ud800", r"\udc00\ud800", r"\q", r"\u00g0", "\u{1}"] {
        assert!(matches!(bad(text), Error::Text { .. }), "{text}");
    }
}

#[test]
fn depth_is_limited_wherever_it_comes_from() {
    for (open, close) in [
        ("{\"1\":{\"rec\":", "}}"),
        ("[\"lst\",1,", "]"),
        ("[\"str\",\"map\",1,{\"k\":", "}]"),
    ] {
        let kind = match open.as_bytes()[2] {
            b'1' => "rec",
            b'l' => "lst",
            _ => "map",
        };
        let nested = |depth: usize| {
            let inner = match kind {
                "rec" => "{}",
                "lst" => "[\"i32\",0]",
                _ => "[\"str\",\"str\",0,{}]",
            };
            let value = format!("{}{inner}{}", open.repeat(depth), close.repeat(depth));
            unknown(&format!("{{\"{kind}\":{value}}}"))
        };
        assert!(nested(60).is_ok(), "{kind}: {:?}", nested(60));
        assert!(matches!(
            nested(64).unwrap_err(),
            Error::Limit {
                limit: "depth",
                allowed: 64,
                ..
            }
        ));
        assert!(nested(100_000).is_err());
        // The most that can be allowed still fits a thread's stack.
        let value = format!("{}{}", open.repeat(300), close.repeat(300));
        let body = format!("[1,\"m\",2,0,{{\"7\":{{\"{kind}\":{value}}}}}]");
        let deepest = Limits {
            depth: u8::MAX,
            ..Limits::default()
        };
        assert!(matches!(
            message::decode_reply(body.as_bytes(), &deepest).unwrap_err(),
            Error::Limit {
                limit: "depth",
                allowed: 255,
                ..
            }
        ));
    }
}

#[test]
fn each_limit_is_kept() {
    let body = b"[1,\"getJobs\",1,0,{\"1\":{\"str\":\"12345678\"}}]";
    let with = |limits: &Limits| message::decode_call(body, limits);
    assert!(
        with(&Limits {
            string_bytes: 8,
            ..Limits::REQUEST
        })
        .is_ok()
    );
    assert!(matches!(
        with(&Limits {
            string_bytes: 7,
            ..Limits::REQUEST
        }),
        Err(Error::Limit {
            limit: "string_bytes",
            allowed: 7,
            ..
        })
    ));
    assert!(
        with(&Limits {
            message_bytes: body.len(),
            ..Limits::REQUEST
        })
        .is_ok()
    );
    assert!(matches!(
        with(&Limits {
            message_bytes: body.len() - 1,
            ..Limits::REQUEST
        }),
        Err(Error::Limit {
            limit: "message_bytes",
            ..
        })
    ));
    // Entries are counted over all containers of the message.
    let lists = b"[1,\"m\",2,0,{\"8\":{\"lst\":[\"i32\",2,1,2]},\"9\":{\"set\":[\"i32\",2,1,2]}}]";
    let with = |elements| {
        let limits = Limits {
            elements,
            ..Limits::default()
        };
        message::decode_reply(lists, &limits)
    };
    assert!(with(4).is_ok());
    assert!(matches!(
        with(3),
        Err(Error::Limit {
            limit: "elements",
            allowed: 3,
            ..
        })
    ));
}

/// Small structs are the cheapest way to make a reader keep much.
#[test]
fn a_flood_of_empty_structs_is_cut_off() {
    let entries = 5_000_000;
    let body = format!(
        "[1,\"m\",2,0,{{\"0\":{{\"rec\":{{\"6\":{{\"lst\":[\"rec\",{entries}{}]}}}}}}}}]",
        ",{}".repeat(entries)
    );
    let started = Instant::now();
    assert!(matches!(
        message::decode_reply(body.as_bytes(), &Limits::default()),
        Err(Error::Limit {
            limit: "elements",
            ..
        })
    ));
    assert!(started.elapsed() < Duration::from_secs(5));
}

#[test]
fn reading_out_of_turn_is_an_error() {
    let limits = Limits::default();
    let mut input = TJsonInput::new(b"{}", &limits).unwrap();
    assert!(input.read_field_begin().is_err());
    assert!(input.read_list_end().is_err());
    assert!(input.read_map_end().is_err());
    let mut input = TJsonInput::new(b"[\"i32\",0]", &limits).unwrap();
    assert_eq!(input.read_list_begin().unwrap().size, 0);
    assert!(input.read_i32().is_err());
    let mut input = TJsonInput::new(b"{}", &limits).unwrap();
    assert!(JobKey::read_from_in_protocol(&mut input).is_ok());
    assert!(JobKey::read_from_in_protocol(&mut input).is_err());
}

#[test]
fn an_exception_may_lack_everything() {
    let decode = |body: &[u8]| {
        message::decode_reply(body, &Limits::default())
            .unwrap()
            .body
    };
    assert_eq!(
        decode(b"[1,\"m\",3,0,{}]"),
        ReplyBody::Exception {
            kind: message::ExceptionKind::UNKNOWN,
            message: String::new()
        }
    );
    let known = message::encode_exception("m", 3, message::ExceptionKind::UNKNOWN_METHOD, "m?");
    assert_eq!(known, br#"[1,"m",3,3,{"1":{"str":"m?"},"2":{"i32":1}}]"#);
    assert_eq!(
        decode(&known),
        ReplyBody::Exception {
            kind: message::ExceptionKind::UNKNOWN_METHOD,
            message: "m?".into()
        }
    );
    assert_eq!(
        decode(&message::encode_empty_reply("m", 0)),
        ReplyBody::Empty
    );
}

fn recordings() -> Vec<Vec<u8>> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/raw");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    let body = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        bytes[end.unwrap() + 4..].to_vec()
    };
    files.iter().map(body).collect()
}

/// Every reader on the same bytes; all that counts is that they come back.
fn read_all(bytes: &[u8]) -> bool {
    let limits = Limits::REQUEST;
    let reply = message::decode_reply(bytes, &limits);
    let call = message::decode_call(bytes, &limits);
    let value = TJsonInput::new(bytes, &limits)
        .map_err(thrift::Error::from)
        .and_then(|mut input| aurora_api::TaskConfig::read_from_in_protocol(&mut input));
    reply.is_ok() || call.is_ok() || value.is_ok()
}

#[test]
fn no_recording_is_whole_without_its_end() {
    for body in recordings() {
        assert!(read_all(&body));
        for end in 0..body.len() {
            assert!(
                !read_all(&body[..end]),
                "{}",
                String::from_utf8_lossy(&body[..end])
            );
        }
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_all(&bytes);
    }

    /// Pieces of the grammar in any order get further than bytes do.
    #[test]
    fn any_pieces_are_survived(pieces in prop::collection::vec(
        prop::sample::select(vec![
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "\"1\"", "\"0\":{\"rec\":", "\"3\":{\"rec\":",
            "\"rec\"", "\"lst\"", "\"map\"", "\"str\"", "\"i32\"", "\"dbl\"", "0", "1", "-", "99999999999", "1e5", " ",
            "[1,\"getJobs\",2,0,", "[1,\"createJob\",1,0,", "é",
        ]),
        0..60,
    )) {
        read_all(pieces.concat().as_bytes());
    }

    #[test]
    fn changed_recordings_are_survived(
        which in 0usize..36,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..4), 1..6),
    ) {
        let mut bytes = recordings().swap_remove(which);
        for (place, byte, how) in changes {
            if bytes.is_empty() {
                break;
            }
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                _ => {
                    let copy = bytes[at..bytes.len().min(at + 20)].to_vec();
                    bytes.splice(at..at, copy);
                }
            }
        }
        read_all(&bytes);
    }
}
