//! Keeping web pages out.
//!
//! The port is open to everything on this machine, the user's browser included. A page from elsewhere must not reach it:
//! neither by a request across origins, nor under a name of its own that it makes resolve to this machine.

use axum::extract::Request;
use axum::http::header::{HOST, HeaderName, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Lets a request through that a local program, or a page of this server, has sent.
pub(super) async fn refuse_foreign(request: Request, next: Next) -> Response {
    match reason_to_refuse(request.headers()) {
        None => next.run(request).await,
        Some(reason) => (StatusCode::FORBIDDEN, format!("{reason}\n")).into_response(),
    }
}

fn reason_to_refuse(headers: &HeaderMap) -> Option<String> {
    let host = match headers.get(HOST).map(|value| value.to_str()) {
        // Only programs leave it out.
        None => None,
        Some(Ok(host)) if is_loopback(host) => Some(host),
        Some(host) => {
            return Some(format!(
                "Host `{}` is not this machine; use 127.0.0.1 or localhost.",
                host.unwrap_or_default()
            ));
        }
    };
    if let Some(origin) = headers.get(ORIGIN) {
        let own = host.map(|host| format!("http://{host}"));
        if origin.to_str().ok() != own.as_deref() {
            return Some("Requests from pages of other origins are refused.".to_owned());
        }
    }
    // A link from another page is fine to follow; nothing else is.
    if headers
        .get(SEC_FETCH_SITE)
        .is_some_and(|site| site == "cross-site")
        && headers
            .get("sec-fetch-mode")
            .is_none_or(|mode| mode != "navigate")
    {
        return Some("Requests from pages of other sites are refused.".to_owned());
    }
    None
}

/// Whether a Host header names this machine by a name that no other machine can have.
fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    name.eq_ignore_ascii_case("localhost") || name == "127.0.0.1" || name == "[::1]"
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn refused(headers: &[(&str, &str)]) -> bool {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_bytes(value.as_bytes()).unwrap(),
            );
        }
        reason_to_refuse(&map).is_some()
    }

    #[test]
    fn programs_and_own_pages_come_through() {
        assert!(!refused(&[]));
        for host in [
            "127.0.0.1:8081",
            "localhost",
            "LOCALHOST:1",
            "127.0.0.1",
            "[::1]:80",
            "[::1]",
        ] {
            assert!(!refused(&[("host", host)]), "{host}");
        }
        assert!(!refused(&[
            ("host", "localhost:8081"),
            ("origin", "http://localhost:8081")
        ]));
        assert!(!refused(&[
            ("host", "localhost:8081"),
            ("sec-fetch-site", "cross-site"),
            ("sec-fetch-mode", "navigate"),
        ]));
    }

    #[test]
    fn other_names_for_this_machine_are_refused() {
        for host in [
            "evil.example",
            "localhost.evil.example",
            "evil.example:8081",
            "127.0.0.1.nip.io",
            "",
            "\u{e9}",
        ] {
            assert!(refused(&[("host", host)]), "{host}");
        }
    }

    #[test]
    fn other_origins_are_refused() {
        for origin in [
            "http://evil.example",
            "null",
            "http://localhost:3000",
            "https://localhost:8081",
        ] {
            assert!(
                refused(&[("host", "localhost:8081"), ("origin", origin)]),
                "{origin}"
            );
        }
        assert!(refused(&[("origin", "http://localhost")]));
        assert!(refused(&[
            ("host", "localhost"),
            ("sec-fetch-site", "cross-site")
        ]));
    }
}
