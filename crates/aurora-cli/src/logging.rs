//! Log lines on standard error in the form of the release: `LEVEL] TEXT`.
//!
//! The level is five characters wide, there is no time and no name, and a text of several lines has the
//! prefix on the first one only.

use std::fmt;
use std::io::{self, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Registry;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::{DefaultFields, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;

use crate::progress::StatusLine;
use crate::style;

/// The name of this crate, which is the target of its log lines.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// Sends the log lines of this program to standard error from INFO on; with `verbose`, from DEBUG on, and
/// those of its libraries too. Without it, the libraries log nothing: the verbs report their events.
pub(crate) fn start(verbose: bool, coloured: bool, status_line: StatusLine) {
    let (own, libraries) = if verbose {
        (LevelFilter::DEBUG, LevelFilter::DEBUG)
    } else {
        (LevelFilter::INFO, LevelFilter::OFF)
    };
    let filter = Targets::new()
        .with_target("aurora_", libraries)
        .with_target(OWN_TARGET, own);
    let lines = move || Lines(status_line.clone());
    install(filter, coloured, LevelAndText, lines);
}

/// Sends the log lines of the devcluster's daemon to standard error, with times.
#[cfg(feature = "devcluster")]
pub(crate) fn start_daemon(verbose: bool) {
    let ours = if verbose {
        LevelFilter::DEBUG
    } else {
        LevelFilter::INFO
    };
    let filter = Targets::new()
        .with_default(LevelFilter::WARN)
        .with_target("aurora", ours);
    install(filter, false, TimeLevelAndText, io::stderr);
}

fn install<F, W>(filter: Targets, coloured: bool, format: F, writer: W)
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
    F: FormatEvent<tracing_subscriber::layer::Layered<Targets, Registry>, DefaultFields>
        + Send
        + Sync
        + 'static,
{
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(writer)
        .with_ansi(coloured)
        .event_format(format);
    // This only fails if a log was started before, and then that one is used.
    let _ = tracing_subscriber::registry()
        .with(filter)
        .with(layer)
        .try_init();
}

/// Standard error. Each log line hides the status line while it is written.
struct Lines(StatusLine);

impl Write for Lines {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.suspended(|| io::stderr().write(line))
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// The prefix of a level.
fn prefix(level: Level) -> &'static str {
    match level {
        Level::ERROR => "ERROR] ",
        Level::WARN => " WARN] ",
        Level::INFO => " INFO] ",
        _ => "DEBUG] ",
    }
}

struct LevelAndText;

impl<S, N> FormatEvent<S, N> for LevelAndText
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let level = *event.metadata().level();
        let prefix = prefix(level);
        if writer.has_ansi_escapes() {
            let style = match level {
                Level::ERROR => style::ERROR,
                Level::WARN => style::WARNING,
                Level::INFO => anstyle::Style::new(),
                _ => style::QUIET,
            };
            write!(writer, "{style}{prefix}{style:#}")?;
        } else {
            writer.write_str(prefix)?;
        }
        write_text(&mut writer, event)
    }
}

#[cfg(feature = "devcluster")]
struct TimeLevelAndText;

#[cfg(feature = "devcluster")]
impl<S, N> FormatEvent<S, N> for TimeLevelAndText
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let now = jiff::Zoned::now();
        write!(
            writer,
            "{} {}",
            now.strftime("%Y-%m-%d %H:%M:%S%.3f"),
            prefix(*event.metadata().level())
        )?;
        write_text(&mut writer, event)
    }
}

/// The message, then other fields as `name=value`.
fn write_text(writer: &mut Writer<'_>, event: &Event<'_>) -> fmt::Result {
    let mut text = Text::default();
    event.record(&mut text);
    writeln!(writer, "{}{}", text.message, text.fields)
}

#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        use fmt::Write as _;
        // Writing to a string cannot fail.
        let _ = if field.name() == "message" {
            write!(self.message, "{value:?}")
        } else {
            write!(self.fields, " {}={value:?}", field.name())
        };
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "message" {
            self.message.push_str(value);
        } else {
            self.record_debug(field, &value);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_have_the_released_form() {
        let sink = Sink::default();
        let writer = sink.clone();
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(move || writer.clone())
            .with_ansi(false)
            .event_format(LevelAndText);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            tracing::debug!("Command=([])");
            tracing::info!("Creating job {}", "web");
            tracing::warn!("Connection error with scheduler: , reconnecting...");
            tracing::error!("");
            tracing::info!("first\nsecond");
            tracing::info!(instance = 3, "seen");
        });
        let text = String::from_utf8(sink.0.lock().unwrap().clone()).unwrap();
        assert_eq!(
            text,
            "DEBUG] Command=([])\n INFO] Creating job web\n \
             WARN] Connection error with scheduler: , reconnecting...\nERROR] \n \
             INFO] first\nsecond\n INFO] seen instance=3\n"
        );
    }
}
