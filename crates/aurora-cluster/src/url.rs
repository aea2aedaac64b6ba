use std::fmt;
use std::str::FromStr;

use crate::{Error, redact};

/// The `http://` or `https://` address below which a scheduler has its pages and its API.
///
/// Without a scheme, as in `localhost:55555`, `http://` is assumed. A query and a
/// fragment are dropped.
///
/// ```
/// use aurora_cluster::BaseUrl;
///
/// let url: BaseUrl = "localhost:8081".parse()?;
/// assert_eq!(url.join("api"), "http://localhost:8081/api");
///
/// // References are relative: the last segment gives way unless it ends in a slash.
/// let url: BaseUrl = "https://proxy.example.com/aurora/leaf".parse()?;
/// assert_eq!(url.join("scheduler"), "https://proxy.example.com/aurora/scheduler");
/// # Ok::<(), aurora_cluster::Error>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    /// Scheme, host, port and path.
    text: String,
    userinfo: Option<String>,
    is_https: bool,
    host: String,
    port: u16,
    /// Scheme, authority and path up to the last slash, without dot segments.
    directory: String,
}

impl BaseUrl {
    /// The whole URL, with the scheme and without user, password, query and fragment: it can be shown.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// What precedes the host, as it was written: `USER` or `USER:PASSWORD`, percent-encoded. A secret.
    pub fn userinfo(&self) -> Option<&str> {
        self.userinfo.as_deref()
    }

    /// Whether the scheme is `https`.
    pub const fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host: a name, an IPv4 address, or an IPv6 address without brackets.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port; 80 or 443 where none is written.
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// The URL of a page, given as relative path such as `api`. Nothing is escaped.
    pub fn join(&self, page: &str) -> String {
        format!("{}{page}", self.directory)
    }

    /// Whether a text names its scheme.
    pub(crate) fn has_scheme(text: &str) -> bool {
        text.contains("://")
    }

    /// The reason is without the text itself.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        if let Some(bad) = text.chars().find(|c| !c.is_ascii_graphic()) {
            return Err(format!(
                "it contains {bad:?}; a URL has only printable ASCII characters"
            ));
        }
        let (scheme, rest) = match text.split_once("://") {
            Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
            None => ("http".to_owned(), text.strip_prefix("//").unwrap_or(text)),
        };
        let is_https = match scheme.as_str() {
            "http" => false,
            "https" => true,
            _ => return Err("its scheme must be `http` or `https`".to_owned()),
        };
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = match rest.find('/') {
            Some(slash) => rest.split_at(slash),
            None => (rest, ""),
        };
        let (userinfo, authority) = match authority.rsplit_once('@') {
            Some((userinfo, place)) => (Some(userinfo.to_owned()), place),
            None => (None, authority),
        };
        let (host, port) = split_authority(authority)?;
        let directory = format!("{scheme}://{authority}{}", directory_of(path));
        Ok(Self {
            text: format!("{scheme}://{authority}{path}"),
            userinfo,
            is_https,
            host: host.to_owned(),
            port: port.unwrap_or(if is_https { 443 } else { 80 }),
            directory,
        })
    }
}

impl FromStr for BaseUrl {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text).map_err(|reason| Error::InvalidUrl {
            url: redact(text),
            reason,
        })
    }
}

// By hand, because a password may precede the host.
impl fmt::Debug for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("BaseUrl").field(&self.text).finish()
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

/// Host and port of `HOST[:PORT]`.
fn split_authority(place: &str) -> Result<(&str, Option<u16>), String> {
    let (host, port) = if let Some(bracketed) = place.strip_prefix('[') {
        let Some((host, after)) = bracketed.split_once(']') else {
            return Err("its `[` is never closed".to_owned());
        };
        let port = match after.strip_prefix(':') {
            Some(port) => Some(port),
            None if after.is_empty() => None,
            None => return Err("only a port can follow the `]`".to_owned()),
        };
        (host, port)
    } else {
        match place.split_once(':') {
            Some((_, port)) if port.contains(':') => {
                return Err("an IPv6 address needs brackets, as in `[::1]:8081`".to_owned());
            }
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        }
    };
    if host.is_empty() {
        return Err("it names no host".to_owned());
    }
    let port = match port {
        None => None,
        Some(port) if port.bytes().all(|byte| byte.is_ascii_digit()) => match port.parse() {
            Ok(port) if port > 0 => Some(port),
            _ => return Err("its port must be a number from 1 to 65535".to_owned()),
        },
        Some(_) => return Err("its port must be a number from 1 to 65535".to_owned()),
    };
    Ok((host, port))
}

