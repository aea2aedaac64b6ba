//! The front end for Python 2.7: from the bytes of a file to code that the interpreter runs.
//!
//! The interpreter compiles Python 3. What its parser refuses is rewritten in the text first
//! (`statements`, `literals`, over our own `tokens`); what it takes but would understand otherwise
//! is rewritten in the syntax tree (`syntax`). Lines stay where they are; columns are mapped back.

mod assignments;
mod attributes;
mod classes;
mod comparisons;
mod comprehensions;
mod dynamic;
mod edits;
mod generators;
mod iterables;
mod limits;
mod literals;
mod nodes;
mod printing;
mod source;
mod statements;
mod syntax;
mod targets;
mod tokens;

use ruff_source_file::{
    LineIndex, OneIndexed, PositionEncoding, SourceFileBuilder, SourceLocation,
};
use ruff_text_size::{Ranged, TextRange, TextSize};
use rustpython_vm::compiler::{
    CodeObject, CompileOpts, Mode, ast,
    codegen::compile::compile_top,
    parser::{self, LexicalErrorType, ParseErrorType},
};

use edits::PositionMap;
use source::Source;
pub(crate) use tokens::tokenize;

/// Why a file is not a program, with the place in the text as its author wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SyntaxError {
    /// Counted from 1.
    pub(crate) line: usize,
    /// In characters, counted from 1.
    pub(crate) column: usize,
    /// The message that Python 2.7 has for it.
    pub(crate) message: String,
    /// What the parser expected, where it says more than the message.
    pub(crate) detail: Option<String>,
}

impl SyntaxError {
    fn at_line(line: usize, message: String) -> Self {
        Self {
            line,
            column: 1,
            message,
            detail: None,
        }
    }
}

/// Compiled code together with the text it came from.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) code: CodeObject,
    pub(crate) text: SourceText,
}

/// The text of a file as its author wrote it, and how to find a place of the compiled code in it.
#[derive(Clone, Debug)]
pub(crate) struct SourceText {
    /// With `\n` line ends.
    pub(crate) original: String,
    rewritten_index: LineIndex,
    rewritten: String,
    map: PositionMap,
}

impl SourceText {
    /// A text that no code was made of.
    pub(crate) fn unparsed(text: &str) -> Self {
        Self {
            original: text.replace("\r\n", "\n"),
            rewritten_index: LineIndex::from_source_text(text),
            rewritten: text.to_owned(),
            map: PositionMap::default(),
        }
    }

    /// The line and column, counted from 1, that a line and column of the compiled code come from.
    pub(crate) fn original_position(&self, line: usize, column: usize) -> (usize, usize) {
        let (Some(line_number), Some(column_number)) =
            (OneIndexed::new(line), OneIndexed::new(column))
        else {
            return (line.max(1), 1);
        };
        if line_number > OneIndexed::from_zero_indexed(self.rewritten_index.line_count()) {
            return (line, column);
        }
        let offset = self.rewritten_index.offset(
            SourceLocation {
                line: line_number,
                character_offset: column_number,
            },
            &self.rewritten,
            PositionEncoding::Utf32,
        );
        self.position_of(offset)
    }

    fn position_of(&self, rewritten: TextSize) -> (usize, usize) {
        position(&self.original, self.map.old_offset(rewritten.to_usize()))
    }
}

fn position(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let column = before.get(line_start..).unwrap_or_default().chars().count();
    (line, column + 1)
}

/// Compiles the bytes of a file; `name` is the file name that code and messages carry.
pub(crate) fn compile_file(bytes: &[u8], name: &str) -> Result<Program, SyntaxError> {
    compile(Source::decode(bytes)?, name, Mode::Exec)
}

/// Compiles text given at run time, for `exec`, `eval` and `compile`.
pub(crate) fn compile_text(text: &str, name: &str, mode: Mode) -> Result<Program, SyntaxError> {
    compile(Source::from_text(text), name, mode)
}

/// Compiles bytes given at run time.
pub(crate) fn compile_bytes(bytes: &[u8], name: &str, mode: Mode) -> Result<Program, SyntaxError> {
    compile(Source::decode(bytes)?, name, mode)
}

