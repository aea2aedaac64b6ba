use std::fmt;

use crate::BaseUrl;

/// How the scheduler of a cluster is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SchedulerAddress {
    /// One scheduler, at this address.
    Direct(BaseUrl),
    /// The leader of those that are registered in ZooKeeper.
    ZooKeeper(ZooKeeper),
}

/// A ZooKeeper ensemble and the path at which schedulers register.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ZooKeeper {
    /// The servers, at least one.
    pub servers: Vec<HostPort>,
    /// The path of the serverset: it begins with `/` and has no empty parts.
    pub path: String,
}

impl ZooKeeper {
    /// The servers, joined by commas: `zk1:2181,zk2:2181`.
    pub fn connect_string(&self) -> String {
        let servers: Vec<_> = self.servers.iter().map(ToString::to_string).collect();
        servers.join(",")
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

/// The servers of `zk`, with `port` for those that bring none of their own; the reason when one of
/// them cannot be a server.
pub(crate) fn split_servers(zk: &str, port: u16) -> Result<Vec<HostPort>, String> {
    zk.split(',')
        .map(str::trim)
        .filter(|place| !place.is_empty())
        .map(|place| server(place, port))
        .collect()
}

fn server(place: &str, port: u16) -> Result<HostPort, String> {
    if place.contains('/') {
        return Err(format!(
            "`{place}` is no host; a path belongs into `scheduler_zk_path`"
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
        None => port,
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
    fn what_is_no_server_is_refused() {
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
                "`zk1/chroot` is no host; a path belongs into `scheduler_zk_path`",
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
