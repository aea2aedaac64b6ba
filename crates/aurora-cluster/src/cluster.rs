use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use aurora_compat::Compat;
use serde_json::Value;

use crate::address::{normalise_path, split_servers};
use crate::property;
use crate::{
    AuthMechanism, BaseUrl, Error, Location, SandboxRoot, SchedulerAddress, ZooKeeper, redact,
};

/// One cluster: the nine documented properties, and `ca_file` and `compat`.
///
/// A property that only some operations need is required by the method for them. The text of a cluster is its
/// name.
#[derive(Clone)]
#[non_exhaustive]
pub struct Cluster {
    /// `name`: the first part of the keys of jobs in this cluster.
    pub name: String,
    /// `slave_root`: the work folder of the slaves (`-work_dir` of `mesos-slave`).
    pub slave_root: Option<String>,
    /// `slave_run_directory`: the name of the folder of a task's run, almost always `latest`.
    pub slave_run_directory: Option<String>,
    /// `zk`: ZooKeeper hosts, joined by commas. A host may have a port of its own, `zk1:2182`.
    pub zk: Option<String>,
    /// `zk_port`: the port of the other hosts; 2181 by default.
    pub zk_port: u16,
    /// `scheduler_zk_path`: where schedulers register in ZooKeeper (`-serverset_path`).
    pub scheduler_zk_path: Option<String>,
    /// `scheduler_uri`: the address of one scheduler, used where `zk` is not set.
    pub scheduler_uri: Option<String>,
    /// `proxy_url`: replaces the scheduler's address in URLs that people see.
    pub proxy_url: Option<String>,
    /// `auth_mechanism`: [`AuthMechanism::Unauthenticated`] by default, and where the file names an unknown
    /// one; then [`auth`](Self::auth) fails.
    pub auth_mechanism: AuthMechanism,
    /// `ca_file`: a PEM file of certificate authorities, which are trusted beside those of the
    /// system. In a `clusters.json` a relative path begins in the folder of that file. The
    /// documentation of 0.12.0 does not have this property, and its client ignores it.
    pub ca_file: Option<PathBuf>,
    /// `compat`: how the client behaves towards this cluster. The documentation of 0.12.0
    /// does not have this property, and its client ignores it.
    pub compat: Compat,
    /// All other properties of the entry, as they were written.
    pub unknown: BTreeMap<String, Value>,
    /// Where the entry and its properties were read.
    pub(crate) places: Places,
    /// The value of `auth_mechanism` if it is not a known one.
    pub(crate) unknown_auth: Option<String>,
    /// Why `slave_root` or `slave_run_directory` could not be read.
    pub(crate) sandbox_errors: Vec<Error>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Places {
    pub(crate) entry: Option<Location>,
    pub(crate) properties: BTreeMap<String, Location>,
}

// By hand, because addresses may hold passwords.
impl fmt::Debug for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cluster")
            .field("name", &self.name)
            .field("slave_root", &self.slave_root)
            .field("slave_run_directory", &self.slave_run_directory)
            .field("zk", &self.zk)
            .field("zk_port", &self.zk_port)
            .field("scheduler_zk_path", &self.scheduler_zk_path)
            .field("scheduler_uri", &self.scheduler_uri.as_deref().map(redact))
            .field("proxy_url", &self.proxy_url.as_deref().map(redact))
            .field("auth_mechanism", &self.auth_mechanism)
            .field("ca_file", &self.ca_file)
            .field("compat", &self.compat)
            .field("unknown", &self.unknown)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for Cluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.name)
    }
}

impl Cluster {
    /// The port of ZooKeeper where `zk_port` is not set.
    pub const DEFAULT_ZK_PORT: u16 = 2181;

