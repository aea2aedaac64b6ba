//! Finding the scheduler that leads a cluster.

mod endpoint;
mod member;
mod observer;
mod search;
mod service_instance;
mod session;
mod zookeeper;

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use aurora_cluster::{BaseUrl, Cluster, SchedulerAddress};

use crate::address::credentials;
use crate::auth::Credentials;
use crate::error::Error;
pub(crate) use search::SearchHook;
pub use search::{FailedSearch, SearchLimits};
use zookeeper::ZooKeeperDiscovery;

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

/// The way that the cluster's entry asks for, and the credentials in its address.
pub(crate) fn discovery(
    cluster: &Cluster,
    limits: SearchLimits,
    hook: SearchHook,
) -> Result<(Box<dyn Discovery>, Option<Credentials>), Error> {
    match cluster.scheduler_address()? {
        SchedulerAddress::Direct(url) => {
            let credentials = credentials(&url);
            Ok((Box::new(Direct(Arc::new(url))), credentials))
        }
        SchedulerAddress::ZooKeeper(zookeeper) => {
            let name = cluster.name.clone();
            let discovery = ZooKeeperDiscovery::new(name, zookeeper, limits, hook);
            Ok((Box::new(discovery), None))
        }
        _ => Err(Error::Unsupported {
            cluster: cluster.name.clone(),
            needs: "another way to find its scheduler than zk and scheduler_uri",
            instead: "set one of these",
        }),
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

    fn error_of(cluster: &Cluster) -> Error {
        discovery(cluster, SearchLimits::default(), SearchHook::default()).unwrap_err()
    }

    #[test]
    fn what_a_cluster_lacks_or_needs_is_named() {
        for incomplete in [
            Cluster::new("west"),
            Cluster::zookeeper("west", "zk1", ""),
            Cluster::zookeeper("west", "zk1/chroot", "/aurora"),
        ] {
            let error = error_of(&incomplete);
            assert!(matches!(error, Error::Cluster { .. }), "{error}");
        }
    }
}
