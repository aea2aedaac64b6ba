//! What goes wrong while a configuration is read, checked and converted.

use std::{io, path::PathBuf};

use aurora_jobkey::JobKey;

use pystachio::{Error as ObjectError, FieldPath, Object, PathStep, Reference};

use crate::{
    diagnostic::{Diagnostic, Remedy},
    source::{JobSource, Sources},
};

/// Why a configuration could not be loaded, is not valid, or cannot be converted.
///
/// The text of an error is that of the released client where it has one. [`Error::render`] adds
/// where in the file and in the job the mistake is, and what may help.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The file could not be read.
    #[error("{}", read_text(path, source))]
    Read {
        /// The path as it was given.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },

    /// The file is not what it should be: a syntax error, an exception raised in it, bad JSON.
    #[error("{message}")]
    File {
        /// The message, without the place.
        message: String,
        /// The place of the mistake.
        diagnostic: Box<Diagnostic>,
        /// Whether it is an exception of the file other than a `ValueError`, which the released
        /// client separates from a file that is not well formed.
        raised: bool,
    },

    /// Evaluating the file took more time or memory than it may.
    #[error("{message}")]
    Limit {
        /// Which limit it was.
        message: String,
        /// Where the file was busy, where that is known.
        diagnostic: Box<Diagnostic>,
    },

    /// The file left on its own, as with `sys.exit(42)`.
    #[error("the configuration ended the program with exit code {code}")]
    Exit {
        /// The exit code that it asked for.
        code: i32,
    },

    /// An `.aurora` file cannot be evaluated by this build.
    #[error(
        "{} is a Python file, and this build has no interpreter: build aurora-config with the feature `python`, or give the job as JSON",
        path.display()
    )]
    NoInterpreter {
        /// The path as it was given.
        path: PathBuf,
    },

    /// The file defines no jobs.
    #[error("No job defined in this config!")]
    NoJobs,

    /// No job of the file has the key.
    #[error("{}", not_found_text(key, without_environment, candidates))]
    JobNotFound {
        /// The key that was asked for.
        key: Box<JobKey>,
        /// The keys of jobs that have no environment.
        without_environment: Vec<String>,
        /// The keys of all jobs, in the order of the file.
        candidates: Vec<String>,
    },

    /// Several jobs of the file have the key.
    #[error(
        "Multiple jobs match, please disambiguate by specifying a job key.\n{}",
        candidates_text(candidates)
    )]
    JobAmbiguous {
        /// The keys of all jobs, in the order of the file.
        candidates: Vec<String>,
    },

    /// A job breaks a rule.
    #[error("{message}")]
    Invalid {
        /// Which rule.
        message: String,
        /// The part to blame.
        blame: Box<Blame>,
    },

    /// `update_config` breaks a rule. The text begins and ends with a newline.
    #[error("{message}")]
    UpdateConfig {
        /// Which rule.
        message: String,
        /// The part to blame.
        blame: Box<Blame>,
    },

    /// `update_config` has a value that no update can go by.
    #[error("{message}")]
    UpdateSettings {
        /// Which rule it breaks.
        message: String,
        /// The part to blame.
        blame: Box<Blame>,
    },

    /// A job is fine as far as it goes, but the scheduler's form of it cannot be made.
    #[error("{message}")]
    Conversion {
        /// Why not.
        message: String,
        /// The part to blame.
        blame: Box<Blame>,
    },

    /// A hook was to be run, and the interpreter that it lives in has stopped.
    #[error("the hook {class_name} cannot be run: its interpreter has stopped")]
    HookGone {
        /// The class of the hook.
        class_name: String,
    },

    /// A text is not executor data.
    #[error("executor data does not describe a job: {0}")]
    ExecutorData(#[source] serde_json::Error),

    /// A text is not `NAME=VALUE` with a name of what only a running task has.
    #[error(
        "`{text}` sets nothing that a running task has: write NAME=VALUE, with one of the names {}",
        crate::options::RUNTIME_NAMES.map(|(name, _)| name).join(", ")
    )]
    Runtime {
        /// The text as it was given.
        text: String,
    },

    /// A text is not the name of a cron collision policy.
    #[error("`{name}` is not a cron collision policy; use `KILL_EXISTING` or `CANCEL_NEW`")]
    CronCollisionPolicy {
        /// The text as it was given.
        name: String,
    },

    /// A text is not a cron schedule.
    #[error("{reason}")]
    CronSchedule {
        /// What is wrong with which part of it, and what to write.
        reason: String,
    },

    /// A text is not `NAME=VALUE` with a reference as its name.
    #[error("`{text}` is not a binding: write NAME=VALUE, with a name such as `a.b[c]`")]
    Binding {
        /// The text as it was given.
        text: String,
    },
}

