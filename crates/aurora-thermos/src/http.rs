//! One HTTP request to a task on this machine.

use std::time::Duration;

use http_body_util::{BodyExt, Empty, Limited};
use hyper::body::Bytes;
use hyper::header::{HOST, LOCATION, USER_AGENT};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Redirects followed before giving up.
const MOST_REDIRECTS: usize = 10;

/// Bytes of a body that are looked at.
const MOST_BODY: usize = 1 << 20;

/// An answer: its code, and its body unless the code is an error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: u16,
    pub(crate) body: String,
}

/// GETs a path of `localhost`, following redirects, all within `timeout`.
pub(crate) async fn get(port: u16, path: &str, timeout: Duration) -> Result<Answer, String> {
    within(timeout, async {
        let mut uri = local(port, path)?;
        for _ in 0..=MOST_REDIRECTS {
            match exchange(Method::GET, &uri).await? {
                Received::Answer(answer) => return Ok(answer),
                Received::Redirect(location) => uri = resolve(&uri, &location)?,
            }
        }
        Err(format!("more than {MOST_REDIRECTS} redirects"))
    })
    .await
}

/// POSTs nothing to a path of `localhost`; any answer is fine.
pub(crate) async fn post(port: u16, path: &str, timeout: Duration) -> Result<(), String> {
    within(timeout, async {
        exchange(Method::POST, &local(port, path)?).await.map(drop)
    })
    .await
}

async fn within<T>(
    timeout: Duration,
    work: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    tokio::time::timeout(timeout, work)
        .await
        .unwrap_or_else(|_| Err(format!("no answer within {timeout:?}")))
}

enum Received {
    Answer(Answer),
    Redirect(String),
}

async fn exchange(method: Method, uri: &Uri) -> Result<Received, String> {
    let text = |error: &dyn std::fmt::Display| error.to_string();
    let (host, port) = (
        uri.host().unwrap_or("localhost"),
        uri.port_u16().unwrap_or(80),
    );
    // Brackets belong to the notation of a URL, not to the address.
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let stream = TcpStream::connect((address, port))
        .await
        .map_err(|error| format!("cannot connect to {host}:{port}: {error}"))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| text(&error))?;
    let target = uri.path_and_query().map_or("/", |target| target.as_str());
    let request = Request::builder()
        .method(method)
        .uri(target)
        .header(HOST, format!("{host}:{port}"))
        .header(
            USER_AGENT,
            concat!("aurora-thermos/", env!("CARGO_PKG_VERSION")),
        )
        .body(Empty::<Bytes>::new())
        .map_err(|error| text(&error))?;
    let answer = async move {
        let response = sender
            .send_request(request)
            .await
            .map_err(|error| text(&error))?;
        let code = response.status();
        if is_redirect(code)
            && let Some(location) = response.headers().get(LOCATION)
        {
            let location = String::from_utf8_lossy(location.as_bytes()).into_owned();
            return Ok(Received::Redirect(location));
        }
        let mut answer = Answer {
            code: code.as_u16(),
            body: String::new(),
        };
        if code.is_success() {
            let body = Limited::new(response.into_body(), MOST_BODY)
                .collect()
                .await
                .map_err(|error| format!("the body cannot be read: {error}"))?;
            answer.body = String::from_utf8_lossy(&body.to_bytes()).into_owned();
        }
        Ok(Received::Answer(answer))
    };
    // The connection does the work of the exchange and may end before the last of it was taken.
    tokio::pin!(answer, connection);
    let mut open = true;
    loop {
        tokio::select! {
            answer = &mut answer => return answer,
            _ = &mut connection, if open => open = false,
        }
    }
}

fn is_redirect(code: StatusCode) -> bool {
    matches!(code.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn local(port: u16, path: &str) -> Result<Uri, String> {
    let slash = if path.starts_with('/') { "" } else { "/" };
    let url = format!("http://localhost:{port}{slash}{path}");
    url.parse().map_err(|error| format!("{url}: {error}"))
}

/// Where a `Location` leads from `base`.
fn resolve(base: &Uri, location: &str) -> Result<Uri, String> {
    let bad = |error: &dyn std::fmt::Display| format!("redirected to '{location}': {error}");
    let authority = base.authority().map_or("localhost", |part| part.as_str());
    let url = if location.contains("://") {
        location.to_owned()
    } else if let Some(rest) = location.strip_prefix("//") {
        format!("http://{rest}")
    } else if location.starts_with('/') {
        format!("http://{authority}{location}")
    } else {
        let folder = base
            .path()
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        format!("http://{authority}{folder}/{location}")
    };
    let uri: Uri = url.parse().map_err(|error| bad(&error))?;
    if uri.scheme_str() != Some("http") {
        return Err(bad(&"only http is spoken here"));
    }
    if uri.port_u16().is_none() && uri.authority().map(|part| part.as_str()) != uri.host() {
        return Err(bad(&"not a host, or a host and a port"));
    }
    Ok(uri)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_are_resolved_against_where_they_came_from() {
        let base = "http://localhost:80/a/b?c".parse().unwrap();
        let to = |location| resolve(&base, location).map(|uri| uri.to_string());
        assert_eq!(to("/x").unwrap(), "http://localhost:80/x");
        assert_eq!(to("x?y").unwrap(), "http://localhost:80/a/x?y");
        assert_eq!(to("//h:1/x").unwrap(), "http://h:1/x");
        assert_eq!(to("http://[::1]:5/").unwrap(), "http://[::1]:5/");
        assert!(to("https://h/").unwrap_err().contains("only http"));
        assert!(to("http://h:port/").unwrap_err().contains("http://h:port/"));
        assert!(to("http://h h/").is_err());
    }
}
