//! Running as another user, which only root may do.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

use crate::common::{Place, process};
use aurora_thermos::{Error, FinalState, TaskRunner, TaskSpec};
use nix::unistd::{User, geteuid};

/// A user that every machine has.
const OTHER: &str = "nobody";

/// A place that the other user can enter, or `None` with a word about it when we are not root.
#[expect(
    clippy::print_stdout,
    reason = "a test that does not run has to say so"
)]
fn place_for_root() -> Option<Place> {
    if !geteuid().is_root() {
        println!("not run: needs root");
        return None;
    }
    let place = Place::new();
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o755)).unwrap();
    Some(place)
}

#[tokio::test]
async fn processes_become_the_user() {
    let Some(place) = place_for_root() else {
        return;
    };
    let other = User::from_name(OTHER).unwrap().unwrap();
    let mut options = place.options();
    options.user = Some(OTHER.to_owned());
    let task = TaskSpec::new(
        "t",
        [process(
            "p",
            "id -u; id -g; id -G; echo $USER $LOGNAME; touch mine; cat /etc/shadow 2>/dev/null && echo root",
        )],
    );
    let runner = TaskRunner::start(task, options).await.unwrap();
    runner.wait().await;
    let (uid, gid) = (other.uid, other.gid);
    assert_eq!(
        place.stdout("p", 0),
        format!("{uid}\n{gid}\n{gid}\n{OTHER} {OTHER}\n")
    );
    let meta = |name: &str| fs::metadata(place.sandbox().join(name)).unwrap();
    for name in ["", "mine", ".logs", ".logs/p/0", ".logs/p/0/stdout"] {
        assert_eq!(meta(name).uid(), uid.as_raw(), "{name}");
        assert_eq!(meta(name).gid(), gid.as_raw(), "{name}");
    }
    assert_eq!(meta("").mode() & 0o7777, 0o700);
}

#[tokio::test]
async fn processes_of_the_user_are_killed_too() {
    let Some(place) = place_for_root() else {
        return;
    };
    let mut options = place.options();
    options.user = Some(OTHER.to_owned());
    let stray = "setsid -f bash -c 'echo $$ > stray; exec sleep 1005' >/dev/null 2>&1";
    let task = TaskSpec::new("t", [process("p", &format!("{stray}; sleep 1000 & wait"))]);
    let runner = TaskRunner::start(task, options).await.unwrap();
    let pid = place.pid("stray").await;
    runner.kill(std::time::Duration::from_millis(100));
    assert_eq!(runner.wait().await.state, FinalState::Killed);
    crate::common::dead(pid).await;
}

#[tokio::test]
async fn logs_are_never_written_with_the_rights_of_root() {
    let Some(place) = place_for_root() else {
        return;
    };
    let precious = place.path().join("precious");
    fs::write(&precious, "precious").unwrap();
    let mut options = place.options();
    options.user = Some(OTHER.to_owned());
    let evil = format!(
        "mkdir -p .logs/victim/0; ln -s {} .logs/victim/0/stdout",
        precious.display()
    );
    let mut task = TaskSpec::new(
        "t",
        [
            process("evil", &evil),
            process("victim", "echo overwritten"),
        ],
    );
    task.constraints = vec![vec!["evil".to_owned(), "victim".to_owned()]];
    let runner = TaskRunner::start(task, options).await.unwrap();
    assert_eq!(runner.wait().await.state, FinalState::Failed);
    assert_eq!(fs::read_to_string(precious).unwrap(), "precious");
}

#[tokio::test]
async fn a_changed_root_folder_is_the_sandbox() {
    let Some(place) = place_for_root() else {
        return;
    };
    let sandbox = place.sandbox();
    fs::create_dir(&sandbox).unwrap();
    // Enough of the machine for bash: its folders, by bind mounts, would need to be undone again, so only
    // what `ldd` names is copied.
    let needed = std::process::Command::new("ldd")
        .arg("/bin/bash")
        .output()
        .unwrap();
    let needed = String::from_utf8(needed.stdout).unwrap();
    let libraries = needed
        .split_whitespace()
        .filter(|word| word.starts_with('/'));
    for file in libraries.chain(["/bin/bash"]) {
        let target = sandbox.join(file.trim_start_matches('/'));
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        fs::copy(file, target).unwrap();
    }
    symlink("bash", sandbox.join("bin/sh")).unwrap();
    let mut options = place.options();
    options.chroot = true;
    let task = TaskSpec::new(
        "t",
        [process("p", "pwd; echo $HOME; [ -e /proc ] || echo inside")],
    );
    let runner = TaskRunner::start(task, options).await.unwrap();
    let outcome = runner.wait().await;
    assert_eq!(outcome.state, FinalState::Success, "{}", outcome.reason);
    let home = User::from_uid(geteuid()).unwrap().unwrap().dir;
    assert_eq!(
        place.stdout("p", 0),
        format!("/\n{}\ninside\n", home.display())
    );
}

#[tokio::test]
async fn only_root_may_become_another_user() {
    if geteuid().is_root() {
        println!("not run: needs a user other than root");
        return;
    }
    let place = Place::new();
    let mut options = place.options();
    options.user = Some("root".to_owned());
    let error = TaskRunner::start(TaskSpec::new("t", []), options)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::UserNeedsRoot { .. }));
}
