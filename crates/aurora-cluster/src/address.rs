use std::fmt;
use std::str::FromStr;

use crate::{BaseUrl, Error, redact};

/// How the scheduler of a cluster is found.
///
/// Its text is a URL: `http://HOST:PORT`, or `zk://HOST:PORT[,HOST:PORT…]/PATH` as in the options of Mesos. It
/// can be shown: user and password of the scheduler are left out.
///
/// ```
/// use aurora_cluster::SchedulerAddress;
///
/// let address: SchedulerAddress = "zk://zk1:2181,zk2:2181/aurora/scheduler".parse()?;
/// assert!(matches!(&address, SchedulerAddress::ZooKeeper(zookeeper) if zookeeper.servers.len() == 2));
/// assert_eq!(address.to_string(), "zk://zk1:2181,zk2:2181/aurora/scheduler");
/// # Ok::<(), aurora_cluster::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchedulerAddress {
    /// One scheduler, at this address.
    Direct(BaseUrl),
    /// The leader of those that are registered in ZooKeeper.
    ZooKeeper(ZooKeeper),
}

impl FromStr for SchedulerAddress {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.starts_with(ZooKeeper::SCHEME) {
            text.parse().map(Self::ZooKeeper)
        } else {
            text.parse().map(Self::Direct)
        }
    }
}

impl fmt::Display for SchedulerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Direct(url) => url.fmt(f),
            Self::ZooKeeper(zookeeper) => zookeeper.fmt(f),
        }
    }
}

/// A ZooKeeper ensemble and the path at which schedulers register. Its text is
/// `zk://HOST:PORT[,HOST:PORT…]/PATH`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ZooKeeper {
    /// The servers, at least one.
    pub servers: Vec<HostPort>,
    /// The path of the serverset: it begins with `/` and has no empty parts.
    pub path: String,
}

impl ZooKeeper {
    const SCHEME: &str = "zk://";

    /// The servers, joined by commas: `zk1:2181,zk2:2181`.
    pub fn connect_string(&self) -> String {
        let servers: Vec<_> = self.servers.iter().map(ToString::to_string).collect();
        servers.join(",")
    }
}

impl FromStr for ZooKeeper {
    type Err = Error;

    /// A server without a port gets [`Cluster::DEFAULT_ZK_PORT`](crate::Cluster::DEFAULT_ZK_PORT).
    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = |reason: &str| Error::InvalidAddress {
            address: redact(text),
            example: "zk://zk1:2181,zk2:2181/aurora/scheduler",
            reason: reason.to_owned(),
        };
        let rest = text
            .strip_prefix(Self::SCHEME)
            .ok_or_else(|| invalid("it does not begin with `zk://`"))?;
        let (servers, path) = rest
            .split_once('/')
            .ok_or_else(|| invalid("it has no path"))?;
        let servers = split_servers(servers, crate::Cluster::DEFAULT_ZK_PORT)
            .map_err(|reason| invalid(&reason))?;
        if servers.is_empty() {
            return Err(invalid("it names no server"));
        }
        Ok(Self {
            servers,
            path: normalise_path(path),
        })
    }
}

impl fmt::Display for ZooKeeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", Self::SCHEME, self.connect_string(), self.path)
    }
}

/// Where a server listens. Its text is `HOST:PORT`, with brackets around an IPv6 address.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct HostPort {
    /// A name or an address, IPv6 without brackets.
    pub host: String,
    /// The port.
    pub port: u16,
}

impl HostPort {
    /// A server of that host and port.
    pub fn new(host: impl Into<String>, port: u16) -> Self {
        let host = host.into();
        Self { host, port }
    }
}

impl FromStr for HostPort {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        server(text, None).map_err(|reason| Error::InvalidAddress {
            address: redact(text),
            example: "zk1:2181",
            reason,
        })
    }
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        if host.contains(':') {
            write!(f, "[{host}]:{port}")
        } else {
            write!(f, "{host}:{port}")
        }
    }
}

/// The servers of `zk`, with `port` for those without a port of their own; the reason when one of
/// them is not a server.
pub(crate) fn split_servers(zk: &str, port: u16) -> Result<Vec<HostPort>, String> {
    zk.split(',')
        .map(str::trim)
        .filter(|place| !place.is_empty())
        .map(|place| server(place, Some(port)))
        .collect()
}

