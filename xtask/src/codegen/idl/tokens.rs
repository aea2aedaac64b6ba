//! The words, texts and marks of an IDL.

use std::fmt;
use std::str::FromStr;

#[derive(Debug, PartialEq)]
pub(super) enum Token {
    /// The text of a comment `/** … */`. Other comments are passed over.
    Doc(String),
    /// A name or a number.
    Word(String),
    /// A quoted text, without its quotes and escapes.
    Text(String),
    Mark(char),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Doc(_) => f.write_str("a comment"),
            Self::Word(word) => write!(f, "`{word}`"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Mark(mark) => write!(f, "`{mark}`"),
        }
    }
}

/// The tokens of a file that were not taken yet.
pub(super) struct Tokens {
    /// Each with its line, the next one last.
    rest: Vec<(usize, Token)>,
    /// The line of the token that was taken last.
    line: usize,
}

impl Tokens {
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let mut rest = scan(text)?;
        rest.reverse();
        Ok(Self { rest, line: 1 })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn next(&mut self) -> Option<Token> {
        let (line, token) = self.rest.pop()?;
        self.line = line;
        Some(token)
    }

    /// The last of the comments that come next.
    pub(super) fn doc(&mut self) -> Option<String> {
        let mut last = None;
        while let Some((_, Token::Doc(_))) = self.rest.last() {
            if let Some(Token::Doc(text)) = self.next() {
                last = Some(text);
            }
        }
        last
    }

    pub(super) fn word(&mut self) -> Result<String, String> {
        match self.next() {
            Some(Token::Word(word)) => Ok(word),
            found => Err(self.expected("a name", found)),
        }
    }

    pub(super) fn number<T: FromStr>(&mut self) -> Result<T, String> {
        let found = self.next();
        let number = match &found {
            Some(Token::Word(word)) => word.parse().ok(),
            _ => None,
        };
        number.ok_or_else(|| self.expected("a number", found))
    }

    pub(super) fn mark(&mut self, mark: char) -> Result<(), String> {
        match self.next() {
            Some(Token::Mark(found)) if found == mark => Ok(()),
            found => Err(self.expected(&format!("`{mark}`"), found)),
        }
    }

    /// Takes the mark if it comes next, and says whether it did.
    pub(super) fn skip(&mut self, mark: char) -> bool {
        self.skip_token(&Token::Mark(mark))
    }

    /// Takes the word if it comes next, and says whether it did.
    pub(super) fn skip_word(&mut self, word: &str) -> bool {
        self.skip_token(&Token::Word(word.to_owned()))
    }

    fn skip_token(&mut self, token: &Token) -> bool {
        let comes = self.rest.last().is_some_and(|(_, next)| next == token);
        if comes {
            self.next();
        }
        comes
    }

    pub(super) fn expected(&self, expected: &str, found: Option<Token>) -> String {
        let found = found.map_or_else(|| "the end".to_owned(), |token| token.to_string());
        self.error(&format!("expected {expected}, found {found}"))
    }

    /// A message about the token that was taken last.
    pub(super) fn error(&self, message: &str) -> String {
        format!("line {}: {message}", self.line)
    }
}

fn scan(text: &str) -> Result<Vec<(usize, Token)>, String> {
    let mut tokens = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let line = text[..text.len() - rest.len()].matches('\n').count() + 1;
        if let Some(comment) = rest.strip_prefix("/*") {
            let (comment, after) = comment
                .split_once("*/")
                .ok_or_else(|| format!("line {line}: the comment has no end"))?;
            if let Some(doc) = comment.strip_prefix('*') {
                tokens.push((line, Token::Doc(doc.trim().to_owned())));
            }
            rest = after;
        } else if rest.starts_with("//") || first == '#' {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
        } else if first == '"' || first == '\'' {
            let (quoted, after) = unquote(&rest[1..], first)
                .ok_or_else(|| format!("line {line}: the text has no end"))?;
            tokens.push((line, Token::Text(quoted)));
            rest = after;
        } else if first.is_alphanumeric() || matches!(first, '_' | '-') {
            let end = rest
                .find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '-' | '.')))
                .unwrap_or(rest.len());
            tokens.push((line, Token::Word(rest[..end].to_owned())));
            rest = &rest[end..];
        } else {
            if !first.is_whitespace() {
                tokens.push((line, Token::Mark(first)));
            }
            rest = &rest[first.len_utf8()..];
        }
    }
    Ok(tokens)
}

/// A text up to its closing quote, and what follows. A backslash makes the next character a plain one.
fn unquote(text: &str, quote: char) -> Option<(String, &str)> {
    let mut unquoted = String::new();
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        if character == quote {
            return Some((unquoted, &text[at + 1..]));
        }
        unquoted.push(match character {
            '\\' => characters.next()?.1,
            plain => plain,
        });
    }
    None
}
