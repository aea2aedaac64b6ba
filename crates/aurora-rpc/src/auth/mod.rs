//! Signing in to schedulers: which mechanism a cluster asks for, and what it adds to a request.

mod credentials;
mod kerberos;
mod netrc;

use std::sync::Arc;
use std::time::Duration;

use aurora_cluster::{AuthMechanism, Cluster};
use hyper::header::HeaderValue;

use crate::error::Error;
pub use credentials::Credentials;
pub(crate) use credentials::SignIn;
use kerberos::Kerberos;
pub use netrc::Netrc;

/// How requests to one cluster are signed.
#[derive(Clone, Debug)]
pub(crate) struct Auth {
    given: Option<Credentials>,
    netrc: Option<Arc<Netrc>>,
    /// The name of the cluster, if it requires credentials.
    demanded_by: Option<String>,
    /// Tickets, which replace users and passwords.
    kerberos: Option<Kerberos>,
}

impl Auth {
    /// What the cluster asks for, with the credentials that the caller or the address gave, and
    /// those that are known by host.
    pub(crate) fn of(
        cluster: &Cluster,
        given: Option<&Credentials>,
        netrc: Option<Arc<Netrc>>,
    ) -> Result<Self, Error> {
        let mechanism = cluster.auth().map_err(|source| Error::Cluster { source })?;
        let kerberos = match mechanism {
            AuthMechanism::Kerberos => Kerberos::of(cluster)?,
            _ => None,
        };
        if kerberos.is_some() {
            return Ok(Self {
                given: None,
                netrc: None,
                demanded_by: None,
                kerberos,
            });
        }
        let auth = Self {
            given: given.cloned(),
            netrc,
            // Credentials are sent even where the cluster asks for none: that is how the released
            // client does Basic.
            demanded_by: (mechanism == AuthMechanism::Basic).then(|| cluster.name.clone()),
            kerberos: None,
        };
        match auth.netrc {
            // Whether it has an entry for the scheduler shows when the scheduler is found.
            Some(_) => Ok(auth),
            None => auth.demand("").map(|()| auth),
        }
    }

    /// Makes sure that there are credentials for the scheduler at `host` if the cluster requires them.
    pub(crate) fn demand(&self, host: &str) -> Result<(), Error> {
        match &self.demanded_by {
            Some(cluster) if self.credentials(host, SignIn::Any).is_none() => {
                Err(Error::NoCredentials {
                    cluster: cluster.clone(),
                })
            }
            _ => Ok(()),
        }
    }

    /// The value of the `Authorization` header for one request to `host`. What has to be fetched for
    /// it may take as long as `limit`.
    ///
    /// # Errors
    /// The user has no ticket that the host would take.
    pub(crate) async fn header(
        &self,
        host: &str,
        sign_in: SignIn,
        limit: Duration,
    ) -> Result<Option<HeaderValue>, Error> {
        match &self.kerberos {
            Some(kerberos) => kerberos.header(host, sign_in, limit).await,
            None => {
                let credentials = self.credentials(host, sign_in);
                Ok(credentials.and_then(|found| found.header()))
            }
        }
    }

    /// The user that the scheduler at `host` knows this client by, if it signs in with a user.
    pub(crate) fn user(&self, host: &str) -> Option<String> {
        self.credentials(host, SignIn::Any).map(|found| found.user)
    }

