//! Reading Thrift's binary encoding. It is written with the `thrift` crate's own protocol.
//!
//! That crate's reader does not compare the types that a sender declares with those of the API, and
//! panics at a map without types, so this one reads what comes from outside.

use thrift::protocol::{
    TFieldIdentifier, TInputProtocol, TListIdentifier, TMapIdentifier, TMessageIdentifier,
    TMessageType, TSetIdentifier, TStructIdentifier, TType,
};

use crate::tjson::tag;
use crate::{Error, Limits};

/// What a message in the strict form begins with; the type of the message follows.
const VERSION_1: [u8; 3] = [0x80, 0x01, 0x00];

/// Reads the binary encoding from memory, tolerant of unknown fields only.
///
/// Errors are [`Error`]s inside `thrift::Error::User`; the functions of [`message`](crate::message) unwrap them.
///
/// ```
/// use aurora_api::{JobKey, Limits, binary::BinaryInput};
/// use thrift::protocol::TSerializable;
///
/// let mut input = BinaryInput::new(b"\x0b\0\x01\0\0\0\x03www\0", &Limits::default())?;
/// let key = JobKey::read_from_in_protocol(&mut input)?;
/// input.finish()?;
/// assert_eq!(key.role.as_deref(), Some("www"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct BinaryInput<'a> {
    bytes: &'a [u8],
    offset: usize,
    limits: Limits,
    elements_left: usize,
    open: Vec<Open>,
}

/// What encloses the next value.
#[derive(Clone, Copy, Debug)]
enum Open {
    Struct {
        /// Ids from 0 to 127 that were read, one a bit.
        seen: u128,
        /// The type that the sender gave to the field whose value comes next.
        field: Option<TType>,
    },
    Sequence {
        element: TType,
        left: i32,
    },
    Map {
        key: TType,
        value: TType,
        left: i32,
        key_next: bool,
    },
}

