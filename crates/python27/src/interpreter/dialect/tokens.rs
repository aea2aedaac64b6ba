//! Cuts Python 2.7 source into tokens. It never fails: what makes no sense is a token of its own,
//! and the parser that comes after says what is wrong with it.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Name,
    Number,
    /// A string with its prefix and quotes.
    Text,
    /// An operator or a delimiter.
    Op,
    Comment,
    /// The end of a logical line.
    Newline,
    /// A line end that means nothing: in brackets, or after an empty line.
    Blank,
    /// White space before the first token of a logical line.
    Indent,
}

/// A piece of the source: `start..end` are byte offsets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) kind: Kind,
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// How many brackets are open around the token; a bracket itself counts as outside.
    pub(crate) depth: usize,
}

impl Token {
    pub(crate) fn text<'s>(&self, source: &'s str) -> &'s str {
        source.get(self.start..self.end).unwrap_or_default()
    }
}

/// The operators of more than one character, longest first.
const LONG_OPERATORS: [&str; 26] = [
    "**=", "//=", ">>=", "<<=", "...", "->", ":=", "==", "!=", "<>", "<=", ">=", "+=", "-=", "*=",
    "/=", "%=", "&=", "|=", "^=", "@=", "**", "//", "<<", ">>", "!!",
];

/// All tokens of a text, in order. White space between tokens and line continuations are left out.
pub(crate) fn tokenize(source: &str) -> Vec<Token> {
    Tokenizer {
        source,
        at: 0,
        depth: 0,
        line_has_token: false,
        tokens: Vec::with_capacity(source.len() / 4),
    }
    .run()
}

struct Tokenizer<'s> {
    source: &'s str,
    at: usize,
    depth: usize,
    line_has_token: bool,
    tokens: Vec<Token>,
}

impl<'s> Tokenizer<'s> {
    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn rest(&self) -> &'s str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, accept: impl Fn(char) -> bool) {
        let rest = self.rest();
        self.at += rest.find(|c| !accept(c)).unwrap_or(rest.len());
    }

    fn push(&mut self, kind: Kind, start: usize) {
        self.tokens.push(Token {
            kind,
            start,
            end: self.at,
            depth: self.depth,
        });
    }

    fn run(mut self) -> Vec<Token> {
        let mut at_line_start = true;
        while let Some(c) = self.peek() {
            let start = self.at;
            if at_line_start {
                at_line_start = false;
                self.skip_while(|c| matches!(c, ' ' | '\t' | '\x0c'));
                if self.at > start && self.depth == 0 {
                    self.push(Kind::Indent, start);
                }
                continue;
            }
            match c {
                ' ' | '\t' | '\x0c' => self.skip_while(|c| matches!(c, ' ' | '\t' | '\x0c')),
                '\n' => {
                    self.at += 1;
                    let ends = self.depth == 0 && self.line_has_token;
                    self.push(if ends { Kind::Newline } else { Kind::Blank }, start);
                    if ends {
                        self.line_has_token = false;
                    }
                    at_line_start = !self.line_has_token && self.depth == 0;
                }
                '#' => {
                    self.skip_while(|c| c != '\n');
                    self.push(Kind::Comment, start);
                }
                '\\' if self.rest().starts_with("\\\n") => {
                    self.at += 2;
                }
                _ => {
                    self.line_has_token = true;
                    self.token(c, start);
                }
            }
        }
        if self.line_has_token {
            let start = self.at;
            self.push(Kind::Newline, start);
        }
        self.tokens
    }

    fn token(&mut self, c: char, start: usize) {
        let next = self.rest().chars().nth(1);
        match c {
            '"' | '\'' => self.string(start, start),
            c if is_name_start(c) => {
                self.skip_while(is_name_part);
                let word = self.source.get(start..self.at).unwrap_or_default();
                if is_string_prefix(word) && matches!(self.peek(), Some('"' | '\'')) {
                    self.string(start, self.at);
                } else {
                    self.push(Kind::Name, start);
                }
            }
            c if c.is_ascii_digit() => self.number(start),
            '.' if next.is_some_and(|c| c.is_ascii_digit()) => self.number(start),
            '(' | '[' | '{' => {
                self.at += 1;
                self.push(Kind::Op, start);
                self.depth += 1;
            }
            ')' | ']' | '}' => {
                self.at += 1;
                self.depth = self.depth.saturating_sub(1);
                self.push(Kind::Op, start);
            }
            _ => {
                let rest = self.rest();
                let length = LONG_OPERATORS
                    .iter()
                    .find(|operator| rest.starts_with(**operator))
                    .map_or(c.len_utf8(), |operator| operator.len());
                self.at += length;
                self.push(Kind::Op, start);
            }
        }
    }

    /// A string whose opening quote is at `quote`; one that never ends goes up to the end of its
    /// line, or of the text when it is in three quotes.
    fn string(&mut self, start: usize, quote: usize) {
        self.at = quote;
        let rest = self.rest();
        let mark = rest.get(..1).unwrap_or_default();
        let triple = mark.repeat(3);
        let (closing, long) = if rest.starts_with(&triple) {
            (triple.as_str(), true)
        } else {
            (mark, false)
        };
        self.at += closing.len();
        loop {
            let rest = self.rest();
            let Some(c) = rest.chars().next() else { break };
            if rest.starts_with(closing) {
                self.at += closing.len();
                break;
            }
            match c {
                '\\' => {
                    self.at += 1;
                    if let Some(escaped) = self.peek() {
                        self.at += escaped.len_utf8();
                    }
                }
                '\n' if !long => break,
                _ => self.at += c.len_utf8(),
            }
        }
        self.push(Kind::Text, start);
    }

    fn number(&mut self, start: usize) {
        let rest = self.rest();
        let radix = rest.get(..2).unwrap_or_default();
        match radix {
            "0x" | "0X" => self.digits_after_prefix(|c| c.is_ascii_hexdigit()),
            "0o" | "0O" => self.digits_after_prefix(|c| matches!(c, '0'..='7')),
            "0b" | "0B" => self.digits_after_prefix(|c| matches!(c, '0' | '1')),
            _ => {
                self.skip_while(|c| c.is_ascii_digit() || c == '_');
                if self.peek() == Some('.') {
                    self.at += 1;
                    self.skip_while(|c| c.is_ascii_digit() || c == '_');
                }
                self.exponent();
            }
        }
        if matches!(self.peek(), Some('l' | 'L' | 'j' | 'J')) {
            self.at += 1;
        }
        self.push(Kind::Number, start);
    }

    fn digits_after_prefix(&mut self, digit: impl Fn(char) -> bool) {
        self.at += 2;
        self.skip_while(|c| digit(c) || c == '_');
    }

    fn exponent(&mut self) {
        let mut rest = self.rest().chars();
        if !matches!(rest.next(), Some('e' | 'E')) {
            return;
        }
        let sign = match rest.next() {
            Some('+' | '-') => 1,
            Some(c) if c.is_ascii_digit() => {
                self.at += 1;
                self.skip_while(|c| c.is_ascii_digit() || c == '_');
                return;
            }
            _ => return,
        };
        if rest.next().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1 + sign;
            self.skip_while(|c| c.is_ascii_digit() || c == '_');
        }
    }
}

