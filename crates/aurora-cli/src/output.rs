//! The streams of the process: results on standard output, messages on standard error.
//!
//! A closed standard output is not an error: `aurora job list … | head -1` ends well. It must not stop
//! a command halfway either, so an error of writing is kept and reported at the end.

use std::fmt::Display;
use std::io::{self, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anstream::{AutoStream, ColorChoice};
use aurora_config::{OutputSink, OutputStream};
use serde::Serialize;

use crate::exit;
use crate::failure::Failure;
use crate::progress::{Busy, StatusLine};

/// The two streams of the process. Clones share the first error of writing.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    color: ColorChoice,
    status_line: StatusLine,
    is_for_programs: bool,
    write_error: Arc<Mutex<Option<io::Error>>>,
}

impl Output {
    /// Colours by `color`; `Auto` looks at the streams, `NO_COLOR` and `TERM`.
    pub(crate) fn new(color: ColorChoice, status_line: StatusLine) -> Self {
        Self {
            color,
            status_line,
            is_for_programs: false,
            write_error: Arc::default(),
        }
    }

    /// Whether text on standard error may be coloured.
    pub(crate) fn stderr_is_coloured(&self) -> bool {
        match self.color {
            ColorChoice::Auto => AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            ColorChoice::Never => false,
            ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        }
    }

    /// Shows on a terminal that the command is busy, until the returned value is dropped.
    pub(crate) fn busy(&self, text: impl Into<String>) -> Busy {
        self.status_line.begin(text)
    }

    /// Writes one line of data.
    pub(crate) fn line(&self, text: impl Display) {
        self.data(|stream| writeln!(stream, "{text}"));
    }

    /// Writes help, coloured if the stream takes colours.
    pub(crate) fn styled(&self, text: &clap::builder::StyledStr) {
        self.coloured(&text.ansi().to_string());
    }

    /// Writes data with colours, if the stream takes them.
    pub(crate) fn coloured(&self, text: &str) {
        if self.is_closed() {
            return;
        }
        let written = self.status_line.suspended(|| {
            AutoStream::new(io::stdout().lock(), self.color).write_all(text.as_bytes())
        });
        if let Err(error) = written {
            self.remember(error);
        }
    }

    /// Writes data unchanged.
    pub(crate) fn bytes(&self, bytes: &[u8]) {
        self.data(|stream| stream.write_all(bytes));
    }

    /// With `true`, leaves standard output to the JSON of the verb: what job files print goes to standard error.
    pub(crate) fn for_programs(mut self, is_for_programs: bool) -> Self {
        self.is_for_programs = is_for_programs;
        self
    }

    /// Whether standard output is for the JSON of the verb alone.
    pub(crate) fn is_for_programs(&self) -> bool {
        self.is_for_programs
    }

    /// Reports progress: a line of data for people, or a message if standard output is for programs.
    pub(crate) fn remark(&self, text: impl Display) {
        if self.is_for_programs() {
            self.note(text);
        } else {
            self.line(text);
        }
    }

    /// The output of job files, printed while they are evaluated, even if they fail or never end.
    pub(crate) fn job_file_output(&self) -> OutputSink {
        let output = self.clone();
        OutputSink::new(move |stream, bytes| match stream {
            OutputStream::Stdout if !output.is_for_programs() => {
                output.bytes(bytes);
            }
            _ => output.message(|stream| stream.write_all(bytes)),
        })
    }

    /// Writes `value` as JSON, indented by two, in ASCII as the released client does.
    pub(crate) fn json<T: Serialize + ?Sized>(&self, value: &T) {
        let mut text = Vec::new();
        let formatter = AsciiFormatter(serde_json::ser::PrettyFormatter::new());
        let mut serializer = serde_json::Serializer::with_formatter(&mut text, formatter);
        match value.serialize(&mut serializer) {
            Ok(()) => self.data(|stream| {
                stream.write_all(&text)?;
                stream.write_all(b"\n")
            }),
            Err(error) => self.remember(error.into()),
        }
    }

    /// Whether standard output cannot be written any more.
    pub(crate) fn is_closed(&self) -> bool {
        self.write_error().is_some()
    }

    /// Writes a message to standard error, without a prefix.
    pub(crate) fn note(&self, text: impl Display) {
        self.message(|stream| writeln!(stream, "{text}"));
    }

    /// Writes why the command failed: heading, details, causes, hints.
    pub(crate) fn failure(&self, failure: &Failure) {
        self.message(|stream| failure.write(stream));
    }

    /// Ends the output: an error of standard output other than a closed pipe is a failure.
    pub(crate) fn finish(&self) -> Result<(), Failure> {
        self.data(|stream| stream.flush());
        match self.write_error().take() {
            None => Ok(()),
            Some(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            Some(error) => Err(Failure::new(
                exit::FATAL,
                format!("cannot write to standard output: {error}"),
            )),
        }
    }

    fn data(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.is_closed() {
            return;
        }
        // Data has no colours here, so it needs no filter: bytes of a log pass unchanged.
        let written = self
            .status_line
            .suspended(|| write(&mut io::stdout().lock()));
        if let Err(error) = written {
            self.remember(error);
        }
    }

    fn message(&self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        // There is no stream left to report an error of standard error.
        let _ = self
            .status_line
            .suspended(|| write(&mut AutoStream::new(io::stderr().lock(), self.color)));
    }

    fn write_error(&self) -> MutexGuard<'_, Option<io::Error>> {
        self.write_error
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn remember(&self, error: io::Error) {
        self.write_error().get_or_insert(error);
    }
}

/// Two-space indentation with everything outside ASCII as `\uXXXX`, as Python's `json` prints it.
struct AsciiFormatter(serde_json::ser::PrettyFormatter<'static>);

impl serde_json::ser::Formatter for AsciiFormatter {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }

    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut units = [0u16; 2];
        for character in fragment.chars() {
            if character.is_ascii() {
                writer.write_all(&[character as u8])?;
            } else {
                for unit in character.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ascii(value: &serde_json::Value) -> String {
        let mut text = Vec::new();
        let formatter = AsciiFormatter(serde_json::ser::PrettyFormatter::new());
        value
            .serialize(&mut serde_json::Serializer::with_formatter(
                &mut text, formatter,
            ))
            .unwrap();
        String::from_utf8(text).unwrap()
    }

    #[test]
    fn json_is_indented_by_two_and_ascii_only() {
        let value = serde_json::json!({"message": "café \"quoted\" \\ \t 🦀", "list": [1, 0.5], "none": []});
        insta::assert_snapshot!(ascii(&value), @r#"
        {
          "message": "caf\u00e9 \"quoted\" \\ \t \ud83e\udd80",
          "list": [
            1,
            0.5
          ],
          "none": []
        }
        "#);
    }
}
