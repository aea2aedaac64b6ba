//! The text of strings.

use std::io::Write as _;

/// Writes a JSON string in ASCII, as Python's encoder does: everything outside printable ASCII as `\uXXXX` in lower
/// case hexadecimal, in UTF-16 units, and no escape for a slash.
pub(super) fn write_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut plain = 0;
    for (at, letter) in text.char_indices() {
        if matches!(letter, ' '..='~') && letter != '"' && letter != '\\' {
            continue;
        }
        out.extend_from_slice(&text.as_bytes()[plain..at]);
        plain = at + letter.len_utf8();
        match letter {
            '"' => out.extend_from_slice(b"\\\""),
            '\\' => out.extend_from_slice(b"\\\\"),
            '\n' => out.extend_from_slice(b"\\n"),
            '\r' => out.extend_from_slice(b"\\r"),
            '\t' => out.extend_from_slice(b"\\t"),
            '\u{8}' => out.extend_from_slice(b"\\b"),
            '\u{c}' => out.extend_from_slice(b"\\f"),
            _ => {
                for unit in letter.encode_utf16(&mut [0; 2]) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
        }
    }
    out.extend_from_slice(&text.as_bytes()[plain..]);
    out.push(b'"');
}

/// Undoes the escapes of the inside of a JSON string. The error is an offset into `raw` and what is wrong there.
pub(super) fn unescape(raw: &str) -> Result<String, (usize, &'static str)> {
    let mut text = String::with_capacity(raw.len());
    let mut at = 0;
    while let Some(found) = raw[at..].find('\\') {
        text.push_str(&raw[at..at + found]);
        at += found;
        let start = at;
        let letter = match raw.as_bytes().get(at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let first = unit(raw, start)?;
                let letter = if (0xd800..0xdc00).contains(&first) {
                    at += 6;
                    let second = unit(raw, at).map_err(|_| (start, "half of a surrogate pair"))?;
                    char::decode_utf16([first, second]).next()
                } else {
                    char::decode_utf16([first]).next()
                };
                at += 4;
                letter
                    .and_then(Result::ok)
                    .ok_or((start, "half of a surrogate pair"))?
            }
            _ => return Err((start, "an unknown escape")),
        };
        text.push(letter);
        at += 2;
    }
    text.push_str(&raw[at..]);
    Ok(text)
}

/// The UTF-16 unit of the escape `\uXXXX` at `at`.
fn unit(raw: &str, at: usize) -> Result<u16, (usize, &'static str)> {
    let bad = (at, "an escape without four hexadecimal digits");
    let digits = raw
        .get(at..at + 6)
        .and_then(|escape| escape.strip_prefix("\\u"))
        .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
        .ok_or(bad)?;
    u16::from_str_radix(digits, 16).map_err(|_| bad)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_go_out_in_ascii() {
        let mut out = Vec::new();
        write_string(&mut out, "a/\"\\\n\r\t\u{8}\u{c}\u{1}\u{7f}é€😀z");
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r#""a/\"\\\n\r\t\b\f\u0001\u007f\u00e9\u20ac\ud83d\ude00z""#
        );
    }

    #[test]
    fn every_escape_is_read() {
        assert_eq!(
            unescape(r#"a\/\"\\\n\r\t\b\f\u0001\u00E9é\ud83d\uDE00z"#).unwrap(),
            "a/\"\\\n\r\t\u{8}\u{c}\u{1}éé😀z"
        );
    }

    #[test]
    fn broken_escapes_are_refused_where_they_are() {
        let half = "half of a surrogate pair";
        let digits = "an escape without four hexadecimal digits";
        for (raw, expected) in [
            (r"ab\x", (2, "an unknown escape")),
            (r"\", (0, "an unknown escape")),
            (r"\u12", (0, digits)),
            (r"\u+123", (0, digits)),
            (r"\u12é4", (0, digits)),
            (r"a\ud83d", (1, half)),
            (r"\ud83dz", (0, half)),
            (r"\ud83d\n", (0, half)),
            (r"\ud83d\ud83d", (0, half)),
            (r"\ude00", (0, half)),
        ] {
            assert_eq!(unescape(raw), Err(expected), "{raw}");
        }
    }
}
