//! Finds the place of a value in JSON text again, for messages.

use std::ops::Range;

use super::read::Reader;
use crate::PathStep;

/// The bytes of the value that the steps lead to, or of the last value on the way where they lead
/// out of the text; with `key`, those of this key in it. Nothing is found in text that is not JSON.
pub fn locate<'p>(
    text: &str,
    steps: impl IntoIterator<Item = &'p PathStep>,
    key: Option<&str>,
) -> Option<Range<usize>> {
    let mut reader = Reader::new(text);
    reader.blanks();
    let mut found = reader.span()?;
    for step in steps {
        let mut reader = Reader::at(text, found.start);
        let part = match step {
            PathStep::Field(name) | PathStep::Key(name) => {
                reader.member(name).map(|(_, value)| value)
            }
            PathStep::Index(index) => reader.element(*index),
        };
        match part {
            Some(part) => found = part,
            None => break,
        }
    }
    let member = key.and_then(|key| Reader::at(text, found.start).member(key));
    Some(member.map_or(found, |(key, _)| key))
}

impl Reader<'_> {
    /// The bytes of the value here.
    fn span(&mut self) -> Option<Range<usize>> {
        let start = self.offset();
        self.value(0).ok()?;
        Some(start..self.offset())
    }

    /// A key of the object here and its value; of several equal keys the last counts.
    fn member(&mut self, name: &str) -> Option<(Range<usize>, Range<usize>)> {
        let mut found = None;
        if !self.eat(b'{') {
            return None;
        }
        loop {
            self.blanks();
            if self.peek() != Some(b'"') {
                return found;
            }
            let start = self.offset();
            let key = self.string().ok()?;
            let key_span = start..self.offset();
            self.blanks();
            if !self.eat(b':') {
                return found;
            }
            self.blanks();
            let span = self.span()?;
            if key == name {
                found = Some((key_span, span));
            }
            self.blanks();
            if !self.eat(b',') {
                return found;
            }
        }
    }

    /// The element at a position of the array here.
    fn element(&mut self, index: usize) -> Option<Range<usize>> {
        if !self.eat(b'[') {
            return None;
        }
        for position in 0.. {
            self.blanks();
            let span = self.span()?;
            if position == index {
                return Some(span);
            }
            self.blanks();
            if !self.eat(b',') {
                break;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FieldPath;

    const TEXT: &str = r#" {"jobs": [{"name": "a\u0062"}, {"task": {"processes": [1, {"n": 2}]},
        "name": "first", "links": {"a.b": "x"}, "name": "second"}]}"#;

    fn at(path: FieldPath) -> &'static str {
        &TEXT[locate(TEXT, path.steps(), None).unwrap()]
    }

    #[test]
    fn values_are_found_where_they_stand() {
        let job = || FieldPath::from("jobs").then(1);
        assert_eq!(at(job().then("name")), "\"second\"");
        assert_eq!(
            at(job().then("task").then("processes").then(1)),
            "{\"n\": 2}"
        );
        assert_eq!(at(job().then("links").then("a.b")), "\"x\"");
        assert_eq!(at(FieldPath::default()), TEXT.trim());
    }

    #[test]
    fn ways_that_lead_nowhere_end_at_the_last_value() {
        let job = || FieldPath::from("jobs").then(0);
        assert_eq!(at(job().then("task").then("x")), "{\"name\": \"a\\u0062\"}");
        assert_eq!(at(job().then("name").then("x")), "\"a\\u0062\"");
        let none: [&PathStep; 0] = [];
        assert!(locate("{", none, None).is_none());
        assert_eq!(locate(TEXT, none, Some("jobs")), Some(2..8));
        assert_eq!(locate(TEXT, none, Some("job")), Some(1..TEXT.len()));
    }
}
