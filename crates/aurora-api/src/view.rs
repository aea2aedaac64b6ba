//! A view of API values for people and tools: JSON with the names of the IDL.

use serde_json::{Map, Number, Value};
use thrift::protocol::{
    TFieldIdentifier, TListIdentifier, TMapIdentifier, TMessageIdentifier, TOutputProtocol,
    TSerializable, TSetIdentifier, TStructIdentifier,
};
use thrift::{ProtocolError, ProtocolErrorKind};

/// Shows any struct, union or enum of the API as JSON.
///
/// Structs are objects with the field names of the IDL, and unset fields are left out; a union is an object with its
/// one branch. Enums are numbers, doubles always have a decimal point or exponent (infinities and not-a-number are
/// the strings that TJSON uses), binary is base64, and sets are lists: numbers ascending, all else in the order of the
/// elements' JSON text, so that equal values give equal text. It is not the wire encoding: that is [`tjson`](crate::tjson).
///
/// ```
/// let key = aurora_api::JobKey {
///     role: Some("www".into()),
///     environment: None,
///     name: Some("web".into()),
/// };
/// assert_eq!(aurora_api::to_json(&key).to_string(), r#"{"role":"www","name":"web"}"#);
/// ```
pub fn to_json<T: TSerializable>(value: &T) -> Value {
    let mut view = View::default();
    // Only a UUID or a message could fail, and no type of the API writes either.
    let written = value.write_to_out_protocol(&mut view);
    debug_assert!(written.is_ok());
    view.done
}

/// Builds a JSON value from what the generated writers say.
#[derive(Default)]
struct View {
    open: Vec<Open>,
    done: Value,
}

enum Open {
    Object {
        fields: Map<String, Value>,
        name: String,
    },
    List {
        elements: Vec<Value>,
        sorted: bool,
    },
    Map {
        entries: Map<String, Value>,
        key: Option<String>,
    },
}

impl View {
    fn put(&mut self, value: Value) -> thrift::Result<()> {
        match self.open.last_mut() {
            None => self.done = value,
            Some(Open::Object { fields, name }) => {
                fields.insert(std::mem::take(name), value);
            }
            Some(Open::List { elements, .. }) => elements.push(value),
            Some(Open::Map { entries, key }) => match key.take() {
                Some(key) => {
                    entries.insert(key, value);
                }
                None => {
                    *key = Some(match value {
                        Value::String(text) => text,
                        other => other.to_string(),
                    });
                }
            },
        }
        Ok(())
    }

    fn close(&mut self) -> thrift::Result<()> {
        let value = match self.open.pop() {
            None => return Ok(()),
            Some(Open::Object { fields, .. }) => Value::Object(fields),
            Some(Open::Map { entries, .. }) => Value::Object(entries),
            Some(Open::List {
                mut elements,
                sorted,
            }) => {
                // Numbers come in ascending order as they are.
                if sorted && !elements.iter().all(Value::is_number) {
                    elements.sort_by_cached_key(Value::to_string);
                }
                Value::Array(elements)
            }
        };
        self.put(value)
    }

    fn list(&mut self, size: i32, sorted: bool) -> thrift::Result<()> {
        self.open.push(Open::List {
            elements: Vec::with_capacity(usize::try_from(size).unwrap_or(0)),
            sorted,
        });
        Ok(())
    }
}

fn not_a_value(what: &str) -> thrift::Error {
    thrift::Error::Protocol(ProtocolError::new(
        ProtocolErrorKind::NotImplemented,
        format!("{what} has no view"),
    ))
}

impl TOutputProtocol for View {
    fn write_message_begin(&mut self, _: &TMessageIdentifier) -> thrift::Result<()> {
        Err(not_a_value("a message"))
    }

    fn write_message_end(&mut self) -> thrift::Result<()> {
        Err(not_a_value("a message"))
    }

    fn write_struct_begin(&mut self, _: &TStructIdentifier) -> thrift::Result<()> {
        self.open.push(Open::Object {
            fields: Map::new(),
            name: String::new(),
        });
        Ok(())
    }

    fn write_struct_end(&mut self) -> thrift::Result<()> {
        self.close()
    }

    fn write_field_begin(&mut self, identifier: &TFieldIdentifier) -> thrift::Result<()> {
        if let Some(Open::Object { name, .. }) = self.open.last_mut() {
            *name = identifier.name.clone().unwrap_or_default();
        }
        Ok(())
    }

    fn write_field_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_field_stop(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_bool(&mut self, b: bool) -> thrift::Result<()> {
        self.put(b.into())
    }

    fn write_bytes(&mut self, b: &[u8]) -> thrift::Result<()> {
        use base64::Engine as _;
        self.put(base64::engine::general_purpose::STANDARD.encode(b).into())
    }

    fn write_i8(&mut self, i: i8) -> thrift::Result<()> {
        self.put(i.into())
    }

    fn write_i16(&mut self, i: i16) -> thrift::Result<()> {
        self.put(i.into())
    }

    fn write_i32(&mut self, i: i32) -> thrift::Result<()> {
        self.put(i.into())
    }

    fn write_i64(&mut self, i: i64) -> thrift::Result<()> {
        self.put(i.into())
    }

    fn write_double(&mut self, d: f64) -> thrift::Result<()> {
        self.put(match Number::from_f64(d) {
            Some(number) => Value::Number(number),
            None if d.is_nan() => "NaN".into(),
            None if d > 0.0 => "Infinity".into(),
            None => "-Infinity".into(),
        })
    }

    fn write_uuid(&mut self, _: &uuid::Uuid) -> thrift::Result<()> {
        Err(not_a_value("a UUID"))
    }

    fn write_string(&mut self, s: &str) -> thrift::Result<()> {
        self.put(s.into())
    }

    fn write_list_begin(&mut self, identifier: &TListIdentifier) -> thrift::Result<()> {
        self.list(identifier.size, false)
    }

    fn write_list_end(&mut self) -> thrift::Result<()> {
        self.close()
    }

    fn write_set_begin(&mut self, identifier: &TSetIdentifier) -> thrift::Result<()> {
        self.list(identifier.size, true)
    }

    fn write_set_end(&mut self) -> thrift::Result<()> {
        self.close()
    }

    fn write_map_begin(&mut self, _: &TMapIdentifier) -> thrift::Result<()> {
        self.open.push(Open::Map {
            entries: Map::new(),
            key: None,
        });
        Ok(())
    }

    fn write_map_end(&mut self) -> thrift::Result<()> {
        self.close()
    }

    fn flush(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn write_byte(&mut self, b: u8) -> thrift::Result<()> {
        self.put(b.into())
    }
}
