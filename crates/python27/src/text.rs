//! Texts as Python 2.7 writes them in source form.

use std::fmt::Write as _;

/// The `repr()` of a text: `u'…'` for unicode, `'…'` for a byte string, whose characters outside
/// ASCII show as their UTF-8 bytes.
pub fn text_repr(text: &str, unicode: bool) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 3);
    if unicode {
        out.push('u');
    }
    out.push(quote);
    for c in text.chars() {
        // Writing to a String cannot fail.
        let _ = match c {
            '\\' => write!(out, "\\\\"),
            '\n' => write!(out, "\\n"),
            '\r' => write!(out, "\\r"),
            '\t' => write!(out, "\\t"),
            c if c == quote => write!(out, "\\{c}"),
            ' '..='~' => write!(out, "{c}"),
            c if c.is_ascii() => write!(out, "\\x{:02x}", u32::from(c)),
            c if !unicode => c
                .encode_utf8(&mut [0; 4])
                .bytes()
                .try_for_each(|byte| write!(out, "\\x{byte:02x}")),
            c if u32::from(c) < 0x100 => write!(out, "\\x{:02x}", u32::from(c)),
            c if u32::from(c) < 0x1_0000 => write!(out, "\\u{:04x}", u32::from(c)),
            c => write!(out, "\\U{:08x}", u32::from(c)),
        };
    }
    out.push(quote);
    out
}

#[cfg(test)]
mod tests {
    use super::text_repr;

    #[test]
    fn quotes_and_escapes_are_those_of_python_2() {
        assert_eq!(text_repr("a'b", true), r#"u"a'b""#);
        assert_eq!(text_repr("a\"b", false), r#"'a"b'"#);
        assert_eq!(
            text_repr("a'\"b\n\t\u{7}é€😀\\", true),
            r#"u'a\'"b\n\t\x07\xe9\u20ac\U0001f600\\'"#
        );
        assert_eq!(text_repr("é", false), r"'\xc3\xa9'");
    }
}
