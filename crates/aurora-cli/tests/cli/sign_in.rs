//! Users and passwords by host, and certificate authorities: where they come from.

use std::os::unix::fs::PermissionsExt as _;

use aurora_testkit::scheduler::{Act, ScriptedScheduler, http};

use crate::harness::{Home, home};

const LINE: &str = "machine 127.0.0.1 login alice password s3cret\n";

fn home_with(cluster: &str, netrc: Option<u32>) -> Home {
    let home = home()
        .with_clusters(&format!(r#"[{{"name": "west", {cluster}}}]"#))
        .with_file("netrc", LINE);
    if let Some(mode) = netrc {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(home.work().join("netrc"), permissions).unwrap();
    }
    home
}

#[test]
fn netrc_signs_in_and_a_refusal_says_what_to_check() {
    let scheduler = ScriptedScheduler::performing([http(401, "")]);
    let home = home_with(
        &format!(r#""scheduler_uri": "{}""#, scheduler.url()),
        Some(0o600),
    );
    let shown = home.show_with(("NETRC", "netrc"), &["job", "list", "west/www"]);
    insta::assert_snapshot!(shown.replace(&scheduler.port().to_string(), "PORT"), @r"
    exit 30
    --- stderr
     INFO] Retrieving jobs for role www
    http://127.0.0.1:PORT/api answered 401 Client Error: Unauthorized

    hint: check user and password, and that the user may do this on that cluster
    ");
    let requests = scheduler.requests();
    let authorization = requests[0].header("authorization").unwrap();
    assert!(authorization.starts_with("Basic "), "{authorization}");
}

#[test]
fn a_netrc_that_others_may_read_is_warned_of_and_left_out() {
    let home = home_with(
        r#""scheduler_uri": "http://127.0.0.1:1", "auth_mechanism": "BASIC""#,
        Some(0o644),
    );
    insta::assert_snapshot!(home.show_with(("NETRC", "netrc"), &["job", "list", "west/www"]), @r"
    exit 3
    --- stderr
     WARN] netrc is not used, because others may read the passwords in it (mode 0644); `chmod 600` it
    cluster west requires a user and a password (auth_mechanism BASIC), and none were given; put `machine HOST login USER password PASSWORD` into ~/.netrc, or write its scheduler_uri as http://USER:PASSWORD@HOST:PORT
    ");
}

#[test]
fn authorities_that_cannot_be_read_are_named() {
    let home = home_with(r#""scheduler_uri": "https://127.0.0.1:1""#, None);
    insta::assert_snapshot!(home.show_with(("AURORA_CA_FILE", "netrc"), &["job", "list", "west/www"]), @r"
    exit 3
    --- stderr
    netrc cannot be used as certificate authorities: it holds no certificate in PEM form; name a file of certificates in PEM form
    ");
    insta::assert_snapshot!(home.show_with(("AURORA_CA_FILE", "ca.pem"), &["job", "list", "west/www"]), @r"
    exit 3
    --- stderr
    ca.pem cannot be used as certificate authorities: I/O error: No such file or directory (os error 2); name a file of certificates in PEM form
    ");
}

#[test]
fn a_port_without_tls_is_no_reason_to_wait() {
    let bytes = b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec();
    let scheduler = ScriptedScheduler::performing([Act::Greet(bytes)]);
    let port = scheduler.port();
    let home = home_with(
        &format!(r#""scheduler_uri": "https://127.0.0.1:{port}""#),
        None,
    );
    let shown = home.show(&["job", "list", "west/www"]);
    insta::assert_snapshot!(shown.replace(&scheduler.port().to_string(), "PORT"), @r"
    exit 7
    --- stderr
     INFO] Retrieving jobs for role www
    TLS handshake with https://127.0.0.1:PORT/api failed: the server does not speak TLS; check that the port is one for https
    ");
}
