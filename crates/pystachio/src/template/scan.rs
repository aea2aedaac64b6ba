//! Splits a text into literal pieces and the tags between them.

use super::{Reference, ReferenceError};

/// One piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fragment<'a> {
    /// Text to be taken as it is.
    Literal(&'a str),
    /// The content of `{{&content}}` or `{{&content&}}`: a tag to be left for a later pass.
    Deferred(&'a str),
    /// `{{address}}`.
    Tag(Reference),
}

/// The fragments of a text, in order. An empty literal is never produced.
///
/// A tag is two opening braces, at least one character that is not a brace, and two closing braces,
/// wherever that first fits; other braces are literal.
pub(crate) struct Fragments<'a> {
    text: &'a str,
    /// Where the next fragment begins.
    at: usize,
    /// The tag that follows a literal which was just handed out: its content and its end.
    tag: Option<(&'a str, usize)>,
}

impl<'a> Fragments<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            tag: None,
        }
    }

    /// Finds the next tag at or after `from`: where it begins, its content and where it ends.
    fn find_tag(&self, from: usize) -> Option<(usize, &'a str, usize)> {
        let bytes = &self.text.as_bytes()[from..];
        // The last opening brace that has another one before it and no brace after it.
        let mut open = None;
        for (i, byte) in bytes.iter().enumerate() {
            match byte {
                b'{' => open = (i > 0 && bytes[i - 1] == b'{').then_some(i),
                b'}' => {
                    if let Some(open) = open.take()
                        && i > open + 1
                        && bytes.get(i + 1) == Some(&b'}')
                    {
                        let content = &self.text[from + open + 1..from + i];
                        return Some((from + open - 1, content, from + i + 2));
                    }
                }
                _ => {}
            }
        }
        None
    }

    fn tag(content: &'a str) -> Result<Fragment<'a>, ReferenceError> {
        // A lone `&` is an (invalid) address, and `&&` defers the tag `{{&}}`.
        if let Some(rest) = content.strip_prefix('&')
            && !rest.is_empty()
        {
            let rest = match rest.strip_suffix('&') {
                Some(inner) if !inner.is_empty() => inner,
                _ => rest,
            };
            return Ok(Fragment::Deferred(rest));
        }
        content.parse().map(Fragment::Tag)
    }
}

impl<'a> Iterator for Fragments<'a> {
    type Item = Result<Fragment<'a>, ReferenceError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some((content, end)) = self.tag.take() {
            self.at = end;
            return Some(Self::tag(content));
        }
        if self.at == self.text.len() {
            return None;
        }
        match self.find_tag(self.at) {
            Some((start, content, end)) if start == self.at => {
                self.at = end;
                Some(Self::tag(content))
            }
            Some((start, content, end)) => {
                let literal = &self.text[self.at..start];
                self.at = start;
                self.tag = Some((content, end));
                Some(Ok(Fragment::Literal(literal)))
            }
            None => {
                let literal = &self.text[self.at..];
                self.at = self.text.len();
                Some(Ok(Fragment::Literal(literal)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Literals as they are, tags as `<address>`, deferred tags as `<&content>`.
    fn split(text: &str) -> Vec<String> {
        Fragments::new(text)
            .map(|fragment| match fragment.unwrap() {
                Fragment::Literal(text) => text.to_owned(),
                Fragment::Deferred(content) => format!("<&{content}>"),
                Fragment::Tag(reference) => format!("<{reference}>"),
            })
            .collect()
    }

    #[test]
    fn tags_are_found_between_literals() {
        assert!(split("").is_empty());
        assert_eq!(split("plain"), ["plain"]);
        assert_eq!(split("{{a}}"), ["<a>"]);
        assert_eq!(split("x{{a}}{{b[0]}}y"), ["x", "<a>", "<b[0]>", "y"]);
    }

    #[test]
    fn the_innermost_braces_make_the_tag() {
        assert_eq!(split("{{{n}}}"), ["{", "<n>", "}"]);
        assert_eq!(split("{{{{a}}}}"), ["{{", "<a>", "}}"]);
        assert_eq!(split("{{g_{{l}}}}"), ["{{g_", "<l>", "}}"]);
    }

    #[test]
    fn an_ampersand_defers_a_tag() {
        assert_eq!(split("{{&a}}{{&b&}}"), ["<&a>", "<&b>"]);
        assert_eq!(split("{{&not an address}}"), ["<&not an address>"]);
        assert_eq!(split("{{&&}}{{&&a}}"), ["<&&>", "<&&a>"]);
    }

    #[test]
    fn other_braces_are_text() {
        for text in [
            "${HOME} {} {{}} }}{{",
            "{{a}",
            "{a}}",
            "{{a}b}}",
            "{{ {x} }",
        ] {
            assert_eq!(split(text), [text]);
        }
    }

    #[test]
    fn what_is_no_address_in_a_tag_is_an_error() {
        for text in ["{{ a }}", "{{&}}", "{{a-b}}", "{{a&}}"] {
            assert!(Fragments::new(text).any(|f| f.is_err()), "{text}");
        }
    }

    /// The text without what means nothing and is not kept: leading dots and closing ampersands.
    fn plain(text: &str) -> String {
        let mut text = text.replace("{{.", "{{");
        while text.contains("&}}") {
            text = text.replace("&}}", "}}");
        }
        text
    }

    proptest! {
        #[test]
        fn nothing_of_the_text_is_lost(text in r"[a-c{}&.\[\]å]{0,40}") {
            let pieces: Option<String> = Fragments::new(&text)
                .map(|fragment| Some(match fragment.ok()? {
                    Fragment::Literal(text) => text.to_owned(),
                    Fragment::Deferred(content) => format!("{{{{&{content}}}}}"),
                    Fragment::Tag(reference) => reference.tag(),
                }))
                .collect();
            if let Some(pieces) = pieces {
                prop_assert_eq!(plain(&pieces), plain(&text));
            }
        }
    }
}
