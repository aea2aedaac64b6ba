//! Numbers and strings of Python 2.7 in the spelling that the parser takes.
//!
//! Plain strings of Python 2 are bytes. Here they are text in which a byte of 0x80 or more is the
//! lone surrogate U+DC80 to U+DCFF, as Python 3 itself smuggles undecodable bytes: code that uses
//! such a text as a template can see that it is not text.

use std::num::IntErrorKind;

use super::source::Coding;

/// What the literals of a file mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Literals {
    pub(super) coding: Coding,
    /// `from __future__ import unicode_literals`.
    pub(super) unicode: bool,
}

/// How a number has to be written, if not as it is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NumberEdit {
    /// The same value in another spelling.
    Spelled(String),
    /// A long integer with these digits.
    Long(String),
}

/// `0644` becomes `0o644`, `10L` a long integer.
pub(super) fn number(text: &str) -> Option<NumberEdit> {
    let digits = text.trim_end_matches(['l', 'L']);
    let octal = digits.len() > 1
        && digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && digits.bytes().any(|byte| byte != b'0');
    let spelled = if octal {
        format!("0o{}", digits.trim_start_matches('0'))
    } else {
        digits.to_owned()
    };
    let whole = digits.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && (digits.starts_with("0x") || digits.starts_with("0X") || !digits.contains(['e', 'E']));
    let value = match spelled.get(..2) {
        Some("0x" | "0X") => i64::from_str_radix(spelled.get(2..)?, 16),
        Some("0o" | "0O") => i64::from_str_radix(spelled.get(2..)?, 8),
        Some("0b" | "0B") => i64::from_str_radix(spelled.get(2..)?, 2),
        _ => spelled.parse(),
    };
    // What has no room in 64 bits is long without saying so.
    let big = value.is_err_and(|error| *error.kind() == IntErrorKind::PosOverflow);
    if (digits.len() < text.len() && whole) || big {
        Some(NumberEdit::Long(spelled))
    } else if octal {
        Some(NumberEdit::Spelled(spelled))
    } else {
        None
    }
}

/// A string literal taken apart.
struct Parts<'s> {
    unicode: bool,
    bytes: bool,
    raw: bool,
    formatted: bool,
    quotes: &'s str,
    body: &'s str,
}

fn parts(text: &str) -> Option<Parts<'_>> {
    let quote = text.find(['\'', '"'])?;
    let (prefix, rest) = text.split_at(quote);
    let has = |c: char| prefix.chars().any(|p| p.eq_ignore_ascii_case(&c));
    let mark = rest.get(..1)?;
    let length = if rest.len() >= 6 && rest.starts_with(&mark.repeat(3)) {
        3
    } else {
        1
    };
    let quotes = rest.get(..length)?;
    let body = rest.get(length..)?.strip_suffix(quotes)?;
    Some(Parts {
        unicode: has('u'),
        bytes: has('b'),
        raw: has('r'),
        formatted: has('f') || has('t'),
        quotes,
        body,
    })
}

/// The literal as the parser has to see it, or `None` when it stays as it is.
pub(super) fn string(text: &str, literals: Literals) -> Option<String> {
    let parts = parts(text)?;
    if parts.formatted {
        return None;
    }
    let unicode = parts.unicode || (literals.unicode && !parts.bytes);
    let ascii = parts.body.is_ascii();
    if unicode {
        let mojibake = !ascii && literals.coding == Coding::Undeclared;
        if !(parts.raw || mojibake) {
            // The `u` in front marks the literal for the rewriting of the syntax tree.
            return (!parts.unicode).then(|| format!("u{text}"));
        }
        let body = if parts.raw {
            raw_body(&parts, true)
        } else {
            parts.body.to_owned()
        };
        let body = if mojibake { each_byte(&body) } else { body };
        return Some(format!("u{0}{body}{0}", parts.quotes));
    }
    let special = !ascii || (!parts.raw && has_byte_escape(parts.body));
    if !special {
        return parts.bytes.then(|| text.replacen(['b', 'B'], "", 1));
    }
    let body = if parts.raw {
        raw_body(&parts, false)
    } else {
        byte_escapes(parts.body)
    };
    Some(format!(
        "{0}{1}{0}",
        parts.quotes,
        smuggle(&body, literals.coding)
    ))
}

/// Whether a byte string holds an escape that means something else in Python 3.
fn has_byte_escape(body: &str) -> bool {
    let mut rest = body.chars();
    while let Some(c) = rest.next() {
        if c == '\\' && matches!(rest.next(), Some('u' | 'U' | 'N' | 'x' | '0'..='7')) {
            return true;
        }
    }
    false
}

/// Escapes of a byte string: `\u`, `\U` and `\N` mean nothing in it, and a `\x` or octal escape
/// of 0x80 or more is a byte.
fn byte_escapes(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 8);
    let mut rest = body;
    while let Some(c) = rest.chars().next() {
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
        if c != '\\' {
            out.push(c);
            continue;
        }
        let (value, length) = match rest.chars().next() {
            Some('u' | 'U' | 'N') => {
                out.push_str("\\\\");
                continue;
            }
            Some('x') => (
                rest.get(1..3)
                    .filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok()),
                3,
            ),
            Some('0'..='7') => {
                let length = rest
                    .bytes()
                    .take(3)
                    .take_while(|byte| matches!(byte, b'0'..=b'7'))
                    .count();
                let value = rest
                    .get(..length)
                    .and_then(|digits| u32::from_str_radix(digits, 8).ok());
                (value.map(|value| value & 0xff), length)
            }
            _ => (None, 0),
        };
        match value {
            Some(byte) if byte >= 0x80 => {
                out.push_str(&format!("\\udc{byte:02x}"));
                rest = rest.get(length..).unwrap_or_default();
            }
            _ => {
                out.push('\\');
                if let Some(escaped) = rest.chars().next() {
                    out.push(escaped);
                    rest = rest.get(escaped.len_utf8()..).unwrap_or_default();
                }
            }
        }
    }
    out
}

