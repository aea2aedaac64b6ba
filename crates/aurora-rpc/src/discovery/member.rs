//! The members of a serverset: which of them leads, and where it listens.

use std::collections::BTreeMap;

use aurora_cluster::{BaseUrl, HostPort};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::endpoint::Endpoint;
use super::service_instance;

/// What the names of members begin with; a number follows, which counts up.
const PREFIX: &str = "member_";
/// ZooKeeper itself takes no more than this into a node unless it is configured to.
const MAX_BYTES: usize = 1024 * 1024;

/// The data of a member, as far as it matters. `status` is required and means nothing: a scheduler that is
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
    let endpoints = match from_json(data) {
        Ok(endpoints) => endpoints,
        // JSON has no zero bytes, and Thrift's binary encoding always has some.
        Err(error) if !data.contains(&0) => return Err(error),
        Err(_) => service_instance::additional_endpoints(data)?,
    };
    for scheme in ["https", "http"] {
        if let Some(endpoint) = endpoints.get(scheme) {
            return url(scheme, endpoint).map(Some);
        }
    }
    Ok(None)
}

fn from_json(data: &[u8]) -> Result<BTreeMap<String, Endpoint>, String> {
    let text = str::from_utf8(data)
        .map_err(|error| format!("it is not UTF-8 text after {} bytes", error.valid_up_to()))?;
    let member: Member = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(member.additional_endpoints)
}