    /// A cluster with that name and nothing else set.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            slave_root: None,
            slave_run_directory: None,
            zk: None,
            zk_port: Self::DEFAULT_ZK_PORT,
            scheduler_zk_path: None,
            scheduler_uri: None,
            proxy_url: None,
            auth_mechanism: AuthMechanism::default(),
            ca_file: None,
            compat: Compat::default(),
            unknown: BTreeMap::new(),
            places: Places::default(),
            unknown_auth: None,
            sandbox_errors: Vec::new(),
        }
    }

    /// A cluster with one scheduler at a known address.
    pub fn direct(name: impl Into<String>, scheduler_uri: impl Into<String>) -> Self {
        Self {
            scheduler_uri: Some(scheduler_uri.into()),
            ..Self::new(name)
        }
    }

    /// A cluster whose leading scheduler is registered in ZooKeeper. `hosts` are joined by commas.
    pub fn zookeeper(
        name: impl Into<String>,
        hosts: impl Into<String>,
        scheduler_zk_path: impl Into<String>,
    ) -> Self {
        Self {
            zk: Some(hosts.into()),
            scheduler_zk_path: Some(scheduler_zk_path.into()),
            ..Self::new(name)
        }
    }

    /// The same cluster under another compatibility mode.
    #[must_use]
    pub fn with_compat(self, compat: Compat) -> Self {
        Self { compat, ..self }
    }

    /// Where the cluster is defined, if it came from a file.
    pub const fn location(&self) -> Option<&Location> {
        self.places.entry.as_ref()
    }

    /// Where the value of a property is, if it came from a file.
    pub fn property_location(&self, property: &str) -> Option<&Location> {
        self.places.properties.get(property)
    }

    /// How the scheduler is found: `zk` if it is set, else `scheduler_uri`. An empty value counts
    /// as not set.
    ///
    /// # Errors
    ///
    /// [`Error::NoAddress`] if neither is set, [`Error::MissingProperty`] for `zk` without
    /// `scheduler_zk_path`, and [`Error::InvalidValue`] for values that cannot be used. Under
    /// [`Compat::Released`] one of these is a `scheduler_uri` without a scheme, with which the
    /// released client never connects.
    pub fn scheduler_address(&self) -> Result<SchedulerAddress, Error> {
        if let Some(zk) = given(&self.zk) {
            let servers = split_servers(zk, self.zk_port)
                .map_err(|reason| self.invalid(property::ZK, zk, reason))?;
            let path = given(&self.scheduler_zk_path).ok_or_else(|| {
                self.missing(
                    property::SCHEDULER_ZK_PATH,
                    "to find the leading scheduler in ZooKeeper",
                )
            })?;
            if !servers.is_empty() {
                return Ok(SchedulerAddress::ZooKeeper(ZooKeeper {
                    servers,
                    path: normalise_path(path),
                }));
            }
        }
        let Some(uri) = given(&self.scheduler_uri) else {
            return Err(Error::NoAddress {
                location: self.places.entry.clone(),
                cluster: self.name.clone(),
            });
        };
        if !self.compat.assumes_http_scheme() && !BaseUrl::has_scheme(uri) {
            let reason = format!(
                "it has no scheme, and compatibility mode `{}` assumes none; write `http://{uri}`",
                self.compat
            );
            return Err(self.invalid(property::SCHEDULER_URI, uri, reason));
        }
        self.url(property::SCHEDULER_URI, uri)
            .map(SchedulerAddress::Direct)
    }

    /// What replaces the scheduler's address in URLs that people see: `proxy_url`, if it is set. Under
    /// [`Compat::Released`] it applies only to clusters with `zk`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidValue`] for a `proxy_url` that is not a URL.
    pub fn proxy(&self) -> Result<Option<BaseUrl>, Error> {
        let counts = given(&self.zk).is_some() || self.compat.proxy_url_covers_direct_schedulers();
        let proxy = given(&self.proxy_url).filter(|_| counts);
        proxy
            .map(|proxy| self.url(property::PROXY_URL, proxy))
            .transpose()
    }

    /// How to authenticate: [`auth_mechanism`](Self::auth_mechanism).
    ///
    /// # Errors
    ///
    /// [`Error::UnknownAuthMechanism`], except under [`Compat::Released`], where an unknown
    /// mechanism means none.
    pub fn auth(&self) -> Result<AuthMechanism, Error> {
        match &self.unknown_auth {
            Some(mechanism)
                // The field may have been set since the file was read.
                if self.auth_mechanism == AuthMechanism::Unauthenticated
                    && self.compat.refuses_unknown_auth_mechanism() =>
            {
                Err(Error::UnknownAuthMechanism {
                    location: self.place_of(property::AUTH_MECHANISM),
                    cluster: self.name.clone(),
                    mechanism: mechanism.clone(),
                })
            }
            _ => Ok(self.auth_mechanism),
        }
    }

    /// Sets `auth_mechanism` from text, as reading a file does: an unknown one is kept, and makes
    /// [`auth`](Self::auth) fail.
    pub fn set_auth_mechanism(&mut self, text: impl Into<String>) {
        let text = text.into();
        let known = text.parse();
        self.auth_mechanism = known.as_ref().copied().unwrap_or_default();
        self.unknown_auth = known.is_err().then_some(text);
    }

    /// Where the sandboxes of tasks are, by `slave_root` and `slave_run_directory`.
    ///
    /// # Errors
    ///
    /// [`Error::MissingProperty`] if one of them is not set, [`Error::WrongType`] if it was read but
    /// is not text.
    pub fn sandbox_root(&self) -> Result<SandboxRoot<'_>, Error> {
        if let Some(error) = self.sandbox_errors.first() {
            return Err(error.clone());
        }
        let purpose = "to find the sandboxes of tasks";
        let demand = |value: &'_ Option<String>, property| match value {
            Some(_) => Ok(()),
            None => Err(self.missing(property, purpose)),
        };
        demand(&self.slave_root, property::SLAVE_ROOT)?;
        demand(&self.slave_run_directory, property::SLAVE_RUN_DIRECTORY)?;
        Ok(SandboxRoot {
            slave_root: self.slave_root.as_deref().unwrap_or_default(),
            slave_run_directory: self.slave_run_directory.as_deref().unwrap_or_default(),
        })
    }

    fn url(&self, property: &'static str, text: &str) -> Result<BaseUrl, Error> {
        BaseUrl::parse(text).map_err(|reason| self.invalid(property, text, reason))
    }

    fn invalid(&self, property: &'static str, value: &str, reason: String) -> Error {
        let shown = redact(value);
        Error::InvalidValue {
            location: self.place_of(property),
            cluster: self.name.clone(),
            property,
            reason: reason.replace(value, &shown),
            value: shown,
        }
    }

    fn missing(&self, property: &'static str, purpose: &'static str) -> Error {
        Error::MissingProperty {
            location: self.places.entry.clone(),
            cluster: self.name.clone(),
            property,
            purpose,
        }
    }

    fn place_of(&self, property: &str) -> Option<Location> {
        self.property_location(property).cloned()
    }
}

