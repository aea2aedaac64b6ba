//! Tokens from the system's GSSAPI, which finds realm, KDC and tickets by itself: by `krb5.conf` and
//! the user's credential cache, or what `KRB5_CONFIG` and `KRB5CCNAME` name instead.

use libgssapi::context::{ClientCtx, CtxFlags};
use libgssapi::error::{Error, MajorFlags};
use libgssapi::name::Name;
use libgssapi::oid::{GSS_MECH_KRB5, GSS_MECH_SPNEGO, GSS_NT_HOSTBASED_SERVICE, Oid};

use crate::error::KerberosProblem;

/// Where the error codes of Kerberos begin, as GSSAPI gives them.
const KERBEROS_CODES: u32 = 0x96c7_3a00;
const SERVER_UNKNOWN: u32 = KERBEROS_CODES + 7;
const TICKET_EXPIRED: u32 = KERBEROS_CODES + 32;
const REALM_UNKNOWN: u32 = KERBEROS_CODES + 154;
const KDC_UNREACHABLE: u32 = KERBEROS_CODES + 156;

/// The token with which an exchange with `service` begins, which is `HTTP@HOST`. It blocks.
///
/// The server proves nothing in return, and gets no right to act for the user elsewhere.
///
/// # Errors
/// What kind of problem it is, and what the library says.
pub(super) fn first_token(service: &str) -> Result<Vec<u8>, (KerberosProblem, String)> {
    // SPNEGO does not say why Kerberos failed under it. So Kerberos is asked first, by itself, which
    // brings the ticket that SPNEGO then finds in the cache.
    token_by(GSS_MECH_KRB5, service)
        .and_then(|_| token_by(GSS_MECH_SPNEGO, service))
        .map_err(|error| (problem(error), reason(error)))
}

fn token_by(mechanism: Oid<'static>, service: &str) -> Result<Vec<u8>, Error> {
    let target = Name::new(service.as_bytes(), Some(GSS_NT_HOSTBASED_SERVICE))?;
    let mut context = ClientCtx::new(None, target, CtxFlags::empty(), Some(mechanism));
    let token = context.step(None, None)?;
    Ok(token.map(|token| token.to_vec()).unwrap_or_default())
}

fn problem(error: Error) -> KerberosProblem {
    match error.minor {
        SERVER_UNKNOWN => KerberosProblem::UnknownService,
        TICKET_EXPIRED => KerberosProblem::TicketExpired,
        REALM_UNKNOWN => KerberosProblem::UnknownRealm,
        KDC_UNREACHABLE => KerberosProblem::NoAnswer,
        _ if error.major.bits() == MajorFlags::GSS_S_NO_CRED.bits() => KerberosProblem::NoTicket,
        _ => KerberosProblem::Other,
    }
}

/// What the library says, on one line. It keeps its texts for the thread in which it failed.
fn reason(error: Error) -> String {
    let text = error.to_string().replace(char::is_control, " ");
    // As `GENERAL (PARTICULAR)`, where the general part says no more than that something failed.
    let particular = text
        .split_once(" (")
        .and_then(|(_, rest)| rest.strip_suffix(')'));
    match particular {
        Some(particular) if error.minor != 0 => particular.to_owned(),
        _ => text,
    }
}
