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
    #[inline]
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
    #[inline]
    pub(super) fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Error> {
        if self.peek() != Some(byte) {
            return Err(self.unexpected(expected));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads what precedes the value of a field, `"ID":{"TYPE":`, if it is written without blanks and escapes, as it
    /// nearly always is: the id and the type. If it is not, nothing is read.
    pub(super) fn compact_field(&mut self) -> Option<(i16, &'a str)> {
        let text = self.text.get(self.at..)?.strip_prefix('"')?;
        let digits = text.bytes().take(4).take_while(u8::is_ascii_digit);
        let (digits, id) = digits.fold((0, 0), |(digits, id), digit| {
            (digits + 1, id * 10 + i16::from(digit - b'0'))
        });
        let text = text.get(digits..)?.strip_prefix("\":{\"")?;
        let end = text.bytes().take(4).position(|byte| byte == b'"')?;
        let (kind, text) = text.split_at_checked(end)?;
        let text = text.strip_prefix("\":")?;
        if digits == 0 {
            return None;
        }
        self.at = self.text.len() - text.len();
        Some((id, kind))
    }

    #[cold]
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
            self.at += plain(&bytes[self.at..]);
            match bytes.get(self.at) {
                Some(b'"') => break,
                Some(b'\\') => {
                    escaped = true;
                    // One at the very end passes it.
                    self.at = bytes.len().min(self.at + 2);
                }
                Some(0..0x20) => {
                    return Err(Error::Text {
                        offset: self.at,
                        reason: "a bare control character",
                    });
                }
                Some(_) => self.at += 1,
                None => {
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

    /// A number as JSON writes it; one beyond the finite doubles is out of range.
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

/// How many bytes there are, in steps of eight, before those that may end a string or have no place in one.
#[inline]
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let is_special = |chunk: &[u8; 8]| {
        let chunk = u64::from_le_bytes(*chunk);
        // The highest bit of a byte is set where the byte is below `limit`; above one that is, it may be set in vain.
        let below = |bytes: u64, limit: u64| bytes.wrapping_sub(ONES * limit) & !bytes;
        let is = |byte: u8| below(chunk ^ (ONES * u64::from(byte)), 1);
        (is(b'"') | is(b'\\') | below(chunk, 0x20)) & (ONES << 7) != 0
    };
    let (chunks, _) = bytes.as_chunks();
    8 * chunks.iter().take_while(|chunk| !is_special(chunk)).count()
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
    fn a_field_in_its_usual_form_is_passed_at_once() {
        let mut scan = Scan::new(r#""17":{"rec":{"#);
        assert_eq!(scan.compact_field(), Some((17, "rec")));
        assert_eq!(scan.peek(), Some(b'{'));
        for text in [
            r#" "1":{"rec":1"#,
            r#""":{"rec":1"#,
            r#""1" :{"rec":1"#,
            r#""1":{"record":1"#,
            r#""1":{"réc":1"#,
            r#""-1":{"rec":1"#,
            r#""12345":{"rec":1"#,
            r#""1":{"rec"#,
            r#""1"#,
            "",
        ] {
            let mut scan = Scan::new(text);
            assert_eq!(scan.compact_field(), None, "{text}");
            assert_eq!(scan.offset(), 0, "{text}");
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
        for length in 0..40 {
            let plain = "é".repeat(length);
            let text = format!("\"{plain}\", \"\\n{plain}\"");
            let mut scan = Scan::new(&text);
            assert_eq!(scan.string().unwrap(), plain);
            scan.expect(b',', "a comma").unwrap();
            assert_eq!(scan.string().unwrap(), format!("\n{plain}"));
            let text = format!("\"{plain}\u{1f}        \"");
            let error = Scan::new(&text).string();
            assert!(matches!(error, Err(Error::Text { offset, .. }) if offset == 1 + 2 * length));
        }
    }
}
