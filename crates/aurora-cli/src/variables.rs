//! Environment variables: the names of some that the command reads, and a variable that an option names.

use std::str::FromStr;

/// A file of certificate authorities to trust, in addition to those of the system.
pub(crate) const CA_FILE: &str = "AURORA_CA_FILE";

/// The folder in which the devcluster keeps its state and sandboxes.
#[cfg(feature = "devcluster")]
pub(crate) const DEVCLUSTER_DIR: &str = "AURORA_DEVCLUSTER_DIR";

/// An environment variable for job files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// Its value; `None` for the value that the command itself has.
    pub(crate) value: Option<String>,
}

impl FromStr for Variable {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (text, None),
        };
        if name.is_empty() {
            return Err("write NAME or NAME=VALUE");
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}
