//! Whole messages: the bodies of requests and replies.
//!
//! A client encodes a call and decodes a reply, a server the other way round. The released client always sends the
//! sequence number 0 and checks neither number nor method of a reply, so [`decode_reply`] does not check them either.

use thrift::protocol::{
    TBinaryOutputProtocol, TFieldIdentifier, TInputProtocol, TMessageIdentifier, TMessageType,
    TOutputProtocol, TSerializable, TStructIdentifier, TType,
};

use crate::binary::BinaryInput;
use crate::calls::{AnyCall, Call};
use crate::names::define_names;
use crate::tjson::{TJsonInput, TJsonOutput};
use crate::wire::read_fields;
use crate::{Error, Limits, Response};

/// The content type that the released client and scheduler send.
pub const CONTENT_TYPE: &str = "application/x-thrift";

/// How messages are encoded. Release 0.12.0 supports only [`Json`](Self::Json); later schedulers
/// support both and choose by content type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Protocol {
    /// TJSON.
    #[default]
    Json,
    /// Thrift's binary encoding in its strict form.
    Binary,
}

impl Protocol {
    /// The content type to send: for TJSON [`CONTENT_TYPE`], which every release understands.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => CONTENT_TYPE,
            Self::Binary => "application/vnd.apache.thrift.binary",
        }
    }

    /// The protocol of a content type, whatever its parameters; nothing for types that are not
    /// Thrift's.
    pub fn of_content_type(content_type: &str) -> Option<Self> {
        let name = content_type.split(';').next().unwrap_or_default().trim();
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        if is(Self::Binary.content_type()) {
            Some(Self::Binary)
        } else if is(CONTENT_TYPE) || is("application/vnd.apache.thrift.json") {
            Some(Self::Json)
        } else {
            None
        }
    }
}

/// A decoded reply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The method that is answered, as the sender names it.
    pub method: String,
    /// The sequence number, which a scheduler copies from the call.
    pub sequence: i32,
    /// The answer.
    pub body: ReplyBody,
}

/// The kinds of answers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
#[allow(clippy::large_enum_variant)]
pub enum ReplyBody {
    /// The call reached the scheduler's code, which may still have refused it: see its response code.
    Response(Response),
    /// The Thrift layer of the scheduler failed, before or instead of the call.
    Exception {
        /// What failed.
        kind: ExceptionKind,
        /// The scheduler's message, which may be empty.
        message: String,
    },
    /// A reply without a value.
    Empty,
}

/// What failed in the Thrift layer of a server.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExceptionKind(pub i32);

impl ExceptionKind {
    /// Not stated.
    pub const UNKNOWN: Self = Self(0);
    /// The server has no such method.
    pub const UNKNOWN_METHOD: Self = Self(1);
    /// The message was not a call.
    pub const INVALID_MESSAGE_TYPE: Self = Self(2);
    /// A reply to another method.
    pub const WRONG_METHOD_NAME: Self = Self(3);
    /// A reply to another call.
    pub const BAD_SEQUENCE_ID: Self = Self(4);
    /// The method returned nothing.
    pub const MISSING_RESULT: Self = Self(5);
    /// The server failed while it worked on the call.
    pub const INTERNAL_ERROR: Self = Self(6);
    /// The message could not be decoded.
    pub const PROTOCOL_ERROR: Self = Self(7);
    /// The transport's encoding is unknown.
    pub const INVALID_TRANSFORM: Self = Self(8);
    /// The message's encoding is unknown.
    pub const INVALID_PROTOCOL: Self = Self(9);
    /// The server does not accept such clients.
    pub const UNSUPPORTED_CLIENT_TYPE: Self = Self(10);
}

define_names!(ExceptionKind {
    UNKNOWN,
    UNKNOWN_METHOD,
    INVALID_MESSAGE_TYPE,
    WRONG_METHOD_NAME,
    BAD_SEQUENCE_ID,
    MISSING_RESULT,
    INTERNAL_ERROR,
    PROTOCOL_ERROR,
    INVALID_TRANSFORM,
    INVALID_PROTOCOL,
    UNSUPPORTED_CLIENT_TYPE,
});