/// The body of a raw string as that of an ordinary one. In a raw unicode string `\u` still counts.
fn raw_body(parts: &Parts<'_>, unicode: bool) -> String {
    let mut out = String::with_capacity(parts.body.len() + 8);
    let mut backslashes = 0usize;
    for c in parts.body.chars() {
        if c == '\\' {
            backslashes += 1;
            continue;
        }
        let counts = unicode && matches!(c, 'u' | 'U') && backslashes % 2 == 1;
        out.push_str(&"\\\\".repeat(backslashes.saturating_sub(usize::from(counts))));
        if counts {
            out.push('\\');
        }
        backslashes = 0;
        // A quote after a backslash is part of a raw string, backslash and all.
        if parts.quotes.starts_with(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out.push_str(&"\\\\".repeat(backslashes));
    out
}

/// Every byte of what is not ASCII as one character.
fn each_byte(body: &str) -> String {
    let mut out = String::with_capacity(body.len() + 8);
    for c in body.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                out.push(char::from(byte));
            }
        }
    }
    out
}

fn smuggle(body: &str, coding: Coding) -> String {
    let mut out = String::with_capacity(body.len() + 16);
    for c in body.chars() {
        if c.is_ascii() {
            out.push(c);
            continue;
        }
        let mut buffer = [0; 4];
        let latin1 = [u8::try_from(u32::from(c)).unwrap_or_default()];
        let bytes = match coding {
            Coding::Latin1 => &latin1[..],
            Coding::Undeclared | Coding::Utf8 => c.encode_utf8(&mut buffer).as_bytes(),
        };
        for byte in bytes {
            out.push_str(&format!("\\udc{byte:02x}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const UTF8: Literals = Literals {
        coding: Coding::Utf8,
        unicode: false,
    };

    #[test]
    fn numbers_of_old() {
        assert_eq!(
            number("0644"),
            Some(NumberEdit::Spelled("0o644".to_owned()))
        );
        assert_eq!(number("10L"), Some(NumberEdit::Long("10".to_owned())));
        assert_eq!(number("0777l"), Some(NumberEdit::Long("0o777".to_owned())));
        assert_eq!(number("0xFFL"), Some(NumberEdit::Long("0xFF".to_owned())));
        assert_eq!(
            number("9223372036854775808"),
            Some(NumberEdit::Long("9223372036854775808".to_owned()))
        );
        for same in [
            "0",
            "00",
            "0o17",
            "0b1",
            "012.5",
            "1e5",
            "0x0f",
            "42",
            "1.5L",
            "1e5L",
            "9223372036854775807",
            "1e100",
        ] {
            assert_eq!(number(same), None, "{same}");
        }
    }

    #[test]
    fn byte_strings_lose_their_prefix_and_smuggle_their_bytes() {
        let edit = |text: &str| string(text, UTF8);
        assert_eq!(edit("'plain'"), None);
        assert_eq!(edit("b'x'").as_deref(), Some("'x'"));
        assert_eq!(edit("bR'\\d'").as_deref(), Some("R'\\d'"));
        assert_eq!(edit("'å'").as_deref(), Some("'\\udcc3\\udca5'"));
        assert_eq!(
            edit("r'\\å\\'x'").as_deref(),
            Some("'\\\\\\udcc3\\udca5\\\\\\'x'")
        );
        assert_eq!(
            edit("'\\xe9\\351\\x41\\n'").as_deref(),
            Some("'\\udce9\\udce9\\x41\\n'")
        );
        assert_eq!(
            edit("'\\u00e9 \\N{x}'").as_deref(),
            Some("'\\\\u00e9 \\\\N{x}'")
        );
        assert_eq!(edit("'\\\\u00e9'"), None);
    }

    #[test]
    fn unicode_strings_keep_their_text() {
        let edit = |text: &str| string(text, UTF8);
        assert_eq!(edit("u'å'"), None);
        assert_eq!(edit("ur'\\d\\u00e9'").as_deref(), Some("u'\\\\d\\u00e9'"));
        assert_eq!(edit("f'{x}å'"), None);
        let future = Literals {
            coding: Coding::Utf8,
            unicode: true,
        };
        assert_eq!(string("'å'", future).as_deref(), Some("u'å'"));
        assert_eq!(string("b'x'", future).as_deref(), Some("'x'"));
        let undeclared = Literals {
            coding: Coding::Undeclared,
            unicode: false,
        };
        assert_eq!(string("u'å'", undeclared).as_deref(), Some("u'Ã¥'"));
    }

    #[test]
    fn broken_strings_stay() {
        assert_eq!(string("'never ends å", UTF8), None);
        assert_eq!(string("'''never ends å'", UTF8), None);
    }
}
