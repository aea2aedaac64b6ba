//! `[x for x in 1, 2, 3]`: a list comprehension of Python 2 goes through a bare tuple.

use super::statements::Rewriter;

impl Rewriter<'_> {
    /// Puts brackets around what a list comprehension goes through, where Python 3 wants them.
    pub(super) fn bare_iterables(&mut self) {
        let mut open = Vec::new();
        for index in 0..self.token_count() {
            match self.word(index) {
                "(" | "[" | "{" => open.push(self.word(index)),
                ")" | "]" | "}" => {
                    open.pop();
                }
                "for" if self.is_name(index) && open.last() == Some(&"[") => {
                    self.bare_iterable(index);
                }
                _ => {}
            }
        }
    }

    fn bare_iterable(&mut self, keyword: usize) {
        let depth = self.depth(keyword);
        let at_depth = |index: usize| self.depth(index) == depth;
        let Some(start) = (keyword + 1..self.token_count())
            .take_while(|&index| self.depth(index) >= depth)
            .find(|&index| at_depth(index) && self.is_name(index) && self.word(index) == "in")
        else {
            return;
        };
        let first = start + 1;
        let mut bare = self.word(first) == "lambda";
        let mut end = first;
        while end < self.token_count() && self.depth(end) >= depth {
            if at_depth(end) && self.is_name(end) && matches!(self.word(end), "for" | "if") {
                break;
            }
            bare |= at_depth(end) && self.is_op(end, ",");
            end += 1;
        }
        if bare && first < end {
            self.edits.insert(self.start(first), "(");
            self.edits.insert(self.end_before(end), ")");
        }
    }
}
