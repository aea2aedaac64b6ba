//! The texts of a program, and places in them.

use std::{collections::BTreeMap, ops::Range, sync::Arc};

use super::{dialect::SourceText, error::Place};

/// The texts of all files of a program, by the names that their code carries.
#[derive(Debug, Clone, Default)]
pub struct Sources(BTreeMap<String, Arc<SourceText>>);

impl Sources {
    pub(super) fn insert(&mut self, name: String, text: SourceText) {
        self.0.insert(name, Arc::new(text));
    }

    pub(super) fn get(&self, name: &str) -> Option<&Arc<SourceText>> {
        self.0.get(name)
    }

    /// The text of a file, as its author wrote it.
    pub fn text(&self, file: &str) -> Option<&str> {
        self.0.get(file).map(|source| source.original.as_str())
    }

    /// The word at a line and column of the compiled code; both are counted from 1.
    pub fn place(&self, file: &str, line: usize, column: usize) -> Option<Place> {
        let source = self.0.get(file)?;
        let (line, column) = source.original_position(line, column);
        let text = &source.original;
        Some(Place::new(file, text.as_str(), span(text, line, column)))
    }

    /// The byte of [`Sources::text`] at a line and column of the compiled code.
    pub fn offset(&self, file: &str, line: usize, column: usize) -> Option<usize> {
        let source = self.0.get(file)?;
        let (line, column) = source.original_position(line, column);
        Some(offset(&source.original, line, column))
    }

    /// The line of the text that a line of the compiled code comes from.
    pub fn line(&self, file: &str, line: usize) -> Option<usize> {
        Some(self.0.get(file)?.original_position(line, 1).0)
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
