//! Signing in to schedulers: which mechanism a cluster asks for, and what it adds to a request.

use std::fmt;
use std::sync::Arc;

use aurora_cluster::{AuthMechanism, Cluster};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::header::HeaderValue;

use crate::error::Error;
use crate::netrc::Netrc;

/// A user and a password. They are never shown: not in `Debug`, not in errors.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    user: String,
    password: String,
}

impl Credentials {
    /// Credentials for HTTP Basic. A user name with a colon cannot be told from its password by
    /// the server; that is a rule of HTTP.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: password.into(),
        }
    }

    /// The value of the `Authorization` header. Base64 has no character that a header refuses, so
    /// it is always there.
    fn header(&self) -> Option<HeaderValue> {
        let pair = BASE64.encode(format!("{}:{}", self.user, self.password));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// Which credentials a request may carry, from none to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SignIn {
    Nothing,
    /// Those that `.netrc` has for its host by name.
    Named,
    /// It is for the scheduler itself.
    Any,
}

/// How requests to one cluster are signed.
#[derive(Clone, Debug)]
pub(crate) struct Auth {
    given: Option<Credentials>,
    netrc: Option<Arc<Netrc>>,
    /// The name of the cluster, if it wants credentials.
    demanded_by: Option<String>,
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
        let demanded_by = match mechanism {
            // Credentials are sent even where the cluster asks for none: that is how the released
            // client does Basic.
            AuthMechanism::Unauthenticated => None,
            AuthMechanism::Basic => Some(cluster.name.clone()),
            // The released client without Kerberos does not know the mechanism either.
            _ if !cluster.compat.refuses_unknown_auth_mechanism() => None,
            _ => {
                return Err(Error::Unsupported {
                    cluster: cluster.name.clone(),
                    needs: "Kerberos (auth_mechanism KERBEROS)",
                    instead: "reach the scheduler through a proxy that signs in for you, and name the proxy as scheduler_uri",
                });
            }
        };
        let auth = Self {
            given: given.cloned(),
            netrc,
            demanded_by,
        };
        match auth.netrc {
            // Whether it has an entry for the scheduler shows when the scheduler is found.
            Some(_) => Ok(auth),
            None => auth.demand("").map(|()| auth),
        }
    }

    /// Makes sure that there are credentials for the scheduler at `host` if the cluster wants them.
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

    /// The value of the `Authorization` header for a request to `host`.
    pub(crate) fn header(&self, host: &str, sign_in: SignIn) -> Option<HeaderValue> {
        self.credentials(host, sign_in)?.header()
    }

    /// The user that the scheduler at `host` knows this client by, if it signs in with a user.
    pub(crate) fn user(&self, host: &str) -> Option<String> {
        self.credentials(host, SignIn::Any).map(|found| found.user)
    }

    /// What to do when `host` refuses the caller.
    pub(crate) fn hint(&self, host: &str, sign_in: SignIn) -> &'static str {
        match self.credentials(host, sign_in) {
            None => {
                "it wants to know who is calling: put `machine HOST login USER password PASSWORD` for that host into ~/.netrc"
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
        cluster.auth_mechanism = mechanism.to_owned();
        cluster
    }

    fn netrc(text: &str) -> Option<Arc<Netrc>> {
        Some(Arc::new(Netrc::parse(Path::new("netrc"), text).unwrap()))
    }

    fn user(auth: &Auth, host: &str, sign_in: SignIn) -> String {
        let credentials = auth.credentials(host, sign_in);
        credentials.map_or_else(String::new, |found| found.user)
    }

    #[test]
    fn basic_is_the_header_of_the_http_rules() {
        let credentials = Credentials::new("Aladdin", "open sesame");
        let auth = Auth::of(&cluster("BASIC"), Some(&credentials), None).unwrap();
        let header = auth.header("h", SignIn::Any).unwrap();
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        let told = format!("{auth:?} {header:?} {credentials:?}");
        assert!(!told.contains("QWxh") && !told.contains("sesame"), "{told}");
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

    #[test]
    fn without_a_mechanism_nothing_is_sent_and_nothing_is_demanded() {
        let auth = Auth::of(&cluster("UNAUTHENTICATED"), None, netrc("")).unwrap();
        assert_eq!(auth.header("h", SignIn::Any), None);
        auth.demand("h").unwrap();
    }

    #[test]
    fn what_is_needed_and_missing_is_named() {
        let error = Auth::of(&cluster("BASIC"), None, None).unwrap_err();
        insta::assert_snapshot!(error, @"cluster west wants a user and a password (auth_mechanism BASIC), and none were given; put `machine HOST login USER password PASSWORD` into ~/.netrc, or write its scheduler_uri as http://USER:PASSWORD@HOST:PORT");
        let text = "machine h login harry password p";
        let auth = Auth::of(&cluster("BASIC"), None, netrc(text)).unwrap();
        auth.demand("h").unwrap();
        let error = auth.demand("g").unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }), "{error}");

        let error = Auth::of(&cluster("KERBEROS"), None, None).unwrap_err();
        assert!(error.to_string().contains("Kerberos"), "{error}");
        let error = Auth::of(&cluster("MAGIC"), None, None).unwrap_err();
        assert!(matches!(error, Error::Cluster { .. }), "{error}");
    }

    #[test]
    fn a_mechanism_that_is_not_there_is_none_as_in_the_release() {
        for mechanism in ["MAGIC", "KERBEROS"] {
            let mut cluster = cluster(mechanism);
            cluster.compat = Compat::Released;
            let auth = Auth::of(&cluster, None, None).unwrap();
            assert_eq!(auth.header("h", SignIn::Any), None);
        }
    }
}
