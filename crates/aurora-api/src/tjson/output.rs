//! Writing TJSON.

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use thrift::protocol::{
    TFieldIdentifier, TListIdentifier, TMapIdentifier, TMessageIdentifier, TOutputProtocol,
    TSetIdentifier, TStructIdentifier, TType,
};
use thrift::{ProtocolError, ProtocolErrorKind};

use super::{number, tag, text};

/// Writes TJSON to memory, without blanks, the way the released client does.
///
/// ```
/// use aurora_api::{JobKey, tjson::TJsonOutput};
/// use thrift::protocol::TSerializable;
///
/// let key = JobKey { role: Some("www".into()), ..JobKey::default() };
/// let mut output = TJsonOutput::new();
/// key.write_to_out_protocol(&mut output)?;
/// assert_eq!(output.into_bytes(), br#"{"1":{"str":"www"}}"#);
/// # Ok::<(), thrift::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct TJsonOutput {
    out: Vec<u8>,
    open: Vec<Open>,
}

/// What encloses the next value.
#[derive(Clone, Copy, Debug)]
enum Open {
    Struct { first: bool },
    Sequence,
    Map { first: bool, key_next: bool },
}

/// Whether a value is where JSON requires a string.
#[derive(PartialEq)]
enum Place {
    Key,
    Value,
}

impl TJsonOutput {
    /// An empty buffer.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.out
    }

    /// Writes what separates the next value from the one before.
    fn separate(&mut self) -> Place {
        match self.open.last_mut() {
            None | Some(Open::Struct { .. }) => Place::Value,
            Some(Open::Sequence) => {
                self.out.push(b',');
                Place::Value
            }
            Some(Open::Map { first, key_next }) => {
                *key_next = !*key_next;
                if *key_next {
                    self.out.push(b':');
                    return Place::Value;
                }
                if !std::mem::replace(first, false) {
                    self.out.push(b',');
                }
                Place::Key
            }
        }
    }

    fn number(&mut self, number: i64) {
        let quote = self.separate() == Place::Key;
        let _ = if quote {
            write!(self.out, "\"{number}\"")
        } else {
            write!(self.out, "{number}")
        };
    }

    fn sequence(&mut self, element: TType, size: i32) {
        self.separate();
        let _ = write!(self.out, "[\"{}\",{size}", tag(element));
        self.open.push(Open::Sequence);
    }

    fn close(&mut self, end: &[u8]) {
        self.open.pop();
        self.out.extend_from_slice(end);
    }
}

impl TOutputProtocol for TJsonOutput {
    fn write_message_begin(&mut self, identifier: &TMessageIdentifier) -> thrift::Result<()> {
        self.out.extend_from_slice(b"[1,");
        text::write_string(&mut self.out, &identifier.name);
        let kind = u8::from(identifier.message_type);
        let _ = write!(self.out, ",{kind},{}", identifier.sequence_number);
        self.open.push(Open::Sequence);
        Ok(())
    }

    fn write_message_end(&mut self) -> thrift::Result<()> {
        self.close(b"]");
        Ok(())
    }

    fn write_struct_begin(&mut self, _: &TStructIdentifier) -> thrift::Result<()> {
        self.separate();
        self.out.push(b'{');
        self.open.push(Open::Struct { first: true });
        Ok(())
    }

    fn write_struct_end(&mut self) -> thrift::Result<()> {
        self.close(b"}");
        Ok(())
    }

    fn write_field_begin(&mut self, identifier: &TFieldIdentifier) -> thrift::Result<()> {
        if let Some(Open::Struct { first }) = self.open.last_mut()
            && !std::mem::replace(first, false)
        {
            self.out.push(b',');
        }
        let id = identifier.id.unwrap_or_default();
        let _ = write!(self.out, "\"{id}\":{{\"{}\":", tag(identifier.field_type));
        Ok(())
    }

    fn write_field_end(&mut self) -> thrift::Result<()> {
        self.out.push(b'}');
        Ok(())
    }

    fn write_field_stop(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_bool(&mut self, b: bool) -> thrift::Result<()> {
        self.number(b.into());
        Ok(())
    }

    fn write_bytes(&mut self, b: &[u8]) -> thrift::Result<()> {
        self.separate();
        self.out.push(b'"');
        self.out.extend_from_slice(STANDARD.encode(b).as_bytes());
        self.out.push(b'"');
        Ok(())
    }

    fn write_i8(&mut self, i: i8) -> thrift::Result<()> {
        self.number(i.into());
        Ok(())
    }

    fn write_i16(&mut self, i: i16) -> thrift::Result<()> {
        self.number(i.into());
        Ok(())
    }

    fn write_i32(&mut self, i: i32) -> thrift::Result<()> {
        self.number(i.into());
        Ok(())
    }

    fn write_i64(&mut self, i: i64) -> thrift::Result<()> {
        self.number(i);
        Ok(())
    }

    fn write_double(&mut self, d: f64) -> thrift::Result<()> {
        // Not-a-number and infinities carry their own quotes.
        let quote = self.separate() == Place::Key && d.is_finite();
        if quote {
            self.out.push(b'"');
        }
        number::write_double(&mut self.out, d);
        if quote {
            self.out.push(b'"');
        }
        Ok(())
    }

    fn write_uuid(&mut self, _: &uuid::Uuid) -> thrift::Result<()> {
        Err(thrift::Error::Protocol(ProtocolError::new(
            ProtocolErrorKind::NotImplemented,
            "Thrift 0.9.1 has no UUIDs; send a string",
        )))
    }

    fn write_string(&mut self, s: &str) -> thrift::Result<()> {
        self.separate();
        text::write_string(&mut self.out, s);
        Ok(())
    }

    fn write_list_begin(&mut self, identifier: &TListIdentifier) -> thrift::Result<()> {
        self.sequence(identifier.element_type, identifier.size);
        Ok(())
    }

    fn write_list_end(&mut self) -> thrift::Result<()> {
        self.close(b"]");
        Ok(())
    }

    fn write_set_begin(&mut self, identifier: &TSetIdentifier) -> thrift::Result<()> {
        self.sequence(identifier.element_type, identifier.size);
        Ok(())
    }

    fn write_set_end(&mut self) -> thrift::Result<()> {
        self.close(b"]");
        Ok(())
    }

    fn write_map_begin(&mut self, identifier: &TMapIdentifier) -> thrift::Result<()> {
        self.separate();
        let key = tag(identifier.key_type.unwrap_or(TType::String));
        let value = tag(identifier.value_type.unwrap_or(TType::String));
        let _ = write!(self.out, "[\"{key}\",\"{value}\",{},{{", identifier.size);
        self.open.push(Open::Map {
            first: true,
            key_next: true,
        });
        Ok(())
    }

    fn write_map_end(&mut self) -> thrift::Result<()> {
        self.close(b"}]");
        Ok(())
    }

    fn flush(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_byte(&mut self, b: u8) -> thrift::Result<()> {
        self.number(b.into());
        Ok(())
    }
}
