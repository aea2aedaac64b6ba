//! The colours of text, by the roles that it plays; everything stays readable without colour.

use anstyle::{AnsiColor, Style};

/// What went wrong.
pub(crate) const ERROR: Style = AnsiColor::Red.on_default().bold();
/// What deserves attention.
pub(crate) const WARNING: Style = AnsiColor::Yellow.on_default();
/// What to do next.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default();
/// What is new, in a comparison.
pub(crate) const ADDED: Style = AnsiColor::Green.on_default();
/// What is gone, in a comparison.
pub(crate) const REMOVED: Style = AnsiColor::Red.on_default();
/// Where one is, in a comparison.
pub(crate) const PLACE: Style = AnsiColor::Cyan.on_default();
/// What is only for those who asked for more.
pub(crate) const QUIET: Style = Style::new().dimmed();