/// What became impossible; decides how a program reports an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The file could not be read, or is not well formed.
    Load,
    /// The file raised an exception that is not a `ValueError`.
    Exception,
    /// Evaluating the file took more time or memory than it may.
    Limit,
    /// No job could be chosen, or the job breaks a rule.
    Invalid,
    /// The settings for updates break a rule. The released client treats these apart.
    UpdateConfig,
    /// No update can go by the settings for updates; the job can be used for anything else.
    UpdateSettings,
    /// The job cannot be converted to the form of the scheduler.
    Conversion,
    /// The file asked for this exit code.
    Exit(i32),
}

impl Error {
    /// What became impossible.
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::File { raised: true, .. } => ErrorKind::Exception,
            Self::Read { .. } | Self::File { .. } | Self::NoInterpreter { .. } => ErrorKind::Load,
            Self::Limit { .. } => ErrorKind::Limit,
            Self::Exit { code } => ErrorKind::Exit(*code),
            Self::UpdateConfig { .. } => ErrorKind::UpdateConfig,
            Self::UpdateSettings { .. } => ErrorKind::UpdateSettings,
            Self::Conversion { .. } => ErrorKind::Conversion,
            Self::NoJobs
            | Self::HookGone { .. }
            | Self::JobNotFound { .. }
            | Self::JobAmbiguous { .. }
            | Self::Invalid { .. }
            | Self::ExecutorData(_)
            | Self::CronCollisionPolicy { .. }
            | Self::CronSchedule { .. }
            | Self::Runtime { .. }
            | Self::Binding { .. } => ErrorKind::Invalid,
        }
    }

    fn blame(&self) -> Option<&Blame> {
        match self {
            Self::Invalid { blame, .. }
            | Self::UpdateConfig { blame, .. }
            | Self::UpdateSettings { blame, .. }
            | Self::Conversion { blame, .. } => Some(blame),
            _ => None,
        }
    }

    fn blame_mut(&mut self) -> Option<&mut Blame> {
        match self {
            Self::Invalid { blame, .. }
            | Self::UpdateConfig { blame, .. }
            | Self::UpdateSettings { blame, .. }
            | Self::Conversion { blame, .. } => Some(blame),
            _ => None,
        }
    }

    /// From the jobs of the file to the part to blame, as in
    /// `jobs[3].task.processes[1].cmdline`, where one is known.
    pub fn field(&self) -> Option<&FieldPath> {
        let field = &self.blame()?.field;
        (!field.is_empty()).then_some(field)
    }

    /// What the caller could pass to help; a program adds its own options for it to the hint.
    pub fn remedies(&self) -> &[Remedy] {
        match self {
            Self::File { diagnostic, .. } | Self::Limit { diagnostic, .. } => &diagnostic.remedies,
            _ => self.blame().map_or(&[], |blame| &blame.remedies),
        }
    }

    /// What may help, where something is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::File { diagnostic, .. } | Self::Limit { diagnostic, .. } => {
                diagnostic.hint.as_deref()
            }
            Self::Read { source, .. } => match source.kind() {
                io::ErrorKind::NotFound => Some("check the name and the folder of the file"),
                io::ErrorKind::IsADirectory => Some("this is a folder: name a file in it"),
                io::ErrorKind::PermissionDenied => Some("you may not read this file"),
                _ => None,
            },
            Self::NoJobs => Some("the file has to set `jobs`, a list of jobs"),
            _ => self.blame()?.hint.as_deref(),
        }
    }

    /// What else there is to know, such as each reference that nothing binds.
    pub fn notes(&self) -> &[String] {
        self.blame().map_or(&[], |blame| &blame.notes)
    }

    /// Where in a file the mistake is, where one is to blame.
    pub fn diagnostic(&self) -> Option<&Diagnostic> {
        match self {
            Self::File { diagnostic, .. } | Self::Limit { diagnostic, .. } => Some(diagnostic),
            _ => self.blame()?.place.as_ref(),
        }
    }

    /// The error with all that is known about it, over several lines: the excerpt of the file, the
    /// field of the job, the notes, the hint. With `color`, for a terminal.
    pub fn render(&self, color: bool) -> String {
        let text = self.to_string();
        match self.diagnostic() {
            Some(diagnostic) => diagnostic.render(text.trim(), color),
            None => format!("{text}{}", self.details()),
        }
    }

    /// What [`Error::render`] adds to the text; empty if nothing more is known.
    pub fn render_details(&self, color: bool) -> String {
        match self.diagnostic() {
            Some(diagnostic) => diagnostic.render_below(self.to_string().trim(), color),
            None => self.details().trim_start_matches('\n').to_owned(),
        }
    }

    fn details(&self) -> String {
        let mut text = String::new();
        let mut line = |words: &str, more: &str| {
            text.push_str("\n  ");
            text.push_str(words);
            text.push_str(more);
        };
        if let Some(field) = self.field() {
            line("in ", &field.to_string());
        }
        self.notes().iter().for_each(|note| line("note: ", note));
        if let Some(hint) = self.hint() {
            line("help: ", hint);
        }
        text
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid {
            message: message.into(),
            blame: Box::default(),
        }
    }

    /// A job that is to be listed, and has no environment; `key` shows so.
    pub(crate) fn no_environment(key: &str) -> Self {
        Self::invalid(format!(
            "Job {key} in configuration file doesn't specify an environment"
        ))
        .with_field("environment")
        .with_hint("set the job's `environment` to `prod`, `devel`, `test` or `staging<number>`")
    }

    /// With the words that the released client puts before some of its rules.
    pub(crate) fn configuration_invalid(message: impl std::fmt::Display) -> Self {
        Self::invalid(format!("The configuration was invalid: {message}"))
    }

    pub(crate) fn update_config(message: impl Into<String>) -> Self {
        Self::UpdateConfig {
            message: message.into(),
            blame: Box::default(),
        }
    }

    pub(crate) fn update_settings(message: impl Into<String>) -> Self {
        Self::UpdateSettings {
            message: message.into(),
            blame: Box::default(),
        }
    }

    pub(crate) fn conversion(message: impl std::fmt::Display) -> Self {
        Self::bare_conversion(format!("The configuration was invalid: {message}"))
    }

    /// Where the released client puts no words before the rule.
    pub(crate) fn bare_conversion(message: impl Into<String>) -> Self {
        Self::Conversion {
            message: message.into(),
            blame: Box::default(),
        }
    }

    pub(crate) fn with_field(mut self, path: impl Into<FieldPath>) -> Self {
        if let Some(blame) = self.blame_mut() {
            blame.field = path.into();
        }
        self
    }

    /// The same error of something that the object to blame is a part of.
    pub(crate) fn under(mut self, step: impl Into<PathStep>) -> Self {
        if let Some(blame) = self.blame_mut() {
            blame.field = std::mem::take(&mut blame.field).under(step);
        }
        self
    }

    pub(crate) fn with_remedy(mut self, remedy: Remedy) -> Self {
        if let Some(blame) = self.blame_mut() {
            blame.remedies.push(remedy);
        }
        self
    }

    pub(crate) fn with_hint(mut self, text: impl Into<String>) -> Self {
        if let Some(blame) = self.blame_mut() {
            blame.hint = Some(text.into());
        }
        self
    }

    pub(crate) fn with_notes(mut self, notes: Vec<String>) -> Self {
        if let Some(blame) = self.blame_mut() {
            blame.notes = notes;
        }
        self
    }

    /// A text to point at, if the place of the mistake contains it.
    pub(crate) fn about(mut self, text: impl Into<String>) -> Self {
        if let Some(blame) = self.blame_mut() {
            blame.about = Some(text.into());
        }
        self
    }

    /// An error of a job as one of its file: the field begins at the jobs, and the place is found
    /// by what made the job.
    pub(crate) fn of_job(mut self, job: &Object, source: &JobSource) -> Self {
        let Some(blame) = self.blame_mut() else {
            return self;
        };
        let in_job = std::mem::take(&mut blame.field);
        let JobSource { position, sources } = source;
        let mut place = sources.place(job, *position, &in_job, blame.about.as_deref());
        blame.field = in_job.under(*position).under("jobs");
        if let Some(place) = &mut place {
            blame.describe(place);
        }
        blame.place = place;
        self
    }
}

