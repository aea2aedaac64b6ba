//! References: the addresses between double braces, such as `thermos.ports[http]`.

use std::{cmp::Ordering, fmt, str::FromStr, sync::Arc};

/// One step of a [`Reference`].
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Step {
    /// `.name`: a field, or a name in an environment.
    Name(Arc<str>),
    /// `[index]`: an element of a list, or the value under a key of a map.
    Index(Arc<str>),
}

impl Step {
    /// The text of the step without its dot or brackets.
    pub fn text(&self) -> &str {
        match self {
            Self::Name(text) | Self::Index(text) => text,
        }
    }
}

/// An address into nested values: names joined by dots, and indices in brackets (`a.b[c]`).
///
/// A name is letters, digits and `_`, and does not begin with a digit. An index is letters, digits,
/// `_` and `-`. The first step may be either; a leading dot is allowed and not kept.
///
/// ```
/// use pystachio::Reference;
///
/// let port: Reference = "thermos.ports[http]".parse()?;
/// assert_eq!(port.steps().len(), 3);
/// assert_eq!(port.to_string(), "thermos.ports[http]");
/// assert!("9lives".parse::<Reference>().is_err());
/// # Ok::<(), pystachio::ReferenceError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Reference {
    steps: Arc<[Step]>,
}

/// A text that is not a [`Reference`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{address}` is not a reference; write names joined by dots, and indices in brackets, such as `a.b[0]`"
)]
#[non_exhaustive]
pub struct ReferenceError {
    /// The text as it was given.
    pub address: String,
    /// Where the first part that does not fit begins, in bytes.
    pub offset: usize,
}

impl ReferenceError {
    /// The words of the released client for the same mistake.
    pub fn released_text(&self) -> String {
        let begins = |c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '[' | '.');
        match self.address.chars().next() {
            None => "Invalid address: ''".to_owned(),
            Some(first) if !begins(first) => self.address.clone(),
            Some('[' | '.') => format!("Badly formed address {}", self.address),
            Some(_) => format!("Badly formed address .{}", self.address),
        }
    }
}

impl ReferenceError {
    /// What to write instead.
    pub fn advice(&self) -> String {
        let address = self.address.as_str();
        if let Ok(meant) = address.trim().parse::<Reference>() {
            return format!("write it without blanks: `{}`", meant.tag());
        }
        // The first byte that does not fit; `offset` is where its step begins.
        let (before, step) = address.split_at(self.offset);
        let mut rest = step.chars();
        match rest.next() {
            None => "write a name between the braces, as in `{{name}}`".to_owned(),
            Some(sign @ ('#' | '^' | '/' | '>' | '!' | '=' | '{')) if before.is_empty() => {
                format!("only values can be inserted: there is nothing like `{{{{{sign}…}}}}`")
            }
            Some('[') => Self::advice_for_index(rest.as_str()),
            Some('.') => match rest.next() {
                None | Some('.' | '[') => "write a name after each dot, as in `{{a.b}}`".to_owned(),
                Some('0'..='9') => {
                    let digits = step[1..].chars().take_while(char::is_ascii_digit);
                    let index: String = digits.collect();
                    format!(
                        "a name does not begin with a digit: an element is `{{{{{before}[{index}]}}}}`"
                    )
                }
                Some(other) => Self::advice_for_name(other),
            },
            Some('0'..='9') => "a name does not begin with a digit".to_owned(),
            Some(_) if before.ends_with(']') => {
                "after an index comes a dot or another index, as in `{{a[b].c}}`".to_owned()
            }
            Some(other) => Self::advice_for_name(other),
        }
    }

    fn advice_for_name(sign: char) -> String {
        match sign {
            ' ' | '\t' | '\n' | '\r' => "a reference has no blanks in it".to_owned(),
            sign => format!("a name has only letters, digits and `_`, so no `{sign}`"),
        }
    }

