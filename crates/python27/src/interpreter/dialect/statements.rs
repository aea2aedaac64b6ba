//! Rewrites what Python 3's grammar refuses: `print` and `exec` statements, `except E, e`,
//! `raise E, v`, backticks, `<>`, old literals, tuple parameters, tabs beside blanks.

use super::{
    edits::Edits,
    limits,
    literals::{self, Literals, NumberEdit},
    source::{Coding, Source},
    tokens::{Kind, Token, tokenize},
};

/// A file in the parser's grammar, with what did not fit into it.
pub(super) struct Rewritten {
    pub(super) edits: Edits,
    /// The targets behind the names `__py2_target_N__`: tuple parameters, and the targets of
    /// `except E, target` that are not names.
    pub(super) targets: Vec<String>,
    pub(super) future: Future,
    /// Where the text has something that is not allowed, and why not.
    pub(super) refused: Option<(usize, &'static str)>,
}

/// The `from __future__ import` names that change how a file is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Future {
    pub(super) division: bool,
    pub(super) print_function: bool,
    pub(super) unicode_literals: bool,
}

/// The name under which a rewritten target travels through the parser.
pub(super) fn target_name(index: usize) -> String {
    format!("__py2_target_{index}__")
}

/// The index in [`Rewritten::targets`] that a name refers to.
pub(super) fn target_index(name: &str) -> Option<usize> {
    name.strip_prefix("__py2_target_")?
        .strip_suffix("__")?
        .parse()
        .ok()
}

/// The name under which a word that only Python 3 keeps for itself travels through the parser.
fn word_name(word: &str) -> String {
    format!("__py2_name_{word}__")
}

/// The word behind a name.
pub(super) fn word_of(name: &str) -> Option<&str> {
    name.strip_prefix("__py2_name_")?.strip_suffix("__")
}

pub(super) fn rewrite(source: &Source) -> Rewritten {
    let text = source.text.as_str();
    let all = tokenize(text);
    let tokens: Vec<Token> = all
        .iter()
        .copied()
        .filter(|token| !matches!(token.kind, Kind::Comment | Kind::Blank | Kind::Indent))
        .collect();
    let mut rewriter = Rewriter {
        text,
        tokens: &tokens,
        edits: Edits::default(),
        targets: Vec::new(),
        future: Future::default(),
        coding: source.coding,
        own_truth: false,
    };
    let statements = rewriter.statements();
    rewriter.own_truth = statements
        .iter()
        .any(|&(first, end)| rewriter.assigns_truth(first, end));
    for &(first, end) in &statements {
        rewriter.read_future(first, end);
    }
    rewriter.indentation(&all);
    rewriter.simple_tokens();
    rewriter.tuple_parameters();
    rewriter.bare_iterables();
    for (first, end) in statements {
        rewriter.statement(first, end);
    }
    Rewritten {
        edits: rewriter.edits,
        targets: rewriter.targets,
        future: rewriter.future,
        refused: limits::refused(text, &tokens),
    }
}

pub(super) struct Rewriter<'s> {
    text: &'s str,
    tokens: &'s [Token],
    pub(super) edits: Edits,
    targets: Vec<String>,
    future: Future,
    coding: Coding,
    /// The file makes `True` or `False` names of its own.
    own_truth: bool,
}

