//! Redirects: a scheduler that does not lead sends its callers to the one that does.

use aurora_cluster::redact;
use hyper::body::Bytes;
use hyper::header::{HeaderMap, LOCATION};
use hyper::{Method, StatusCode, Uri};

use crate::address::redirect_target;
use crate::error::Error;

/// One request of an exchange.
#[derive(Debug)]
pub(super) struct Hop {
    pub(super) uri: Uri,
    pub(super) method: Method,
    pub(super) body: Bytes,
    /// Credentials are for the host that they were given for, and for no other.
    pub(super) may_sign_in: bool,
}

impl Hop {
    pub(super) fn first(uri: Uri, body: Bytes) -> Self {
        Self {
            uri,
            method: Method::POST,
            body,
            may_sign_in: true,
        }
    }
}

/// The request that an answer redirects to, or nothing when the answer is the answer.
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
    match uri.scheme_str() {
        Some("http") => {}
        Some("https") => return Err(bad("which needs TLS, and this client does not support it")),
        _ => return Err(bad("which is no address of the web")),
    }
    let same_host = uri.host() == hop.uri.host()
        && uri.port_u16().unwrap_or(80) == hop.uri.port_u16().unwrap_or(80);
    let (method, body) = if repeats {
        (hop.method.clone(), hop.body.clone())
    } else {
        (Method::GET, Bytes::new())
    };
    Ok(Some(Hop {
        uri,
        method,
        body,
        may_sign_in: hop.may_sign_in && same_host,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(status: u16, location: &str) -> Result<Option<Hop>, Error> {
        let hop = Hop::first("http://h:1/api".parse().unwrap(), Bytes::from("x"));
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
        let sign_in = |location| after(307, location).unwrap().unwrap().may_sign_in;
        assert!(sign_in("/other"));
        assert!(sign_in("http://h:1/x"));
        assert!(!sign_in("http://g:1/x"));
        assert!(!sign_in("http://h:2/x"));
    }

    #[test]
    fn a_redirect_that_cannot_be_followed_says_why() {
        let error = after(307, "https://g:1/api").unwrap_err();
        assert!(error.to_string().contains("needs TLS"), "{error}");
        let error = after(307, "ftp://user:secret@g/api").unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
        assert!(matches!(
            after(302, "http://["),
            Err(Error::BadRedirect { .. })
        ));
    }
}
