use std::fmt;

use crate::{Error, Location};

/// Something in a file that is ignored, and perhaps should not have been written so.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Warning {
    /// An entry has no `name`, or one that is not text: nobody can ask for it.
    UnnamedEntry {
        /// Where the entry stands.
        location: Location,
    },
    /// A property that this client does not know. It is kept in
    /// [`Cluster::unknown`](crate::Cluster::unknown).
    UnknownProperty {
        /// Where the property stands.
        location: Location,
        /// The cluster.
        cluster: String,
        /// The property.
        property: String,
        /// The known property that is written much like it: then it is a typing mistake rather than
        /// a property of some other program.
        nearest: Option<&'static str>,
    },
    /// A cluster cannot be used: asking for it gives this error.
    UnusableCluster(Error),
    /// A property that only some operations need cannot be used: they will fail with this error.
    UnusableProperty(Error),
}

impl Warning {
    /// Where the matter stands.
    pub const fn location(&self) -> Option<&Location> {
        match self {
            Self::UnnamedEntry { location } | Self::UnknownProperty { location, .. } => {
                Some(location)
            }
            Self::UnusableCluster(error) | Self::UnusableProperty(error) => error.location(),
        }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnnamedEntry { location } => {
                write!(f, "{location}: this cluster has no `name` and is ignored")
            }
            Self::UnknownProperty {
                location,
                cluster,
                property,
                nearest,
            } => {
                write!(
                    f,
                    "{location}: unknown property `{property}` of cluster `{cluster}` is ignored"
                )?;
                match nearest {
                    Some(nearest) => write!(f, "; did you mean `{nearest}`?"),
                    None => Ok(()),
                }
            }
            Self::UnusableCluster(error) => write!(f, "{error}; the cluster cannot be used"),
            Self::UnusableProperty(error) => write!(f, "{error}; the property is ignored"),
        }
    }
}
