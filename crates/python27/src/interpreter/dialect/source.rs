//! From the bytes of a file to text, the way Python 2.7 reads a program.

use super::SyntaxError;

/// How the bytes of non-ASCII literals are to be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// No coding line and no byte order mark: every byte of a `u''` literal is one character.
    Undeclared,
    /// A coding line or a byte order mark says UTF-8.
    Utf8,
    /// A coding line says Latin-1 (or ASCII).
    Latin1,
}

/// The text of a file with `\n` line ends and without a byte order mark.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) coding: Coding,
}

impl Source {
    /// Reads the byte order mark and the coding line, and turns the line ends into `\n`.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Source, SyntaxError> {
        if let Some(error) = not_text(bytes) {
            return Err(error);
        }
        let (bytes, marked) = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => (rest, true),
            None => (bytes, false),
        };
        let coding = match declared_coding(bytes) {
            Some((name, line)) => coding_by_name(name).ok_or_else(|| {
                SyntaxError::at_line(
                    line,
                    format!("unknown encoding: {}", String::from_utf8_lossy(name)),
                )
            })?,
            None if marked => Coding::Utf8,
            None => Coding::Undeclared,
        };
        let text = match (std::str::from_utf8(bytes), coding) {
            (Ok(text), Coding::Undeclared | Coding::Utf8) => text.to_owned(),
            (_, Coding::Latin1) => bytes.iter().map(|&byte| char::from(byte)).collect(),
            (Err(error), Coding::Utf8) => {
                let line = line_of(bytes, error.valid_up_to());
                return Err(SyntaxError {
                    detail: Some(
                        "save it as UTF-8, or change its coding line to the encoding that it has"
                            .to_owned(),
                    ),
                    ..SyntaxError::at_line(
                        line,
                        "the file is not valid UTF-8, though it says so".to_owned(),
                    )
                });
            }
            // Bytes without a declared coding: each one is a character, which is what literals get.
            (Err(_), Coding::Undeclared) => {
                return Ok(Source {
                    text: unix_lines(bytes.iter().map(|&byte| char::from(byte)).collect()),
                    coding: Coding::Latin1,
                });
            }
        };
        Ok(Source {
            text: unix_lines(text),
            coding,
        })
    }

    /// Text that is already characters: what `exec`, `eval` and `compile` get.
    pub(crate) fn from_text(text: &str) -> Source {
        Source {
            text: unix_lines(text.to_owned()),
            coding: Coding::Utf8,
        }
    }
}

/// The error for bytes that are no program at all.
fn not_text(bytes: &[u8]) -> Option<SyntaxError> {
    let first = bytes.iter().position(|&byte| byte == 0)?;
    let (line, message, detail) =
        if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
            (1, "the file is UTF-16", "save it as UTF-8")
        } else if bytes.iter().take(SAMPLE).filter(|&&byte| byte == 0).count() > FEW_NULS {
            (1, "the file is binary, not text", "name a job file")
        } else {
            let line = line_of(bytes, first);
            (
                line,
                "the line holds a NUL byte",
                "remove it: a program is text",
            )
        };
    Some(SyntaxError {
        detail: Some(detail.to_owned()),
        ..SyntaxError::at_line(line, message.to_owned())
    })
}

/// How much of a file shows whether it is text, in bytes, and how many NUL bytes text may have there.
const SAMPLE: usize = 4096;
const FEW_NULS: usize = 8;

fn line_of(bytes: &[u8], offset: usize) -> usize {
    1 + bytes
        .iter()
        .take(offset)
        .filter(|&&byte| byte == b'\n')
        .count()
}

fn unix_lines(text: String) -> String {
    if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    }
}

fn coding_by_name(name: &[u8]) -> Option<Coding> {
    let name: String = name
        .iter()
        .map(|&byte| match byte {
            b'_' => '-',
            other => char::from(other.to_ascii_lowercase()),
        })
        .collect();
    match name.as_str() {
        "utf-8" | "utf8" | "u8" => Some(Coding::Utf8),
        "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "l1" | "ascii" | "us-ascii" => {
            Some(Coding::Latin1)
        }
        // Editors append the line end: `utf-8-unix`.
        other if other.starts_with("utf-8-") => Some(Coding::Utf8),
        other if other.starts_with("latin-1-") || other.starts_with("iso-8859-1-") => {
            Some(Coding::Latin1)
        }
        _ => None,
    }
}

/// The name in a comment `coding: NAME` or `coding=NAME` of the first two lines, with its line.
fn declared_coding(bytes: &[u8]) -> Option<(&[u8], usize)> {
    for (index, line) in bytes.split(|&byte| byte == b'\n').take(2).enumerate() {
        let blank = line
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\x0c' | b'\r'))
            .count();
        let rest = line.get(blank..).unwrap_or_default();
        if rest.first() != Some(&b'#') {
            if rest.is_empty() {
                continue;
            }
            return None;
        }
        if let Some(name) = coding_in_comment(rest) {
            return Some((name, index + 1));
        }
    }
    None
}

fn coding_in_comment(comment: &[u8]) -> Option<&[u8]> {
    const KEY: &[u8] = b"coding";
    let mut from = 0;
    while let Some(found) = comment
        .get(from..)?
        .windows(KEY.len())
        .position(|window| window == KEY)
    {
        let after = comment.get(from + found + KEY.len()..)?;
        from += found + KEY.len();
        if !matches!(after.first(), Some(b':' | b'=')) {
            continue;
        }
        let value = after.get(1..)?;
        let blank = value
            .iter()
            .take_while(|byte| matches!(byte, b' ' | b'\t'))
            .count();
        let value = value.get(blank..)?;
        let length = value
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
            .count();
        if length > 0 {
            return value.get(..length);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_means_utf8_and_goes() {
        let source = Source::decode("\u{feff}x = u'å'\r\n".as_bytes()).unwrap();
        assert_eq!(source.coding, Coding::Utf8);
        assert_eq!(source.text, "x = u'å'\n");
    }

    #[test]
    fn coding_lines_count_on_the_first_two_lines_only() {
        let coding = |text: &str| Source::decode(text.as_bytes()).unwrap().coding;
        assert_eq!(coding("# -*- coding: utf-8 -*-\n"), Coding::Utf8);
        assert_eq!(
            coding("#!/x\n# vim: set fileencoding=UTF_8 :\n"),
            Coding::Utf8
        );
        assert_eq!(coding("# coding=latin-1\n"), Coding::Latin1);
        assert_eq!(coding("\n\n# coding: utf-8\n"), Coding::Undeclared);
        assert_eq!(coding("x = 1\n# coding: utf-8\n"), Coding::Undeclared);
        assert_eq!(coding("# encoding is fun\n"), Coding::Undeclared);
    }

    #[test]
    fn undeclared_bytes_become_one_character_each() {
        let source = Source::decode(b"x = '\xe9'\n").unwrap();
        assert_eq!(source.text, "x = '\u{e9}'\n");
        assert_eq!(source.coding, Coding::Latin1);
    }

    #[test]
    fn an_encoding_that_nobody_knows_is_named_with_its_line() {
        let error = Source::decode(b"#!/usr/bin/python\n# coding: klingon\n").unwrap_err();
        assert_eq!(
            (error.line, error.message.as_str()),
            (2, "unknown encoding: klingon")
        );
        let error = Source::decode(b"# coding: utf-8\n\n'\xff'").unwrap_err();
        assert_eq!(error.line, 3);
    }
}
