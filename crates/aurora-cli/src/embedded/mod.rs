//! The devcluster of this machine, which exists without an entry in `clusters.json`. The feature `devcluster` builds it
//! in; without it, the name is known and the reason is given.

#[cfg(not(feature = "devcluster"))]
mod absent;
#[cfg(feature = "devcluster")]
mod daemon;

#[cfg(not(feature = "devcluster"))]
pub(crate) use absent::{is_running, not_built_in, running_cluster, start_if_stopped};
#[cfg(feature = "devcluster")]
pub(crate) use daemon::{Embedded, is_running, not_running, running_cluster, start_if_stopped};

/// The name of the cluster.
pub(crate) const CLUSTER: &str = "devcluster";

/// Whether this command has it.
pub(crate) const IS_BUILT_IN: bool = cfg!(feature = "devcluster");