/// A call as a server receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncomingCall {
    /// The sequence number, which the reply must repeat.
    pub sequence: i32,
    /// Method and arguments.
    pub call: AnyCall,
}

impl IncomingCall {
    /// The method's name on the wire, which the reply must repeat.
    pub fn method(&self) -> &'static str {
        self.call.method()
    }
}

/// The body of a request, with the sequence number 0 as the released client sends it.
pub fn encode_call<C: Call>(call: &C) -> Vec<u8> {
    encode_call_as(Protocol::Json, call)
}

/// As [`encode_call`], in any protocol.
pub fn encode_call_as<C: Call>(protocol: Protocol, call: &C) -> Vec<u8> {
    encode(protocol, C::METHOD, TMessageType::Call, 0, |output| {
        call.write_to_out_protocol(output)
    })
}

/// The body of a request whose method is known only at run time.
pub fn encode_any_call(call: &AnyCall, sequence: i32) -> Vec<u8> {
    encode(
        Protocol::Json,
        call.method(),
        TMessageType::Call,
        sequence,
        |output| call.write_arguments(output),
    )
}

/// The body of a reply.
pub fn encode_reply(method: &str, sequence: i32, response: &Response) -> Vec<u8> {
    encode_reply_as(Protocol::Json, method, sequence, response)
}

/// As [`encode_reply`], in any protocol.
pub fn encode_reply_as(
    protocol: Protocol,
    method: &str,
    sequence: i32,
    response: &Response,
) -> Vec<u8> {
    encode(protocol, method, TMessageType::Reply, sequence, |output| {
        output.write_struct_begin(&TStructIdentifier::new("result"))?;
        output.write_field_begin(&TFieldIdentifier::new("success", TType::Struct, 0))?;
        response.write_to_out_protocol(output)?;
        output.write_field_end()?;
        output.write_field_stop()?;
        output.write_struct_end()
    })
}

/// The body of a reply without a value.
pub fn encode_empty_reply(method: &str, sequence: i32) -> Vec<u8> {
    encode(
        Protocol::Json,
        method,
        TMessageType::Reply,
        sequence,
        |output| {
            output.write_struct_begin(&TStructIdentifier::new("result"))?;
            output.write_field_stop()?;
            output.write_struct_end()
        },
    )
}

/// The body of a reply when the Thrift layer failed.
pub fn encode_exception(
    method: &str,
    sequence: i32,
    kind: ExceptionKind,
    message: &str,
) -> Vec<u8> {
    encode_exception_as(Protocol::Json, method, sequence, kind, message)
}

/// As [`encode_exception`], in any protocol.
pub fn encode_exception_as(
    protocol: Protocol,
    method: &str,
    sequence: i32,
    kind: ExceptionKind,
    message: &str,
) -> Vec<u8> {
    encode(
        protocol,
        method,
        TMessageType::Exception,
        sequence,
        |output| {
            output.write_struct_begin(&TStructIdentifier::new("TApplicationException"))?;
            output.write_field_begin(&TFieldIdentifier::new("message", TType::String, 1))?;
            output.write_string(message)?;
            output.write_field_end()?;
            output.write_field_begin(&TFieldIdentifier::new("type", TType::I32, 2))?;
            output.write_i32(kind.0)?;
            output.write_field_end()?;
            output.write_field_stop()?;
            output.write_struct_end()
        },
    )
}

/// Decodes the body of a reply.
///
/// # Errors
/// Every [`Error`] but [`Error::UnknownMethod`].
pub fn decode_reply(bytes: &[u8], limits: &Limits) -> Result<Reply, Error> {
    decode_reply_as(Protocol::Json, bytes, limits)
}

/// As [`decode_reply`], in any protocol.
///
/// # Errors
/// Those of [`decode_reply`].
pub fn decode_reply_as(protocol: Protocol, bytes: &[u8], limits: &Limits) -> Result<Reply, Error> {
    decode(protocol, bytes, limits, |input| {
        let head = input.read_message_begin()?;
        let body = match head.message_type {
            TMessageType::Reply => read_result(input)?,
            TMessageType::Exception => read_exception(input)?,
            other => return Err(mixed_up("reply", other)),
        };
        Ok(Reply {
            method: head.name,
            sequence: head.sequence_number,
            body,
        })
    })
}

