use std::fmt;

/// A way to prove to a scheduler who is calling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AuthMechanism {
    /// `UNAUTHENTICATED`, the default: the cluster configuration asks for nothing.
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

    /// The identifier in `auth_mechanism`, which counts with regard to case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Basic => "BASIC",
            Self::Kerberos => "KERBEROS",
        }
    }

    pub(crate) fn find(identifier: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|mechanism| mechanism.as_str() == identifier)
    }

    pub(crate) fn known() -> String {
        Self::ALL
            .map(|mechanism| format!("`{mechanism}`"))
            .join(", ")
    }
}

impl fmt::Display for AuthMechanism {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