fn is_name_start(c: char) -> bool {
    c == '_' || c.is_alphabetic()
}

fn is_name_part(c: char) -> bool {
    c == '_' || c.is_alphanumeric()
}

fn is_string_prefix(word: &str) -> bool {
    word.len() <= 2
        && word
            .chars()
            .all(|c| matches!(c, 'r' | 'R' | 'b' | 'B' | 'u' | 'U' | 'f' | 'F' | 't' | 'T'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(source: &str) -> Vec<(Kind, &str)> {
        tokenize(source)
            .iter()
            .filter(|token| !matches!(token.kind, Kind::Newline | Kind::Blank))
            .map(|token| (token.kind, token.text(source)))
            .collect()
    }

    #[test]
    fn strings_keep_their_prefix_and_know_their_end() {
        assert_eq!(
            texts("ur'a\\'b' b\"\" '''x\n'y''' r'\\'"),
            [
                (Kind::Text, "ur'a\\'b'"),
                (Kind::Text, "b\"\""),
                (Kind::Text, "'''x\n'y'''"),
                (Kind::Text, "r'\\'"),
            ]
        );
    }

    #[test]
    fn numbers_end_where_names_begin() {
        assert_eq!(
            texts("0644 10L 0xFFl 1e5 1.5j .5 1if 1.e3"),
            [
                (Kind::Number, "0644"),
                (Kind::Number, "10L"),
                (Kind::Number, "0xFFl"),
                (Kind::Number, "1e5"),
                (Kind::Number, "1.5j"),
                (Kind::Number, ".5"),
                (Kind::Number, "1"),
                (Kind::Name, "if"),
                (Kind::Number, "1.e3"),
            ]
        );
    }

    #[test]
    fn lines_end_outside_brackets_only() {
        let source = "f(1,\n 2) # c\n\nx \\\n = 3";
        let ends: Vec<usize> = tokenize(source)
            .iter()
            .filter(|token| token.kind == Kind::Newline)
            .map(|token| token.start)
            .collect();
        assert_eq!(ends, [12, source.len()]);
    }

    #[test]
    fn depth_counts_the_brackets_around() {
        let source = "a(b[c])";
        let depths: Vec<usize> = tokenize(source).iter().map(|token| token.depth).collect();
        assert_eq!(depths, [0, 0, 1, 1, 2, 1, 0, 0]);
    }

    proptest! {
        #[test]
        fn any_text_is_cut_without_panic_and_in_order(source in "\\PC*|[ \t\n\\\\'\"urb0-9xLle.#(){}\\[\\]:;,`<>=a-z-]*") {
            let mut end = 0;
            for token in tokenize(&source) {
                prop_assert!(token.start >= end && token.end >= token.start);
                prop_assert!(source.get(token.start..token.end).is_some());
                end = token.end;
            }
        }
    }
}
