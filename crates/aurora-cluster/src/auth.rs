use std::fmt;
use std::str::FromStr;

use crate::Error;

/// How the client proves to a scheduler who is calling. Its text is the value of `auth_mechanism`.
///
/// ```
/// use aurora_cluster::AuthMechanism;
///
/// assert_eq!("BASIC".parse::<AuthMechanism>()?, AuthMechanism::Basic);
/// assert_eq!(AuthMechanism::Kerberos.to_string(), "KERBEROS");
/// # Ok::<(), aurora_cluster::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthMechanism {
    /// `UNAUTHENTICATED`, the default: the cluster requires no authentication.
    #[default]
    Unauthenticated,
    /// `BASIC`: user and password by HTTP Basic.
    Basic,
    /// `KERBEROS`: SPNEGO with the user's ticket.
    Kerberos,
}

impl AuthMechanism {
    /// All mechanisms.
    pub const ALL: [Self; 3] = [Self::Unauthenticated, Self::Basic, Self::Kerberos];

    /// The value of `auth_mechanism`; it is case-sensitive.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Basic => "BASIC",
            Self::Kerberos => "KERBEROS",
        }
    }

    pub(crate) fn known() -> String {
        Self::ALL
            .map(|mechanism| format!("`{mechanism}`"))
            .join(", ")
    }
}

impl FromStr for AuthMechanism {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|mechanism| mechanism.as_str() == text)
            .ok_or_else(|| Error::InvalidAuthMechanism {
                mechanism: text.to_owned(),
            })
    }
}

impl fmt::Display for AuthMechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
