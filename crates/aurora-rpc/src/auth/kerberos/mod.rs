//! Signing in by Kerberos tickets: HTTP Negotiate with SPNEGO tokens.
//!
//! The part that needs the system's GSSAPI is there with the cargo feature `kerberos` only.

#[cfg(not(feature = "kerberos"))]
mod absent;
#[cfg(feature = "kerberos")]
mod negotiate;
#[cfg(feature = "kerberos")]
mod token;

#[cfg(not(feature = "kerberos"))]
pub(crate) use absent::Kerberos;
#[cfg(feature = "kerberos")]
pub(crate) use negotiate::Kerberos;
