//! Finding the scheduler that leads a cluster.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aurora_cluster::{BaseUrl, Cluster, SchedulerAddress};

use crate::address::credentials;
use crate::auth::Credentials;
use crate::error::Error;

/// Where a leader is being looked for.
pub(crate) type Search<'a> = Pin<Box<dyn Future<Output = Result<Arc<BaseUrl>, Error>> + Send + 'a>>;

/// A way to find the leading scheduler.
pub(crate) trait Discovery: fmt::Debug + Send + Sync {
    /// The address of the leader. It is asked before every attempt, so that an implementation
    /// that has to search remembers what it found.
    fn leader(&self) -> Search<'_>;

    /// What was remembered has failed: the next call searches again.
    fn forget(&self);
}

/// The way that the cluster's entry asks for, and the credentials that stand in its address.
pub(crate) fn discovery(
    cluster: &Cluster,
) -> Result<(Box<dyn Discovery>, Option<Credentials>), Error> {
    let unsupported = |needs, instead| Error::Unsupported {
        cluster: cluster.name.clone(),
        needs,
        instead,
    };
    match cluster.scheduler_address()? {
        SchedulerAddress::Direct(url) if url.is_https() => Err(unsupported(
            "TLS (a scheduler_uri with https)",
            "name an http address of the scheduler, or of a proxy in front of it",
        )),
        SchedulerAddress::Direct(url) => {
            let credentials = credentials(&url);
            Ok((Box::new(Direct(Arc::new(url))), credentials))
        }
        _ => Err(unsupported(
            "leader discovery through ZooKeeper (zk)",
            "name the leading scheduler by scheduler_uri, in an entry without zk",
        )),
    }
}

/// A cluster whose scheduler is named outright.
#[derive(Debug)]
struct Direct(Arc<BaseUrl>);

impl Discovery for Direct {
    fn leader(&self) -> Search<'_> {
        Box::pin(std::future::ready(Ok(Arc::clone(&self.0))))
    }

    fn forget(&self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cluster_lacks_or_needs_is_named() {
        let error = discovery(&Cluster::direct("west", "https://h")).unwrap_err();
        insta::assert_snapshot!(error, @"cluster west needs TLS (a scheduler_uri with https), which this client does not support; name an http address of the scheduler, or of a proxy in front of it");

        let zk = Cluster::zookeeper("west", "zk1,zk2", "/aurora");
        let error = discovery(&zk).unwrap_err();
        insta::assert_snapshot!(error, @"cluster west needs leader discovery through ZooKeeper (zk), which this client does not support; name the leading scheduler by scheduler_uri, in an entry without zk");

        let error = discovery(&Cluster::new("west")).unwrap_err();
        assert!(matches!(error, Error::Cluster { .. }), "{error}");
    }
}
