//! Signing in to schedulers: which mechanism a cluster asks for, and what it adds to a request.

use std::fmt;

use aurora_cluster::{AuthMechanism, Cluster};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::header::HeaderValue;

use crate::error::Error;

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
}

impl Credentials {
    pub(crate) fn user(&self) -> &str {
        &self.user
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// How requests to one cluster are signed.
#[derive(Clone, Debug)]
pub(crate) enum Auth {
    None,
    Basic(HeaderValue),
}

impl Auth {
    /// What the cluster asks for, with the credentials that the caller or the address gave.
    pub(crate) fn of(cluster: &Cluster, credentials: Option<&Credentials>) -> Result<Self, Error> {
        let mechanism = cluster.auth().map_err(|source| Error::Cluster { source })?;
        match mechanism {
            // Credentials in the address are sent even where the cluster asks for none: that is
            // how the released client does Basic.
            AuthMechanism::Unauthenticated => Ok(credentials.map_or(Self::None, Self::basic)),
            AuthMechanism::Basic => {
                credentials
                    .map(Self::basic)
                    .ok_or_else(|| Error::NoCredentials {
                        cluster: cluster.name.clone(),
                    })
            }
            _ => Err(Error::Unsupported {
                cluster: cluster.name.clone(),
                needs: "Kerberos (auth_mechanism KERBEROS)",
                instead: "reach the scheduler through a proxy that signs in for you, and name the proxy as scheduler_uri",
            }),
        }
    }

    fn basic(credentials: &Credentials) -> Self {
        let pair = format!("{}:{}", credentials.user, credentials.password);
        // Base64 has no character that a header refuses, so `None` cannot happen.
        match HeaderValue::from_str(&format!("Basic {}", BASE64.encode(pair))) {
            Ok(mut value) => {
                value.set_sensitive(true);
                Self::Basic(value)
            }
            Err(_) => Self::None,
        }
    }

    /// The value of the `Authorization` header.
    pub(crate) fn header(&self) -> Option<&HeaderValue> {
        match self {
            Self::None => None,
            Self::Basic(value) => Some(value),
        }
    }

    /// What to do when the scheduler refuses the caller.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::None => {
                "the scheduler wants to know who is calling: set auth_mechanism of the cluster and give credentials"
            }
            Self::Basic(_) => {
                "check user and password, and that the user may do this on that cluster"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_compat::Compat;

    fn cluster(mechanism: &str) -> Cluster {
        let mut cluster = Cluster::direct("west", "http://h");
        cluster.auth_mechanism = mechanism.to_owned();
        cluster
    }

    #[test]
    fn basic_is_the_header_of_the_http_rules() {
        let credentials = Credentials::new("Aladdin", "open sesame");
        let auth = Auth::of(&cluster("BASIC"), Some(&credentials)).unwrap();
        let header = auth.header().unwrap();
        assert_eq!(header, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
        assert!(!format!("{auth:?} {credentials:?}").contains("QWxh"));
        assert!(!format!("{auth:?} {credentials:?}").contains("sesame"));
    }

    #[test]
    fn without_a_mechanism_nothing_is_sent() {
        let auth = Auth::of(&cluster("UNAUTHENTICATED"), None).unwrap();
        assert_eq!(auth.header(), None);
    }

    #[test]
    fn what_is_needed_and_missing_is_named() {
        let error = Auth::of(&cluster("BASIC"), None).unwrap_err();
        assert!(matches!(error, Error::NoCredentials { .. }));
        let error = Auth::of(&cluster("KERBEROS"), None).unwrap_err();
        assert!(error.to_string().contains("Kerberos"), "{error}");
        let error = Auth::of(&cluster("MAGIC"), None).unwrap_err();
        assert!(matches!(error, Error::Cluster { .. }), "{error}");
    }

    #[test]
    fn an_unknown_mechanism_is_none_as_in_the_release() {
        let mut cluster = cluster("MAGIC");
        cluster.compat = Compat::Released;
        assert_eq!(Auth::of(&cluster, None).unwrap().header(), None);
    }
}
