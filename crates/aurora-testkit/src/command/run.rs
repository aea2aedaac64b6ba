//! How a run ended.

use std::fmt;
use std::ops::Deref;
use std::process::{Command, Output};

/// How a run ended, and what it printed.
#[must_use = "assert how the command ended, or compare what it printed"]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The exit code; nothing after a signal.
    pub code: Option<i32>,
    /// The standard output.
    pub stdout: String,
    /// The standard error.
    pub stderr: String,
}

impl Run {
    /// Runs a command to its end.
    pub fn of(command: &mut Command) -> Self {
        command.output().unwrap().into()
    }

    /// The run, once it is sure that it ended with `code`.
    pub fn ended_with(self, code: i32) -> CheckedRun {
        CheckedRun(self).ended_with(code)
    }

    /// The run, once it is sure that it ended with 0.
    pub fn succeeded(self) -> CheckedRun {
        self.ended_with(0)
    }

    /// The run, once it is sure that it printed `text`, to either output.
    pub fn says(self, text: &str) -> CheckedRun {
        CheckedRun(self).says(text)
    }
}

/// A run of which something was asserted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedRun(Run);

impl CheckedRun {
    /// The same run, once it is sure that it ended with `code`.
    pub fn ended_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{}", self.0);
        self
    }

    /// The same run, once it is sure that it ended with 0.
    pub fn succeeded(self) -> Self {
        self.ended_with(0)
    }

    /// The same run, once it is sure that it printed `text`, to either output.
    pub fn says(self, text: &str) -> Self {
        let says = self.stdout.contains(text) || self.stderr.contains(text);
        assert!(says, "`{text}` is missing: {}", self.0);
        self
    }
}

impl Deref for CheckedRun {
    type Target = Run;

    fn deref(&self) -> &Run {
        &self.0
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes| String::from_utf8(bytes).expect("output in UTF-8");
        Self {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => writeln!(f, "exit {code}")?,
            None => writeln!(f, "ended by a signal")?,
        }
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                write!(f, "--- {name}\n{text}")?;
            }
        }
        Ok(())
    }
}