impl From<ObjectError> for Error {
    fn from(error: ObjectError) -> Self {
        let problem = error.into_problem();
        let about = problem.reference.as_ref().map(Reference::tag);
        Self::Invalid {
            message: problem.message,
            blame: Box::new(Blame {
                field: problem.path,
                hint: problem.hint,
                remedies: Vec::new(),
                about,
                ..Blame::default()
            }),
        }
    }
}

impl Error {
    /// A problem that turns up only in conversion.
    pub(crate) fn from_conversion(problem: ObjectError) -> Self {
        match Self::from(problem) {
            Self::Invalid { message, blame } => Self::Conversion { message, blame },
            other => other,
        }
    }

    /// A problem of JSON text that is not a set of jobs yet.
    pub(crate) fn of_json(error: ObjectError, sources: &Sources) -> Self {
        let unknown = match &error {
            ObjectError::Value(problem) => problem.unknown.clone(),
            _ => None,
        };
        let mut error = Self::from(error);
        if let Some(blame) = error.blame_mut()
            && let Some(mut place) = sources.place_in_json(&blame.field, unknown.as_deref())
        {
            blame.describe(&mut place);
            blame.place = Some(place);
        }
        error
    }
}

/// The facts about a mistake in a job, in addition to its message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Blame {
    /// From the jobs of the file to the part to blame; empty where none is known.
    pub field: FieldPath,
    /// What may help.
    pub hint: Option<String>,
    /// What the caller could pass to help.
    pub remedies: Vec<Remedy>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// Where the part to blame was made.
    pub place: Option<Diagnostic>,
    /// A text to point at, if the place contains it.
    about: Option<String>,
}

impl Blame {
    /// Adds the facts to the place.
    fn describe(&self, place: &mut Diagnostic) {
        place.label = self.field.to_string();
        place.hint.clone_from(&self.hint);
        place.remedies.clone_from(&self.remedies);
        place.notes.splice(..0, self.notes.iter().cloned());
    }
}

fn read_text(path: &std::path::Path, source: &io::Error) -> String {
    let words = match source.kind() {
        io::ErrorKind::NotFound => "[Errno 2] No such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "[Errno 13] Permission denied".to_owned(),
        io::ErrorKind::IsADirectory => "[Errno 21] Is a directory".to_owned(),
        _ => source.to_string(),
    };
    format!("{words}: '{}'", path.display())
}

fn candidates_text(candidates: &[String]) -> String {
    let lines: Vec<String> = candidates.iter().map(|key| format!("  {key}")).collect();
    format!("Candidates are:\n{}", lines.join("\n"))
}

fn not_found_text(key: &JobKey, without_environment: &[String], candidates: &[String]) -> String {
    let mut text = format!("Could not find job {key}\n");
    for key in without_environment {
        text.push_str(&format!(
            "Job {key} in configuration file doesn't specify an environment\n"
        ));
    }
    text.push_str(&candidates_text(candidates));
    text
}
