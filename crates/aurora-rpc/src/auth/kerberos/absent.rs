//! A build that cannot sign in by Kerberos.

use std::time::Duration;

use aurora_cluster::Cluster;
use hyper::header::HeaderValue;

use crate::auth::credentials::SignIn;
use crate::error::Error;

/// Kerberos is not in this build: the type has no value.
#[derive(Clone, Debug)]
pub(crate) enum Kerberos {}

impl Kerberos {
    /// Nothing, where the cluster's mode takes what is not there for no authentication, as the
    /// release without Kerberos does.
    pub(crate) fn of(cluster: &Cluster) -> Result<Option<Self>, Error> {
        if !cluster.compat.refuses_unknown_auth_mechanism() {
            return Ok(None);
        }
        Err(Error::Unsupported {
            cluster: cluster.name.clone(),
            needs: "Kerberos (auth_mechanism KERBEROS)",
            instead: "build it with the cargo feature `kerberos`, which needs the headers of GSSAPI and clang (Debian: libkrb5-dev, clang); or reach the scheduler through a proxy that signs in for you, and name the proxy as scheduler_uri",
        })
    }

    pub(crate) async fn header(
        &self,
        _host: &str,
        _sign_in: SignIn,
        _limit: Duration,
    ) -> Result<Option<HeaderValue>, Error> {
        match *self {}
    }

    pub(crate) fn hint(&self) -> &'static str {
        match *self {}
    }
}
