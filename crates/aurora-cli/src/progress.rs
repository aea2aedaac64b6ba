//! What a wait is about: a line at the bottom of a terminal, which is gone when the wait is over.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

const TICK: Duration = Duration::from_millis(120);
const FORM: &str = "{spinner} {elapsed} {wide_msg}";

/// The bottom of the terminal that standard error is. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct StatusLine(MultiProgress);

impl StatusLine {
    /// Shows nothing unless standard error is a terminal and `wanted` says so.
    pub(crate) fn new(wanted: bool) -> Self {
        Self(MultiProgress::with_draw_target(if wanted {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        }))
    }

    /// Shows that the command is busy, until what is returned is dropped.
    pub(crate) fn begin(&self, text: impl Into<String>) -> Busy {
        let bar = self.0.add(ProgressBar::new_spinner());
        if let Ok(style) = ProgressStyle::with_template(FORM) {
            bar.set_style(style);
        }
        bar.set_message(text.into());
        // Its thread is only worth while where something is drawn.
        if !bar.is_hidden() {
            bar.enable_steady_tick(TICK);
        }
        Busy(bar)
    }

    /// Writes to the terminal, with the line out of the way.
    pub(crate) fn suspended<T>(&self, write: impl FnOnce() -> T) -> T {
        self.0.suspend(write)
    }
}

/// The line while something is under way.
#[derive(Debug)]
pub(crate) struct Busy(ProgressBar);

impl Busy {
    /// Shows another text.
    pub(crate) fn say(&self, text: impl Into<String>) {
        self.0.set_message(text.into());
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
