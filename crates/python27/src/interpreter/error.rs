//! Why a program gave no result, and the place in it.

use std::{io, ops::Range, path::PathBuf, time::Duration};

use super::{Refusal, dialect::tokenize};

/// A place in a file of a program, and how the file came to be run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Place {
    /// The file, as it was named.
    pub file: PathBuf,
    /// The whole text of the file, with `\n` at the ends of lines; empty when it is not known.
    pub source: String,
    /// The bytes of `source` that the place is.
    pub span: Range<usize>,
    /// The files that led here by `include`, outermost first, each with the line of the call.
    pub includes: Vec<(PathBuf, usize)>,
}

impl Place {
    /// A place in a text that no other file included.
    pub fn new(file: impl Into<PathBuf>, source: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            file: file.into(),
            source: source.into(),
            span,
            includes: Vec::new(),
        }
    }

    /// Narrows the place, which is a call, down to one of its keyword arguments.
    pub(super) fn point_at_keyword(&mut self, text: &str, keyword: &str) {
        let Some(rest) = text.get(self.span.start..) else {
            return;
        };
        let tokens = tokenize(rest);
        let mut depth = 0_usize;
        for (index, token) in tokens.iter().enumerate() {
            match token.text(rest) {
                "(" | "[" | "{" => depth += 1,
                ")" | "]" | "}" if depth <= 1 => return,
                ")" | "]" | "}" => depth -= 1,
                word if depth == 1 && word == keyword => {
                    let next = tokens.get(index + 1).map(|next| next.text(rest));
                    if next == Some("=") {
                        let start = self.span.start + token.start;
                        self.span = start..start + keyword.len();
                        return;
                    }
                }
                _ => {}
            }
        }
    }

    fn before(&self) -> &str {
        let mut start = self.span.start.min(self.source.len());
        while !self.source.is_char_boundary(start) {
            start -= 1;
        }
        &self.source[..start]
    }

    /// The line, counted from 1.
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// The column in characters, counted from 1.
    pub fn column(&self) -> usize {
        let before = self.before();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        before[start..].chars().count() + 1
    }
}

/// `file:line:column`, or the file alone when its text is not known.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.file.display())?;
        if !self.source.is_empty() {
            write!(f, ":{}:{}", self.line(), self.column())?;
        }
        Ok(())
    }
}

/// An exception that the program did not catch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exception {
    /// The name of its class.
    pub class: String,
    /// The names of the classes that it derives from, nearest first.
    pub bases: Vec<String>,
    /// `str()` of it in the words of Python 2.7.
    pub message: String,
    /// Where it was raised.
    pub place: Place,
    /// A word or two about the place, from the [`Host`](super::Host).
    pub label: Option<String>,
    /// What may help.
    pub hint: Option<String>,
    /// The variable of the environment that a hermetic program missed.
    pub hidden_variable: Option<String>,
}

impl Exception {
    /// Whether it is of a class, or of one that derives from it.
    pub fn is_a(&self, class: &str) -> bool {
        self.class == class || self.bases.iter().any(|base| base == class)
    }
}

/// A limit that a program went beyond.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// It ran longer than this.
    Time(Duration),
    /// It took more memory than so many bytes.
    Memory(u64),
}

/// What a program was to do when it had to end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file of the program cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The text is not a program of Python 2.7.
    #[error("{place}: {message}")]
    Syntax {
        /// The words of Python 2.7.
        message: String,
        /// What the parser expected, where it says more than the message.
        hint: Option<String>,
        /// Where.
        place: Box<Place>,
    },
    /// An exception was not caught.
    #[error("{}: {}: {}", .0.place, .0.class, .0.message)]
    Exception(Box<Exception>),
    /// The program called `sys.exit`.
    #[error("the program ended itself with the exit code {code}")]
    Exit {
        /// The exit code; 1 when it gave a message, which was written to `sys.stderr`.
        code: i32,
    },
    /// A hermetic program reached for something outside of it.
    #[error("{place}: `{what}` is refused to a hermetic program; {}", refusal.hint())]
    Refused {
        /// What it called or imported.
        what: String,
        /// Which kind of thing that is.
        refusal: Refusal,
        /// Where.
        place: Box<Place>,
    },
    /// The program went beyond a limit.
    #[error("{place}: the program {}", match limit {
        Limit::Time(time) => format!("ran longer than {} seconds", time.as_secs_f64()),
        Limit::Memory(bytes) => format!("took more than {} MiB of memory", bytes >> 20),
    })]
    Limit {
        /// Which one.
        limit: Limit,
        /// Where it was interrupted; the file alone when the interruption did not get through.
        place: Box<Place>,
    },
    /// The interpreter ended without a result, which is a mistake of the interpreter.
    #[error("the interpreter failed: {reason}")]
    Interpreter {
        /// What is known about it.
        reason: String,
    },
}
