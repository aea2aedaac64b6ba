//! Replaced pieces of a text, and the way back from the new text to the old one.

/// Pieces of a text that are to be replaced, collected in any order.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    edits: Vec<Edit>,
}

#[derive(Clone, Debug)]
struct Edit {
    start: usize,
    end: usize,
    text: String,
}

impl Edits {
    pub(super) fn replace(&mut self, start: usize, end: usize, text: impl Into<String>) {
        self.edits.push(Edit {
            start,
            end,
            text: text.into(),
        });
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at, at, text);
    }

    /// The edited text and its map. Of two edits that overlap the first one wins; insertions at
    /// the same place keep the order in which they were asked for.
    pub(super) fn apply(mut self, source: &str) -> (String, PositionMap) {
        self.edits.sort_by_key(|edit| edit.start);
        let mut out = String::with_capacity(source.len() + 64);
        let mut spans = Vec::with_capacity(self.edits.len());
        let mut at = 0;
        for edit in self.edits {
            let Some(kept) = source.get(at..edit.start) else {
                continue;
            };
            out.push_str(kept);
            let new_start = out.len();
            out.push_str(&edit.text);
            spans.push(Span {
                new_start,
                new_end: out.len(),
                old_start: edit.start,
                old_end: edit.end,
            });
            at = edit.end;
        }
        out.push_str(source.get(at..).unwrap_or_default());
        (out, PositionMap { spans })
    }
}

#[derive(Clone, Copy, Debug)]
struct Span {
    new_start: usize,
    new_end: usize,
    old_start: usize,
    old_end: usize,
}

/// Leads from byte offsets in the edited text back to the text as it was.
#[derive(Clone, Debug, Default)]
pub(crate) struct PositionMap {
    spans: Vec<Span>,
}

impl PositionMap {
    /// The offset in the old text. Inside a replaced piece it is the piece's beginning.
    pub(crate) fn old_offset(&self, new: usize) -> usize {
        let before = self.spans.partition_point(|span| span.new_start <= new);
        match before
            .checked_sub(1)
            .and_then(|index| self.spans.get(index))
        {
            None => new,
            Some(span) if new < span.new_end => span.old_start,
            Some(span) => span.old_end + (new - span.new_end),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_apply_in_order_of_place_and_map_back() {
        let source = "print x, 0644";
        let mut edits = Edits::default();
        edits.replace(9, 13, "0o644");
        edits.replace(0, 5, "show(");
        edits.insert(13, ")");
        let (text, map) = edits.apply(source);
        assert_eq!(text, "show( x, 0o644)");
        assert_eq!(map.old_offset(6), 6);
        assert_eq!(map.old_offset(11), 9);
        assert_eq!(map.old_offset(14), 13);
        assert_eq!(map.old_offset(2), 0);
    }
}
