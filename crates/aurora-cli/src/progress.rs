//! The status line: one line at the bottom of a terminal, which disappears when the wait ends.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

const TICK: Duration = Duration::from_millis(120);
const TEMPLATE: &str = "{spinner} {elapsed} {wide_msg}";

/// The status line of standard error, if that is a terminal. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct StatusLine(MultiProgress);

impl StatusLine {
    /// Shows nothing unless `is_enabled` and standard error is a terminal.
    pub(crate) fn new(is_enabled: bool) -> Self {
        Self(MultiProgress::with_draw_target(if is_enabled {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        }))
    }

    /// Shows that the command is busy, until the returned value is dropped.
    pub(crate) fn begin(&self, text: impl Into<String>) -> Busy {
        let bar = self.0.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template(TEMPLATE) {
            bar.set_style(style);
        }
        bar.set_message(text.into());
        // Without a terminal, there is nothing for its thread to draw.
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Busy(bar)
    }

    /// Writes to the terminal, while the status line is hidden.
    pub(crate) fn suspended<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

/// The status line of a wait.
#[derive(Debug)]
pub(crate) struct Busy(ProgressBar);

impl Busy {
    /// Replaces the text.
    pub(crate) fn set_text(&self, text: impl Into<String>) {
        self.0.set_message(text.into());
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