fn compile(source: Source, name: &str, mode: Mode) -> Result<Program, SyntaxError> {
    let rewritten = statements::rewrite(&source);
    if let Some((offset, why)) = rewritten.refused {
        let (line, column) = position(&source.text, offset);
        return Err(SyntaxError {
            line,
            column,
            message: "invalid syntax".to_owned(),
            detail: Some(why.to_owned()),
        });
    }
    let (text, map) = rewritten.edits.apply(&source.text);
    let text = SourceText {
        original: source.text,
        rewritten_index: LineIndex::from_source_text(&text),
        rewritten: text,
        map,
    };
    let parser_mode = match mode {
        Mode::Eval => parser::Mode::Expression,
        Mode::Exec | Mode::Single | Mode::BlockExpr => parser::Mode::Module,
    };
    // White space around an expression means nothing to `eval`.
    let parsed = parser::parse(&text.rewritten, parser_mode.into())
        .map_err(|error| parse_error(&text, &error))?;
    let mut tree = parsed.into_syntax();
    let outcome = match &mut tree {
        ast::Mod::Module(module) => {
            syntax::Rewrite::module(&mut module.body, rewritten.future, &rewritten.targets)
        }
        ast::Mod::Expression(expression) => {
            syntax::Rewrite::expression(&mut expression.body, rewritten.future, &rewritten.targets)
        }
    };
    outcome.map_err(|range| invalid_syntax(&text, range, None))?;
    let file = SourceFileBuilder::new(name, text.rewritten.as_str()).finish();
    let code = compile_top(tree, file, mode, CompileOpts::default()).map_err(|error| {
        let (line, column) = error.location.map_or((1, 1), |location| {
            text.original_position(location.line.get(), location.character_offset.get())
        });
        SyntaxError {
            line,
            column,
            message: error.error.to_string(),
            detail: None,
        }
    })?;
    Ok(Program { code, text })
}

fn invalid_syntax(text: &SourceText, range: TextRange, detail: Option<String>) -> SyntaxError {
    let (line, column) = text.position_of(range.start());
    SyntaxError {
        line,
        column,
        message: "invalid syntax".to_owned(),
        detail,
    }
}

/// The innermost bracket that nothing closes, and its line.
fn open_bracket(text: &str) -> Option<(String, usize)> {
    let mut open: Vec<tokens::Token> = Vec::new();
    for token in tokens::tokenize(text) {
        match token.text(text) {
            "(" | "[" | "{" if token.kind == tokens::Kind::Op => open.push(token),
            ")" | "]" | "}" if token.kind == tokens::Kind::Op => {
                open.pop();
            }
            _ => {}
        }
    }
    let last = open.pop()?;
    Some((last.text(text).to_owned(), position(text, last.start).0))
}

/// The first bracket that another one than its own closes.
fn unclosed_bracket(text: &str) -> Option<tokens::Token> {
    let mut open: Vec<tokens::Token> = Vec::new();
    for token in tokens::tokenize(text) {
        if token.kind != tokens::Kind::Op {
            continue;
        }
        let opening = match token.text(text) {
            "(" | "[" | "{" => {
                open.push(token);
                continue;
            }
            ")" => "(",
            "]" => "[",
            "}" => "{",
            _ => continue,
        };
        let last = open.pop()?;
        if last.text(text) != opening {
            return Some(last);
        }
    }
    None
}

/// What the parser expected, in words that go on from the message.
fn detail(text: &SourceText, error: &parser::ParseError, message: &str) -> Option<String> {
    if matches!(error.error, ParseErrorType::Lexical(LexicalErrorType::Eof)) {
        let (bracket, line) = open_bracket(&text.original)?;
        return Some(format!("`{bracket}` on line {line} is never closed"));
    }
    if matches!(
        error.error,
        ParseErrorType::Lexical(LexicalErrorType::UnicodeError | LexicalErrorType::OtherError(_))
    ) {
        return None;
    }
    let words = error.error.to_string();
    let mut letters = words.chars();
    let first = letters.next()?;
    let words = format!("{}{}", first.to_lowercase(), letters.as_str());
    (words != message).then_some(words)
}

