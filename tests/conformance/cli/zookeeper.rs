//! The ZooKeeper server of the runs that need one: each has its nodes in a folder of its own.

use std::sync::LazyLock;

use aurora_testkit::zookeeper::Ensemble;
use serde_json::Value;

use super::scenario::Node;

/// The recorded path of the scheduler's nodes.
const PATH: &str = "/aurora/scheduler";

/// Nothing if ZooKeeper is not installed: the runs that need it are left out by name.
static ENSEMBLE: LazyLock<Option<&'static Ensemble>> = LazyLock::new(Ensemble::shared);

/// The nodes of one run.
#[derive(Clone)]
pub(crate) struct Nodes {
    ensemble: &'static Ensemble,
    name: String,
    scheduler: u16,
}

impl Nodes {
    /// Nothing if ZooKeeper is not installed.
    pub(crate) fn of(name: &str, scheduler: u16) -> Option<Self> {
        Some(Self {
            ensemble: (*ENSEMBLE)?,
            name: name.to_owned(),
            scheduler,
        })
    }

    pub(crate) fn port(&self) -> u16 {
        self.ensemble.servers[0].address.port()
    }

    /// Replaces nodes by others.
    pub(crate) fn replace(&self, old: &[Node], new: &[Node]) {
        let scheduler = self.scheduler.to_string();
        runtime().block_on(async {
            let editor = self.ensemble.editor().await;
            for node in old {
                editor.delete(&self.path(&node.path)).await;
            }
            for node in new {
                let data = node.data.replace("<PORT>", &scheduler);
                editor.put(&self.path(&node.path), data).await;
            }
        });
    }

    /// Moves the path in the entry of a cluster to where the nodes are.
    pub(crate) fn move_path(&self, cluster: &mut Value) {
        if let Some(Value::String(path)) = cluster.get_mut("scheduler_zk_path") {
            *path = self.path(path);
        }
    }

    fn path(&self, recorded: &str) -> String {
        recorded.replacen(PATH, &format!("/{}{PATH}", self.name), 1)
    }
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
