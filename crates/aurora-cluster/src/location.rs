use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A place in a file. It prints as `FILE:LINE:COLUMN`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Location {
    /// The file, by the path that it was read from.
    pub file: Arc<Path>,
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.line, self.column)
    }
}

/// Turns byte offsets in one text into locations.
pub(crate) struct Lines<'a> {
    file: Arc<Path>,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(file: &Path, text: &'a str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: file.into(),
            text,
            starts: [0].into_iter().chain(after_newlines).collect(),
        }
    }

    /// An offset that is not a character boundary, or past the end, counts as the one before it.
    pub(crate) fn locate(&self, offset: usize) -> Location {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|&start| start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at));
        let before = start.and_then(|&start| self.text.get(start..offset));
        let column = before.map_or(0, |text| text.chars().count()) + 1;
        Location {
            file: self.file.clone(),
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let lines = Lines::new(Path::new("f"), "ab\né日x\n");
        for (offset, expected) in [
            (0, "f:1:1"),
            (2, "f:1:3"),
            (3, "f:2:1"),
            (4, "f:2:1"),
            (5, "f:2:2"),
            (8, "f:2:3"),
            (10, "f:3:1"),
            (99, "f:3:1"),
        ] {
            assert_eq!(lines.locate(offset).to_string(), expected, "{offset}");
        }
    }
}
