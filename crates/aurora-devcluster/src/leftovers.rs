//! Killing the processes that a crashed cluster left.

use std::io;
use std::path::PathBuf;

use crate::Error;
use crate::layout::Layout;

/// Kills every process that any task recorded under the root has left. The caller holds the lock, so no task runs.
pub(crate) async fn kill_all(layout: &Layout) -> Result<(), Error> {
    for checkpoint in checkpoints(layout)? {
        match aurora_thermos::recover(&checkpoint) {
            // Its outcome is written after its last process has ended.
            Ok(recovery) if recovery.outcome().is_some() => {}
            Ok(recovery) => {
                if let Err(error) = recovery.kill().await {
                    tracing::warn!(checkpoint = %checkpoint.display(), %error, "cannot end leftover processes");
                }
            }
            Err(error) => {
                tracing::warn!(checkpoint = %checkpoint.display(), %error, "cannot read a task's record");
            }
        }
    }
    Ok(())
}

fn checkpoints(layout: &Layout) -> Result<Vec<PathBuf>, Error> {
    let list = || {
        let entries = match fs_err::read_dir(layout.executors()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            let checkpoint = Layout::checkpoint_in(&entry?.path());
            if checkpoint.is_file() {
                found.push(checkpoint);
            }
        }
        Ok(found)
    };
    list().map_err(|source| Error::io("looking for the records of tasks", source))
}
