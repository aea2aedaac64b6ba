use std::fmt;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use crate::{AuthMechanism, Location};

/// Why clusters could not be read, or why one of them cannot be used.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A file exists but cannot be read.
    #[error("cannot read {}", file.display())]
    Read {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: Arc<io::Error>,
    },
    /// A file is not UTF-8.
    #[error("{location}: the file is not UTF-8 text from here on")]
    NotUtf8 {
        /// The first bad byte.
        location: Location,
    },
    /// A file is not JSON, even with comments and trailing commas allowed.
    #[error("{location}: {reason}")]
    Syntax {
        /// Where reading stopped.
        location: Location,
        /// What is wrong there.
        reason: String,
    },
    /// A file is JSON, but neither a list nor an object.
    #[error(
        "{location}: expected a list of clusters, or an object with clusters as its values, found {found}"
    )]
    Layout {
        /// Where the value is.
        location: Location,
        /// What it is.
        found: &'static str,
    },
    /// An entry is not an object.
    #[error("{location}: a cluster must be an object of properties, found {found}{}", single_entry_note(*is_value))]
    Entry {
        /// Where the entry begins.
        location: Location,
        /// What it is.
        found: &'static str,
        /// Whether the file is an object, of which the entry is a value: then the file is perhaps a
        /// single cluster without the list around it.
        is_value: bool,
    },
    /// A property has a value of the wrong type.
    #[error("{location}: `{property}` of cluster `{cluster}` must be {expected}, found {found}")]
    WrongType {
        /// Where the value is.
        location: Location,
        /// The cluster.
        cluster: String,
        /// The property.
        property: &'static str,
        /// What it must be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// A property has a value of the right type that cannot be used.
    #[error(
        "{}`{property}` of cluster `{cluster}` cannot be `{value}`: {reason}",
        At(location)
    )]
    InvalidValue {
        /// Where the value is, if it came from a file.
        location: Option<Location>,
        /// The cluster.
        cluster: String,
        /// The property.
        property: &'static str,
        /// Its value.
        value: String,
        /// Why not, and what instead.
        reason: String,
    },
    /// A property is needed for the operation and is not set.
    #[error(
        "{}cluster `{cluster}` has no `{property}`, which is needed {purpose}",
        At(location)
    )]
    MissingProperty {
        /// Where the cluster is defined, if it came from a file.
        location: Option<Location>,
        /// The cluster.
        cluster: String,
        /// The property.
        property: &'static str,
        /// What it is needed for: completes "needed …".
        purpose: &'static str,
    },
    /// A cluster does not say how to reach its scheduler.
    #[error(
        "{}cluster `{cluster}` has neither `zk` nor `scheduler_uri`: set one of them to say where its scheduler is",
        At(location)
    )]
    NoAddress {
        /// Where the cluster is defined, if it came from a file.
        location: Option<Location>,
        /// The cluster.
        cluster: String,
    },
    /// A cluster requires an unknown authentication mechanism.
    #[error(
        "{}cluster `{cluster}` has the unknown `auth_mechanism` `{mechanism}`: use one of {}",
        At(location),
        AuthMechanism::known()
    )]
    UnknownAuthMechanism {
        /// Where the mechanism is named, if the cluster came from a file.
        location: Option<Location>,
        /// The cluster.
        cluster: String,
        /// The mechanism as it was given.
        mechanism: String,
    },
    /// No cluster has that name.
    #[error("unknown cluster `{name}`: {}", KnownNames { known, searched })]
    Unknown {
        /// The name that was asked for.
        name: String,
        /// The names that are known, in the order of their definition.
        known: Vec<String>,
        /// The files that were searched.
        searched: Vec<PathBuf>,
    },
    /// A text is not the URL of a scheduler.
    #[error("`{url}` is not the URL of a scheduler: {reason}")]
    InvalidUrl {
        /// The text.
        url: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A text is not the address of a server, or of a ZooKeeper ensemble.
    #[error("`{address}` is not an address such as `{example}`: {reason}")]
    InvalidAddress {
        /// The text.
        address: String,
        /// An address of the expected form.
        example: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// A text is not the name of a way to authenticate.
    #[error(
        "unknown authentication mechanism `{mechanism}`: use one of {}",
        AuthMechanism::known()
    )]
    InvalidAuthMechanism {
        /// The text.
        mechanism: String,
    },
}

impl Error {
    /// Where the mistake is, if it is in a file.
    pub const fn location(&self) -> Option<&Location> {
        match self {
            Self::NotUtf8 { location }
            | Self::Syntax { location, .. }
            | Self::Layout { location, .. }
            | Self::Entry { location, .. }
            | Self::WrongType { location, .. } => Some(location),
            Self::InvalidValue { location, .. }
            | Self::MissingProperty { location, .. }
            | Self::NoAddress { location, .. }
            | Self::UnknownAuthMechanism { location, .. } => location.as_ref(),
            Self::Read { .. }
            | Self::Unknown { .. }
            | Self::InvalidUrl { .. }
            | Self::InvalidAddress { .. }
            | Self::InvalidAuthMechanism { .. } => None,
        }
    }
}

/// A location in front of a message, if there is one.
struct At<'a>(&'a Option<Location>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(location) => write!(f, "{location}: "),
            None => Ok(()),
        }
    }
}

struct KnownNames<'a> {
    known: &'a [String],
    searched: &'a [PathBuf],
}

impl fmt::Display for KnownNames<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.known.is_empty() {
            let names: Vec<_> = self.known.iter().map(|name| format!("`{name}`")).collect();
            return write!(f, "the known clusters are {}", names.join(", "));
        }
        if self.searched.is_empty() {
            return f.write_str("no cluster is defined");
        }
        let files: Vec<_> = self
            .searched
            .iter()
            .map(|file| file.display().to_string())
            .collect();
        write!(f, "no cluster is defined in {}", files.join(" or "))
    }
}

const fn single_entry_note(is_value: bool) -> &'static str {
    if is_value {
        "; if the file is one cluster, put `[` and `]` around it"
    } else {
        ""
    }
}
