//! Environment variables: the names of those that the command reads, and one that an option names.

use std::str::FromStr;

/// Certificate authorities that are trusted beside those of the system.
pub(crate) const CA_FILE: &str = "AURORA_CA_FILE";

/// The folder in which the devcluster keeps its state and sandboxes.
#[cfg(feature = "devcluster")]
pub(crate) const DEVCLUSTER_DIR: &str = "AURORA_DEVCLUSTER_DIR";

/// An environment variable that a job file is to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    pub(crate) name: String,
    /// Its value, or that of the command's own variable.
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