impl<'a> BinaryInput<'a> {
    /// Begins to read `bytes`.
    ///
    /// # Errors
    ///
    /// [`Error::Limit`] if there are more of them than [`Limits::message_bytes`].
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        limits.check_message(bytes)?;
        Ok(Self {
            bytes,
            offset: 0,
            limits: *limits,
            elements_left: limits.elements,
            open: Vec::with_capacity(32),
        })
    }

    /// The number of bytes read.
    pub(crate) fn offset(&self) -> usize {
        self.offset
    }

    /// Checks that nothing is left.
    ///
    /// # Errors
    ///
    /// [`Error::Trailing`] if something is.
    pub fn finish(&self) -> Result<(), Error> {
        match self.left() {
            0 => Ok(()),
            _ => Err(Error::Trailing {
                offset: self.offset,
            }),
        }
    }

    fn left(&self) -> usize {
        self.bytes.len() - self.offset
    }

    fn take(&mut self, count: usize, expected: &'static str) -> Result<&'a [u8], Error> {
        let (taken, _) = self
            .bytes
            .get(self.offset..)
            .and_then(|rest| rest.split_at_checked(count))
            .ok_or(Error::Truncated {
                offset: self.bytes.len(),
                expected,
            })?;
        self.offset += count;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], Error> {
        let mut array = [0; N];
        array.copy_from_slice(self.take(N, expected)?);
        Ok(array)
    }

    fn number(&mut self) -> Result<i32, Error> {
        self.array("a number").map(i32::from_be_bytes)
    }

    /// Checks that a value of type `kind` comes next.
    fn enter(&mut self, kind: TType) -> Result<(), Error> {
        let misuse = self.misuse(tag(kind));
        let declared = match self.open.last_mut() {
            None => return Ok(()),
            Some(Open::Struct { field, .. }) => field.take().ok_or(misuse)?,
            Some(Open::Sequence { left: ..=0, .. } | Open::Map { left: ..=0, .. }) => {
                return Err(misuse);
            }
            Some(Open::Sequence { element, left }) => {
                *left -= 1;
                *element
            }
            Some(Open::Map {
                key,
                value,
                left,
                key_next,
            }) => {
                let is_key = *key_next;
                *key_next = !is_key;
                *left -= i32::from(!is_key);
                if is_key { *key } else { *value }
            }
        };
        if declared != kind {
            return Err(Error::WrongType {
                offset: self.offset,
                expected: tag(kind),
                found: tag(declared),
            });
        }
        Ok(())
    }

    fn push(&mut self, open: Open) -> Result<(), Error> {
        self.limits.check_depth(self.open.len(), self.offset)?;
        self.open.push(open);
        Ok(())
    }

    fn kind(&mut self) -> Result<TType, Error> {
        let offset = self.offset;
        let [byte] = self.array("a type")?;
        kind_of(byte).ok_or_else(|| Error::UnknownType {
            offset,
            tag: byte.to_string(),
        })
    }

    /// Reads the number of entries of a container, which must be possible for the bytes that are left.
    fn size(&mut self) -> Result<i32, Error> {
        let offset = self.offset;
        let declared = self.number()?;
        let entries = usize::try_from(declared)
            .ok()
            .filter(|entries| *entries <= self.left())
            .ok_or(Error::Count {
                offset,
                declared: declared.into(),
                problem: "not bytes enough for them",
            })?;
        self.elements_left = self
            .limits
            .take_elements(self.elements_left, entries, offset)?;
        Ok(declared)
    }

    /// The bytes of a string.
    fn string(&mut self) -> Result<&'a [u8], Error> {
        let offset = self.offset;
        let declared = self.number()?;
        let length = usize::try_from(declared).map_err(|_| Error::NumberRange {
            offset,
            kind: "str",
        })?;
        self.limits.check_string(length, offset)?;
        self.take(length, "the rest of a string")
    }

    fn text(&mut self) -> Result<String, Error> {
        let bytes = self.string()?;
        let start = self.offset - bytes.len();
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) => Err(Error::Text {
                offset: start + error.valid_up_to(),
                reason: "bytes that are not UTF-8",
            }),
        }
    }

    fn message_begin(&mut self) -> Result<TMessageIdentifier, Error> {
        let start = self.array::<4>("a Thrift message in binary form")?;
        if start[..3] != VERSION_1 {
            return Err(Error::NotBinary {
                found: u32::from_be_bytes(start),
            });
        }
        let kind = TMessageType::try_from(start[3]).map_err(|_| Error::MessageType {
            expected: "known",
            found: start[3].into(),
        })?;
        Ok(TMessageIdentifier::new(self.text()?, kind, self.number()?))
    }

    fn struct_begin(&mut self) -> Result<(), Error> {
        self.enter(TType::Struct)?;
        self.push(Open::Struct {
            seen: 0,
            field: None,
        })
    }

    fn struct_end(&mut self) -> Result<(), Error> {
        match self.open.pop() {
            Some(Open::Struct { field: None, .. }) => Ok(()),
            _ => Err(self.misuse("the end of a struct")),
        }
    }

    /// The next field's type and id, or nothing at the end of the struct.
    fn field_begin(&mut self) -> Result<Option<(TType, i16)>, Error> {
        if self.bytes.get(self.offset) == Some(&0) {
            self.offset += 1;
            return Ok(None);
        }
        let offset = self.offset;
        let kind = self.kind()?;
        let id = self.array("the id of a field").map(i16::from_be_bytes)?;
        let misuse = self.misuse("a field");
        let Some(Open::Struct { seen, field }) = self.open.last_mut() else {
            return Err(misuse);
        };
        *field = Some(kind);
        let bit = u32::try_from(id).ok().and_then(|id| 1u128.checked_shl(id));
        if let Some(bit) = bit {
            if *seen & bit != 0 {
                return Err(Error::Duplicate {
                    offset,
                    what: format!("field {id}"),
                });
            }
            *seen |= bit;
        }
        Ok(Some((kind, id)))
    }

    fn sequence_begin(&mut self, kind: TType) -> Result<(TType, i32), Error> {
        self.enter(kind)?;
        let element = self.kind()?;
        let size = self.size()?;
        self.push(Open::Sequence {
            element,
            left: size,
        })?;
        Ok((element, size))
    }

    fn map_begin(&mut self) -> Result<(TType, TType, i32), Error> {
        self.enter(TType::Map)?;
        let key = self.kind()?;
        let value = self.kind()?;
        let size = self.size()?;
        self.push(Open::Map {
            key,
            value,
            left: size,
            key_next: true,
        })?;
        Ok((key, value, size))
    }

    fn entries_end(&mut self) -> Result<(), Error> {
        match self.open.pop() {
            Some(Open::Sequence { left: 0, .. } | Open::Map { left: 0, .. }) => Ok(()),
            _ => Err(self.misuse("the end of a list or map")),
        }
    }

    fn misuse(&self, asked: &'static str) -> Error {
        Error::Misuse {
            offset: self.offset,
            asked,
        }
    }

    /// Reads a value and drops it. Recursion ends at the depth limit, which is at most 255.
    fn skip_value(&mut self, kind: TType) -> Result<(), Error> {
        let fixed = match kind {
            TType::Bool | TType::I08 => 1,
            TType::I16 => 2,
            TType::I32 => 4,
            TType::I64 | TType::Double => 8,
            TType::String => {
                self.enter(kind)?;
                return self.string().map(drop);
            }
            TType::Struct => {
                self.struct_begin()?;
                while let Some((kind, _)) = self.field_begin()? {
                    self.skip_value(kind)?;
                }
                return self.struct_end();
            }
            TType::List | TType::Set => {
                let (element, size) = self.sequence_begin(kind)?;
                for _ in 0..size {
                    self.skip_value(element)?;
                }
                return self.entries_end();
            }
            TType::Map => {
                let (key, value, size) = self.map_begin()?;
                for _ in 0..size {
                    self.skip_value(key)?;
                    self.skip_value(value)?;
                }
                return self.entries_end();
            }
            TType::Stop | TType::Void | TType::Utf7 | TType::Uuid => {
                return Err(self.misuse("a type that values cannot have"));
            }
        };
        self.enter(kind)?;
        self.take(fixed, "a value").map(drop)
    }
}

