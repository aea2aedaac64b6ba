//! What checking a whole configuration found.

use std::path::{Path, PathBuf};

use annotate_snippets::Level;
use serde::{Serialize, Serializer};

use crate::{Diagnostic, Error, FieldPath};

/// Everything that is wrong with a file and its jobs.
///
/// Serialised, it is an object with `file` (text, or null for jobs without a file),
/// `problems` of the file as a whole, and `jobs`: objects with the `key` of a job and its
/// `problems`. See [`Finding`] for those.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// The file, as it was named.
    pub file: Option<PathBuf>,
    /// Problems that belong to no single job.
    pub problems: Vec<Finding>,
    /// The jobs in the order of the file.
    pub jobs: Vec<CheckedJob>,
}

/// A job of a [`Report`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
pub struct CheckedJob {
    /// Its key, as [`Configuration::job_keys`](crate::Configuration::job_keys) has it.
    pub key: String,
    /// Its problems, in the order of the rules.
    pub problems: Vec<Finding>,
}

impl Report {
    pub(crate) fn new(file: Option<&Path>) -> Self {
        Self {
            file: file.map(Path::to_owned),
            problems: Vec::new(),
            jobs: Vec::new(),
        }
    }

    /// The report of a file that could not be loaded.
    pub fn of_failure(file: &Path, error: &Error) -> Self {
        Self {
            problems: vec![Finding::error(error)],
            ..Self::new(Some(file))
        }
    }

    /// All findings: those of the file, then those of its jobs.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> + '_ {
        let of_jobs = self.jobs.iter().flat_map(|job| &job.problems);
        self.problems.iter().chain(of_jobs)
    }

    /// How many findings are of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        let of_it = self
            .findings()
            .filter(|finding| finding.severity == severity);
        of_it.count()
    }
}

/// How bad a [`Finding`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Severity {
    /// The job cannot be created.
    Error,
    /// The job can be created, and may not do what its author wants.
    Warning,
    /// Nothing is wrong.
    Note,
}

impl Severity {
    /// The word for it, as in JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// One thing that is wrong.
///
/// Serialised, it is an object with `severity` (`error`, `warning` or `note`), `message`, `field`
/// (`jobs[3].task.processes[1].cmdline`), `file`, `line` and `column` (numbers from 1, the column in
/// characters), `hint`, `includes` (objects with `file` and `line` of the calls of `include` that led to the file,
/// outermost first) and `notes` (texts). All are always there; unknown values are null or empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Whether it keeps the job from being created.
    pub severity: Severity,
    /// The message.
    pub message: String,
    /// From the jobs of the file to the part to blame; empty for the file as a whole.
    pub field: FieldPath,
    /// What may help.
    pub hint: Option<String>,
    /// Where the part to blame was made.
    pub place: Option<Diagnostic>,
}

impl Finding {
    pub(crate) fn error(error: &Error) -> Self {
        Self::new(Severity::Error, error)
    }

    pub(crate) fn note(error: &Error) -> Self {
        Self::new(Severity::Note, error)
    }

    pub(crate) fn warning(error: &Error) -> Self {
        Self::new(Severity::Warning, error)
    }

    fn new(severity: Severity, error: &Error) -> Self {
        Self {
            severity,
            message: essence(&error.to_string()).to_owned(),
            field: error.field().cloned().unwrap_or_default(),
            hint: error.hint().map(str::to_owned),
            place: error.diagnostic().cloned(),
        }
    }

    /// The line and the column of the place, numbers from 1; none where the text of the file is not at hand.
    pub fn position(&self) -> Option<(usize, usize)> {
        let place = self.place.as_ref().filter(|it| !it.source.is_empty())?;
        Some((place.line(), place.column()))
    }

    /// The finding over several lines: the excerpt of the file, the field of the job, the hint.
    /// With `color`, for a terminal.
    pub fn render(&self, color: bool) -> String {
        if let Some(place) = &self.place {
            let level = match self.severity {
                Severity::Error => Level::ERROR,
                Severity::Warning => Level::WARNING,
                Severity::Note => Level::NOTE,
            };
            return place.render_as(&level, &self.message, color);
        }
        let mut text = format!("{}: {}", self.severity.name(), self.message);
        if !self.field.is_empty() {
            text.push_str(&format!("\n  in {}", self.field));
        }
        if let Some(hint) = &self.hint {
            text.push_str(&format!("\n  help: {hint}"));
        }
        text
    }
}

/// A message without the words of the released client that only say that something is wrong.
fn essence(message: &str) -> &str {
    let words = [
        "The configuration was invalid: ",
        "Task is invalid: ",
        "Unable to interpolate: ",
    ];
    let strip = |text, words: &&str| -> &str { str::strip_prefix(text, *words).unwrap_or(text) };
    words.iter().fold(message.trim(), strip)
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Form<'a> {
            severity: Severity,
            message: &'a str,
            field: Option<String>,
            file: Option<String>,
            line: Option<usize>,
            column: Option<usize>,
            hint: Option<&'a str>,
            includes: Vec<Include>,
            notes: &'a [String],
        }
        #[derive(Serialize)]
        struct Include {
            file: String,
            line: usize,
        }
        let place = self.place.as_ref();
        let position = self.position();
        Form {
            severity: self.severity,
            message: &self.message,
            field: (!self.field.is_empty()).then(|| self.field.to_string()),
            file: place.map(|place| place.path.display().to_string()),
            line: position.map(|(line, _)| line),
            column: position.map(|(_, column)| column),
            hint: self.hint.as_deref(),
            includes: place.map_or_else(Vec::new, |place| {
                let include = |(path, line): &(PathBuf, usize)| Include {
                    file: path.display().to_string(),
                    line: *line,
                };
                place.includes.iter().map(include).collect()
            }),
            notes: place.map_or(&[], |place| &place.notes),
        }
        .serialize(serializer)
    }
}