fn given(value: &Option<String>) -> Option<&str> {
    value.as_deref().filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn direct(uri: &str) -> Cluster {
        Cluster::direct("west", uri)
    }

    fn base(cluster: &Cluster) -> String {
        match cluster.scheduler_address().unwrap() {
            SchedulerAddress::Direct(url) => url.as_str().to_owned(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_uri_without_scheme_depends_on_the_mode() {
        let cluster = direct("localhost:55555");
        assert_eq!(base(&cluster), "http://localhost:55555");
        let error = cluster
            .with_compat(Compat::Released)
            .scheduler_address()
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`scheduler_uri` of cluster `west` cannot be `localhost:55555`: it has no scheme, and \
             compatibility mode `released` assumes none; write `http://localhost:55555`"
        );
        let full = direct("http://localhost:55555").with_compat(Compat::Released);
        assert_eq!(base(&full), "http://localhost:55555");
    }

    #[test]
    fn zookeeper_goes_before_the_uri() {
        let mut cluster = Cluster::zookeeper("west", "zk1,zk2", "aurora//scheduler");
        cluster.scheduler_uri = Some("http://h:1".to_owned());
        cluster.zk_port = 2182;
        let SchedulerAddress::ZooKeeper(zookeeper) = cluster.scheduler_address().unwrap() else {
            panic!("zk is set");
        };
        assert_eq!(zookeeper.connect_string(), "zk1:2182,zk2:2182");
        assert_eq!(zookeeper.path, "/aurora/scheduler");

        cluster.zk = Some(String::new());
        assert_eq!(base(&cluster), "http://h:1");
    }

    #[test]
    fn what_an_address_lacks_is_named() {
        let mut cluster = Cluster::zookeeper("west", "zk1", "");
        assert_eq!(
            cluster.scheduler_address().unwrap_err().to_string(),
            "cluster `west` has no `scheduler_zk_path`, which is needed to find the leading \
             scheduler in ZooKeeper"
        );
        cluster.zk = None;
        assert_eq!(
            cluster.scheduler_address().unwrap_err().to_string(),
            "cluster `west` has neither `zk` nor `scheduler_uri`: set one of them to say where its \
             scheduler is"
        );
        assert_eq!(
            direct("ftp://h")
                .scheduler_address()
                .unwrap_err()
                .to_string(),
            "`scheduler_uri` of cluster `west` cannot be `ftp://h`: its scheme must be `http` or \
             `https`"
        );
        let ports = Cluster::zookeeper("west", "zk1:http", "/a");
        assert!(matches!(
            ports.scheduler_address(),
            Err(Error::InvalidValue { property: "zk", .. })
        ));
    }

    #[test]
    fn the_proxy_is_shown_to_people() {
        let shown = |cluster: &Cluster| {
            let proxy = cluster.proxy().unwrap();
            proxy.map_or_else(String::new, |proxy| proxy.join("scheduler"))
        };

        let mut cluster = Cluster::zookeeper("west", "zk1", "/a");
        assert_eq!(shown(&cluster), "");
        cluster.proxy_url = Some("http://proxy.example.com/a/".to_owned());
        assert_eq!(shown(&cluster), "http://proxy.example.com/a/scheduler");
        cluster.compat = Compat::Released;
        assert_eq!(shown(&cluster), "http://proxy.example.com/a/scheduler");

        // Without ZooKeeper the released client does not look at it.
        cluster.zk = None;
        assert_eq!(shown(&cluster), "");
        cluster.compat = Compat::Documented;
        assert_eq!(shown(&cluster), "http://proxy.example.com/a/scheduler");

        cluster.proxy_url = Some("http://".to_owned());
        assert!(cluster.proxy().is_err());
    }

    #[test]
    fn authentication_is_known_or_refused() {
        let mut cluster = direct("h");
        assert_eq!(cluster.auth().unwrap(), AuthMechanism::Unauthenticated);
        for mechanism in AuthMechanism::ALL {
            assert_eq!(
                mechanism.to_string().parse::<AuthMechanism>().unwrap(),
                mechanism
            );
            cluster.set_auth_mechanism(mechanism.as_str());
            assert_eq!(cluster.auth().unwrap(), mechanism);
            assert_eq!(cluster.auth_mechanism, mechanism);
        }
        assert_eq!(
            "basic".parse::<AuthMechanism>().unwrap_err().to_string(),
            "unknown authentication mechanism `basic`: use one of `UNAUTHENTICATED`, `BASIC`, \
             `KERBEROS`"
        );
        cluster.set_auth_mechanism("MAGIC");
        assert_eq!(cluster.auth_mechanism, AuthMechanism::Unauthenticated);
        assert_eq!(
            cluster.auth().unwrap_err().to_string(),
            "cluster `west` has the unknown `auth_mechanism` `MAGIC`: use one of \
             `UNAUTHENTICATED`, `BASIC`, `KERBEROS`"
        );
        cluster.compat = Compat::Released;
        assert_eq!(cluster.auth().unwrap(), AuthMechanism::Unauthenticated);
        cluster.compat = Compat::Documented;
        cluster.auth_mechanism = AuthMechanism::Basic;
        assert_eq!(cluster.auth().unwrap(), AuthMechanism::Basic);
    }

    #[test]
    fn the_text_of_a_cluster_is_its_name() {
        assert_eq!(format!("{:>5}", direct("http://al:secret@h")), " west");
    }

    #[test]
    fn sandboxes_need_two_properties() {
        let mut cluster = direct("h");
        cluster.slave_root = Some("/mesos".to_owned());
        assert_eq!(
            cluster.sandbox_root().unwrap_err().to_string(),
            "cluster `west` has no `slave_run_directory`, which is needed to find the sandboxes of \
             tasks"
        );
        cluster.slave_run_directory = Some("latest".to_owned());
        assert_eq!(cluster.sandbox_root().unwrap().slave_root(), "/mesos");
        cluster.slave_root = None;
        assert!(matches!(
            cluster.sandbox_root(),
            Err(Error::MissingProperty {
                property: "slave_root",
                ..
            })
        ));
    }
}