impl<'s> Rewriter<'s> {
    pub(super) fn word(&self, index: usize) -> &'s str {
        self.tokens
            .get(index)
            .map_or("", |token| token.text(self.text))
    }

    pub(super) fn token_count(&self) -> usize {
        self.tokens.len()
    }

    pub(super) fn kind(&self, index: usize) -> Option<Kind> {
        self.tokens.get(index).map(|token| token.kind)
    }

    pub(super) fn is_op(&self, index: usize, operator: &str) -> bool {
        self.kind(index) == Some(Kind::Op) && self.word(index) == operator
    }

    pub(super) fn is_name(&self, index: usize) -> bool {
        self.kind(index) == Some(Kind::Name)
    }

    pub(super) fn depth(&self, index: usize) -> usize {
        self.tokens.get(index).map_or(0, |token| token.depth)
    }

    pub(super) fn start(&self, index: usize) -> usize {
        self.tokens
            .get(index)
            .map_or(self.text.len(), |token| token.start)
    }

    /// Where the token before `index` ends.
    pub(super) fn end_before(&self, index: usize) -> usize {
        index
            .checked_sub(1)
            .and_then(|before| self.tokens.get(before))
            .map_or(0, |token| token.end)
    }

    /// The simple statements and the headers of compound ones, as `first..end` of tokens.
    fn statements(&self) -> Vec<(usize, usize)> {
        const COMPOUND: [&str; 11] = [
            "if", "elif", "else", "for", "while", "try", "except", "finally", "with", "def",
            "class",
        ];
        let mut statements = Vec::new();
        let mut first = 0;
        let mut lambdas = 0usize;
        for (index, token) in self.tokens.iter().enumerate() {
            let word = token.text(self.text);
            let ends = match token.kind {
                Kind::Newline => true,
                Kind::Name if token.depth == 0 && word == "lambda" => {
                    lambdas += 1;
                    false
                }
                Kind::Op if token.depth == 0 && word == ";" => true,
                Kind::Op if token.depth == 0 && word == ":" => {
                    if lambdas > 0 {
                        lambdas -= 1;
                        false
                    } else {
                        self.is_name(first) && COMPOUND.contains(&self.word(first))
                    }
                }
                _ => false,
            };
            if ends {
                if first < index {
                    statements.push((first, index));
                }
                first = index + 1;
                lambdas = 0;
            }
        }
        statements
    }

    /// Whether it is `True = 1` or the like.
    fn assigns_truth(&self, first: usize, end: usize) -> bool {
        self.is_name(first)
            && matches!(self.word(first), "True" | "False")
            && (first..end).any(|index| self.depth(index) == 0 && self.is_op(index, "="))
    }

    fn read_future(&mut self, first: usize, end: usize) {
        if self.word(first) != "from"
            || self.word(first + 1) != "__future__"
            || self.word(first + 2) != "import"
        {
            return;
        }
        for index in first + 3..end {
            match self.word(index) {
                "division" => self.future.division = true,
                "print_function" => self.future.print_function = true,
                "unicode_literals" => self.future.unicode_literals = true,
                _ => {}
            }
        }
    }

    /// A tab goes to the next column that eight divides, as it always did before Python 3.
    fn indentation(&mut self, all: &[Token]) {
        for token in all.iter().filter(|token| token.kind == Kind::Indent) {
            let text = token.text(self.text);
            if text.bytes().all(|byte| byte == b' ') {
                continue;
            }
            let columns = text.bytes().fold(0, |column, byte| match byte {
                b'\t' => (column / 8 + 1) * 8,
                b'\x0c' => 0,
                _ => column + 1,
            });
            self.edits
                .replace(token.start, token.end, " ".repeat(columns));
        }
    }

    fn simple_tokens(&mut self) {
        let literals = Literals {
            coding: self.coding,
            unicode: self.future.unicode_literals,
        };
        let mut backticks: Vec<usize> = Vec::new();
        for (index, token) in self.tokens.iter().enumerate() {
            let word = token.text(self.text);
            let replacement = match token.kind {
                Kind::Number => match literals::number(word) {
                    Some(NumberEdit::Spelled(spelled)) => spelled,
                    Some(NumberEdit::Long(digits)) => format!("__py2_long__({digits})"),
                    None => continue,
                },
                Kind::Text => match literals::string(word, literals) {
                    Some(literal) => literal,
                    None => continue,
                },
                Kind::Op if word == "<>" => "!=".to_owned(),
                Kind::Op if word == "`" => {
                    if backticks.last() == Some(&token.depth) {
                        backticks.pop();
                        "))".to_owned()
                    } else {
                        backticks.push(token.depth);
                        "__py2_repr__((".to_owned()
                    }
                }
                // Names like any other in Python 2.
                Kind::Name if matches!(word, "async" | "await" | "nonlocal") => {
                    if self.is_keyword_use(index, word) {
                        continue;
                    }
                    word_name(word)
                }
                Kind::Name if self.own_truth && matches!(word, "True" | "False") => word_name(word),
                _ => continue,
            };
            self.edits.replace(token.start, token.end, replacement);
        }
    }

    /// Whether `async`, `await` or `nonlocal` is meant as the keyword of Python 3.
    fn is_keyword_use(&self, index: usize, word: &str) -> bool {
        let next = self.word(index + 1);
        match word {
            "async" => matches!(next, "def" | "for" | "with"),
            "nonlocal" => self.is_name(index + 1) && !matches!(next, "in" | "is" | "and" | "or"),
            _ => self.tokens.windows(2).any(|pair| match pair {
                [first, second] => {
                    first.text(self.text) == "async" && second.text(self.text) == "def"
                }
                _ => false,
            }),
        }
    }

    /// `def f(a, (b, c))` and `lambda (k, v): v`: the pattern becomes a name of its own.
    fn tuple_parameters(&mut self) {
        let mut index = 0;
        while index < self.tokens.len() {
            match self.word(index) {
                "lambda" if self.is_name(index) => {
                    self.parameters(index + 1, self.depth(index));
                }
                "def" if self.is_name(index) && self.is_op(index + 2, "(") => {
                    self.parameters(index + 3, self.depth(index + 2) + 1);
                }
                _ => {}
            }
            index += 1;
        }
    }

    fn parameters(&mut self, first: usize, depth: usize) {
        let mut at_parameter = true;
        let mut index = first;
        while let Some(token) = self.tokens.get(index) {
            if token.depth < depth || token.kind == Kind::Newline {
                return;
            }
            if token.depth == depth && token.kind == Kind::Op {
                match token.text(self.text) {
                    ":" | ")" | "]" | "}" => return,
                    "," => {
                        at_parameter = true;
                        index += 1;
                        continue;
                    }
                    "(" if at_parameter => {
                        let Some(close) = self.closing(index) else {
                            return;
                        };
                        self.replace_by_target(index, close + 1, "");
                        index = close;
                    }
                    _ => {}
                }
            }
            at_parameter = false;
            index += 1;
        }
    }

    /// The bracket that closes the one at `open`.
    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        let depth = self.depth(open);
        (open + 1..self.tokens.len()).find(|&index| {
            self.depth(index) == depth
                && self.kind(index) == Some(Kind::Op)
                && matches!(self.word(index), ")" | "]" | "}")
        })
    }

    fn replace_by_target(&mut self, first: usize, end: usize, before: &str) {
        let (start, stop) = (self.start(first), self.end_before(end));
        let name = target_name(self.targets.len());
        let target = self.text.get(start..stop).unwrap_or_default();
        self.targets.push(target.replace('\n', " "));
        let lines = "\n".repeat(target.matches('\n').count());
        // A pattern over several lines is in brackets, where line ends mean nothing.
        self.edits
            .replace(start, stop, format!("{before}{name}{lines}"));
    }

    fn statement(&mut self, first: usize, end: usize) {
        if !self.is_name(first) {
            return;
        }
        match self.word(first) {
            "print" if !self.future.print_function => self.print(first, end),
            "exec" => self.exec(first, end),
            "raise" => self.raise(first, end),
            "except" => self.except(first, end),
            _ => {}
        }
    }

    /// The commas of a statement that no bracket holds.
    fn commas(&self, first: usize, end: usize) -> Vec<usize> {
        let mut commas = Vec::new();
        let mut lambdas = 0usize;
        for index in first..end {
            if self.depth(index) > 0 {
                continue;
            }
            match self.word(index) {
                "lambda" if self.is_name(index) => lambdas += 1,
                ":" if self.is_op(index, ":") => lambdas = lambdas.saturating_sub(1),
                "," if self.is_op(index, ",") && lambdas == 0 => commas.push(index),
                _ => {}
            }
        }
        commas
    }

    fn print(&mut self, first: usize, end: usize) {
        let next = first + 1;
        let keyword_end = self.end_before(next);
        if next == end {
            self.edits
                .replace(self.start(first), keyword_end, "__py2_print__(None)");
            return;
        }
        if self.is_op(next, "(") {
            if self.closing(next) == Some(end - 1) && self.has_call_arguments(next, end - 1) {
                return;
            }
        } else if self.kind(next) == Some(Kind::Op)
            && !matches!(
                self.word(next),
                ">>" | "[" | "{" | "-" | "+" | "~" | "`" | "..."
            )
        {
            // `print = log`, `print.x`: a name after all.
            return;
        } else if self.is_name(next) && matches!(self.word(next), "in" | "is" | "and" | "or" | "if")
        {
            return;
        }
        let trailing = self.is_op(end - 1, ",");
        let function = if trailing {
            "__py2_print_open__"
        } else {
            "__py2_print__"
        };
        if self.is_op(next, ">>") {
            if next + 1 == end {
                return;
            }
            self.edits.replace(
                self.start(first),
                self.end_before(next + 1),
                format!("{function}("),
            );
        } else {
            self.edits
                .replace(self.start(first), keyword_end, format!("{function}(None,"));
        }
        self.edits.insert(self.end_before(end), ")");
    }

    /// Whether brackets hold what only the arguments of a call can hold: `name=` or `*args`.
    fn has_call_arguments(&self, open: usize, close: usize) -> bool {
        let inside = self.depth(open) + 1;
        (open + 1..close).any(|index| {
            self.depth(index) == inside
                && ((self.is_op(index, "=") && self.is_name(index - 1))
                    || ((self.is_op(index, "*") || self.is_op(index, "**"))
                        && (self.is_op(index - 1, "(") || self.is_op(index - 1, ","))))
        })
    }

    fn exec(&mut self, first: usize, end: usize) {
        let next = first + 1;
        if next >= end {
            return;
        }
        let separator =
            (next..end).find(|&index| self.depth(index) == 0 && self.word(index) == "in");
        let called = self.is_op(next, "(") && self.closing(next) == Some(end - 1);
        if separator.is_none()
            && (called || self.kind(next) == Some(Kind::Op) && !self.is_op(next, "("))
        {
            return;
        }
        self.edits
            .replace(self.start(first), self.end_before(next), "exec(");
        if let Some(separator) = separator {
            self.edits
                .replace(self.start(separator), self.end_before(separator + 1), ",");
        }
        self.edits.insert(self.end_before(end), ")");
    }

    fn raise(&mut self, first: usize, end: usize) {
        if !matches!(self.commas(first + 1, end).len(), 1 | 2) {
            return;
        }
        self.edits
            .insert(self.end_before(first + 1), " __py2_raise__(");
        self.edits.insert(self.end_before(end), ")");
    }

    fn except(&mut self, first: usize, end: usize) {
        let commas = self.commas(first + 1, end);
        let &[comma] = commas.as_slice() else { return };
        let target = comma + 1;
        if target >= end {
            return;
        }
        if target + 1 == end && self.is_name(target) {
            self.edits
                .replace(self.start(comma), self.end_before(target), " as");
        } else {
            self.edits
                .replace(self.start(comma), self.end_before(target), " as ");
            self.replace_by_target(target, end, "");
        }
    }
}
