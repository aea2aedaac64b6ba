//! The colours of text, by its purpose; everything stays readable without colour.

use anstyle::{AnsiColor, Style};

/// Errors.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// Warnings.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// Hints.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();
/// Added lines of a comparison.
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
/// Removed lines of a comparison.
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
/// The position in a comparison.
pub(crate) const PLACE: Style = AnsiColor::Cyan.on_default();
/// Details for verbose output.
pub(crate) const QUIET: Style = Style::new().dimmed();
