//! What keeps a user from signing in by Kerberos, and what to do about it.

/// Why there is no Kerberos token for a scheduler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum KerberosProblem {
    /// The user has no ticket.
    NoTicket,
    /// The user's ticket has expired.
    TicketExpired,
    /// The realm knows no scheduler under the host's name.
    UnknownService,
    /// Nothing says where the realm has its key distribution centre (KDC).
    UnknownRealm,
    /// The realm's KDC does not answer.
    NoAnswer,
    /// Something else.
    Other,
}

impl KerberosProblem {
    /// What to do about it.
    pub(crate) const fn advice(self) -> &'static str {
        match self {
            Self::NoTicket => "run `kinit`",
            Self::TicketExpired => "run `kinit` again",
            Self::UnknownService => {
                "check the host in clusters.json: its name must be the one in the scheduler's principal HTTP/HOST"
            }
            Self::UnknownRealm => "name its KDC in krb5.conf, or run `kinit` for another realm",
            Self::NoAnswer => "check the network, and the KDC that krb5.conf names",
            Self::Other => "look at `klist` and krb5.conf, and run `kinit` again",
        }
    }
}
