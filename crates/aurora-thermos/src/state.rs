//! The states of tasks and processes, and their names.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Stage of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// Ordinary processes run.
    Active,
    /// Ordinary processes are being stopped.
    Cleaning,
    /// Finalizing processes run.
    Finalizing,
    /// Nothing runs any more; the outcome is known.
    Ended,
}

/// State in which a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinalState {
    /// Every process that counts has finished, with fewer failures than the task allows.
    Success,
    /// Too many processes failed, or a failed one blocks others.
    Failed,
    /// It was killed on request.
    Killed,
    /// It was abandoned: on request, or because its record could not be written.
    Lost,
}

/// State of the latest run of a process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProcessState {
    /// Picked for launch.
    Forked,
    /// Bash runs, or something that it started still holds its output.
    Running,
    /// Bash exited with 0.
    Success,
    /// Bash exited with another code, or could not be started.
    Failed,
    /// Bash died by a signal.
    Killed,
    /// No process saw its end.
    Lost,
}

impl ProcessState {
    /// Whether the run is over.
    pub fn is_terminal(self) -> bool {
        !matches!(self, ProcessState::Forked | ProcessState::Running)
    }
}

/// Gives a state its name as text, and a way back from it.
macro_rules! named {
    ($type:ident, $of:literal, $($variant:ident = $name:literal),* $(,)?) => {
        impl $type {
            /// Every state, in the order of declaration.
            pub const ALL: &'static [$type] = &[$($type::$variant),*];

            const NAMES: &'static [&'static str] = &[$($name),*];

            /// The name in capital letters, as Aurora prints it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$variant => $name,)*
                }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl FromStr for $type {
            type Err = Error;

            /// Reads a name without regard to case.
            fn from_str(text: &str) -> Result<$type, Error> {
                $type::ALL
                    .iter()
                    .copied()
                    .find(|state| state.name().eq_ignore_ascii_case(text))
                    .ok_or_else(|| Error::UnknownState {
                        text: text.to_owned(),
                        of: $of,
                        known: $type::NAMES,
                    })
            }
        }
    };
}

named!(
    Stage,
    "stage",
    Active = "ACTIVE",
    Cleaning = "CLEANING",
    Finalizing = "FINALIZING",
    Ended = "ENDED",
);

named!(
    FinalState,
    "final state",
    Success = "SUCCESS",
    Failed = "FAILED",
    Killed = "KILLED",
    Lost = "LOST",
);

named!(
    ProcessState,
    "process state",
    Forked = "FORKED",
    Running = "RUNNING",
    Success = "SUCCESS",
    Failed = "FAILED",
    Killed = "KILLED",
    Lost = "LOST",
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_reads_its_own_name() {
        for state in ProcessState::ALL {
            assert_eq!(state.to_string().parse::<ProcessState>().unwrap(), *state);
        }
        for state in FinalState::ALL {
            assert_eq!(state.to_string().parse::<FinalState>().unwrap(), *state);
        }
        for state in Stage::ALL {
            assert_eq!(state.to_string().parse::<Stage>().unwrap(), *state);
        }
        assert_eq!("killed".parse::<FinalState>().unwrap(), FinalState::Killed);
    }

    #[test]
    fn a_name_of_another_kind_of_state_is_refused() {
        let error = "RUNNING".parse::<FinalState>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "`RUNNING` is not a final state; expected one of SUCCESS, FAILED, KILLED, LOST"
        );
    }

    #[test]
    fn names_are_padded() {
        assert_eq!(format!("[{:9}]", FinalState::Lost), "[LOST     ]");
    }
}
