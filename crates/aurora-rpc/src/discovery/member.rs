//! The members of a serverset: which of them leads, and where it listens.

use std::collections::BTreeMap;

use aurora_cluster::{BaseUrl, HostPort};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// What the names of members begin with; a number follows, which counts up.
const PREFIX: &str = "member_";
/// ZooKeeper itself takes no more than this into a node unless it is told to.
const MAX_BYTES: usize = 1024 * 1024;

/// The data of a member, as far as it matters. `status` must be there, and says nothing: whoever is
/// registered leads.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    #[serde(rename = "serviceEndpoint")]
    _service_endpoint: Endpoint,
    additional_endpoints: BTreeMap<String, Endpoint>,
    #[serde(rename = "status")]
    _status: IgnoredAny,
}

#[derive(Deserialize)]
struct Endpoint {
    host: String,
    port: u16,
}

/// The leading member among the children of the group: the one with the lowest number.
///
/// Children of other names are the election of the schedulers, and no members.
pub(super) fn leading(children: &[String]) -> Option<&str> {
    children
        .iter()
        .filter_map(|name| Some((number(name)?, name.as_str())))
        .min()
        .map(|(_, name)| name)
}

fn number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix(PREFIX)?;
    let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().ok())?
}

/// The address that a member offers: `https` before `http`, or nothing if it has neither.
///
/// # Errors
/// What is wrong with the data.
pub(super) fn address(data: &[u8]) -> Result<Option<BaseUrl>, String> {
    if data.len() > MAX_BYTES {
        return Err(format!("it is larger than {MAX_BYTES} bytes"));
    }
    let text = str::from_utf8(data)
        .map_err(|error| format!("it is not UTF-8 text after {} bytes", error.valid_up_to()))?;
    let member: Member = serde_json::from_str(text).map_err(|error| error.to_string())?;
    for scheme in ["https", "http"] {
        if let Some(endpoint) = member.additional_endpoints.get(scheme) {
            return url(scheme, endpoint).map(Some);
        }
    }
    Ok(None)
}

fn url(scheme: &str, endpoint: &Endpoint) -> Result<BaseUrl, String> {
    let Endpoint { host, port } = endpoint;
    let place = HostPort::new(host, *port);
    match format!("{scheme}://{place}").parse::<BaseUrl>() {
        // Nothing but a host can stand there: no path, no user.
        Ok(url) if url.host() == host && url.port() == *port => Ok(url),
        _ => Err(format!("its {scheme} endpoint `{place}` is no address")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn leader_of(children: &[&str]) -> Option<String> {
        let children: Vec<_> = children.iter().map(ToString::to_string).collect();
        leading(&children).map(str::to_owned)
    }

    fn member(endpoints: &str) -> String {
        format!(
            r#"{{"serviceEndpoint": {{"host": "h", "port": 1}}, "additionalEndpoints": {endpoints}, "status": "DEAD"}}"#
        )
    }

    fn address_of(data: &str) -> Result<Option<String>, String> {
        address(data.as_bytes()).map(|url| url.map(|url| url.to_string()))
    }

    #[test]
    fn the_member_with_the_lowest_number_leads() {
        for (children, leader) in [
            (
                &["member_0000000012", "member_0000000009"][..],
                Some("member_0000000009"),
            ),
            (
                &["member_10000000000", "member_9999999999"],
                Some("member_9999999999"),
            ),
            (
                &["singleton_candidate_0000000000", "member_0000000003"],
                Some("member_0000000003"),
            ),
            (
                &[
                    "member_",
                    "member_x",
                    "member_-000000001",
                    "member_1 ",
                    "amember_1",
                    "Member_1",
                ],
                None,
            ),
            (&["member_99999999999999999999999"], None),
            (&[], None),
        ] {
            assert_eq!(leader_of(children).as_deref(), leader, "{children:?}");
        }
    }

    #[test]
    fn https_goes_before_http_and_other_endpoints_do_not_count() {
        for (endpoints, url) in [
            (
                r#"{"http": {"host": "h", "port": 8081}, "https": {"host": "s", "port": 8443}}"#,
                Some("https://s:8443"),
            ),
            (
                r#"{"http": {"host": "10.0.0.1", "port": 8081}}"#,
                Some("http://10.0.0.1:8081"),
            ),
            (
                r#"{"http": {"host": "fe80::1", "port": 8081}}"#,
                Some("http://[fe80::1]:8081"),
            ),
            (r#"{"thrift": {"host": "h", "port": 9090}}"#, None),
            ("{}", None),
        ] {
            assert_eq!(address_of(&member(endpoints)).unwrap().as_deref(), url);
        }
    }

    #[test]
    fn status_must_be_there_and_says_nothing() {
        let with_shard = r#"{"serviceEndpoint": {"host": "h", "port": 1}, "additionalEndpoints": {"http": {"host": "h", "port": 2}}, "status": "STOPPED", "shard": 3}"#;
        assert_eq!(
            address_of(with_shard).unwrap().as_deref(),
            Some("http://h:2")
        );
        let without = with_shard.replace("status", "state");
        assert_eq!(
            address_of(&without).unwrap_err(),
            "missing field `status` at line 1 column 136"
        );
    }

    #[test]
    fn what_is_wrong_with_a_member_is_said() {
        let tell = |data: &[u8]| address(data).unwrap_err();
        insta::assert_snapshot!(tell(b"not json"), @"expected ident at line 1 column 2");
        insta::assert_snapshot!(tell(b""), @"EOF while parsing a value at line 1 column 0");
        insta::assert_snapshot!(tell(b"{\"\xff\xfe"), @"it is not UTF-8 text after 2 bytes");
        insta::assert_snapshot!(tell(b"{}"), @"missing field `serviceEndpoint` at line 1 column 2");
        insta::assert_snapshot!(
            tell(br#"{"serviceEndpoint": {"host": "h"}}"#),
            @"missing field `port` at line 1 column 33"
        );
        insta::assert_snapshot!(
            tell(member(r#"{"http": {"host": "h", "port": 70000}}"#).as_bytes()),
            @"invalid value: integer `70000`, expected u16 at line 1 column 105"
        );
        insta::assert_snapshot!(
            tell(member(r#"{"http": {"host": "h/x?", "port": 80}}"#).as_bytes()),
            @"its http endpoint `h/x?:80` is no address"
        );
        insta::assert_snapshot!(
            tell(member(r#"{"http": {"host": "u:p@h", "port": 80}}"#).as_bytes()),
            @"its http endpoint `[u:p@h]:80` is no address"
        );
        insta::assert_snapshot!(
            tell(member(r#"{"http": {"host": "", "port": 80}}"#).as_bytes()),
            @"its http endpoint `:80` is no address"
        );
        insta::assert_snapshot!(tell(&vec![b' '; MAX_BYTES + 1]), @"it is larger than 1048576 bytes");
    }

    proptest! {
        #[test]
        fn no_data_makes_it_panic(data in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = address(&data);
        }

        #[test]
        fn an_address_is_the_endpoint_and_nothing_else(host in "\\PC{0,12}", port: u16) {
            let host_json = serde_json::to_string(&host).unwrap();
            let data = member(&format!(r#"{{"http": {{"host": {host_json}, "port": {port}}}}}"#));
            if let Ok(url) = address(data.as_bytes()) {
                let url = url.unwrap();
                prop_assert_eq!((url.host(), url.port()), (host.as_str(), port));
                prop_assert_eq!(url.userinfo(), None);
            }
        }
    }
}
