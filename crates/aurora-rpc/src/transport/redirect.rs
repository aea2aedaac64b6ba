//! Redirects: a scheduler that does not lead sends its callers to the one that does.

use aurora_api::message::Protocol;
use aurora_cluster::redact;
use hyper::body::Bytes;
use hyper::header::{HeaderMap, LOCATION};
use hyper::http::uri::Scheme;
use hyper::{Method, StatusCode, Uri};

use crate::address::redirect_target;
use crate::auth::SignIn;
use crate::error::Error;

/// One request of an exchange.
#[derive(Debug)]
pub(super) struct Hop {
    pub(super) uri: Uri,
    pub(super) method: Method,
    pub(super) body: Bytes,
    /// How the body is encoded.
    pub(super) protocol: Protocol,
    /// Which credentials may go with it.
    pub(super) sign_in: SignIn,
}

impl Hop {
    pub(super) fn first(uri: Uri, body: Bytes, protocol: Protocol) -> Self {
        Self {
            uri,
            method: Method::POST,
            body,
            protocol,
            sign_in: SignIn::Any,
        }
    }

    /// The host as people and `.netrc` write it: without the brackets of IPv6.
    pub(super) fn host(&self) -> &str {
        let host = self.uri.host().unwrap_or_default();
        host.trim_start_matches('[').trim_end_matches(']')
    }

    fn is_secure(&self) -> bool {
        self.uri.scheme() == Some(&Scheme::HTTPS)
    }
}

/// The request that a response redirects to, or nothing when it is the final response.
///
/// 307 and 308 repeat the request; 301, 302 and 303 make it a GET without a body.
pub(super) fn next_hop(
    hop: &Hop,
    status: StatusCode,
    headers: &HeaderMap,
) -> Result<Option<Hop>, Error> {
    let repeats = match status {
        StatusCode::TEMPORARY_REDIRECT | StatusCode::PERMANENT_REDIRECT => true,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND | StatusCode::SEE_OTHER => false,
        _ => return Ok(None),
    };
    let Some(location) = headers.get(LOCATION) else {
        return Ok(None);
    };
    let location = String::from_utf8_lossy(location.as_bytes());
    let bad = |reason| Error::BadRedirect {
        url: hop.uri.to_string(),
        location: redact(&location),
        reason,
    };
    let uri = redirect_target(&hop.uri, &location).ok_or_else(|| bad("which is not an address"))?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(bad("which is not an http or https address"));
    }
    let (method, body) = if repeats {
        (hop.method.clone(), hop.body.clone())
    } else {
        (Method::GET, Bytes::new())
    };
    let mut next = Hop {
        uri,
        method,
        body,
        protocol: hop.protocol,
        sign_in: hop.sign_in,
    };
    next.sign_in = sign_in(hop, &next);
    Ok(Some(next))
}

/// Credentials are for the host that they were given for. Another host gets what is known for it by
/// name, and a redirect from `https` to `http`, which anybody on the way could have made, nothing.
fn sign_in(from: &Hop, to: &Hop) -> SignIn {
    let port = |hop: &Hop| {
        hop.uri
            .port_u16()
            .unwrap_or(if hop.is_secure() { 443 } else { 80 })
    };
    let limit = if from.is_secure() && !to.is_secure() {
        SignIn::Nothing
    } else if !from.host().eq_ignore_ascii_case(to.host()) {
        SignIn::Named
    } else if port(from) == port(to) || (port(from), port(to)) == (80, 443) {
        SignIn::Any
    } else {
        SignIn::Named
    };
    from.sign_in.min(limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(status: u16, location: &str) -> Result<Option<Hop>, Error> {
        let hop = Hop::first(
            "http://h:1/api".parse().unwrap(),
            Bytes::from("x"),
            Protocol::Json,
        );
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, location.parse().unwrap());
        next_hop(&hop, StatusCode::from_u16(status).unwrap(), &headers)
    }

    #[test]
    fn only_some_redirects_repeat_the_body() {
        for status in [307, 308] {
            let hop = after(status, "http://g:1/api").unwrap().unwrap();
            assert_eq!((hop.method, &hop.body[..]), (Method::POST, &b"x"[..]));
        }
        for status in [301, 302, 303] {
            let hop = after(status, "http://g:1/api").unwrap().unwrap();
            assert_eq!((hop.method, hop.body.len()), (Method::GET, 0));
        }
        for status in [200, 300, 304, 404] {
            assert!(after(status, "http://g:1/api").unwrap().is_none());
        }
    }

    #[test]
    fn credentials_stay_with_their_host() {
        for (from, to, expected) in [
            ("http://h:1/api", "/other", SignIn::Any),
            ("http://h:1/api", "http://H:1/x", SignIn::Any),
            ("http://h/api", "https://h/api", SignIn::Any),
            ("https://h/api", "https://h:443/x", SignIn::Any),
            ("http://h:1/api", "http://g:1/x", SignIn::Named),
            ("http://h:1/api", "http://h:2/x", SignIn::Named),
            ("https://h/api", "https://g/api", SignIn::Named),
            ("https://h/api", "http://h/api", SignIn::Nothing),
            ("https://h:1/api", "http://h:1/api", SignIn::Nothing),
        ] {
            let mut hop = Hop::first(from.parse().unwrap(), Bytes::new(), Protocol::Json);
            let to = |hop: &Hop| {
                let headers = HeaderMap::from_iter([(LOCATION, to.parse().unwrap())]);
                let next = next_hop(hop, StatusCode::TEMPORARY_REDIRECT, &headers);
                next.unwrap().unwrap().sign_in
            };
            assert_eq!(to(&hop), expected, "{from} {expected:?}");
            hop.sign_in = SignIn::Nothing;
            assert_eq!(to(&hop), SignIn::Nothing, "{from}");
        }
    }

    #[test]
    fn a_redirect_that_cannot_be_followed_says_why() {
        let error = after(307, "ftp://user:secret@g/api").unwrap_err();
        assert!(
            error.to_string().contains("not an http or https address"),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("secret"));
        assert!(matches!(
            after(302, "http://["),
            Err(Error::BadRedirect { .. })
        ));
    }
}
