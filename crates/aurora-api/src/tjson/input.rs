//! Reading TJSON.

use std::borrow::Cow;

use thrift::protocol::{TMessageIdentifier, TMessageType, TType};

use super::scan::Scan;
use super::{kind_of, tag};
use crate::{Error, Limits};

/// Reads TJSON from memory, tolerant of blanks, order, escapes and unknown fields only.
///
/// Errors are [`Error`]s inside `thrift::Error::User`; the functions of [`message`](crate::message) unwrap them.
///
/// ```
/// use aurora_api::{JobKey, Limits, tjson::TJsonInput};
/// use thrift::protocol::TSerializable;
///
/// let mut input = TJsonInput::new(br#"{ "1": {"str": "www"} }"#, &Limits::default())?;
/// let key = JobKey::read_from_in_protocol(&mut input)?;
/// input.finish()?;
/// assert_eq!(key.role.as_deref(), Some("www"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct TJsonInput<'a> {
    scan: Scan<'a>,
    limits: Limits,
    elements_left: usize,
    open: Vec<Open<'a>>,
}

/// What encloses the next value.
#[derive(Clone, Debug)]
enum Open<'a> {
    Struct {
        first: bool,
        /// Ids from 0 to 127 that were read, one a bit. No struct of the API has another, so others are skipped.
        seen: u128,
        /// The type that the sender gave to the field whose value comes next.
        field: Option<TType>,
    },
    Sequence {
        element: TType,
        size: i32,
        left: i32,
    },
    Map {
        key: TType,
        value: TType,
        size: i32,
        left: i32,
        key_next: bool,
        /// To find doubles at the end; not kept for a single entry.
        keys: Vec<Cow<'a, str>>,
    },
}

#[derive(PartialEq)]
enum Place {
    Key,
    Value,
}

impl<'a> TJsonInput<'a> {
    /// Reads from `bytes`, which hold one message or one value.
    ///
    /// # Errors
    /// [`Error::Limit`] when there are too many bytes, [`Error::Text`] when they are not UTF-8.
    pub fn new(bytes: &'a [u8], limits: &Limits) -> Result<Self, Error> {
        limits.check_message(bytes)?;
        let text = std::str::from_utf8(bytes).map_err(|error| Error::Text {
            offset: error.valid_up_to(),
            reason: "bytes that are not UTF-8",
        })?;
        Ok(TJsonInput {
            scan: Scan::new(text),
            limits: *limits,
            elements_left: limits.elements,
            open: Vec::with_capacity(32),
        })
    }

    /// The number of bytes read.
    pub fn offset(&self) -> usize {
        self.scan.offset()
    }

    /// Checks that nothing but blanks is left.
    ///
    /// # Errors
    /// [`Error::Trailing`] when something is.
    pub fn finish(&mut self) -> Result<(), Error> {
        match self.scan.peek() {
            None => Ok(()),
            Some(_) => Err(Error::Trailing {
                offset: self.scan.offset(),
            }),
        }
    }

    /// Reads what separates the next value from the one before, and checks that a value of type `kind` comes next.
    fn enter(&mut self, kind: TType) -> Result<Place, Error> {
        let offset = self.scan.offset();
        let misuse = || Error::Misuse {
            offset,
            asked: tag(kind),
        };
        let (declared, place) = match self.open.last_mut() {
            None => return Ok(Place::Value),
            Some(Open::Struct { field, .. }) => (field.take().ok_or_else(misuse)?, Place::Value),
            Some(Open::Sequence {
                element,
                size,
                left,
            }) => {
                if *left == 0 {
                    return Err(misuse());
                }
                *left -= 1;
                if self.scan.peek() == Some(b']') {
                    return Err(fewer(self.scan.offset(), *size));
                }
                self.scan.expect(b',', "a comma and the next element")?;
                (*element, Place::Value)
            }
            Some(Open::Map {
                key,
                value,
                size,
                left,
                key_next,
                ..
            }) => {
                if *left == 0 {
                    return Err(misuse());
                }
                if *key_next {
                    if self.scan.peek() == Some(b'}') {
                        return Err(fewer(self.scan.offset(), *size));
                    }
                    if *left != *size {
                        self.scan.expect(b',', "a comma and the next entry")?;
                    }
                    *key_next = false;
                    (*key, Place::Key)
                } else {
                    self.scan.expect(b':', "a colon and the value")?;
                    *key_next = true;
                    *left -= 1;
                    (*value, Place::Value)
                }
            }
        };
        if declared != kind {
            return Err(Error::WrongType {
                offset,
                expected: tag(kind),
                found: tag(declared),
            });
        }
        Ok(place)
    }