fn url(scheme: &str, endpoint: &Endpoint) -> Result<BaseUrl, String> {
    let Endpoint { host, port } = endpoint;
    let place = HostPort::new(host, *port);
    match format!("{scheme}://{place}").parse::<BaseUrl>() {
        // Only a host is allowed here: no path, no user.
        Ok(url) if url.host() == host && url.port() == *port => Ok(url),
        _ => Err(format!("its {scheme} endpoint `{place}` is not an address")),
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
        let reason = |data: &[u8]| address(data).unwrap_err();
        insta::assert_snapshot!(reason(b"not json"), @"expected ident at line 1 column 2");
        insta::assert_snapshot!(reason(b""), @"EOF while parsing a value at line 1 column 0");
        insta::assert_snapshot!(reason(b"{\"\xff\xfe"), @"it is not UTF-8 text after 2 bytes");
        insta::assert_snapshot!(reason(b"{}"), @"missing field `serviceEndpoint` at line 1 column 2");
        insta::assert_snapshot!(
            reason(br#"{"serviceEndpoint": {"host": "h"}}"#),
            @"missing field `port` at line 1 column 33"
        );
        insta::assert_snapshot!(
            reason(member(r#"{"http": {"host": "h", "port": 70000}}"#).as_bytes()),
            @"invalid value: integer `70000`, expected u16 at line 1 column 105"
        );
        insta::assert_snapshot!(
            reason(member(r#"{"http": {"host": "h/x?", "port": 80}}"#).as_bytes()),
            @"its http endpoint `h/x?:80` is not an address"
        );
        insta::assert_snapshot!(
            reason(member(r#"{"http": {"host": "u:p@h", "port": 80}}"#).as_bytes()),
            @"its http endpoint `[u:p@h]:80` is not an address"
        );
        insta::assert_snapshot!(
            reason(member(r#"{"http": {"host": "", "port": 80}}"#).as_bytes()),
            @"its http endpoint `:80` is not an address"
        );
        insta::assert_snapshot!(reason(&vec![b' '; MAX_BYTES + 1]), @"it is larger than 1048576 bytes");
    }

    /// A struct of Thrift's binary encoding: each field with its type, id and bytes.
    fn encoded(fields: &[(u8, u16, Vec<u8>)]) -> Vec<u8> {
        let mut bytes = Vec::new();
        for (kind, id, value) in fields {
            bytes.push(*kind);
            bytes.extend(id.to_be_bytes());
            bytes.extend(value);
        }
        bytes.push(0);
        bytes
    }

    fn encoded_text(text: &str) -> Vec<u8> {
        let mut bytes = (text.len() as u32).to_be_bytes().to_vec();
        bytes.extend(text.bytes());
        bytes
    }

    fn encoded_endpoint(host: &str, port: i32) -> Vec<u8> {
        encoded(&[
            (11, 1, encoded_text(host)),
            (8, 2, port.to_be_bytes().to_vec()),
        ])
    }

    fn encoded_member(endpoints: &[(&str, &str, i32)]) -> Vec<u8> {
        let mut map = vec![11, 12];
        map.extend((endpoints.len() as u32).to_be_bytes());
        for (name, host, port) in endpoints {
            map.extend(encoded_text(name));
            map.extend(encoded_endpoint(host, *port));
        }
        encoded(&[
            (12, 1, encoded_endpoint("h", 1)),
            (13, 2, map),
            (8, 3, 2i32.to_be_bytes().to_vec()),
            (8, 4, 0i32.to_be_bytes().to_vec()),
        ])
    }

    #[test]
    fn a_member_may_be_encoded_by_thrift_as_well() {
        for (endpoints, url) in [
            (
                &[("http", "h", 8081), ("https", "s", 8443)][..],
                Some("https://s:8443"),
            ),
            (&[("http", "10.0.0.1", 8081)], Some("http://10.0.0.1:8081")),
            (&[("thrift", "h", 9090)], None),
            (&[], None),
        ] {
            let address = address(&encoded_member(endpoints)).unwrap();
            assert_eq!(address.map(|url| url.to_string()).as_deref(), url);
        }
        // Later fields do not matter.
        let mut data = encoded_member(&[("http", "h", 8081)]);
        data.pop();
        data.extend(encoded(&[(11, 9, encoded_text("more"))]));
        assert!(address(&data).unwrap().is_some());
    }

    #[test]
    fn what_is_wrong_with_an_encoded_member_is_said() {
        let reason = |data: &[u8]| address(data).unwrap_err();
        let good = encoded_member(&[("http", "h", 8081)]);
        for end in 1..good.len() {
            assert!(address(&good[..end]).is_err(), "{end}");
        }
        insta::assert_snapshot!(reason(&good[..good.len() - 1]), @"byte 66: it ends where a type should follow");
        insta::assert_snapshot!(reason(&[&good[..], b"x"].concat()), @"byte 67: the message is over, but more bytes follow; one message is expected");
        insta::assert_snapshot!(reason(&encoded_member(&[("http", "h", 70000)])), @"invalid port: 70000");
        insta::assert_snapshot!(reason(&encoded_member(&[("http", "h", -1)])), @"invalid port: -1");
        insta::assert_snapshot!(reason(&encoded_member(&[("http", "h/x", 1)])), @"its http endpoint `h/x:1` is not an address");
        insta::assert_snapshot!(reason(&[0]), @"missing field `serviceEndpoint`");
        insta::assert_snapshot!(reason(&encoded(&[(12, 1, encoded(&[]))])), @"missing field `host`");
        insta::assert_snapshot!(reason(&encoded(&[(12, 1, encoded_endpoint("h", 1))])), @"missing field `additionalEndpoints`");
        insta::assert_snapshot!(reason(&encoded(&[(8, 1, vec![0; 4])])), @"byte 3: expected a value of type rec, the sender says i32; does it speak another API?");
        let huge = [&[13, 0, 2, 11, 12][..], &u32::MAX.to_be_bytes()].concat();
        insta::assert_snapshot!(reason(&huge), @"byte 5: -1 entries are declared, but there are not bytes enough for them; was the message altered in transit?");
        let deep = [12, 0, 9].repeat(100_000);
        insta::assert_snapshot!(reason(&deep), @"byte 96: more than 32 values inside one another; raise `Limits::depth` if the sender is to be trusted");
    }

    proptest! {
        #[test]
        fn no_encoded_data_makes_it_panic(
            at in any::<prop::sample::Index>(),
            byte: u8,
            tail in prop::collection::vec(any::<u8>(), 0..20),
        ) {
            let mut data = encoded_member(&[("http", "h", 8081), ("https", "s", 8443)]);
            let at = at.index(data.len());
            data[at] = byte;
            let _ = address(&data);
            data.truncate(at);
            data.extend(tail);
            let _ = address(&data);
        }

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
