//! JSON as Python 2.7 writes and reads it.

use std::fmt::Write as _;

use super::{Data, Dict, DictKind, Kind, Object, Problem, ProblemKind, Result, Type};
use crate::python2::{float_repr, parse_float, parse_int};

/// How deep arrays and objects may be nested in text that is read.
const MAX_DEPTH: usize = 500;

/// `json.dumps(data)`: `", "` and `": "` between parts, everything outside ASCII escaped,
/// dictionaries in Python 2's order.
///
/// # Errors
/// When something in it has no JSON form.
pub(crate) fn dumps(data: &Data) -> Result<String> {
    let mut out = String::new();
    write(&mut out, data)?;
    Ok(out)
}

fn write(out: &mut String, data: &Data) -> Result<()> {
    match data {
        Data::None => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Int(value) => {
            // Writing to a String cannot fail, here and below.
            let _ = write!(out, "{value}");
        }
        Data::Float(value) => out.push_str(&float(*value)),
        Data::Text(text) => quote(out, &text.text),
        Data::List(elements) => {
            out.push('[');
            for (position, element) in elements.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                write(out, element)?;
            }
            out.push(']');
        }
        Data::Dict(dict) => {
            let ordered;
            let entries = match dict.kind {
                DictKind::Ordered | DictKind::Frozen => &dict.entries,
                DictKind::Filled | DictKind::Literal => {
                    ordered = dict.clone().ordered();
                    &ordered.entries
                }
            };
            out.push('{');
            for (position, (key, value)) in entries.iter().enumerate() {
                if position > 0 {
                    out.push_str(", ");
                }
                write_key(out, key)?;
                out.push_str(": ");
                write(out, value)?;
            }
            out.push('}');
        }
        other => {
            let message = format!("{} is not JSON serializable", other.repr());
            return Err(Problem::new(ProblemKind::Type, message));
        }
    }
    Ok(())
}

fn write_key(out: &mut String, key: &Data) -> Result<()> {
    let text = match key {
        Data::Text(text) => return Ok(quote(out, &text.text)),
        Data::None => "null".to_owned(),
        Data::Bool(true) => "true".to_owned(),
        Data::Bool(false) => "false".to_owned(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => float(*value),
        other => {
            let message = format!("keys must be a string, not {}", other.type_name());
            return Err(Problem::new(ProblemKind::Type, message));
        }
    };
    quote(out, &text);
    Ok(())
}

fn float(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value.is_infinite() {
        if value < 0.0 { "-Infinity" } else { "Infinity" }.to_owned()
    } else {
        float_repr(value)
    }
}

fn quote(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            ' '..='~' => out.push(c),
            c => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.push('"');
}

/// A text that is not JSON.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub(crate) struct JsonError {
    /// What is wrong, in Python's words.
    pub(crate) message: String,
    /// Where, in bytes.
    pub(crate) offset: usize,
}