fn server(place: &str, default_port: Option<u16>) -> Result<HostPort, String> {
    if place.contains('/') {
        return Err(format!(
            "`{place}` is not a host: write a path into `scheduler_zk_path`"
        ));
    }
    let (host, own_port) = match place.strip_prefix('[') {
        Some(bracketed) => match bracketed.split_once(']') {
            Some((host, "")) => (host, None),
            Some((host, rest)) => (host, Some(rest.strip_prefix(':').unwrap_or_default())),
            None => return Err(format!("the `[` of `{place}` is never closed")),
        },
        // More than one colon is an IPv6 address, which has room for a port in brackets only.
        None => match place.split_once(':') {
            Some((host, port)) if !port.contains(':') => (host, Some(port)),
            _ => (place, None),
        },
    };
    let port = match own_port.map(str::parse) {
        None => default_port.ok_or_else(|| format!("`{place}` has no port"))?,
        Some(Ok(port)) if port > 0 => port,
        Some(_) => {
            return Err(format!(
                "the port of `{place}` must be a number from 1 to 65535"
            ));
        }
    };
    if host.is_empty() {
        return Err(format!("`{place}` names no host"));
    }
    Ok(HostPort::new(host, port))
}

pub(crate) fn normalise_path(path: &str) -> String {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connect_string(zk: &str) -> Result<String, String> {
        let zookeeper = ZooKeeper {
            servers: split_servers(zk, 2181)?,
            path: "/aurora".to_owned(),
        };
        Ok(zookeeper.connect_string())
    }

    #[test]
    fn addresses_read_back_from_their_text() {
        for text in [
            "http://h:8081/a",
            "https://[::1]:1",
            "zk://zk1:2181/",
            "zk://zk1:2181,[::1]:2182/aurora/scheduler",
        ] {
            let address: SchedulerAddress = text.parse().unwrap();
            assert_eq!(address.to_string(), text);
            assert_eq!(
                address.to_string().parse::<SchedulerAddress>().unwrap(),
                address
            );
        }
        for text in ["zk1:2181", "[fe80::1]:80"] {
            assert_eq!(text.parse::<HostPort>().unwrap().to_string(), text);
        }
        let short: ZooKeeper = "zk://zk1/aurora//scheduler/".parse().unwrap();
        assert_eq!(short.to_string(), "zk://zk1:2181/aurora/scheduler");
    }

    #[test]
    fn other_texts_are_not_addresses() {
        let server = |text: &str| text.parse::<HostPort>().unwrap_err().to_string();
        let ensemble = |text: &str| text.parse::<ZooKeeper>().unwrap_err().to_string();
        let servers = "is not an address such as `zk1:2181`:";
        assert_eq!(server("zk1"), format!("`zk1` {servers} `zk1` has no port"));
        assert_eq!(server(":1"), format!("`:1` {servers} `:1` names no host"));
        let ensembles = "is not an address such as `zk://zk1:2181,zk2:2181/aurora/scheduler`:";
        for (text, reason) in [
            ("zk1:2181/a", "it does not begin with `zk://`"),
            ("zk://zk1:2181", "it has no path"),
            ("zk:///a", "it names no server"),
            (
                "zk://a:x/a",
                "the port of `a:x` must be a number from 1 to 65535",
            ),
        ] {
            assert_eq!(ensemble(text), format!("`{text}` {ensembles} {reason}"));
        }
        let address = "ftp://h".parse::<SchedulerAddress>().unwrap_err();
        assert!(matches!(address, Error::InvalidUrl { .. }));
    }

    #[test]
    fn servers_are_separated_by_commas_and_take_the_common_port() {
        for (zk, servers) in [
            ("zk1", "zk1:2181"),
            ("zk1, zk2,,10.0.0.1 ", "zk1:2181,zk2:2181,10.0.0.1:2181"),
            ("[::1],fe80::1", "[::1]:2181,[fe80::1]:2181"),
            (" , ", ""),
        ] {
            assert_eq!(connect_string(zk).unwrap(), servers);
        }
    }

    #[test]
    fn a_server_may_bring_its_own_port() {
        for (zk, servers) in [
            ("zk1:2182,zk2", "zk1:2182,zk2:2181"),
            ("[::1]:2182,[::1]", "[::1]:2182,[::1]:2181"),
        ] {
            assert_eq!(connect_string(zk).unwrap(), servers);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (zk, reason) in [
            (
                "zk1:",
                "the port of `zk1:` must be a number from 1 to 65535",
            ),
            (
                "zk1:0",
                "the port of `zk1:0` must be a number from 1 to 65535",
            ),
            (
                "a,zk1:65536",
                "the port of `zk1:65536` must be a number from 1 to 65535",
            ),
            (
                "[::1]2181",
                "the port of `[::1]2181` must be a number from 1 to 65535",
            ),
            ("[::1", "the `[` of `[::1` is never closed"),
            (":2181", "`:2181` names no host"),
            (
                "zk1/chroot",
                "`zk1/chroot` is not a host: write a path into `scheduler_zk_path`",
            ),
        ] {
            assert_eq!(connect_string(zk).unwrap_err(), reason);
        }
    }

    #[test]
    fn paths_begin_with_one_slash() {
        for (path, normal) in [
            ("aurora/scheduler", "/aurora/scheduler"),
            ("//aurora//scheduler/", "/aurora/scheduler"),
            ("/", "/"),
        ] {
            assert_eq!(normalise_path(path), normal);
        }
    }
}
