//! The tokens of JSON.

use std::borrow::Cow;

use super::text;
use crate::Error;

/// A place in a text. Every move is past whole ASCII tokens or whole strings, so it stays between characters.
#[derive(Clone, Debug)]
pub(super) struct Scan<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Scan { text, at: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.at
    }

    pub(super) fn left(&self) -> usize {
        self.text.len() - self.at
    }

    /// Passes blanks and looks at the next byte.
    pub(super) fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if !matches!(byte, b' ' | b'\n' | b'\r' | b'\t') {
                return Some(byte);
            }
            self.at += 1;
        }
        None
    }

    /// Passes blanks and the given byte.
    pub(super) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Error> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected(expected));
        }
        self.at += 1;
        Ok(())
    }

    fn unexpected(&self, expected: &'static str) -> Error {
        let offset = self.at;
        match self.text.get(offset..).and_then(|rest| rest.chars().next()) {
            None => Error::Truncated { offset, expected },
            Some(found) => Error::Syntax {
                offset,
                expected,
                found,
            },
        }
    }

    /// A string, undone of its escapes.
    pub(super) fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        self.expect(b'"', "a string")?;
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut escaped = false;
        loop {
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(0..0x20) => {
                    return Err(Error::Text {
                        offset: self.at,
                        reason: "a bare control character",
                    });
                }
                Some(_) => self.at += 1,
                None => {
                    // An escape at the very end passes it.
                    self.at = bytes.len();
                    return Err(self.unexpected("the end of a string"));
                }
            }
        }
        let raw = &self.text[start..self.at];
        self.at += 1;
        if !escaped {
            return Ok(Cow::Borrowed(raw));
        }
        match text::unescape(raw) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err((within, reason)) => Err(Error::Text {
                offset: start + within,
                reason,
            }),
        }
    }

    /// A whole number, without point or exponent. `kind` is its type, for errors.
    pub(super) fn integer(&mut self, kind: &'static str) -> Result<i64, Error> {
        let negative = self.peek() == Some(b'-');
        let start = self.at;
        self.at += usize::from(negative);
        let out_of_range = || Error::NumberRange {
            offset: start,
            kind,
        };
        let bytes = self.text.as_bytes();
        let first = self.at;
        // Downwards, since there is one more negative number than there are positive ones.
        let mut value: i64 = 0;
        while let Some(digit @ b'0'..=b'9') = bytes.get(self.at) {
            value = value
                .checked_mul(10)
                .and_then(|value| value.checked_sub(i64::from(digit - b'0')))
                .ok_or_else(out_of_range)?;
            self.at += 1;
        }
        let digits = self.at - first;
        if digits == 0 {
            return Err(self.unexpected("a number"));
        }
        let leading_zero = digits > 1 && bytes[first] == b'0';
        if leading_zero || matches!(bytes.get(self.at), Some(b'.' | b'e' | b'E')) {
            return Err(out_of_range());
        }
        if negative {
            return Ok(value);
        }
        value.checked_neg().ok_or_else(out_of_range)
    }

    /// A number as JSON writes it; one that only infinity could stand for is out of range.
    pub(super) fn double(&mut self) -> Result<f64, Error> {
        self.peek();
        let start = self.at;
        let rest = &self.text.as_bytes()[start..];
        let length = rest
            .iter()
            .position(|byte| !matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .unwrap_or(rest.len());
        if length == 0 {
            return Err(self.unexpected("a number"));
        }
        let token = &self.text[start..start + length];
        let value = token
            .parse::<f64>()
            .ok()
            .filter(|value| value.is_finite() && is_json_number(token))
            .ok_or(Error::NumberRange {
                offset: start,
                kind: "dbl",
            })?;
        self.at += length;
        Ok(value)
    }
}

/// Rust takes `.5`, `5.`, `+5` and `05` for numbers, JSON does not.
fn is_json_number(token: &str) -> bool {
    let unsigned = token.strip_prefix('-').unwrap_or(token);
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(unsigned);
    let rest = &unsigned[whole..];
    let leading_zero = whole > 1 && unsigned.starts_with('0');
    whole > 0
        && !leading_zero
        && rest
            .strip_prefix('.')
            .is_none_or(|fraction| digits(fraction) > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_keep_their_ends() {
        for (text, expected) in [
            (" 0", 0),
            ("-0", 0),
            ("42,", 42),
            ("9223372036854775807", i64::MAX),
            ("-9223372036854775808", i64::MIN),
        ] {
            assert_eq!(Scan::new(text).integer("i64"), Ok(expected));
        }
        for text in [
            "9223372036854775808",
            "-9223372036854775809",
            "01",
            "1.0",
            "1e3",
        ] {
            let error = Scan::new(text).integer("i64");
            assert!(
                matches!(error, Err(Error::NumberRange { offset: 0, .. })),
                "{text}"
            );
        }
        for text in ["", "-", "x", "+1", "\"1\""] {
            let error = Scan::new(text).integer("i64");
            assert!(
                matches!(error, Err(Error::Syntax { .. } | Error::Truncated { .. })),
                "{text}"
            );
        }
    }

    #[test]
    fn doubles_are_those_of_json() {
        for (text, expected) in [
            ("0.5", 0.5),
            ("-1", -1.0),
            ("1e+16", 1e16),
            ("1.5E-3 ", 0.0015),
            ("1e-999", 0.0),
        ] {
            assert_eq!(Scan::new(text).double(), Ok(expected), "{text}");
        }
        for text in [
            ".5", "5.", "+5", "05", "1e999", "1e", "-", "1.e5", "--1", "1-2",
        ] {
            let error = Scan::new(text).double();
            assert!(
                matches!(error, Err(Error::NumberRange { offset: 0, .. })),
                "{text}"
            );
        }
        for text in ["", "x", "NaN"] {
            assert!(Scan::new(text).double().is_err(), "{text}");
        }
    }

    #[test]
    fn strings_end_where_they_end() {
        let mut scan = Scan::new(r#" "a\"é" x"#);
        assert_eq!(scan.string().unwrap(), "a\"é");
        assert_eq!(scan.peek(), Some(b'x'));
        for (text, offset) in [("\"ab", 3), ("\"ab\\", 4), ("\"", 1)] {
            let error = Scan::new(text).string();
            assert!(matches!(error, Err(Error::Truncated { offset: at, .. }) if at == offset));
        }
        let error = Scan::new("\"a\nb\"").string();
        assert!(matches!(error, Err(Error::Text { offset: 2, .. })));
    }
}
