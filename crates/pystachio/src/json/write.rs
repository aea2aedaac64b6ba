//! Writes JSON.

use std::fmt::Write as _;

use crate::{Data, DictKind, Error, ProblemKind, Result};
use python27::float_repr;

/// `json.dumps(data)`: `", "` and `": "` between parts, everything outside ASCII escaped,
/// dictionaries in Python 2's order.
///
/// # Errors
/// When something in it has no JSON form.
pub fn dumps(data: &Data) -> Result<String> {
    let mut out = String::new();
    write(&mut out, data, Layout::Flat)?;
    Ok(out)
}

/// `json.dumps(data, indent=2, sort_keys=True)`, which ends lines with `, ` where more follows.
///
/// # Errors
/// When something in it has no JSON form.
pub fn dumps_indented(data: &Data) -> Result<String> {
    let mut out = String::new();
    write(&mut out, data, Layout::Indented(0))?;
    Ok(out)
}

/// How arrays and objects are laid out.
#[derive(Clone, Copy)]
enum Layout {
    /// On one line, in Python's order.
    Flat,
    /// Over several lines, sorted; so deep already.
    Indented(usize),
}

impl Layout {
    fn inside(self) -> Self {
        match self {
            Self::Flat => Self::Flat,
            Self::Indented(depth) => Self::Indented(depth + 1),
        }
    }

    /// Goes to where the next part begins, or the end of all of them.
    fn new_line(self, out: &mut String) {
        if let Self::Indented(depth) = self {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    }

    /// Writes the parts of an array or object.
    fn parts<T>(
        self,
        out: &mut String,
        parts: impl ExactSizeIterator<Item = T>,
        mut part: impl FnMut(&mut String, T, Self) -> Result<()>,
    ) -> Result<()> {
        if parts.len() == 0 {
            return Ok(());
        }
        for (position, value) in parts.enumerate() {
            if position > 0 {
                out.push_str(", ");
            }
            self.inside().new_line(out);
            part(out, value, self.inside())?;
        }
        self.new_line(out);
        Ok(())
    }
}

fn write(out: &mut String, data: &Data, layout: Layout) -> Result<()> {
    match data {
        Data::None => out.push_str("null"),
        Data::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Data::Int(value) => {
            // Writing to a String cannot fail, here and below.
            let _ = write!(out, "{value}");
        }
        Data::Float(value) => out.push_str(&float(*value)),
        Data::Text(text) => quote(out, &text.text),
        Data::List(elements) | Data::Tuple(elements) => {
            out.push('[');
            layout.parts(out, elements.iter(), write)?;
            out.push(']');
        }
        Data::Dict(dict) => {
            let mut ordered;
            let entries = match (dict.kind, layout) {
                (_, Layout::Indented(_)) => {
                    ordered = dict.clone();
                    ordered
                        .entries
                        .sort_by_cached_key(|(key, _)| key.to_string());
                    &ordered.entries
                }
                (DictKind::Ordered | DictKind::Frozen, _) => &dict.entries,
                (DictKind::Filled | DictKind::Literal, _) => {
                    ordered = dict.clone().ordered();
                    &ordered.entries
                }
            };
            out.push('{');
            layout.parts(out, entries.iter(), |out, (key, value), layout| {
                write_key(out, key)?;
                out.push_str(": ");
                write(out, value, layout)
            })?;
            out.push('}');
        }
        other => {
            let message = format!("{} is not JSON serializable", other.repr());
            return Err(Error::new(ProblemKind::Type, message));
        }
    }
    Ok(())
}

fn write_key(out: &mut String, key: &Data) -> Result<()> {
    let text = match key {
        Data::Text(text) => {
            quote(out, &text.text);
            return Ok(());
        }
        Data::None => "null".to_owned(),
        Data::Bool(true) => "true".to_owned(),
        Data::Bool(false) => "false".to_owned(),
        Data::Int(value) => value.to_string(),
        Data::Float(value) => float(*value),
        other => {
            let message = format!("keys must be a string, not {}", other.type_name());
            return Err(Error::new(ProblemKind::Type, message));
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
