//! Clusters as entries of `clusters.json`; mechanisms and addresses as text.

use std::collections::BTreeMap;
use std::num::NonZeroU16;
use std::path::PathBuf;

use aurora_compat::Compat;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, Serializer};
use serde_json::Value;

use crate::{AuthMechanism, Cluster, Clusters, HostPort, SchedulerAddress, ZooKeeper};

/// An entry of `clusters.json`. Properties with their default value are left out.
#[derive(serde::Serialize, serde::Deserialize)]
struct Entry {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    slave_root: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    slave_run_directory: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zk: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zk_port: Option<NonZeroU16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduler_zk_path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheduler_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    proxy_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_mechanism: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compat: Option<Compat>,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

impl From<&Cluster> for Entry {
    fn from(cluster: &Cluster) -> Self {
        let auth = cluster.auth_mechanism;
        let auth_mechanism = match &cluster.unknown_auth {
            _ if auth != AuthMechanism::default() => Some(auth.to_string()),
            unknown => unknown.clone(),
        };
        Self {
            name: cluster.name.clone(),
            slave_root: cluster.slave_root.clone(),
            slave_run_directory: cluster.slave_run_directory.clone(),
            zk: cluster.zk.clone(),
            zk_port: NonZeroU16::new(cluster.zk_port)
                .filter(|port| port.get() != Cluster::DEFAULT_ZK_PORT),
            scheduler_zk_path: cluster.scheduler_zk_path.clone(),
            scheduler_uri: cluster.scheduler_uri.clone(),
            proxy_url: cluster.proxy_url.clone(),
            auth_mechanism,
            ca_file: cluster.ca_file.clone(),
            compat: Some(cluster.compat).filter(|compat| *compat != Compat::default()),
            unknown: cluster.unknown.clone(),
        }
    }
}

impl From<Entry> for Cluster {
    fn from(entry: Entry) -> Self {
        let mut cluster = Self {
            slave_root: entry.slave_root,
            slave_run_directory: entry.slave_run_directory,
            zk: entry.zk,
            zk_port: entry.zk_port.map_or(Self::DEFAULT_ZK_PORT, NonZeroU16::get),
            scheduler_zk_path: entry.scheduler_zk_path,
            scheduler_uri: entry.scheduler_uri,
            proxy_url: entry.proxy_url,
            ca_file: entry.ca_file.filter(|path| !path.as_os_str().is_empty()),
            compat: entry.compat.unwrap_or_default(),
            unknown: entry.unknown,
            ..Self::new(entry.name)
        };
        if let Some(mechanism) = entry.auth_mechanism {
            cluster.set_auth_mechanism(mechanism);
        }
        cluster
    }
}

impl Serialize for Cluster {
    /// An entry of `clusters.json`, with the passwords that are in its addresses.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Entry::from(self).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Cluster {
    /// An entry of `clusters.json`, with each property of its own type. A relative `ca_file` stays relative.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Entry::deserialize(deserializer).map(Into::into)
    }
}

impl Serialize for Clusters {
    /// The list of the clusters that can be used.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Clusters {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let clusters = Vec::<Cluster>::deserialize(deserializer)?;
        Ok(clusters.into_iter().collect())
    }
}

macro_rules! as_text {
    ($($type:ident)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = String::deserialize(deserializer)?;
                text.parse().map_err(D::Error::custom)
            }
        }
    )*};
}

// The text of a scheduler's address leaves out user and password, so an address with them does not read back.
as_text! { AuthMechanism HostPort SchedulerAddress ZooKeeper }

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_cluster_is_an_entry_of_the_file() {
        let full = json!({
            "name": "west",
            "slave_root": "/var/lib/mesos",
            "slave_run_directory": "latest",
            "zk": "zk1,zk2",
            "zk_port": 2182,
            "scheduler_zk_path": "/aurora/scheduler",
            "scheduler_uri": "http://al:secret@h:8081",
            "proxy_url": "http://proxy",
            "auth_mechanism": "KERBEROS",
            "ca_file": "ca.pem",
            "compat": "released",
            "region": {"a": [1]},
        });
        let cluster: Cluster = serde_json::from_value(full.clone()).unwrap();
        assert_eq!(cluster.auth_mechanism, AuthMechanism::Kerberos);
        assert_eq!(cluster.zk_port, 2182);
        assert_eq!(cluster.unknown["region"], json!({"a": [1]}));
        assert_eq!(serde_json::to_value(&cluster).unwrap(), full);
    }

    #[test]
    fn defaults_are_left_out_and_unknown_mechanisms_kept() {
        let short = json!({"name": "west", "auth_mechanism": "MAGIC"});
        let mut cluster: Cluster = serde_json::from_value(short.clone()).unwrap();
        assert!(cluster.auth().is_err());
        assert_eq!(cluster.zk_port, Cluster::DEFAULT_ZK_PORT);
        assert_eq!(serde_json::to_value(&cluster).unwrap(), short);
        cluster.auth_mechanism = AuthMechanism::Basic;
        let basic = json!({"name": "west", "auth_mechanism": "BASIC"});
        assert_eq!(serde_json::to_value(&cluster).unwrap(), basic);
    }

    #[test]
    fn bad_entries_are_refused() {
        for bad in [
            json!({}),
            json!({"name": "a", "zk_port": 0}),
            json!({"name": "a", "compat": "old"}),
        ] {
            assert!(serde_json::from_value::<Cluster>(bad).is_err());
        }
    }

    #[test]
    fn clusters_are_a_list_in_order() {
        let list = json!([{"name": "west"}, {"name": "east", "scheduler_uri": "h"}]);
        let clusters: Clusters = serde_json::from_value(list.clone()).unwrap();
        assert_eq!(clusters.names().collect::<Vec<_>>(), ["west", "east"]);
        assert_eq!(serde_json::to_value(&clusters).unwrap(), list);
    }

    #[test]
    fn addresses_are_texts() {
        let address = json!("zk://zk1:2181/aurora");
        let read: SchedulerAddress = serde_json::from_value(address.clone()).unwrap();
        assert_eq!(serde_json::to_value(read).unwrap(), address);
        let mechanism: AuthMechanism = serde_json::from_value(json!("BASIC")).unwrap();
        assert_eq!(serde_json::to_value(mechanism).unwrap(), json!("BASIC"));
        let refused = serde_json::from_value::<HostPort>(json!("zk1")).unwrap_err();
        assert!(refused.to_string().contains("has no port"));
    }
}