fn kind_of(byte: u8) -> Option<TType> {
    Some(match byte {
        2 => TType::Bool,
        3 => TType::I08,
        4 => TType::Double,
        6 => TType::I16,
        8 => TType::I32,
        10 => TType::I64,
        11 => TType::String,
        12 => TType::Struct,
        13 => TType::Map,
        14 => TType::Set,
        15 => TType::List,
        _ => return None,
    })
}

impl TInputProtocol for BinaryInput<'_> {
    fn read_message_begin(&mut self) -> thrift::Result<TMessageIdentifier> {
        Ok(self.message_begin()?)
    }

    fn read_message_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn read_struct_begin(&mut self) -> thrift::Result<Option<TStructIdentifier>> {
        self.struct_begin()?;
        Ok(None)
    }

    fn read_struct_end(&mut self) -> thrift::Result<()> {
        Ok(self.struct_end()?)
    }

    fn read_field_begin(&mut self) -> thrift::Result<TFieldIdentifier> {
        let (field_type, id) = match self.field_begin()? {
            Some((kind, id)) => (kind, Some(id)),
            None => (TType::Stop, None),
        };
        Ok(TFieldIdentifier {
            name: None,
            field_type,
            id,
        })
    }

    fn read_field_end(&mut self) -> thrift::Result<()> {
        Ok(())
    }

    fn read_bool(&mut self) -> thrift::Result<bool> {
        self.enter(TType::Bool)?;
        match self.array("a truth value")? {
            [0] => Ok(false),
            [1] => Ok(true),
            _ => Err(Error::NumberRange {
                offset: self.offset,
                kind: "tf",
            }
            .into()),
        }
    }

    fn read_bytes(&mut self) -> thrift::Result<Vec<u8>> {
        self.enter(TType::String)?;
        Ok(self.string()?.to_vec())
    }

    fn read_i8(&mut self) -> thrift::Result<i8> {
        self.enter(TType::I08)?;
        Ok(self.array("a number").map(i8::from_be_bytes)?)
    }

    fn read_i16(&mut self) -> thrift::Result<i16> {
        self.enter(TType::I16)?;
        Ok(self.array("a number").map(i16::from_be_bytes)?)
    }

    fn read_i32(&mut self) -> thrift::Result<i32> {
        self.enter(TType::I32)?;
        Ok(self.number()?)
    }

    fn read_i64(&mut self) -> thrift::Result<i64> {
        self.enter(TType::I64)?;
        Ok(self.array("a number").map(i64::from_be_bytes)?)
    }

    fn read_double(&mut self) -> thrift::Result<f64> {
        self.enter(TType::Double)?;
        Ok(self.array("a number").map(f64::from_be_bytes)?)
    }

    fn read_uuid(&mut self) -> thrift::Result<uuid::Uuid> {
        Err(self
            .misuse("a UUID, which Thrift 0.9.1 does not have")
            .into())
    }

    fn read_string(&mut self) -> thrift::Result<String> {
        self.enter(TType::String)?;
        Ok(self.text()?)
    }

    fn read_list_begin(&mut self) -> thrift::Result<TListIdentifier> {
        let (element, size) = self.sequence_begin(TType::List)?;
        Ok(TListIdentifier::new(element, size))
    }

    fn read_list_end(&mut self) -> thrift::Result<()> {
        Ok(self.entries_end()?)
    }

    fn read_set_begin(&mut self) -> thrift::Result<TSetIdentifier> {
        let (element, size) = self.sequence_begin(TType::Set)?;
        Ok(TSetIdentifier::new(element, size))
    }

    fn read_set_end(&mut self) -> thrift::Result<()> {
        Ok(self.entries_end()?)
    }

    fn read_map_begin(&mut self) -> thrift::Result<TMapIdentifier> {
        let (key, value, size) = self.map_begin()?;
        Ok(TMapIdentifier::new(key, value, size))
    }

    fn read_map_end(&mut self) -> thrift::Result<()> {
        Ok(self.entries_end()?)
    }

    /// Bounded by [`Limits::depth`] alone, which counts from the outermost value.
    fn skip_till_depth(&mut self, field_type: TType, _: i8) -> thrift::Result<()> {
        Ok(self.skip_value(field_type)?)
    }

    fn skip_binary(&mut self) -> thrift::Result<()> {
        Ok(self.skip_value(TType::String)?)
    }

    fn read_byte(&mut self) -> thrift::Result<u8> {
        self.enter(TType::I08)?;
        Ok(self.array("a number").map(u8::from_be_bytes)?)
    }

    fn min_serialized_size(&self, _: TType) -> usize {
        1
    }
}
