//! User and password in the addresses of schedulers, and the targets of redirects.

use aurora_cluster::BaseUrl;
use hyper::Uri;
use percent_encoding::percent_decode_str;

use crate::auth::Credentials;

/// The user and password in an address.
pub(crate) fn credentials(address: &BaseUrl) -> Option<Credentials> {
    address.userinfo().map(credentials_of)
}

/// The target of a redirect from `from`, or nothing when `location` is not an address.
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
    fn user_and_password_are_decoded() {
        let address: BaseUrl = "http://al%69ce:s%40cret@h:1/x".parse().unwrap();
        assert_eq!(
            credentials(&address),
            Some(Credentials::new("alice", "s@cret"))
        );
        let plain: BaseUrl = "http://h/a@b".parse().unwrap();
        assert_eq!(credentials(&plain), None);
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