/// Decodes the body of a request.
///
/// # Errors
/// [`Error::UnknownMethod`] for a method that is not in the API; its arguments are not read.
pub fn decode_call(bytes: &[u8], limits: &Limits) -> Result<IncomingCall, Error> {
    decode_call_as(Protocol::Json, bytes, limits)
}

/// As [`decode_call`], in any protocol.
///
/// # Errors
/// Those of [`decode_call`].
pub fn decode_call_as(
    protocol: Protocol,
    bytes: &[u8],
    limits: &Limits,
) -> Result<IncomingCall, Error> {
    decode(protocol, bytes, limits, |input| {
        let TMessageIdentifier {
            name,
            message_type,
            sequence_number: sequence,
        } = input.read_message_begin()?;
        if message_type != TMessageType::Call {
            return Err(mixed_up("call", message_type));
        }
        let call = AnyCall::read(&name, input).ok_or(Error::UnknownMethod {
            method: name,
            sequence,
        })??;
        Ok(IncomingCall { sequence, call })
    })
}

fn read_result(input: &mut dyn TInputProtocol) -> thrift::Result<ReplyBody> {
    let mut body = ReplyBody::Empty;
    read_fields(input, |input, id| {
        if id != Some(0) {
            return Ok(false);
        }
        body = ReplyBody::Response(Response::read_from_in_protocol(input)?);
        Ok(true)
    })?;
    Ok(body)
}

fn read_exception(input: &mut dyn TInputProtocol) -> thrift::Result<ReplyBody> {
    let mut kind = ExceptionKind::UNKNOWN;
    let mut message = String::new();
    read_fields(input, |input, id| {
        match id {
            Some(1) => message = input.read_string()?,
            Some(2) => kind = ExceptionKind(input.read_i32()?),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(ReplyBody::Exception { kind, message })
}

fn mixed_up(expected: &'static str, found: TMessageType) -> thrift::Error {
    Error::MessageType {
        expected,
        found: u8::from(found).into(),
    }
    .into()
}

fn decode<T>(
    protocol: Protocol,
    bytes: &[u8],
    limits: &Limits,
    read: impl FnOnce(&mut dyn TInputProtocol) -> thrift::Result<T>,
) -> Result<T, Error> {
    let whole = |input: &mut dyn TInputProtocol| {
        let value = read(input)?;
        input.read_message_end()?;
        Ok(value)
    };
    match protocol {
        Protocol::Json => {
            let mut input = TJsonInput::new(bytes, limits)?;
            let read = whole(&mut input);
            let value = read.map_err(|error| Error::from_reader(error, input.offset()))?;
            input.finish()?;
            Ok(value)
        }
        Protocol::Binary => {
            let mut input = BinaryInput::new(bytes, limits)?;
            let read = whole(&mut input);
            let value = read.map_err(|error| Error::from_reader(error, input.offset()))?;
            input.finish()?;
            Ok(value)
        }
    }
}

fn encode(
    protocol: Protocol,
    method: &str,
    kind: TMessageType,
    sequence: i32,
    write: impl FnOnce(&mut dyn TOutputProtocol) -> thrift::Result<()>,
) -> Vec<u8> {
    let head = TMessageIdentifier::new(method, kind, sequence);
    let whole = |output: &mut dyn TOutputProtocol| {
        output.write_message_begin(&head)?;
        write(output)?;
        output.write_message_end()
    };
    let mut bytes = Vec::new();
    // Memory takes everything that the types of the API can hold: only a UUID could fail, and there is none.
    let written = match protocol {
        Protocol::Json => {
            let mut output = TJsonOutput::new();
            let written = whole(&mut output);
            bytes = output.into_bytes();
            written
        }
        Protocol::Binary => whole(&mut TBinaryOutputProtocol::new(&mut bytes, true)),
    };
    debug_assert!(written.is_ok());
    bytes
}
