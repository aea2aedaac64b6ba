//! Where everything lies under the root folder.
//!
//! Sandboxes lie as deep as on a Mesos agent, so that `aurora task ssh` and `task run` find them when the cluster's
//! `slave_root` is the root folder and its `slave_run_directory` is `latest`.

use std::path::{Path, PathBuf};

use crate::engine::HOST_ID;

/// The paths under one root folder.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    root: PathBuf,
}

impl Layout {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Locked for as long as a cluster runs here.
    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    /// Holds the address of the running cluster.
    pub(crate) fn endpoint(&self) -> PathBuf {
        self.root.join("endpoint.json")
    }

    pub(crate) fn log(&self) -> PathBuf {
        self.root.join("devcluster.log")
    }

    pub(crate) fn state(&self) -> PathBuf {
        self.root.join("state.redb")
    }

    /// The folder of all tasks.
    pub(crate) fn executors(&self) -> PathBuf {
        self.root
            .join("slaves")
            .join(HOST_ID)
            .join("frameworks/aurora/executors")
    }

    /// The folder of one task; task ids hold no character that a path could trip over.
    pub(crate) fn executor(&self, task_id: &str) -> PathBuf {
        self.executors().join(format!("thermos-{task_id}"))
    }

    /// Where a task's executor would work: the sandbox and the record of its processes are in it.
    pub(crate) fn run(&self, task_id: &str) -> PathBuf {
        Self::run_in(&self.executor(task_id))
    }

    pub(crate) fn sandbox(&self, task_id: &str) -> PathBuf {
        self.run(task_id).join("sandbox")
    }

    pub(crate) fn logs(&self, task_id: &str) -> PathBuf {
        self.sandbox(task_id).join(".logs")
    }

    pub(crate) fn checkpoint(&self, task_id: &str) -> PathBuf {
        Self::checkpoint_in(&self.executor(task_id))
    }

    /// The record of the processes in an executor's folder.
    pub(crate) fn checkpoint_in(executor: &Path) -> PathBuf {
        Self::run_in(executor).join("checkpoint")
    }

    fn run_in(executor: &Path) -> PathBuf {
        executor.join("runs/latest")
    }
}