    /// What to do when `host` refuses the caller.
    pub(crate) fn hint(&self, host: &str, sign_in: SignIn) -> &'static str {
        if let Some(kerberos) = &self.kerberos {
            return kerberos.hint();
        }
        match self.credentials(host, sign_in) {
            None => {
                "the scheduler requires authentication: put `machine HOST login USER password PASSWORD` for that host into ~/.netrc"
            }
            Some(_) => "check user and password, and that the user may do this on that cluster",
        }
    }

    fn credentials(&self, host: &str, sign_in: SignIn) -> Option<Credentials> {
        let netrc = self.netrc.as_deref();
        match sign_in {
            SignIn::Nothing => None,
            SignIn::Named => netrc?.find_named(host),
            SignIn::Any => self.given.clone().or_else(|| netrc?.find(host)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_compat::Compat;
    use std::path::Path;

    fn cluster(mechanism: &str) -> Cluster {
        let mut cluster = Cluster::direct("west", "http://h");
        cluster.set_auth_mechanism(mechanism);
        cluster
    }

    fn netrc(text: &str) -> Option<Arc<Netrc>> {
        Some(Arc::new(Netrc::parse(Path::new("netrc"), text).unwrap()))
    }

    async fn header(auth: &Auth) -> Option<HeaderValue> {
        let limit = Duration::from_secs(10);
        auth.header("h", SignIn::Any, limit).await.unwrap()
    }

    fn user(auth: &Auth, host: &str, sign_in: SignIn) -> String {
        let credentials = auth.credentials(host, sign_in);
        credentials.map_or_else(String::new, |found| found.user)
    }

    #[tokio::test]
    async fn basic_is_the_header_of_the_http_rules() {
        let credentials = Credentials::new("Aladdin", "open sesame");
        let auth = Auth::of(&cluster("BASIC"), Some(&credentials), None).unwrap();
        let header = header(&auth).await.unwrap();
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let text = format!("{auth:?} {header:?} {credentials:?}");
        assert!(!text.contains("QWxh") && !text.contains("sesame"), "{text}");
    }

    #[test]
    fn credentials_that_are_given_go_first_and_each_host_gets_its_own() {
        let text = "machine h login harry password p machine g login gina password p\n\
                    default login dora password p";
        let given = Credentials::new("alice", "p");
        for mechanism in ["BASIC", "UNAUTHENTICATED"] {
            let auth = Auth::of(&cluster(mechanism), Some(&given), netrc(text)).unwrap();
            assert_eq!(user(&auth, "h", SignIn::Any), "alice");
            assert_eq!(user(&auth, "g", SignIn::Named), "gina");
            let auth = Auth::of(&cluster(mechanism), None, netrc(text)).unwrap();
            assert_eq!(user(&auth, "h", SignIn::Any), "harry");
            assert_eq!(user(&auth, "x", SignIn::Any), "dora");
            assert_eq!(user(&auth, "x", SignIn::Named), "");
            assert_eq!(user(&auth, "h", SignIn::Nothing), "");
        }
    }

    #[tokio::test]
    async fn without_a_mechanism_nothing_is_sent_and_nothing_is_demanded() {
        let auth = Auth::of(&cluster("UNAUTHENTICATED"), None, netrc("")).unwrap();
        assert_eq!(header(&auth).await, None);
        auth.demand("h").unwrap();
    }

    #[test]
    fn what_is_needed_and_missing_is_named() {
        let error = Auth::of(&cluster("BASIC"), None, None).unwrap_err();
        insta::assert_snapshot!(error, @"cluster west requires a user and a password (auth_mechanism BASIC), and none were given; put `machine HOST login USER password PASSWORD` into ~/.netrc, or write its scheduler_uri as http://USER:PASSWORD@HOST:PORT");
        let text = "machine h login harry password p";
        let auth = Auth::of(&cluster("BASIC"), None, netrc(text)).unwrap();
        auth.demand("h").unwrap();
        let error = auth.demand("g").unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }), "{error}");

        let error = Auth::of(&cluster("MAGIC"), None, None).unwrap_err();
        assert!(matches!(error, Error::Cluster { .. }), "{error}");
    }

    #[cfg(not(feature = "kerberos"))]
    #[test]
    fn a_build_without_kerberos_says_how_to_get_one_with_it() {
        let error = Auth::of(&cluster("KERBEROS"), None, None).unwrap_err();
        insta::assert_snapshot!(error, @"cluster west needs Kerberos (auth_mechanism KERBEROS), which this client does not support; build it with the cargo feature `kerberos`, which needs the headers of GSSAPI and clang (Debian: libkrb5-dev, clang); or reach the scheduler through a proxy that signs in for you, and name the proxy as scheduler_uri");
    }

    #[cfg(feature = "kerberos")]
    #[test]
    fn tickets_go_instead_of_passwords() {
        let given = Credentials::new("alice", "p");
        let known = netrc("machine h login harry password p");
        let auth = Auth::of(&cluster("KERBEROS"), Some(&given), known).unwrap();
        assert_eq!(user(&auth, "h", SignIn::Any), "");
        auth.demand("h").unwrap();
        insta::assert_snapshot!(auth.hint("h", SignIn::Any), @r#"Communication with Aurora scheduler is kerberized. Did you forget to run "kinit"?"#);
    }

    #[tokio::test]
    async fn a_mechanism_that_is_not_there_is_none_as_in_the_release() {
        let absent = ["MAGIC", "KERBEROS"];
        for mechanism in &absent[..if cfg!(feature = "kerberos") { 1 } else { 2 }] {
            let mut cluster = cluster(mechanism);
            cluster.compat = Compat::Released;
            let auth = Auth::of(&cluster, None, None).unwrap();
            assert_eq!(header(&auth).await, None);
        }
    }
}
