//! Finds the circle in which references lead.

use std::collections::HashSet;

use super::{
    Reference,
    scan::{Fragment, Fragments},
};

/// How many references are followed before the search gives up.
const MAX_REFERENCES: usize = 1000;

fn tags(text: &str) -> Vec<Reference> {
    let tag = |fragment| match fragment {
        Ok(Fragment::Tag(reference)) => Some(reference),
        _ => None,
    };
    let mut found: Vec<Reference> = Fragments::new(text).filter_map(tag).collect();
    // They are taken from the end.
    found.reverse();
    found
}

/// The first circle that the references in these texts lead to: from one of them back to itself,
/// with that one at both ends. Empty if there is none, or if it shows only when tags are put
/// together from others.
pub(super) fn find_circle(
    texts: &[&str],
    mut lookup: impl FnMut(&Reference) -> Option<String>,
) -> Vec<Reference> {
    let mut done = HashSet::new();
    for text in texts {
        let mut path: Vec<Reference> = Vec::new();
        // The references still to follow at each place of the path, and at its beginning.
        let mut open = vec![tags(text)];
        while let Some(next) = open.last_mut() {
            let Some(reference) = next.pop() else {
                open.pop();
                path.pop();
                continue;
            };
            if let Some(start) = path.iter().position(|known| *known == reference) {
                path.push(reference);
                return path.split_off(start);
            }
            if done.len() == MAX_REFERENCES || !done.insert(reference.clone()) {
                continue;
            }
            let value = lookup(&reference).unwrap_or_default();
            path.push(reference);
            open.push(tags(&value));
        }
    }
    Vec::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn circle(text: &str, table: &[(&str, &str)]) -> String {
        let circle = find_circle(&[text], |reference| {
            let name = reference.to_string();
            let entry = table.iter().find(|(key, _)| *key == name);
            entry.map(|(_, value)| (*value).to_owned())
        });
        let names: Vec<_> = circle.iter().map(Reference::to_string).collect();
        names.join(" ")
    }

    #[test]
    fn a_circle_begins_where_it_is_entered() {
        let table = [
            ("in", "{{plain}} {{a}}"),
            ("a", "{{b.c}}"),
            ("b.c", "{{d[0]}} {{plain}}"),
            ("d[0]", "{{a}}"),
            ("plain", "x"),
        ];
        assert_eq!(circle("{{plain}} {{in}}", &table), "a b.c d[0] a");
        assert_eq!(circle("{{d[0]}}", &table), "d[0] a b.c d[0]");
        assert_eq!(circle("{{x}}", &[("x", "-{{x}}")]), "x x");
    }

    #[test]
    fn what_meets_again_is_no_circle() {
        let table = [("a", "{{b}}{{c}}"), ("b", "{{c}}"), ("c", "{{&a}}")];
        assert_eq!(circle("{{a}}{{b}}", &table), "");
    }
}
