//! What can go wrong with the development cluster itself. Refused requests are answers, not errors of this type.

use std::io;
use std::path::PathBuf;

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
        /// The process that holds it, where it has said so yet.
        pid: Option<i32>,
    },

    /// The port that the caller named cannot be bound.
    #[error(
        "port {port} of 127.0.0.1 cannot be used: {source}; name another port, or none to take a free one"
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
        /// What was being done, with the path.
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
        /// What the storage said.
        reason: String,
    },

    /// An option makes no sense.
    #[error("option `{option}` is refused: {reason}")]
    Option {
        /// The name of the field of [`Options`](crate::Options).
        option: &'static str,
        /// Why.
        reason: String,
    },

    /// A running copy did not end in time, not even when killed.
    #[error("process {pid} did not end within {seconds} s; look at it with `ps -p {pid}`")]
    DoesNotEnd {
        /// The process of the running copy.
        pid: i32,
        /// How long it was given.
        seconds: u64,
    },

    /// A running copy may not be signalled by this user.
    #[error("process {pid} cannot be signalled: {reason}")]
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
