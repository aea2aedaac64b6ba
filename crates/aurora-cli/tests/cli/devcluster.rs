//! The devcluster while it does not run.

use crate::harness::home;

#[test]
fn verbs_that_look_say_that_it_does_not_run() {
    let home = home();
    insta::assert_snapshot!(home.show(&["job", "status", "devcluster/alice/devel/hello"]), @r"
    exit 7
    --- stderr
    The devcluster is not running

    hint: `aurora devcluster start` starts it, and so does `aurora job create devcluster/…`
    ");
    insta::assert_snapshot!(home.show(&["job", "killall", "devcluster/alice/devel/hello"]), @r"
    exit 7
    --- stderr
    The devcluster is not running

    hint: `aurora devcluster start` starts it, and so does `aurora job create devcluster/…`
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "status"]), @r"
    exit 7
    --- stderr
    The devcluster is not running

    hint: `aurora devcluster start` starts it, and so does `aurora job create devcluster/…`
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "status", "-o", "json"]), @r#"
    exit 7
    --- stdout
    {
      "running": false,
      "directory": "[HOME]/devcluster",
      "log": "[HOME]/devcluster/devcluster.log"
    }
    --- stderr
    The devcluster is not running

    hint: `aurora devcluster start` starts it, and so does `aurora job create devcluster/…`
    "#);
    insta::assert_snapshot!(home.show(&["devcluster", "stop"]), @r"
    exit 0
    --- stderr
    The devcluster is not running
    ");
    insta::assert_snapshot!(home.show(&["devcluster", "logs"]), @r"
    exit 6
    --- stderr
    cannot read `[HOME]/devcluster/devcluster.log`: No such file or directory (os error 2)

    hint: the log exists once the devcluster was started in the background
    ");
    assert!(!home.devcluster().exists(), "looking leaves nothing behind");
}

#[test]
fn all_clusters_leave_it_out() {
    assert_eq!(home().show(&["job", "list", "*"]), "exit 0\n");
}

#[test]
fn a_port_in_use_is_reported_in_the_daemon_s_own_words() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let home = home();
    let shown = home.show(&["devcluster", "start", "--port", &port]);
    assert!(shown.starts_with("exit 6\n"), "{shown}");
    assert!(
        shown.contains(&format!("port {port} of 127.0.0.1")),
        "{shown}"
    );
    assert!(home.show(&["devcluster", "status"]).starts_with("exit 7\n"));
}
