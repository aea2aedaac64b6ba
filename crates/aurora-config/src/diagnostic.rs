//! Points at the place in a file where something is wrong.

use std::{ops::Range, path::PathBuf};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

/// A place in a file, and how the file came to be read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Diagnostic {
    /// The file, as it was named.
    pub path: PathBuf,
    /// The whole text of the file; empty when it is not at hand.
    pub source: String,
    /// The bytes of `source` to point at.
    pub span: Range<usize>,
    /// A word or two to put beside the place; may be empty.
    pub label: String,
    /// The files that led here by `include`, outermost first, each with the line of the call.
    pub includes: Vec<(PathBuf, usize)>,
    /// What else there is to know, each on a line of its own.
    pub notes: Vec<String>,
    /// What may help.
    pub hint: Option<String>,
    /// What the caller could pass to help, so that a program can name its own options for it.
    pub remedies: Vec<Remedy>,
}

/// Something that a caller can pass with [`LoadOptions`](crate::LoadOptions) to get past an error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Remedy {
    /// A value for a reference, in `bindings`.
    Binding,
    /// An environment variable, in `environment`; its name where one was asked for.
    Variable(Option<String>),
    /// A folder for a hermetic file, in `hermetic_root`.
    Folder,
}

impl Diagnostic {
    /// A place in a file; everything else is left empty.
    pub fn new(path: impl Into<PathBuf>, source: impl Into<String>, span: Range<usize>) -> Self {
        Self {
            path: path.into(),
            source: source.into(),
            span,
            label: String::new(),
            includes: Vec::new(),
            notes: Vec::new(),
            hint: None,
            remedies: Vec::new(),
        }
    }

    /// The line of the place, counted from 1.
    pub fn line(&self) -> usize {
        let before = self.before();
        before.bytes().filter(|byte| *byte == b'\n').count() + 1
    }

    /// The column of the place in characters, counted from 1.
    pub fn column(&self) -> usize {
        let before = self.before();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        before[start..].chars().count() + 1
    }

    fn before(&self) -> &str {
        &self.source[..self.boundary(self.span.start)]
    }

    /// The nearest place at or before `offset` that is not inside a character.
    fn boundary(&self, offset: usize) -> usize {
        let mut offset = offset.min(self.source.len());
        while !self.source.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    }

    /// The message, the place as `file:line:column` with an excerpt, the files that led there, and
    /// the hint. With `color`, for a terminal.
    pub fn render(&self, message: &str, color: bool) -> String {
        self.render_as(&Level::ERROR, message, color)
    }

    /// As [`Diagnostic::render`], without the message.
    pub fn render_below(&self, message: &str, color: bool) -> String {
        let rendered = self.render(message, color);
        let lines = rendered.lines().skip(message.lines().count().max(1));
        lines.collect::<Vec<_>>().join("\n")
    }

    pub(crate) fn render_as(&self, level: &Level<'_>, message: &str, color: bool) -> String {
        let renderer = if color {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        let path = self.path.to_string_lossy();
        let start = self.boundary(self.span.start);
        let end = self.boundary(self.span.end.max(start));
        let title = level.clone().primary_title(message);
        let mut group = Group::with_title(title);
        if !self.source.is_empty() {
            let annotation = AnnotationKind::Primary.span(start..end);
            let annotation = if self.label.is_empty() {
                annotation
            } else {
                annotation.label(self.label.as_str())
            };
            group = group.element(
                Snippet::source(self.source.as_str())
                    .path(path.as_ref())
                    .fold(true)
                    .annotation(annotation),
            );
        }
        for (file, line) in self.includes.iter().rev() {
            let text = format!("included from {}:{line}", file.display());
            group = group.element(Level::NOTE.message(text));
        }
        for note in &self.notes {
            group = group.element(Level::NOTE.message(note.as_str()));
        }
        if let Some(hint) = &self.hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        renderer.render(&[group]).to_string()
    }
}

#[cfg(feature = "python")]
impl From<python27::interpreter::Place> for Diagnostic {
    fn from(place: python27::interpreter::Place) -> Self {
        Self {
            includes: place.includes,
            ..Self::new(place.file, place.source, place.span)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shown_with_its_line() {
        let source = "a = 1\njobs = [Jobb()]\n";
        let start = source.find("Jobb").unwrap();
        let mut place = Diagnostic::new("web.aurora", source, start..start + 4);
        place.includes = vec![("all.aurora".into(), 3)];
        place.hint = Some("did you mean `Job`?".to_owned());
        assert_eq!((place.line(), place.column()), (2, 9));
        insta::assert_snapshot!(place.render("name 'Jobb' is not defined", false), @r"
        error: name 'Jobb' is not defined
         --> web.aurora:2:9
          |
        2 | jobs = [Jobb()]
          |         ^^^^
          |
          = note: included from all.aurora:3
          = help: did you mean `Job`?
        ");
    }

    #[test]
    fn places_outside_the_text_do_no_harm() {
        let place = Diagnostic::new("å.aurora", "å", 1..99);
        assert_eq!((place.line(), place.column()), (1, 1));
        assert!(place.render("x", true).contains("å.aurora"));
        let place = Diagnostic::new("gone.aurora", "", Range { start: 5, end: 2 });
        assert!(place.render("x", false).contains('x'));
    }
}
