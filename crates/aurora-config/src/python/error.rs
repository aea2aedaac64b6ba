//! Errors of programs as errors of configurations.

use std::path::Path;

use python27::interpreter::{self, Exception, Limit, Refusal};

use crate::{Diagnostic, Error, Remedy};

/// The error of a configuration for one of its program. `source` is the text of the file.
pub(super) fn error_of(error: interpreter::Error, path: &Path, source: &[u8]) -> Error {
    use interpreter::Error as Program;
    match error {
        Program::Exit { code } => Error::Exit { code },
        Program::Read { path, source } => Error::Read { path, source },
        Program::Syntax {
            message,
            hint,
            place,
        } => {
            let mut diagnostic = Diagnostic::from(*place);
            diagnostic.hint = hint;
            file(message, diagnostic, false)
        }
        Program::Exception(exception) => {
            let raised = !exception.is_a("ValueError");
            let is_key_error = exception.is_a("KeyError");
            let Exception {
                message,
                place,
                label,
                hint,
                hidden_variable,
                ..
            } = *exception;
            let mut diagnostic = Diagnostic::from(place);
            diagnostic.label = label.unwrap_or_default();
            diagnostic.hint = hint;
            if let Some(name) = hidden_variable {
                diagnostic.hint.get_or_insert_with(|| {
                    format!("pass the environment variable `{name}` to the file")
                });
                diagnostic.remedies.push(Remedy::Variable(Some(name)));
            }
            // The message is only the key.
            let message = match is_key_error {
                true => format!("KeyError: {message}"),
                false => message,
            };
            file(message, diagnostic, raised)
        }
        Program::Refused {
            what,
            refusal,
            place,
        } => {
            let mut diagnostic = Diagnostic::from(*place);
            let hint = match refusal {
                Refusal::File => {
                    diagnostic.remedies.push(Remedy::Binding);
                    "a hermetic file reads nothing but itself and what it includes: move the text \
                     into an included file, or pass it as a binding"
                }
                Refusal::Import => {
                    diagnostic.remedies.push(Remedy::Folder);
                    "a hermetic file imports only files in its own folder: allow a folder further up"
                }
                Refusal::Machine => {
                    diagnostic.remedies.push(Remedy::Binding);
                    diagnostic.remedies.push(Remedy::Variable(None));
                    "a hermetic file gives the same jobs at any time and on any machine: pass the \
                     value as a binding or as an environment variable"
                }
                _ => "a hermetic file computes jobs and does nothing else: leave it out",
            };
            diagnostic.hint = Some(hint.to_owned());
            file(
                format!("`{what}` is refused to a hermetic file"),
                diagnostic,
                true,
            )
        }
        Program::Limit { limit, place } => {
            let mut diagnostic = Diagnostic::from(*place);
            let (message, hint) = match limit {
                Limit::Time(time) => (
                    format!(
                        "evaluating the file took longer than {} seconds",
                        time.as_secs_f64()
                    ),
                    "look for an infinite loop, or allow more time",
                ),
                Limit::Memory(bytes) => (
                    format!(
                        "evaluating the file took more than {} MiB of memory",
                        bytes >> 20
                    ),
                    "look for a value that grows without limit",
                ),
                _ => ("evaluating the file went beyond a limit".to_owned(), ""),
            };
            diagnostic.hint = Some(hint.to_owned());
            Error::Limit {
                message,
                diagnostic: Box::new(diagnostic),
            }
        }
        other => {
            let text = String::from_utf8_lossy(source);
            file(other.to_string(), Diagnostic::new(path, text, 0..0), false)
        }
    }
}

fn file(message: String, diagnostic: Diagnostic, raised: bool) -> Error {
    Error::File {
        message,
        diagnostic: Box::new(diagnostic),
        raised,
    }
}
