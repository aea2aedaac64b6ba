//! The binary encoding from senders that are broken or mean harm.

// Helpers of tests, which may fail as tests do.
#![allow(clippy::unwrap_used)]

use aurora_api::message::{self, Protocol, Reply, ReplyBody};
use aurora_api::{Error, Limits, Response, ResponseCode, ResponseDetail};
use proptest::prelude::*;

const STOP: u8 = 0;
const BOOL: u8 = 2;
const I32: u8 = 8;
const STRING: u8 = 11;
const STRUCT: u8 = 12;
const MAP: u8 = 13;
const LIST: u8 = 15;

/// The head of a reply to `m`, without its result.
const HEAD: &[u8] = &[0x80, 1, 0, 2, 0, 0, 0, 1, b'm', 0, 0, 0, 7];

fn decode(bytes: &[u8]) -> Result<Reply, Error> {
    message::decode_reply_as(Protocol::Binary, bytes, &Limits::default())
}

/// A reply whose response has these bytes, up to the end of both structs.
fn response(fields: &[u8]) -> Result<Response, Error> {
    let bytes = [HEAD, &[STRUCT, 0, 0], fields, &[STOP, STOP]].concat();
    decode(&bytes).map(|reply| match reply.body {
        ReplyBody::Response(response) => response,
        other => panic!("{other:?}"),
    })
}

/// An unknown field of a response, which is passed over.
fn unknown(kind: u8, value: &[u8]) -> Result<Response, Error> {
    response(&[&[kind, 0, 77], value].concat())
}

fn sample() -> Vec<u8> {
    let response = Response {
        response_code: Some(ResponseCode::OK),
        details: Some(vec![ResponseDetail {
            message: Some("fine".to_owned()),
        }]),
        ..Response::default()
    };
    message::encode_reply_as(Protocol::Binary, "killTasks", 0, &response)
}

#[test]
fn the_encoding_is_that_of_thrift() {
    let bytes = [HEAD, &[STRUCT, 0, 0, I32, 0, 1, 0, 0, 0, 1, STOP, STOP]].concat();
    let reply = decode(&bytes).unwrap();
    assert_eq!((reply.method.as_str(), reply.sequence), ("m", 7));
    let expected = Response {
        response_code: Some(ResponseCode::OK),
        ..Response::default()
    };
    assert_eq!(
        message::encode_reply_as(Protocol::Binary, "m", 7, &expected),
        bytes
    );
    assert_eq!(reply.body, ReplyBody::Response(expected));
}

#[test]
fn failures_of_the_server_come_through() {
    let kind = message::ExceptionKind::UNKNOWN_METHOD;
    let bytes = message::encode_exception_as(Protocol::Binary, "m", 7, kind, "m?");
    let reply = decode(&bytes).unwrap();
    assert_eq!((reply.method.as_str(), reply.sequence), ("m", 7));
    let message = "m?".to_owned();
    assert_eq!(reply.body, ReplyBody::Exception { kind, message });
}

#[test]
fn what_is_no_message_is_refused() {
    assert!(matches!(
        decode(b"[1,\"m\",2,0,{}]"),
        Err(Error::NotBinary { found: 0x5b31_2c22 })
    ));
    assert!(matches!(
        decode(b"\x80\x02\0\x02"),
        Err(Error::NotBinary { .. })
    ));
    assert!(matches!(
        decode(b"\x80\x01\0\x09"),
        Err(Error::MessageType { found: 9, .. })
    ));
    let call = [0x80, 1, 0, 1, 0, 0, 0, 1, b'm', 0, 0, 0, 0, STOP];
    assert!(matches!(
        decode(&call),
        Err(Error::MessageType {
            expected: "reply",
            found: 1
        })
    ));
    let bytes = sample();
    for end in 0..bytes.len() {
        let error = decode(&bytes[..end]).unwrap_err();
        assert!(
            matches!(error, Error::Truncated { .. } | Error::Count { .. }),
            "{end}: {error}"
        );
    }
    let error = decode(&[&bytes[..], b"x"].concat()).unwrap_err();
    assert_eq!(
        error,
        Error::Trailing {
            offset: bytes.len()
        }
    );
}

