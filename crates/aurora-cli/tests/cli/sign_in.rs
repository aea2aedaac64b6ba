//! Users and passwords by host, and certificate authorities: where they come from.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::thread::JoinHandle;

use crate::harness::Home;

const LINE: &str = "machine 127.0.0.1 login alice password s3cret\n";

/// A port that refuses its first caller, and gives back what that one sent.
fn refusing() -> (u16, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut seen = Vec::new();
        while !seen.ends_with(b"]") {
            let mut chunk = [0; 4096];
            let n = stream.read(&mut chunk).unwrap();
            assert!(n > 0, "the request ends early");
            seen.extend_from_slice(&chunk[..n]);
        }
        write!(
            stream,
            "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n"
        )
        .unwrap();
        String::from_utf8(seen).unwrap()
    });
    (port, seen)
}

fn home_with(cluster: &str, netrc: Option<u32>) -> Home {
    let home = Home::new()
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
    let (port, seen) = refusing();
    let home = home_with(
        &format!(r#""scheduler_uri": "http://127.0.0.1:{port}""#),
        Some(0o600),
    );
    let shown = home.run_with(("NETRC", "netrc"), &["job", "list", "west/www"]);
    insta::assert_snapshot!(shown.replace(&port.to_string(), "PORT"), @r"
    exit 30
    --- stderr
     INFO] Retrieving jobs for role www
    http://127.0.0.1:PORT/api answered 401 Client Error: Unauthorized

    hint: check user and password, and that the user may do this on that cluster
    ");
    let seen = seen.join().unwrap().to_ascii_lowercase();
    assert!(seen.contains("\r\nauthorization: basic "), "{seen}");
}

#[test]
fn a_netrc_that_others_may_read_is_warned_of_and_left_out() {
    let home = home_with(
        r#""scheduler_uri": "http://127.0.0.1:1", "auth_mechanism": "BASIC""#,
        Some(0o644),
    );
    insta::assert_snapshot!(home.run_with(("NETRC", "netrc"), &["job", "list", "west/www"]), @r"
    exit 3
    --- stderr
     WARN] netrc is not used, because others may read the passwords in it (mode 0644); `chmod 600` it
    cluster west wants a user and a password (auth_mechanism BASIC), and none were given; put `machine HOST login USER password PASSWORD` into ~/.netrc, or write its scheduler_uri as http://USER:PASSWORD@HOST:PORT
    ");
}

#[test]
fn authorities_that_cannot_be_read_are_named() {
    let home = home_with(r#""scheduler_uri": "https://127.0.0.1:1""#, None);
    insta::assert_snapshot!(home.run_with(("AURORA_CA_FILE", "netrc"), &["job", "list", "west/www"]), @r"
    exit 3
    --- stderr
    netrc cannot be used as certificate authorities: it holds no certificate in PEM form; name a file of certificates in PEM form
    ");
    insta::assert_snapshot!(home.run_with(("AURORA_CA_FILE", "ca.pem"), &["job", "list", "west/www"]), @r"
    exit 3
    --- stderr
    ca.pem cannot be used as certificate authorities: I/O error: No such file or directory (os error 2); name a file of certificates in PEM form
    ");
}

#[test]
fn a_port_without_tls_is_no_reason_to_wait() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut chunk = [0; 4096];
        assert!(stream.read(&mut chunk).unwrap() > 0);
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .unwrap();
        // Until the client has closed.
        while stream.read(&mut chunk).is_ok_and(|n| n > 0) {}
    });
    let home = home_with(
        &format!(r#""scheduler_uri": "https://127.0.0.1:{port}""#),
        None,
    );
    let shown = home.run(&["job", "list", "west/www"]);
    insta::assert_snapshot!(shown.replace(&port.to_string(), "PORT"), @r"
    exit 7
    --- stderr
     INFO] Retrieving jobs for role www
    no TLS with https://127.0.0.1:PORT/api: what answers there is no TLS; check that the port is one for https
    ");
    server.join().unwrap();
}