/// `json.loads(text)`: also takes `NaN` and `Infinity`, and the last of several equal keys.
///
/// # Errors
/// When the text is not one JSON value, or nested deeper than 500 levels.
pub(crate) fn parse_json(text: &str) -> std::result::Result<Data, JsonError> {
    let mut reader = Reader { text, at: 0 };
    reader.blanks();
    let value = reader.value(0)?;
    reader.blanks();
    if reader.at < text.len() {
        let (start, end) = (reader.position(reader.at), reader.position(text.len()));
        return Err(JsonError {
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

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

type Read<T> = std::result::Result<T, JsonError>;

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
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

    fn error<T>(&self, words: &str, offset: usize) -> Read<T> {
        Err(JsonError {
            message: format!("{words}: {} (char {offset})", self.position(offset)),
            offset,
        })
    }

    fn no_value<T>(&self) -> Read<T> {
        Err(JsonError {
            message: "No JSON object could be decoded".to_owned(),
            offset: self.at,
        })
    }

    /// At the end of the text inside an array or object.
    fn cut_off<T>(&self) -> Read<T> {
        self.error("Expecting object", self.text.len().saturating_sub(1))
    }

    fn value(&mut self, depth: usize) -> Read<Data> {
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

    fn number(&mut self) -> Read<Data> {
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

    fn array(&mut self, depth: usize) -> Read<Data> {
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

    fn object(&mut self, depth: usize) -> Read<Data> {
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

    fn string(&mut self) -> Read<String> {
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

    fn escape(&mut self, opening: usize) -> Read<char> {
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
    fn code_point(&mut self, backslash: usize) -> Read<char> {
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

impl Object {
    /// The interpolated data as JSON text.
    ///
    /// # Errors
    /// As [`Object::interpolate`] and [`dumps`].
    pub(crate) fn json_dumps(&self) -> Result<String> {
        dumps(&self.interpolate()?.0.get())
    }
}

impl Type {
    /// An object from JSON text. Unless `strict`, unknown fields of structs are left out.
    ///
    /// # Errors
    /// When the text is no JSON; and as [`Type::construct`].
    pub(crate) fn json_loads(&self, text: &str, strict: bool) -> Result<Object> {
        let data = parse_json(text)
            .map_err(|error| Problem::new(ProblemKind::Value, error.to_string()))?;
        let data = if strict {
            data
        } else {
            self.without_unknown(data)
        };
        self.construct(vec![data], Vec::new())
    }

    fn without_unknown(&self, data: Data) -> Data {
        let (Kind::Struct(structure), Data::Dict(dict)) = (self.kind(), &data) else {
            return data;
        };
        let entries = dict.clone().ordered().entries.into_iter();
        let known = entries.filter_map(|(key, value)| {
            let position = structure.position(key.as_text()?)?;
            let ty = structure.fields()[position].signature.ty();
            Some((key, ty.without_unknown(value)))
        });
        Data::Dict(Dict::filled(known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn again(text: &str) -> String {
        match parse_json(text) {
            Ok(data) => dumps(&data).unwrap(),
            Err(error) => error.message,
        }
    }

    #[test]
    fn values_are_written_as_python_writes_them() {
        assert_eq!(
            again(r#"{"a":[1,2.50,true,null,{}],"b":"\u00e9\ud83d\ude00/\u0007\u007f"}"#),
            r#"{"a": [1, 2.5, true, null, {}], "b": "\u00e9\ud83d\ude00/\u0007\u007f"}"#
        );
        assert_eq!(again("12345678901234567890123"), "12345678901234567890123");
        assert_eq!(
            again("[-Infinity, NaN, 1e5, -0]"),
            "[-Infinity, NaN, 100000.0, 0]"
        );
        assert_eq!(again(r#"{"a":1,"a":2}"#), r#"{"a": 2}"#);
    }

    #[test]
    fn mistakes_are_told_in_the_words_of_python() {
        for (text, message) in [
            ("", "No JSON object could be decoded"),
            ("{", "Expecting object: line 1 column 1 (char 0)"),
            ("{\"a\":1,", "Expecting object: line 1 column 7 (char 6)"),
            ("{\"a\"", "Expecting : delimiter: line 1 column 5 (char 4)"),
            (
                "{\"a\" 1}",
                "Expecting : delimiter: line 1 column 6 (char 5)",
            ),
            ("{\"a\":}", "No JSON object could be decoded"),
            (
                "{\"a\":1\n\n,}",
                "Expecting property name: line 3 column 2 (char 9)",
            ),
            (
                "{'a':1}",
                "Expecting property name: line 1 column 2 (char 1)",
            ),
            ("[1 2", "Expecting , delimiter: line 1 column 4 (char 3)"),
            ("[1,]", "No JSON object could be decoded"),
            (
                "\"abc",
                "Unterminated string starting at: line 1 column 1 (char 0)",
            ),
            (
                "\"a\nb\"",
                "Invalid control character at: line 1 column 3 (char 2)",
            ),
            ("\"a\\x\"", "Invalid \\escape: line 1 column 3 (char 2)"),
            (
                "\"\\u00g0\"",
                "Invalid \\uXXXX escape: line 1 column 2 (char 1)",
            ),
            (
                "{} x",
                "Extra data: line 1 column 4 - line 1 column 5 (char 3 - 4)",
            ),
            (
                "01",
                "Extra data: line 1 column 2 - line 1 column 3 (char 1 - 2)",
            ),
        ] {
            assert_eq!(again(text), message, "{text:?}");
        }
    }

    #[test]
    fn nesting_is_bounded() {
        assert!(parse_json(&"[".repeat(100_000)).is_err());
        let fine = format!("{}{}", "[".repeat(400), "]".repeat(400));
        assert!(parse_json(&fine).is_ok());
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in r#"[\[\]{}",:\\u0-9a-f.eE+ntrl -]{0,40}"#) {
            let _ = parse_json(&text);
        }

        #[test]
        fn texts_survive_a_round_trip(text in any::<String>()) {
            let written = dumps(&Data::unicode(text.clone())).unwrap();
            prop_assert!(written.is_ascii());
            let read = parse_json(&written).unwrap();
            prop_assert_eq!(read.as_text(), Some(text.as_str()));
        }

        #[test]
        fn floats_survive_a_round_trip(number in any::<f64>()) {
            prop_assume!(!number.is_nan());
            match parse_json(&dumps(&Data::Float(number)).unwrap()) {
                Ok(Data::Float(read)) => prop_assert_eq!(read.to_bits(), number.to_bits()),
                other => return Err(TestCaseError::fail(format!("{other:?}"))),
            }
        }
    }
}
