//! Reads JSON.

use crate::{Data, Dict, Error, Result};
use python27::{parse_float, parse_int};

/// How deep arrays and objects may be nested in text that is read.
const MAX_DEPTH: usize = 500;

/// `json.loads(text)`: also takes `NaN` and `Infinity`, and the last of several equal keys.
///
/// # Errors
/// When the text is not one JSON value, or nested deeper than 500 levels.
pub fn parse_json(text: &str) -> Result<Data> {
    let mut reader = Reader::new(text);
    reader.blanks();
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        let (start, end) = (reader.position(reader.at), reader.position(text.len()));
        return Err(Error::Json {
            message: format!(
                "Extra data: {start} - {end} (char {} - {})",
                reader.at,
                text.len()
            ),
            offset: reader.at,
        });
    }
    Ok(value)
}

pub(super) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self::at(text, 0)
    }

    /// Begins in the midst of a text, where a value begins.
    pub(super) fn at(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }
}

impl Reader<'_> {
    pub(super) fn offset(&self) -> usize {
        self.at
    }

    /// Passes over a byte if it is the next one.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    pub(super) fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn position(&self, offset: usize) -> String {
        let before = &self.text.as_bytes()[..offset];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |i| i + 1);
        format!("line {line} column {}", offset - start + 1)
    }

    fn error<T>(&self, words: &str, offset: usize) -> Result<T> {
        Err(Error::Json {
            message: format!("{words}: {} (char {offset})", self.position(offset)),
            offset,
        })
    }

    fn no_value<T>(&self) -> Result<T> {
        Err(Error::Json {
            message: "No JSON object could be decoded".to_owned(),
            offset: self.at,
        })
    }

    /// At the end of the text inside an array or object.
    fn cut_off<T>(&self) -> Result<T> {
        self.error("Expecting object", self.text.len().saturating_sub(1))
    }

    pub(super) fn value(&mut self, depth: usize) -> Result<Data> {
        if depth > MAX_DEPTH {
            return self.error("Nested too deeply", self.at);
        }
        match self.peek() {
            Some(b'"') => self.string().map(Data::unicode),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            _ => {
                let words = [
                    ("null", Data::None),
                    ("true", Data::Bool(true)),
                    ("false", Data::Bool(false)),
                    ("NaN", Data::Float(f64::NAN)),
                    ("Infinity", Data::Float(f64::INFINITY)),
                    ("-Infinity", Data::Float(f64::NEG_INFINITY)),
                ];
                for (word, value) in words {
                    if self.text.as_bytes()[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(value);
                    }
                }
                self.number()
            }
        }
    }

    fn digits(&self, from: usize) -> usize {
        let digits = self.text.as_bytes()[from..].iter();
        from + digits.take_while(|b| b.is_ascii_digit()).count()
    }

    fn number(&mut self) -> Result<Data> {
        let bytes = self.text.as_bytes();
        let start = self.at;
        let first = start + usize::from(self.peek() == Some(b'-'));
        let whole = match bytes.get(first) {
            Some(b'0') => first + 1,
            _ => self.digits(first),
        };
        if whole == first {
            return self.no_value();
        }
        let mut end = whole;
        if bytes.get(end) == Some(&b'.') && self.digits(end + 1) > end + 1 {
            end = self.digits(end + 1);
        }
        if matches!(bytes.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
            let exponent = self.digits(end + 1 + sign);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        let text = &self.text[start..end];
        let value = if end == whole {
            parse_int(text).map(|whole| Data::Int(whole.into()))
        } else {
            parse_float(text).map(Data::Float)
        };
        match value {
            Some(value) => {
                self.at = end;
                Ok(value)
            }
            None => self.no_value(),
        }
    }

    fn array(&mut self, depth: usize) -> Result<Data> {
        self.at += 1;
        self.blanks();
        let mut elements = Vec::new();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Data::List(elements));
        }
        loop {
            if self.peek().is_none() {
                return self.cut_off();
            }
            elements.push(self.value(depth + 1)?);
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Data::List(elements));
                }
                Some(_) => return self.error("Expecting , delimiter", self.at),
                None => return self.cut_off(),
            }
            self.blanks();
        }
    }

    fn object(&mut self, depth: usize) -> Result<Data> {
        self.at += 1;
        self.blanks();
        let mut entries = Vec::new();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Data::Dict(Dict::filled(entries)));
        }
        loop {
            match self.peek() {
                Some(b'"') => {}
                Some(_) => return self.error("Expecting property name", self.at),
                None => return self.cut_off(),
            }
            let key = Data::unicode(self.string()?);
            self.blanks();
            if self.peek() != Some(b':') {
                return self.error("Expecting : delimiter", self.at);
            }
            self.at += 1;
            self.blanks();
            entries.push((key, self.value(depth + 1)?));
            self.blanks();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Data::Dict(Dict::filled(entries)));
                }
                Some(_) => return self.error("Expecting , delimiter", self.at),
                None => return self.cut_off(),
            }
            self.blanks();
        }
    }

    pub(super) fn string(&mut self) -> Result<String> {
        let opening = self.at;
        self.at += 1;
        let mut out = String::new();
        loop {
            let rest = &self.text[self.at..];
            let run = rest.find(|c: char| c == '"' || c == '\\' || c < ' ');
            let Some(run) = run else {
                return self.error("Unterminated string starting at", opening);
            };
            out.push_str(&rest[..run]);
            self.at += run;
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape(opening)?),
                _ => return self.error("Invalid control character at", self.at),
            }
        }
    }

    fn escape(&mut self, opening: usize) -> Result<char> {
        let backslash = self.at;
        self.at += 1;
        let c = match self.peek() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.code_point(backslash);
            }
            Some(_) => return self.error("Invalid \\escape", backslash),
            None => return self.error("Unterminated string starting at", opening),
        };
        self.at += 1;
        Ok(c)
    }

    /// The character of `\uXXXX`, or of two that make a surrogate pair.
    fn code_point(&mut self, backslash: usize) -> Result<char> {
        let wrong = |reader: &Self| reader.error("Invalid \\uXXXX escape", backslash);
        let Some(first) = self.four_digits() else {
            return wrong(self);
        };
        let mut units = vec![first];
        if (0xd800..0xdc00).contains(&first) && self.text[self.at..].starts_with("\\u") {
            self.at += 2;
            match self.four_digits() {
                Some(second) => units.push(second),
                None => return wrong(self),
            }
        }
        match char::decode_utf16(units).next() {
            Some(Ok(c)) => Ok(c),
            _ => wrong(self),
        }
    }

    fn four_digits(&mut self) -> Option<u16> {
        let digits = self.text.get(self.at..self.at + 4)?;
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        self.at += 4;
        u16::from_str_radix(digits, 16).ok()
    }
}
