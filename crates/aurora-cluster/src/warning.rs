use std::fmt;

use crate::{Error, Location};

/// Something in a file that is ignored and is perhaps a mistake.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Warning {
    /// An entry has no `name`, or one that is not text: it cannot be asked for.
    UnnamedEntry {
        /// Where the entry begins.
        location: Location,
    },
    /// A property that this client does not know. It is kept in
    /// [`Cluster::unknown`](crate::Cluster::unknown).
    UnknownProperty {
        /// Where the property is.
        location: Location,
        /// The cluster.
        cluster: String,
        /// The property.
        property: String,
        /// A known property with a similar name: then it is probably a typing mistake.
        nearest: Option<&'static str>,
    },
    /// A cluster cannot be used: asking for it gives this error.
    UnusableCluster(Error),
    /// A property that only some operations need cannot be used: they will fail with this error.
    UnusableProperty(Error),
}

impl Warning {
    /// Where the ignored text is.
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