    fn advice_for_index(rest: &str) -> String {
        let fits = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        match rest.chars().find(|c| !fits(c)) {
            None => "close the bracket, as in `{{a[b]}}`".to_owned(),
            Some(']') => {
                "write a key or a number between the brackets, as in `{{a[0]}}`".to_owned()
            }
            Some(' ') => "an index has no blanks in it".to_owned(),
            Some(sign) => format!("an index has only letters, digits, `_` and `-`, so no `{sign}`"),
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Reference {
    /// The steps of the address, first to last; there is at least one.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The reference with these steps, outermost first.
    pub fn from_steps(steps: impl Into<Arc<[Step]>>) -> Self {
        Self {
            steps: steps.into(),
        }
    }

    /// The steps, outermost first.
    pub fn into_steps(self) -> Arc<[Step]> {
        self.steps
    }

    /// This address followed by another one.
    pub fn join(&self, rest: &Self) -> Self {
        let steps = self.steps.iter().chain(rest.steps.iter()).cloned();
        Self::from_steps(steps.collect::<Vec<_>>())
    }

    /// The address as it is written between braces.
    pub fn tag(&self) -> String {
        format!("{{{{{self}}}}}")
    }

    fn scan(text: &str) -> Result<Vec<Step>, usize> {
        let bytes = text.as_bytes();
        let run = |from: usize, accept: fn(u8) -> bool| {
            let length = bytes[from..].iter().take_while(|b| accept(**b)).count();
            from + length
        };
        let mut steps = Vec::new();
        let mut at = 0;
        if !matches!(bytes.first(), Some(b'.' | b'[')) {
            let end = run(0, is_word);
            if end == 0 || bytes[0].is_ascii_digit() {
                return Err(0);
            }
            steps.push(Step::Name(text[..end].into()));
            at = end;
        }
        while at < bytes.len() {
            let start = at + 1;
            match bytes[at] {
                b'.' => {
                    let end = run(start, is_word);
                    if end == start || bytes[start].is_ascii_digit() {
                        return Err(at);
                    }
                    steps.push(Step::Name(text[start..end].into()));
                    at = end;
                }
                b'[' => {
                    let end = run(start, |b| is_word(b) || b == b'-');
                    if end == start || bytes.get(end) != Some(&b']') {
                        return Err(at);
                    }
                    steps.push(Step::Index(text[start..end].into()));
                    at = end + 1;
                }
                _ => return Err(at),
            }
        }
        Ok(steps)
    }
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        match Self::scan(text) {
            Ok(steps) => Ok(Self::from_steps(steps)),
            Err(offset) => Err(ReferenceError {
                address: text.to_owned(),
                offset,
            }),
        }
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, step) in self.steps.iter().enumerate() {
            match step {
                Step::Name(name) if position == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Reference({self})")
    }
}

impl PartialOrd for Reference {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reference {
    /// Shorter addresses come first, then the texts of the steps decide.
    fn cmp(&self, other: &Self) -> Ordering {
        let lengths = self.steps.len().cmp(&other.steps.len());
        lengths.then_with(|| self.steps.cmp(&other.steps))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn refused(text: &str) -> usize {
        text.parse::<Reference>().unwrap_err().offset
    }

    #[test]
    fn addresses_are_names_and_indices() {
        for text in [
            "a",
            "_",
            "a.b[c]",
            "zoom[min]",
            "[0]",
            "[x-1][-2].y",
            "thermos.ports[http]",
        ] {
            assert_eq!(text.parse::<Reference>().unwrap().to_string(), text);
        }
        assert_eq!(".a.b".parse::<Reference>(), "a.b".parse());
    }

    #[test]
    fn what_is_no_address_is_refused_where_it_goes_wrong() {
        assert_eq!(refused(""), 0);
        assert_eq!(refused("9lives"), 0);
        assert_eq!(refused(" loudly "), 0);
        assert_eq!(refused("a b"), 1);
        assert_eq!(refused("a.9"), 1);
        assert_eq!(refused("a..b"), 1);
        assert_eq!(refused("a[b"), 1);
        assert_eq!(refused("a[]"), 1);
        assert_eq!(refused("a[b c]"), 1);
        assert_eq!(refused("a[b]c"), 4);
        assert_eq!(refused("å"), 0);
    }

    #[test]
    fn advice_is_about_what_was_written() {
        let advice: Vec<_> = [
            " a ", "a b", "", "#x", "/x", ">x", "9a", "a-b", "å", "a..b", "a.", "a.[b]", "a.9",
            "a.-", "a[", "a[b", "a[]", "a[b/c]", "a[b c]", "a[{{b}}]", "a[b]c",
        ]
        .into_iter()
        .map(|text| {
            format!(
                "{text:8} {}",
                text.parse::<Reference>().unwrap_err().advice()
            )
        })
        .collect();
        insta::assert_snapshot!(advice.join("\n"), @r"
         a       write it without blanks: `{{a}}`
        a b      a reference has no blanks in it
                 write a name between the braces, as in `{{name}}`
        #x       only values can be inserted: there is nothing like `{{#…}}`
        /x       only values can be inserted: there is nothing like `{{/…}}`
        >x       only values can be inserted: there is nothing like `{{>…}}`
        9a       a name does not begin with a digit
        a-b      a name has only letters, digits and `_`, so no `-`
        å        a name has only letters, digits and `_`, so no `å`
        a..b     write a name after each dot, as in `{{a.b}}`
        a.       write a name after each dot, as in `{{a.b}}`
        a.[b]    write a name after each dot, as in `{{a.b}}`
        a.9      a name does not begin with a digit: an element is `{{a[9]}}`
        a.-      a name has only letters, digits and `_`, so no `-`
        a[       close the bracket, as in `{{a[b]}}`
        a[b      close the bracket, as in `{{a[b]}}`
        a[]      write a key or a number between the brackets, as in `{{a[0]}}`
        a[b/c]   an index has only letters, digits, `_` and `-`, so no `/`
        a[b c]   an index has no blanks in it
        a[{{b}}] an index has only letters, digits, `_` and `-`, so no `{`
        a[b]c    after an index comes a dot or another index, as in `{{a[b].c}}`
        ");
    }

    #[test]
    fn shorter_addresses_sort_first() {
        let mut all: Vec<Reference> = ["b", "a.b", "a", "a[b]"].map(|t| t.parse().unwrap()).into();
        all.sort();
        let texts: Vec<_> = all.iter().map(Reference::to_string).collect();
        assert_eq!(texts, ["a", "b", "a.b", "a[b]"]);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed_or_refused(text in any::<String>()) {
            if let Ok(reference) = text.parse::<Reference>() {
                prop_assert_eq!(reference.to_string(), text.strip_prefix('.').unwrap_or(&text));
            }
        }

        #[test]
        fn addresses_survive_a_round_trip(
            text in r"[a-zA-Z_]\w{0,5}(\.[a-zA-Z_][a-zA-Z0-9_]{0,5}|\[[a-zA-Z0-9_-]{1,5}\]){0,5}"
        ) {
            let Ok(reference) = text.parse::<Reference>() else {
                // `\w` in the generator knows letters that an address does not.
                prop_assume!(text.is_ascii());
                return Err(TestCaseError::fail(text));
            };
            prop_assert_eq!(reference.to_string().parse::<Reference>().unwrap(), reference);
        }
    }
}
