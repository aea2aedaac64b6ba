/// The text of an address with user and password, if it has any, replaced by `***`.
///
/// The text may be any text, so whatever may be a password counts as one.
///
/// ```
/// assert_eq!(aurora_cluster::redact("http://alice:secret@h:1/a"), "http://***@h:1/a");
/// ```
pub fn redact(text: &str) -> String {
    let start = authority_start(text);
    let rest = &text[start..];
    let (authority, _) = split_authority(rest);
    let is_host = |text: &str| match text.rsplit_once(':') {
        Some((_, port)) => port.ends_with(']') || port.bytes().all(|b| b.is_ascii_digit()),
        None => true,
    };
    // A password with a slash in it cuts the authority short, and leaves no port behind the colon.
    let secret = match authority.rfind('@') {
        None if is_host(authority) => None,
        None => rest.rfind('@'),
        found => found,
    };
    match secret {
        Some(at) => format!("{}***{}", &text[..start], &rest[at..]),
        None => text.to_owned(),
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{BaseUrl, Cluster};
    use aurora_compat::Compat;

    #[test]
    fn errors_about_an_address_do_not_quote_its_secrets() {
        for (uri, compat) in [
            ("ftp://alice:secret@h/x@y", Compat::Documented),
            ("http://alice:secret@", Compat::Documented),
            ("alice:secret@h:1", Compat::Released),
        ] {
            let cluster = Cluster::direct("west", uri).with_compat(compat);
            let error = cluster.scheduler_address().unwrap_err();
            let shown = format!("{error} {error:?} {cluster:?}");
            assert!(
                shown.contains("***@") && !shown.contains("secret"),
                "{shown}"
            );
        }
        let error = "ftp://alice:secret@h".parse::<BaseUrl>().unwrap_err();
        assert!(!format!("{error} {error:?}").contains("secret"));
        let url: BaseUrl = "http://alice:secret@h".parse().unwrap();
        assert!(!format!("{url:?}").contains("secret"));
    }

    #[test]
    fn what_may_be_a_secret_is_not_shown() {
        for (text, shown) in [
            ("http://u:p@h/a", "http://***@h/a"),
            ("u:p@h", "***@h"),
            ("//u:p@[", "//***@["),
            ("http://u:p/q@h:1/a", "http://***@h:1/a"),
            ("http://u:p@q@h", "http://***@h"),
            ("http://h:1/a@b", "http://h:1/a@b"),
            ("http://[::1]/a@b", "http://[::1]/a@b"),
            ("/a//b@c", "/a//b@c"),
            ("", ""),
        ] {
            assert_eq!(redact(text), shown, "{text}");
        }
    }
}
