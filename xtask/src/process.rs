//! Programs that are run for what they print.

use std::io::ErrorKind;
use std::process::{Command, Stdio};

use crate::Outcome;

/// Runs a program and gives what it printed, without white space at the end.
///
/// When it fails, the error is the command and its standard error. Standard input stays that of the terminal, so that
/// a program may ask for a passphrase.
pub(crate) fn output(command: &mut Command) -> Outcome<String> {
    let done = command
        .stdin(Stdio::inherit())
        .output()
        .map_err(|error| match error.kind() {
            ErrorKind::NotFound => format!("cannot run {}: install it", shown(command)),
            _ => format!("cannot run {}: {error}", shown(command)),
        })?;
    if !done.status.success() {
        let reason = String::from_utf8_lossy(&done.stderr);
        let reason = match reason.trim_end() {
            "" => done.status.to_string(),
            reason => reason.to_owned(),
        };
        return Err(format!("{} failed: {reason}", shown(command)).into());
    }
    Ok(String::from_utf8_lossy(&done.stdout).trim_end().to_owned())
}

fn shown(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy()).collect();
    format!("`{}`", words.join(" "))
}