/// Whether the string at a place begins with three quotes.
fn opens_triple(text: &str, range: TextRange) -> bool {
    let rest = text.get(range.start().to_usize()..).unwrap_or_default();
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    rest.starts_with("\"\"\"") || rest.starts_with("'''")
}

fn parse_error(text: &SourceText, error: &parser::ParseError) -> SyntaxError {
    let message = match &error.error {
        ParseErrorType::OtherError(text) if text.starts_with("Expected an indented block") => {
            "expected an indented block"
        }
        ParseErrorType::UnexpectedIndentation => "unexpected indent",
        ParseErrorType::Lexical(LexicalErrorType::IndentationError) => {
            "unindent does not match any outer indentation level"
        }
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => {
            if opens_triple(&text.rewritten, error.range()) {
                "EOF while scanning triple-quoted string literal"
            } else {
                "EOL while scanning string literal"
            }
        }
        ParseErrorType::Lexical(LexicalErrorType::Eof) => "unexpected EOF while parsing",
        ParseErrorType::PositionalAfterKeywordArgument => "non-keyword arg after keyword arg",
        ParseErrorType::Lexical(LexicalErrorType::UnicodeError) => {
            "an escape in the string lacks its digits"
        }
        ParseErrorType::Lexical(LexicalErrorType::OtherError(_)) => "invalid token",
        _ => "invalid syntax",
    };
    let found = SyntaxError {
        message: message.to_owned(),
        ..invalid_syntax(text, error.range(), detail(text, error, message))
    };
    // The first wrong line is that of the bracket, not where the parser stumbles over it.
    if let Some(bracket) = unclosed_bracket(&text.original)
        && let (line, column) = position(&text.original, bracket.start)
        && line < found.line
    {
        let word = bracket.text(&text.original);
        return SyntaxError {
            line,
            column,
            message: "invalid syntax".to_owned(),
            detail: Some(format!("`{word}` is never closed")),
        };
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PIECES: &[&str] = &[
        "print ",
        "exec ",
        "raise ",
        "except ",
        "try:\n ",
        "def f",
        "lambda ",
        "class C:\n ",
        "in ",
        "import x",
        "from __future__ import division",
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ",",
        ":",
        ";",
        "=",
        "<>",
        "`",
        ">>",
        "*",
        "%",
        "/",
        "/=",
        "x",
        "y",
        "0644",
        "10L",
        "'a'",
        "u'å'",
        "ur'\\u'",
        "'''",
        "\"",
        "#c",
        "\n",
        "\n  ",
        "\n\t",
        "\\\n",
        "yield ",
        "return ",
        "if x: ",
        "for x in ",
        "async",
        "__metaclass__ = x",
        "r'\\'",
        "as ",
        "with ",
        "del ",
        ".keys",
        "not ",
        "0x",
        "1e",
    ];

    const PROGRAMS: &[&str] = &[
        include_str!("../tests/python2/print_statements.py"),
        include_str!("../tests/python2/comprehensions.py"),
        include_str!("../tests/python2/tuple_parameters.py"),
        include_str!("../tests/python2/exceptions.py"),
        include_str!("../tests/python2/words.py"),
    ];

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_program_panics_the_front_end(
            pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        ) {
            let text = pieces.concat();
            if let Err(error) = compile_file(text.as_bytes(), "any.py") {
                let lines = text.matches('\n').count() + 1;
                prop_assert!(error.line >= 1 && error.line <= lines + 1, "{error:?} in {text:?}");
            }
        }

        #[test]
        fn no_broken_program_panics_the_front_end(
            which in 0..PROGRAMS.len(),
            cut in any::<prop::sample::Index>(),
            length in 0..40_usize,
            put in prop::sample::select(PIECES),
        ) {
            let program: Vec<char> = PROGRAMS[which].chars().collect();
            let start = cut.index(program.len());
            let end = (start + length).min(program.len());
            let text: String = program[..start]
                .iter()
                .copied()
                .chain(put.chars())
                .chain(program[end..].iter().copied())
                .collect();
            let _ = compile_file(text.as_bytes(), "any.py");
        }

        #[test]
        fn no_bytes_panic_the_front_end(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = compile_file(&bytes, "any.py");
        }
    }
}
