//! The header of HTTP Negotiate.

use std::time::Duration;

use aurora_cluster::Cluster;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::header::HeaderValue;
use tokio::sync::oneshot;

use super::token;
use crate::auth::credentials::SignIn;
use crate::error::{Error, KerberosProblem, seconds};

/// Signs requests with the ticket of the user whom the process runs as.
#[derive(Clone, Debug)]
pub(crate) struct Kerberos;

impl Kerberos {
    /// Always there, other than in builds without Kerberos.
    pub(crate) fn of(_: &Cluster) -> Result<Option<Self>, Error> {
        Ok(Some(Self))
    }

    /// The `Authorization` header for one request to `host`, with a token that is for this host
    /// and for no other request: servers refuse tokens that they have seen.
    ///
    /// Nothing for a host that a redirect leads to and that is no member of the realm, which may
    /// well want no ticket.
    pub(crate) async fn header(
        &self,
        host: &str,
        sign_in: SignIn,
        limit: Duration,
    ) -> Result<Option<HeaderValue>, Error> {
        if sign_in == SignIn::Nothing {
            return Ok(None);
        }
        let service = format!("HTTP@{host}");
        match token_within(limit, service.clone()).await {
            Ok(token) => Ok(header(&token)),
            Err((KerberosProblem::UnknownService, reason)) if sign_in == SignIn::Named => {
                tracing::debug!(service, reason, "goes without a token");
                Ok(None)
            }
            Err((problem, reason)) => Err(Error::Kerberos {
                service,
                problem,
                reason,
            }),
        }
    }

    /// What to do when the scheduler does not take the token.
    pub(crate) fn hint(&self) -> &'static str {
        "Communication with Aurora scheduler is kerberized. Did you forget to run \"kinit\"?"
    }
}

/// Makes a token in a thread of its own: the library reads files, and waits for the KDC. No caller waits for
/// the thread when the time is over, which the end of the runtime would do for one of its own.
async fn token_within(
    limit: Duration,
    service: String,
) -> Result<Vec<u8>, (KerberosProblem, String)> {
    let (sender, receiver) = oneshot::channel();
    let other = |error: String| (KerberosProblem::Other, error);
    std::thread::Builder::new()
        .name("kerberos".to_owned())
        .spawn(move || {
            // The caller may have given up.
            let _ = sender.send(token::first_token(&service));
        })
        .map_err(|error| other(error.to_string()))?;
    match tokio::time::timeout(limit, receiver).await {
        Ok(Ok(result)) => result,
        Ok(Err(error)) => Err(other(error.to_string())),
        Err(_) => Err((
            KerberosProblem::NoAnswer,
            format!("no token within {}", seconds(limit)),
        )),
    }
}

/// Base64 has no character that a header refuses, so it is always there.
fn header(token: &[u8]) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(&format!("Negotiate {}", BASE64.encode(token))).ok()?;
    value.set_sensitive(true);
    Some(value)
}