/// The path up to its last slash, `.` and `..` resolved.
fn directory_of(path: &str) -> String {
    let segments = path.split('/').skip(1);
    let mut kept: Vec<&str> = Vec::new();
    let count = segments.clone().count();
    for segment in segments.take(count.saturating_sub(1)) {
        match segment {
            "." => {}
            ".." => {
                kept.pop();
            }
            segment => kept.push(segment),
        }
    }
    let mut directory = String::from("/");
    for segment in kept {
        directory.push_str(segment);
        directory.push('/');
    }
    directory
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_relative_references() {
        for (base, api) in [
            ("http://h:8081", "http://h:8081/api"),
            ("http://h:8081/", "http://h:8081/api"),
            ("http://h/a/b", "http://h/a/api"),
            ("http://h/a/", "http://h/a/api"),
            ("http://h/a", "http://h/api"),
            ("http://h//a/", "http://h//a/api"),
            ("http://h/a/../b/./c", "http://h/b/api"),
            ("http://h/../x", "http://h/api"),
            ("http://h/a/..", "http://h/a/api"),
            ("http://h/a/b?q=/x/y#/f/", "http://h/a/api"),
            ("http://h?q=1", "http://h/api"),
            ("HTTPS://h", "https://h/api"),
            ("localhost:55555", "http://localhost:55555/api"),
            ("localhost", "http://localhost/api"),
            ("//h:1/a/", "http://h:1/a/api"),
            ("[::1]:8081", "http://[::1]:8081/api"),
            ("http://[::1]", "http://[::1]/api"),
            ("http://al:secret@h:1/", "http://h:1/api"),
        ] {
            assert_eq!(base.parse::<BaseUrl>().unwrap().join("api"), api, "{base}");
        }
    }

    #[test]
    fn hosts_and_ports() {
        for (base, host, port, is_https) in [
            ("http://h", "h", 80, false),
            ("https://h/x", "h", 443, true),
            ("https://h.example.com:8443", "h.example.com", 8443, true),
            ("http://[fe80::1]:81/a", "fe80::1", 81, false),
        ] {
            let url: BaseUrl = base.parse().unwrap();
            assert_eq!(
                (url.host(), url.port(), url.is_https()),
                (host, port, is_https)
            );
            assert_eq!(url.as_str(), base);
        }
    }

    #[test]
    fn user_and_password_are_kept_apart() {
        let url: BaseUrl = "https://al:secret@h:8443/x".parse().unwrap();
        assert_eq!(url.as_str(), "https://h:8443/x");
        assert_eq!(url.userinfo(), Some("al:secret"));
        assert_eq!(url.host(), "h");
        assert_eq!("http://h/a@b".parse::<BaseUrl>().unwrap().userinfo(), None);
    }

    #[test]
    fn other_texts_are_not_scheduler_urls() {
        for (text, reason) in [
            ("", "it names no host"),
            ("http://", "it names no host"),
            ("http:///a", "it names no host"),
            ("http://:80", "it names no host"),
            ("ftp://h", "its scheme must be `http` or `https`"),
            ("http://h:", "its port must be a number from 1 to 65535"),
            ("http://h:0", "its port must be a number from 1 to 65535"),
            ("http://h:+1", "its port must be a number from 1 to 65535"),
            (
                "http://h:65536",
                "its port must be a number from 1 to 65535",
            ),
            ("http:/h", "its port must be a number from 1 to 65535"),
            ("::1", "an IPv6 address needs brackets, as in `[::1]:8081`"),
            ("http://[::1", "its `[` is never closed"),
            ("http://[::1]8081", "only a port can follow the `]`"),
            (
                "http://h /",
                "it contains ' '; a URL has only printable ASCII characters",
            ),
        ] {
            match text.parse::<BaseUrl>() {
                Err(Error::InvalidUrl { reason: found, .. }) => assert_eq!(found, reason, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
