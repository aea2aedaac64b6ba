//! Places in the files of a configuration.

use std::{collections::BTreeMap, ops::Range};

use super::dialect::SourceText;
use pystachio::Call;

use crate::Diagnostic;

/// The texts of all files of a configuration, by the names that their code carries.
#[derive(Debug, Default)]
pub(crate) struct Texts(BTreeMap<String, SourceText>);

impl Texts {
    pub(super) fn new(texts: BTreeMap<String, SourceText>) -> Self {
        Self(texts)
    }

    /// The place of a call, which points at what is called, and all bytes of the call.
    pub(crate) fn place(&self, call: &Call) -> Option<(Diagnostic, Range<usize>)> {
        let source = self.0.get(&*call.file)?;
        let text = &source.original;
        let bytes = |(line, column): (u32, u32)| {
            let (line, column) = source.original_position(line as usize, column as usize);
            (line, column, offset(text, line, column))
        };
        let (line, column, start) = bytes(call.start);
        let end = bytes(call.end).2.max(start);
        let mut place = Diagnostic::new(&*call.file, text.as_str(), span(text, line, column));
        if let Some((file, line)) = &call.from
            && let Some(source) = self.0.get(&**file)
        {
            let (line, _) = source.original_position(*line as usize, 1);
            place.notes.push(format!("called from {file}:{line}"));
        }
        Some((place, start..end))
    }
}

/// The byte offset of a line and column.
pub(super) fn offset(text: &str, line: usize, column: usize) -> usize {
    let start: usize = text
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let rest = text.get(start..).unwrap_or_default();
    let inside: usize = rest
        .chars()
        .take_while(|c| *c != '\n')
        .take(column.saturating_sub(1))
        .map(char::len_utf8)
        .sum();
    start + inside
}

/// The word at a line and column.
pub(super) fn span(text: &str, line: usize, column: usize) -> Range<usize> {
    let start = offset(text, line, column);
    let rest = text.get(start..).unwrap_or_default();
    let word: usize = rest
        .chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .map(char::len_utf8)
        .sum();
    let length = if word > 0 {
        word
    } else {
        rest.chars()
            .next()
            .filter(|c| *c != '\n')
            .map_or(0, char::len_utf8)
    };
    start..start + length
}