#[test]
fn a_value_has_the_type_of_the_api() {
    assert!(matches!(
        response(&[STRING, 0, 1, 0, 0, 0, 0]),
        Err(Error::WrongType {
            expected: "i32",
            found: "str",
            ..
        })
    ));
    assert!(matches!(
        response(&[LIST, 0, 6, I32, 0, 0, 0, 1, 0, 0, 0, 0]),
        Err(Error::WrongType {
            expected: "rec",
            found: "i32",
            ..
        })
    ));
    assert!(matches!(
        response(&[99, 0, 1]),
        Err(Error::UnknownType { .. })
    ));
    assert!(matches!(
        response(&[I32, 0, 1, 0, 0, 0, 1, I32, 0, 1, 0, 0, 0, 1]),
        Err(Error::Duplicate { .. })
    ));
    assert!(matches!(
        response(&[
            LIST, 0, 6, STRUCT, 0, 0, 0, 1, STRING, 0, 1, 0, 0, 0, 1, 0xff, STOP
        ]),
        Err(Error::Text { .. })
    ));
}

#[test]
fn unknown_fields_are_passed_over() {
    let map = [
        STRING, LIST, 0, 0, 0, 1, 0, 0, 0, 1, b'k', BOOL, 0, 0, 0, 2, 1, 0,
    ];
    assert_eq!(unknown(MAP, &map), Ok(Response::default()));
    assert_eq!(
        unknown(MAP, &[STRING, I32, 0, 0, 0, 0]),
        Ok(Response::default())
    );
    // Types are there even when nothing else is, or the reader of the `thrift` crate would panic.
    assert!(matches!(
        unknown(MAP, &[0, 0, 0, 0, 0, 1]),
        Err(Error::UnknownType { .. })
    ));
}

#[test]
fn sizes_that_cannot_be_are_not_believed() {
    assert!(matches!(
        unknown(STRING, &i32::MAX.to_be_bytes()),
        Err(Error::Limit {
            limit: "string_bytes",
            ..
        })
    ));
    assert!(matches!(
        unknown(STRING, &[0, 1, 0, 0]),
        Err(Error::Truncated { .. })
    ));
    assert!(matches!(
        unknown(STRING, &(-1i32).to_be_bytes()),
        Err(Error::NumberRange { .. })
    ));
    for size in [i32::MAX, -1, 1 << 20] {
        let list = [&[STRUCT][..], &size.to_be_bytes()].concat();
        assert!(
            matches!(unknown(LIST, &list), Err(Error::Count { .. })),
            "{size}"
        );
    }
    let many = [&[BOOL][..], &1000i32.to_be_bytes(), &[1; 1000]].concat();
    assert!(unknown(LIST, &many).is_ok());
    let limits = Limits {
        elements: 999,
        ..Limits::default()
    };
    let bytes = [HEAD, &[LIST, 0, 77], &many, &[STOP]].concat();
    assert!(matches!(
        message::decode_reply_as(Protocol::Binary, &bytes, &limits),
        Err(Error::Limit {
            limit: "elements",
            ..
        })
    ));
    let limits = Limits {
        message_bytes: bytes.len() - 1,
        ..Limits::default()
    };
    assert!(matches!(
        message::decode_reply_as(Protocol::Binary, &bytes, &limits),
        Err(Error::Limit {
            limit: "message_bytes",
            ..
        })
    ));
}

#[test]
fn nesting_without_end_is_refused_and_not_followed() {
    let lists = [LIST, 0, 0, 0, 1].repeat(100_000);
    let structs = [STRUCT, 0, 1].repeat(100_000);
    for (kind, value) in [(LIST, lists), (STRUCT, structs)] {
        assert!(matches!(
            unknown(kind, &value),
            Err(Error::Limit { limit: "depth", .. })
        ));
    }
}

proptest! {
    #[test]
    fn any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = decode(&bytes);
        let _ = decode(&[HEAD, &bytes].concat());
        let _ = response(&bytes);
    }

    #[test]
    fn changed_messages_are_survived(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let mut bytes = sample();
        for (place, byte) in changes {
            let at = place.index(bytes.len());
            bytes[at] = byte;
        }
        let _ = decode(&bytes);
        let _ = message::decode_call_as(Protocol::Binary, &bytes, &Limits::REQUEST);
    }
}
