//! Addresses of schedulers: how they are read, joined, and shown without secrets.

use aurora_cluster::BaseUrl;
use hyper::Uri;
use percent_encoding::percent_decode_str;

use crate::auth::Credentials;
use crate::error::Error;

/// Where a scheduler's web server is, and what user and password stood in front of its host. The
/// secret part is kept apart, so that the rest can be shown.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    url: BaseUrl,
    credentials: Option<Credentials>,
}

impl Address {
    /// Takes user and password out of a URL.
    pub(crate) fn new(url: BaseUrl) -> Result<Self, Error> {
        let text = url.as_str();
        let start = authority_start(text);
        let (authority, path) = split_authority(&text[start..]);
        let Some((userinfo, host)) = authority.rsplit_once('@') else {
            return Ok(Self {
                url,
                credentials: None,
            });
        };
        let credentials = Some(credentials_of(userinfo));
        let url = format!("{}{host}{path}", &text[..start]).parse()?;
        Ok(Self { url, credentials })
    }

    /// The address without user and password.
    pub(crate) fn url(&self) -> &BaseUrl {
        &self.url
    }

    /// User and password that stood in the address.
    pub(crate) fn credentials(&self) -> Option<&Credentials> {
        self.credentials.as_ref()
    }
}

/// The target of a redirect from `from`, or nothing when `location` is no address.
///
/// User and password in a redirect are dropped: no server may choose with what we sign in.
pub(crate) fn redirect_target(from: &Uri, location: &str) -> Option<Uri> {
    let location = location.trim().split('#').next().unwrap_or_default();
    let scheme = from.scheme_str()?;
    let authority = from.authority()?;
    let absolute = if location.is_empty() {
        return None;
    } else if location.contains("://") && !location.starts_with(['/', '?']) {
        let (scheme, rest) = location.split_once("://")?;
        let (authority, path) = split_authority(rest);
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{}://{host}{path}", scheme.to_ascii_lowercase())
    } else if let Some(rest) = location.strip_prefix("//") {
        let (authority, path) = split_authority(rest);
        let host = authority.rsplit('@').next().unwrap_or_default();
        format!("{scheme}://{host}{path}")
    } else if location.starts_with('/') {
        format!("{scheme}://{authority}{location}")
    } else if location.starts_with('?') {
        format!("{scheme}://{authority}{}{location}", from.path())
    } else {
        let base: BaseUrl = from.to_string().parse().ok()?;
        base.join(location)
    };
    let target: Uri = absolute.parse().ok()?;
    target.host().filter(|host| !host.is_empty())?;
    Some(target)
}

fn authority_start(text: &str) -> usize {
    match text.find("//") {
        Some(at) if at == 0 || text[..at].ends_with(':') => at + 2,
        _ => 0,
    }
}

fn split_authority(rest: &str) -> (&str, &str) {
    rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()))
}

fn credentials_of(userinfo: &str) -> Credentials {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    Credentials::new(decode(user), decode(password))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_and_password_are_kept_apart_and_never_shown() {
        let url = "http://al%69ce:s%40cret@h:1/x".parse().unwrap();
        let address = Address::new(url).unwrap();
        assert_eq!(address.url().as_str(), "http://h:1/x");
        assert_eq!(
            address.credentials(),
            Some(&Credentials::new("alice", "s@cret"))
        );
        assert!(!format!("{address:?}").contains("cret"));
        let plain = Address::new("http://h/a@b".parse().unwrap()).unwrap();
        assert_eq!(plain.url().as_str(), "http://h/a@b");
        assert_eq!(plain.credentials(), None);
    }

    #[test]
    fn redirects_are_resolved_against_the_address_that_gave_them() {
        let from: Uri = "http://h:1/a/api?q".parse().unwrap();
        for (location, expected) in [
            ("http://g:2/api", Some("http://g:2/api")),
            ("HTTPS://g/api#x", Some("https://g/api")),
            ("http://u:p@g/api", Some("http://g/api")),
            ("//g:3/x", Some("http://g:3/x")),
            ("/leader/api", Some("http://h:1/leader/api")),
            ("other", Some("http://h:1/a/other")),
            ("?z", Some("http://h:1/a/api?z")),
            ("", None),
            ("http://", None),
            ("http://[", None),
        ] {
            let target = redirect_target(&from, location).map(|uri| uri.to_string());
            assert_eq!(target.as_deref(), expected, "{location}");
        }
    }
}
