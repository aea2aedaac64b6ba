use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

/// A shell glob over one part of a key: `*`, `?`, `[seq]` and `[!seq]`, by characters and
/// case-sensitive.
///
/// The rules are those of Python's `fnmatch`: a `[` that is never closed is itself, a `]` right
/// after `[` or `[!` belongs to the sequence, and the only escape is a sequence of one (`[*]`).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Glob {
    text: String,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Token {
    /// `*`: any run of characters, the empty one too.
    Run,
    /// `?`: any character.
    Any,
    Literal(char),
    Sequence {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Token {
    fn matches(&self, character: char) -> bool {
        match self {
            Self::Run => false,
            Self::Any => true,
            Self::Literal(literal) => *literal == character,
            Self::Sequence { negated, ranges } => {
                let found = ranges
                    .iter()
                    .any(|&(first, last)| first <= character && character <= last);
                found != *negated
            }
        }
    }
}

impl Glob {
    pub(crate) fn new(text: &str) -> Self {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            rest = &rest[character.len_utf8()..];
            tokens.push(match character {
                // Two runs in a row match what one does.
                '*' if tokens.last() == Some(&Token::Run) => continue,
                '*' => Token::Run,
                '?' => Token::Any,
                '[' => match sequence(rest) {
                    Some((token, after)) => {
                        rest = after;
                        token
                    }
                    None => Token::Literal('['),
                },
                literal => Token::Literal(literal),
            });
        }
        Self {
            text: text.to_owned(),
            tokens,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it has none of the characters that make a wildcard: it matches itself alone.
    pub(crate) fn is_plain(&self) -> bool {
        is_plain(&self.text)
    }

    /// Walks both sides once; on a mismatch only the last `*` takes one character more. An earlier
    /// `*` never has to, so the time is bounded by the product of both lengths.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let mut rest = text.chars();
        let mut at = 0;
        let mut retry: Option<(usize, core::str::Chars<'_>)> = None;
        loop {
            if self.tokens.get(at) == Some(&Token::Run) {
                at += 1;
                retry = Some((at, rest.clone()));
                continue;
            }
            match (rest.next(), self.tokens.get(at)) {
                (None, None) => return true,
                (Some(character), Some(token)) if token.matches(character) => at += 1,
                // The text is used up, and a longer run would leave even less of it.
                (None, Some(_)) => return false,
                (Some(_), _) => {
                    let Some((after_run, run_end)) = &mut retry else {
                        return false;
                    };
                    if run_end.next().is_none() {
                        return false;
                    }
                    at = *after_run;
                    rest = run_end.clone();
                }
            }
        }
    }
}

impl fmt::Debug for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.text)
    }
}

pub(crate) fn is_plain(text: &str) -> bool {
    !text.contains(['*', '?', '['])
}

/// The sequence after a `[`, and the text after its `]`; `None` when it is never closed.
fn sequence(text: &str) -> Option<(Token, &str)> {
    let (negated, body) = match text.strip_prefix('!') {
        Some(body) => (true, body),
        None => (false, text),
    };
    // A `]` in front is a member.
    let skip = usize::from(body.starts_with(']'));
    let end = body[skip..].find(']')? + skip;
    let mut ranges = Vec::new();
    let mut members = body[..end].chars();
    while let Some(first) = members.next() {
        let mut ahead = members.clone();
        // A `-` in front or at the end is a member, and so is what a range begins with.
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(last)) => {
                members = ahead;
                ranges.push((first, last));
            }
            _ => ranges.push((first, first)),
        }
    }
    Some((Token::Sequence { negated, ranges }, &body[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shell_globs() {
        for (glob, yes, no) in [
            ("web", vec!["web"], vec!["Web", "we", "web2", ""]),
            ("*", vec!["", "a", "a.b-c"], vec![]),
            ("w*", vec!["w", "web"], vec!["", "aw"]),
            ("*b", vec!["b", "web", "bb"], vec!["", "ba"]),
            (
                "a*b*c",
                vec!["abc", "aXbXc", "abbcc"],
                vec!["ab", "acb", "abcX"],
            ),
            ("**", vec!["", "x"], vec![]),
            ("we?", vec!["web", "weé", "we?"], vec!["we", "webb"]),
            ("w[ae]b", vec!["web", "wab"], vec!["wib", "w[ae]b", "wb"]),
            ("w[!ae]b", vec!["wib", "w!b"], vec!["web", "wb"]),
            ("[a-c]", vec!["a", "b", "c"], vec!["d", "-", ""]),
            ("[!a-c]", vec!["d", "-"], vec!["b"]),
            ("[a-]", vec!["a", "-"], vec!["b"]),
            ("[-a]", vec!["a", "-"], vec!["b"]),
            ("[]a]", vec!["]", "a"], vec!["[]a]", "b"]),
            ("[!]a]", vec!["b"], vec!["]", "a"]),
            ("[*]", vec!["*"], vec!["a", ""]),
            ("[z-a]", vec![], vec!["z", "a", "m", "-"]),
            ("[^a]", vec!["^", "a"], vec!["b"]),
            ("[", vec!["["], vec![""]),
            ("w[", vec!["w["], vec!["w"]),
            ("[!", vec!["[!"], vec!["a"]),
            ("[]", vec!["[]"], vec!["", "]"]),
            ("[a", vec!["[a"], vec!["a"]),
            ("", vec![""], vec!["a"]),
            ("日*本", vec!["日本", "日x本"], vec!["日"]),
        ] {
            let compiled = Glob::new(glob);
            for text in yes {
                assert!(compiled.matches(text), "{glob:?} should match {text:?}");
            }
            for text in no {
                assert!(
                    !compiled.matches(text),
                    "{glob:?} should not match {text:?}"
                );
            }
        }
    }

    /// Backtracking into every `*` would take longer than the universe is old.
    #[test]
    fn many_stars_take_no_exponential_time() {
        let glob = Glob::new(&format!("{}b", "*a".repeat(200)));
        assert!(!glob.matches(&"a".repeat(2_000)));
    }
}
