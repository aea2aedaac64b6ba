//! The errors of the development cluster itself. Refused requests are replies, not errors of this type.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// An error of the development cluster.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Another copy holds the lock of this root folder.
    #[error(
        "a development cluster is already running in `{}`{}; stop it, or use another folder",
        root.display(),
        pid.map(|pid| format!(" (process {pid})")).unwrap_or_default()
    )]
    AlreadyRunning {
        /// The root folder of both.
        root: PathBuf,
        /// The process that holds it, if it has recorded its id yet.
        pid: Option<i32>,
    },

    /// The port that the caller named cannot be bound.
    #[error(
        "cannot use port {port} of 127.0.0.1: {source}; choose another port, or none to use a free one"
    )]
    Port {
        /// The port as named.
        port: u16,
        /// Why the system refused it.
        source: io::Error,
    },

    /// A file or folder under the root cannot be used.
    #[error("{doing} failed: {source}")]
    Io {
        /// The action that failed, with the path.
        doing: String,
        /// The system's reason.
        source: io::Error,
    },

    /// The stored state cannot be read or written.
    #[error("cannot {doing} the state in `{}`: {reason}", path.display())]
    Store {
        /// `read`, `open` or `write`.
        doing: &'static str,
        /// The database file.
        path: PathBuf,
        /// The error of the storage.
        reason: String,
    },

    /// An option is out of range.
    #[error("option `{option}` is not valid: {reason}")]
    Option {
        /// The name of the field of [`Options`](crate::Options).
        option: &'static str,
        /// Why.
        reason: String,
    },

    /// A running copy did not end in time, although it was killed.
    #[error("process {pid} is still running after {} s, although it was killed; look at it with `ps -p {pid}`", after.as_secs())]
    DoesNotEnd {
        /// The process of the running copy.
        pid: i32,
        /// How long it had to end.
        after: Duration,
    },

    /// A running copy may not be signalled by this user.
    #[error("cannot signal process {pid}: {reason}; stop it as the user that started it")]
    Signal {
        /// The process of the running copy.
        pid: i32,
        /// The system's reason.
        reason: String,
    },
}

impl Error {
    /// An I/O error with the action that it broke.
    pub(crate) fn io(doing: impl Into<String>, source: io::Error) -> Self {
        Self::Io {
            doing: doing.into(),
            source,
        }
    }
}
