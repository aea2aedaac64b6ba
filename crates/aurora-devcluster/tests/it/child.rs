//! A daemon in a process of its own, so that it can be stopped and killed: this test binary, started again.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use aurora_devcluster::{DevCluster, RunningCluster};
use tokio::signal::unix::{SignalKind, signal};

use crate::common::{eventually, options};

const ROOT: &str = "DEVCLUSTER_TEST_ROOT";

/// The daemon itself. Nothing to be tested without the parent that starts it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by other tests"]
async fn daemon() {
    let Some(root) = std::env::var_os(ROOT) else {
        return;
    };
    let mut terminated = signal(SignalKind::terminate()).unwrap();
    let cluster = DevCluster::start(options(Path::new(&root))).await.unwrap();
    let signal = async {
        terminated.recv().await;
    };
    cluster.serve_until(signal).await;
}

/// A daemon that is killed with the test at the latest.
pub(crate) struct Daemon {
    pub(crate) child: Child,
    pub(crate) running: RunningCluster,
}

impl Daemon {
    pub(crate) async fn start(root: &Path) -> Self {
        let child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "child::daemon", "--ignored", "--nocapture"])
            .env(ROOT, root)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        eventually("the daemon runs", || {
            RunningCluster::find(root).unwrap().is_some()
        })
        .await;
        let running = RunningCluster::find(root).unwrap().unwrap();
        assert_eq!(u32::try_from(running.pid), Ok(child.id()));
        Self { child, running }
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