    fn push(&mut self, open: Open<'a>) -> Result<(), Error> {
        self.limits
            .check_depth(self.open.len(), self.scan.offset())?;
        self.open.push(open);
        Ok(())
    }

    /// Reads a string into text that borrows from the message unless it holds escapes.
    fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        self.scan.peek();
        let start = self.scan.offset();
        let text = self.scan.string()?;
        self.limits
            .check_string(self.scan.offset() - start - 2, start)?;
        Ok(text)
    }

    fn kind(&mut self) -> Result<TType, Error> {
        self.scan.peek();
        let offset = self.scan.offset();
        let tag = self.scan.string()?;
        kind_of(&tag).ok_or_else(|| Error::UnknownType {
            offset,
            tag: tag.chars().take(8).collect(),
        })
    }

    /// Reads the number of entries of a container, which must be possible for the bytes that are left.
    fn size(&mut self, bytes_each: usize) -> Result<i32, Error> {
        self.scan.peek();
        let offset = self.scan.offset();
        let declared = self.scan.integer("i32")?;
        let impossible = || Error::Count {
            offset,
            declared,
            problem: "not bytes enough for them",
        };
        let size = i32::try_from(declared).map_err(|_| impossible())?;
        let entries = usize::try_from(size).map_err(|_| impossible())?;
        if entries > self.scan.left() / bytes_each {
            return Err(impossible());
        }
        self.elements_left = self
            .limits
            .take_elements(self.elements_left, entries, offset)?;
        Ok(size)
    }

    pub(super) fn sequence_begin(&mut self, kind: TType) -> Result<(TType, i32), Error> {
        self.enter(kind)?;
        self.scan.expect(b'[', "a list")?;
        let element = self.kind()?;
        self.scan.expect(b',', "the number of elements")?;
        let size = self.size(2)?;
        self.push(Open::Sequence {
            element,
            size,
            left: size,
        })?;
        Ok((element, size))
    }

    pub(super) fn sequence_end(&mut self) -> Result<(), Error> {
        let Some(Open::Sequence { left: 0, size, .. }) = self.open.pop() else {
            return Err(self.misuse("the end of a list"));
        };
        if self.scan.peek() == Some(b',') {
            return Err(more(self.scan.offset(), size));
        }
        self.scan.expect(b']', "the end of a list")
    }

    pub(super) fn integer(&mut self, kind: TType) -> Result<i64, Error> {
        if self.enter(kind)? == Place::Value {
            return self.scan.integer(tag(kind));
        }
        let start = self.scan.offset();
        let text = self.text()?;
        let mut inner = Scan::new(&text);
        let number = inner
            .integer(tag(kind))
            .ok()
            .filter(|_| inner.left() == 0)
            .ok_or(Error::NumberRange {
                offset: start,
                kind: tag(kind),
            })?;
        self.keep_key(text);
        Ok(number)
    }

    pub(super) fn narrow<T: TryFrom<i64>>(&mut self, kind: TType) -> thrift::Result<T> {
        let number = self.integer(kind)?;
        Ok(T::try_from(number).map_err(|_| Error::NumberRange {
            offset: self.scan.offset(),
            kind: tag(kind),
        })?)
    }

    pub(super) fn double(&mut self) -> Result<f64, Error> {
        let place = self.enter(TType::Double)?;
        if place == Place::Value && self.scan.peek() != Some(b'"') {
            return self.scan.double();
        }
        let offset = self.scan.offset();
        let text = self.text()?;
        if place == Place::Key {
            self.keep_key(text.clone());
        }
        match &*text {
            "NaN" => Ok(f64::NAN),
            "Infinity" => Ok(f64::INFINITY),
            "-Infinity" => Ok(f64::NEG_INFINITY),
            number => {
                let mut inner = Scan::new(number);
                inner
                    .double()
                    .ok()
                    .filter(|_| place == Place::Key && inner.left() == 0)
                    .ok_or(Error::NumberRange {
                        offset,
                        kind: "dbl",
                    })
            }
        }
    }

    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        let place = self.enter(TType::String)?;
        let text = self.text()?;
        if place == Place::Key {
            self.keep_key(text.clone());
        }
        Ok(text)
    }

    fn keep_key(&mut self, text: Cow<'a, str>) {
        if let Some(Open::Map {
            size: 2.., keys, ..
        }) = self.open.last_mut()
        {
            keys.push(text);
        }
    }

    pub(super) fn misuse(&self, asked: &'static str) -> Error {
        Error::Misuse {
            offset: self.scan.offset(),
            asked,
        }
    }

    pub(super) fn struct_begin(&mut self) -> Result<(), Error> {
        self.enter(TType::Struct)?;
        self.scan.expect(b'{', "a struct")?;
        self.push(Open::Struct {
            first: true,
            seen: 0,
            field: None,
        })
    }

    pub(super) fn struct_end(&mut self) -> Result<(), Error> {
        match self.open.pop() {
            Some(Open::Struct { field: None, .. }) => self.scan.expect(b'}', "the end of a struct"),
            _ => Err(self.misuse("the end of a struct")),
        }
    }

    /// The next field's type and id, or nothing at the end of the struct.
    pub(super) fn field_begin(&mut self) -> Result<Option<(TType, i16)>, Error> {
        let Some(Open::Struct { first, .. }) = self.open.last_mut() else {
            return Err(self.misuse("a field"));
        };
        if self.scan.peek() == Some(b'}') {
            return Ok(None);
        }
        if !std::mem::replace(first, false) {
            self.scan.expect(b',', "a comma and the next field")?;
            self.scan.peek();
        }
        let offset = self.scan.offset();
        let (id, kind) = match self.compact_field() {
            Some(field) => field,
            None => self.field_with_blanks(offset)?,
        };
        if let Some(Open::Struct { seen, field, .. }) = self.open.last_mut() {
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
        }
        Ok(Some((kind, id)))
    }

    fn compact_field(&mut self) -> Option<(i16, TType)> {
        let mut ahead = self.scan.clone();
        let (id, tag) = ahead.compact_field()?;
        let kind = kind_of(tag)?;
        self.scan = ahead;
        Some((id, kind))
    }

    fn field_with_blanks(&mut self, offset: usize) -> Result<(i16, TType), Error> {
        let id = self.scan.string()?;
        let id = id.parse::<i16>().map_err(|_| Error::NumberRange {
            offset,
            kind: "i16",
        })?;
        self.scan.expect(b':', "a colon and the field")?;
        self.scan.expect(b'{', "a type and a value")?;
        let kind = self.kind()?;
        self.scan.expect(b':', "a colon and the value")?;
        Ok((id, kind))
    }

    pub(super) fn field_end(&mut self) -> Result<(), Error> {
        self.scan.expect(b'}', "the end of a field")
    }

    pub(super) fn map_begin(&mut self) -> Result<(TType, TType, i32), Error> {
        self.enter(TType::Map)?;
        self.scan.expect(b'[', "a map")?;
        self.scan.peek();
        let offset = self.scan.offset();
        let key = self.kind()?;
        if matches!(key, TType::Struct | TType::List | TType::Set | TType::Map) {
            return Err(Error::WrongType {
                offset,
                expected: "str",
                found: tag(key),
            });
        }
        self.scan.expect(b',', "the type of the values")?;
        let value = self.kind()?;
        self.scan.expect(b',', "the number of entries")?;
        let size = self.size(5)?;
        self.scan.expect(b',', "the entries")?;
        self.scan.expect(b'{', "the entries")?;
        self.push(Open::Map {
            key,
            value,
            size,
            left: size,
            key_next: true,
            keys: Vec::new(),
        })?;
        Ok((key, value, size))
    }

    pub(super) fn map_end(&mut self) -> Result<(), Error> {
        let Some(Open::Map {
            left: 0,
            size,
            mut keys,
            ..
        }) = self.open.pop()
        else {
            return Err(self.misuse("the end of a map"));
        };
        match (self.scan.peek(), size) {
            (Some(b','), _) | (Some(b'"'), 0) => return Err(more(self.scan.offset(), size)),
            _ => self.scan.expect(b'}', "the end of a map")?,
        }
        keys.sort_unstable();
        if let Some(pair) = keys.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::Duplicate {
                offset: self.scan.offset(),
                what: format!("key {:.40?}", pair[0]),
            });
        }
        self.scan.expect(b']', "the end of a map")
    }

    pub(super) fn message_begin(&mut self) -> Result<TMessageIdentifier, Error> {
        self.scan.expect(b'[', "a Thrift message in JSON")?;
        let version = self.scan.integer("i32")?;
        if version != 1 {
            return Err(Error::Version { found: version });
        }
        self.scan.expect(b',', "the method's name")?;
        self.scan.peek();
        let name = self.text()?.into_owned();
        self.scan.expect(b',', "the type of the message")?;
        let found = self.scan.integer("i32")?;
        let kind = u8::try_from(found)
            .ok()
            .and_then(|number| TMessageType::try_from(number).ok())
            .ok_or(Error::MessageType {
                expected: "known",
                found,
            })?;
        self.scan.expect(b',', "the sequence number")?;
        self.scan.peek();
        let offset = self.scan.offset();
        let sequence = self.scan.integer("i32")?;
        let sequence = i32::try_from(sequence).map_err(|_| Error::NumberRange {
            offset,
            kind: "i32",
        })?;
        self.scan.expect(b',', "the arguments or the result")?;
        Ok(TMessageIdentifier::new(name, kind, sequence))
    }

    pub(super) fn message_end(&mut self) -> Result<(), Error> {
        self.scan.expect(b']', "the end of the message")
    }

    /// Reads a value and drops it. Recursion ends at the depth limit, which is at most 255.
    pub(super) fn skip_value(&mut self, kind: TType) -> Result<(), Error> {
        match kind {
            TType::Bool | TType::I08 | TType::I16 | TType::I32 | TType::I64 => {
                self.integer(kind).map(drop)
            }
            TType::Double => self.double().map(drop),
            TType::String => self.string().map(drop),
            TType::Struct => {
                self.struct_begin()?;
                while let Some((kind, _)) = self.field_begin()? {
                    self.skip_value(kind)?;
                    self.field_end()?;
                }
                self.struct_end()
            }
            TType::List | TType::Set => {
                let (element, size) = self.sequence_begin(kind)?;
                for _ in 0..size {
                    self.skip_value(element)?;
                }
                self.sequence_end()
            }
            TType::Map => {
                let (key, value, size) = self.map_begin()?;
                for _ in 0..size {
                    self.skip_value(key)?;
                    self.skip_value(value)?;
                }
                self.map_end()
            }
            TType::Stop | TType::Void | TType::Utf7 | TType::Uuid => {
                Err(self.misuse("a type that TJSON does not have"))
            }
        }
    }
}

fn fewer(offset: usize, size: i32) -> Error {
    Error::Count {
        offset,
        declared: size.into(),
        problem: "fewer",
    }
}

fn more(offset: usize, size: i32) -> Error {
    Error::Count {
        offset,
        declared: size.into(),
        problem: "more",
    }
}
