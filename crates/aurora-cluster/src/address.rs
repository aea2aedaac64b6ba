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
    /// The hosts, at least one: names or addresses without ports, IPv6 without brackets.
    pub hosts: Vec<String>,
    /// The port of each of them.
    pub port: u16,
    /// The path of the serverset: it begins with `/` and has no empty parts.
    pub path: String,
}

impl ZooKeeper {
    /// The hosts, each with the port, joined by commas: `zk1:2181,zk2:2181`.
    pub fn connect_string(&self) -> String {
        let places: Vec<_> = self
            .hosts
            .iter()
            .map(|host| {
                if host.contains(':') {
                    format!("[{host}]:{}", self.port)
                } else {
                    format!("{host}:{}", self.port)
                }
            })
            .collect();
        places.join(",")
    }
}

/// The hosts of `zk`; the reason when one of them cannot be a host.
pub(crate) fn split_hosts(zk: &str) -> Result<Vec<String>, String> {
    let mut hosts = Vec::new();
    for host in zk.split(',').map(str::trim).filter(|host| !host.is_empty()) {
        let bare = host
            .strip_prefix('[')
            .and_then(|host| host.strip_suffix(']'))
            .unwrap_or(host);
        // A single colon is no IPv6 address, and the release would append a second port.
        if bare.matches(':').count() == 1 || host.contains("]:") {
            return Err(format!(
                "the port of `{host}` belongs into `zk_port`, which counts for all hosts"
            ));
        }
        hosts.push(bare.to_owned());
    }
    Ok(hosts)
}

pub(crate) fn normalise_path(path: &str) -> String {
    let parts: Vec<_> = path.split('/').filter(|part| !part.is_empty()).collect();
    format!("/{}", parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_separated_by_commas() {
        for (zk, hosts) in [
            ("zk1", vec!["zk1"]),
            ("zk1, zk2,,10.0.0.1 ", vec!["zk1", "zk2", "10.0.0.1"]),
            ("[::1],fe80::1", vec!["::1", "fe80::1"]),
            (" , ", vec![]),
        ] {
            assert_eq!(split_hosts(zk).unwrap(), hosts);
        }
        for zk in ["zk1:2181", "zk1,[::1]:2181"] {
            assert!(split_hosts(zk).unwrap_err().contains("`zk_port`"));
        }
    }

    #[test]
    fn the_port_is_appended_to_every_host() {
        let zookeeper = ZooKeeper {
            hosts: vec!["zk1".to_owned(), "::1".to_owned()],
            port: 2181,
            path: "/aurora".to_owned(),
        };
        assert_eq!(zookeeper.connect_string(), "zk1:2181,[::1]:2181");
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
