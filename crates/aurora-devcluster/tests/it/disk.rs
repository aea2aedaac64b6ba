//! When the disk does not take what the cluster wants to write.

use std::path::Path;
use std::process::Command;

use aurora_api::calls::CreateJob;
use aurora_api::{ResponseCode, ScheduleStatus};

use crate::common::{Place, id, key, last_message, messages, simple, states};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sandbox_that_cannot_be_made_fails_the_task_and_not_the_cluster() {
    let place = Place::start().await;
    // In the way of everybody, root included.
    let slaves = place.folder.path().join("slaves");
    std::fs::write(&slaves, "no folder").unwrap();
    place.client.create(&simple("homeless", "true")).await;
    let tasks = place
        .client
        .wait_for(&key("homeless"), ScheduleStatus::FAILED)
        .await;
    assert_eq!(states(&tasks[0]), "PENDING ASSIGNED STARTING FAILED");
    let message = last_message(&tasks[0]);
    assert!(
        message.starts_with("Failed to create the sandbox: "),
        "{message}"
    );

    std::fs::remove_file(&slaves).unwrap();
    place.client.create(&simple("housed", "true")).await;
    let tasks = place
        .client
        .wait_for(&key("housed"), ScheduleStatus::FINISHED)
        .await;
    assert!(place.sandbox(&id(&tasks[0])).is_dir());
    place.cluster.shutdown().await;
}

/// A small file system of its own, where the system lets us have one.
struct Tmpfs<'a>(&'a Path);

impl<'a> Tmpfs<'a> {
    fn mount(path: &'a Path, size: &str) -> Option<Self> {
        let options = format!("size={size},mode=700");
        let status = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(path)
            .stderr(std::process::Stdio::null())
            .status();
        status
            .is_ok_and(|status| status.success())
            .then_some(Self(path))
    }
}

impl Drop for Tmpfs<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_is_an_error_to_the_caller_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let Some(_mounted) = Tmpfs::mount(folder.path(), "24m") else {
        println!("skipped: this user cannot mount a small file system");
        return;
    };
    let options = crate::common::options(folder.path());
    let cluster = aurora_devcluster::DevCluster::start(options).await.unwrap();
    let client = crate::common::Client::new(cluster.url());
    client.create(&simple("before", "true")).await;
    client
        .wait_for(&key("before"), ScheduleStatus::FINISHED)
        .await;

    let filler = folder.path().join("filler");
    let status = Command::new("sh")
        .args(["-c", "cat /dev/zero > \"$0\""])
        .arg(&filler)
        .stderr(std::process::Stdio::null())
        .status()
        .unwrap();
    assert!(!status.success(), "the disk is full now");

    // Large enough that no space left inside the state file takes it.
    let big = simple("big", &format!("true {}", "x".repeat(4 << 20)));
    let response = client
        .call(&CreateJob {
            description: Some(big.clone()),
            lock: None,
        })
        .await;
    assert_eq!(response.response_code, Some(ResponseCode::ERROR));
    let message = messages(&response);
    assert!(
        message.starts_with("cannot write the state in "),
        "{message}"
    );
    assert!(client.tasks(&key("big")).await.is_empty());
    assert_eq!(client.tasks(&key("before")).await.len(), 1);

    std::fs::remove_file(&filler).unwrap();
    client.create(&simple("after", "true")).await;
    client
        .wait_for(&key("after"), ScheduleStatus::FINISHED)
        .await;
    cluster.shutdown().await;

    let options = crate::common::options(folder.path());
    let cluster = aurora_devcluster::DevCluster::start(options).await.unwrap();
    let client = crate::common::Client::new(cluster.url());
    assert!(client.tasks(&key("big")).await.is_empty());
    for name in ["before", "after"] {
        client.wait_for(&key(name), ScheduleStatus::FINISHED).await;
    }
    cluster.shutdown().await;
}
