//! A realm with a KDC of its own, all of it in one folder.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use tempfile::TempDir;

use crate::ports::free_address;
use crate::process::Process;
use crate::{PATIENCE, left_out};

/// The realm.
pub const NAME: &str = "TEST.EXAMPLE";
const PASSWORD: &str = "s3cret";

/// A running KDC, which knows `alice`. It is killed when it is dropped, and when this process ends
/// without that.
#[derive(Debug)]
pub struct Realm {
    // Ends before its folder.
    kdc: Option<Process>,
    folder: TempDir,
}

impl Realm {
    /// A realm with services by those names; nothing if Kerberos is not installed: the test is left out
    /// by name.
    pub fn start(services: &[&str]) -> Option<Self> {
        if !is_installed() {
            return None;
        }
        // Another program may take a port between its choice and its use.
        for _ in 0..20 {
            let mut realm = Self {
                folder: tempfile::tempdir().unwrap(),
                kdc: None,
            };
            if realm.try_start(services) {
                return Some(realm);
            }
        }
        panic!("no free port for the KDC");
    }

    fn try_start(&mut self, services: &[&str]) -> bool {
        let address = free_address();
        self.write(
            "kdc.conf",
            &format!(
                "[kdcdefaults]\nkdc_listen = {address}\nkdc_tcp_listen = {address}\n\
                 [realms]\n{NAME} = {{\ndatabase_name = {0}/principal\nkey_stash_file = {0}/stash\n\
                 acl_file = {0}/acl\n}}\n[logging]\nkdc = FILE:{0}/kdc.log\n",
                self.folder.path().display()
            ),
        );
        self.write_client_settings(Some(address));
        self.run("kdb5_util", &["create", "-s", "-r", NAME, "-P", PASSWORD]);
        let administer = |query: &str| self.run("kadmin.local", &["-r", NAME, "-q", query]);
        administer(&format!("addprinc -pw {PASSWORD} alice"));
        for service in services {
            administer(&format!("addprinc -randkey {service}"));
            administer(&format!("ktadd {service}"));
        }
        let program = program("krb5kdc").unwrap();
        let words = ["-n", "-r", NAME].map(Path::new);
        let words = [&*program].into_iter().chain(words);
        let output = self.folder.path().join("output");
        let kdc = Process::start(self.command("sh"), words, &output);
        let kdc = self.kdc.insert(kdc);
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if kdc.has_ended() {
                return false;
            }
            let log = fs::read_to_string(self.folder.path().join("kdc.log"));
            if log.is_ok_and(|log| log.contains("commencing operation"))
                && TcpStream::connect(address).is_ok()
            {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("the KDC does not come up");
    }

    /// Says where clients find the KDC, or leaves that out.
    pub fn write_client_settings(&self, kdc: Option<SocketAddr>) {
        let realms = kdc.map_or_else(String::new, |kdc| {
            format!("[realms]\n{NAME} = {{\nkdc = {kdc}\n}}\n")
        });
        // Names of hosts are taken as they are, without asking a name server.
        self.write(
            "krb5.conf",
            &format!(
                "[libdefaults]\ndefault_realm = {NAME}\ndns_lookup_kdc = false\ndns_lookup_realm = false\n\
                 dns_canonicalize_hostname = false\nrdns = false\nudp_preference_limit = 1\n{realms}"
            ),
        );
    }

    /// Gets a ticket for `alice`, for so long.
    pub fn sign_in(&self, lifetime: &str) {
        let mut kinit = self
            .command("kinit")
            .args(["-l", lifetime, "alice"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        writeln!(kinit.stdin.take().unwrap(), "{PASSWORD}").unwrap();
        assert!(kinit.wait().unwrap().success());
    }

    /// Gets a ticket for `alice` that has expired.
    pub fn sign_in_and_wait_until_that_is_over(&self) {
        self.sign_in("1s");
        // It counts to the end of its last second.
        let is_over = SystemTime::now() + Duration::from_secs(2);
        while SystemTime::now() <= is_over {
            std::thread::sleep(Duration::from_millis(50));
        }
        let valid = self.command("klist").arg("-s").status().unwrap();
        assert!(!valid.success());
    }

    /// Gives a service another key than the one in its keytab.
    pub fn change_key(&self, service: &str) {
        self.run(
            "kadmin.local",
            &["-r", NAME, "-q", &format!("cpw -randkey {service}")],
        );
    }

    /// A command that sees this realm and no other.
    pub fn command(&self, program: impl Into<OsString>) -> Command {
        let path = |name: &str| self.folder.path().join(name);
        let mut command = Command::new(program.into());
        command
            .env("KRB5_CONFIG", path("krb5.conf"))
            .env("KRB5_KDC_PROFILE", path("kdc.conf"))
            .env("KRB5CCNAME", path("tickets"))
            .env("KRB5_KTNAME", path("keytab"))
            .env("KRB5_CLIENT_KTNAME", path("no keytab"))
            .env("KRB5RCACHEDIR", self.folder.path())
            .env("LC_ALL", "C");
        command
    }

    fn run(&self, name: &str, arguments: &[&str]) {
        let output = self
            .command(program(name).unwrap())
            .args(arguments)
            .output()
            .unwrap();
        // `kadmin.local` succeeds whatever happens; what it fails at shows when it is needed.
        assert!(output.status.success(), "{name} {arguments:?}: {output:?}");
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.folder.path().join(name), text).unwrap();
    }
}

/// An address at which nothing listens.
pub fn dead_address() -> SocketAddr {
    // No program of users may listen there, and hardly another one does.
    (Ipv4Addr::LOCALHOST, 1).into()
}

/// Programs of administrators are not in the path of every user.
fn program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(name))
        .find(|path: &PathBuf| Path::is_file(path))
}

fn is_installed() -> bool {
    let is_installed = ["krb5kdc", "kdb5_util", "kadmin.local", "kinit", "klist"]
        .iter()
        .all(|name| program(name).is_some());
    left_out::unless(
        is_installed,
        "Kerberos",
        &["krb5-kdc", "krb5-admin-server", "krb5-user"],
    )
}
