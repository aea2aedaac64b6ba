//! Tests in processes of their own: which realm and which tickets count is settled by environment
//! variables, and those are of the whole process.

use std::net::SocketAddr;

use aurora_testkit::kerberos::Realm;

/// Names the test that a process is for.
const SCENE: &str = "AURORA_KERBEROS_TEST";

/// What is there when a test begins.
pub(super) struct Scene {
    /// The services of the realm, as `HTTP/HOST`. All of their keys are in the keytab.
    pub(super) services: &'static [&'static str],
    pub(super) ticket: Ticket,
    pub(super) kdc: Kdc,
}

/// Which ticket `alice` has.
#[derive(PartialEq)]
pub(super) enum Ticket {
    Valid,
    Expired,
    None,
}

/// Where the client looks for the KDC.
pub(super) enum Kdc {
    Known,
    Unknown,
    Elsewhere(SocketAddr),
}

impl Default for Scene {
    fn default() -> Self {
        Self {
            services: &["HTTP/localhost"],
            ticket: Ticket::Valid,
            kdc: Kdc::Known,
        }
    }
}

impl Scene {
    /// Runs the rest of the test called `name` on this scene.
    pub(super) fn play(self, name: &str, test: impl AsyncFnOnce()) {
        self.play_after(name, |_| (), test);
    }

    /// The same after a change of the realm.
    pub(super) fn play_after(
        self,
        name: &str,
        change: impl FnOnce(&Realm),
        test: impl AsyncFnOnce(),
    ) {
        if std::env::var_os(SCENE).is_some_and(|scene| scene == name) {
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .enable_all()
                .build()
                .unwrap();
            runtime.block_on(test());
            // A token that no call waits for does not hold it up.
            drop(runtime);
            return;
        }
        let Some(realm) = Realm::start(self.services) else {
            return;
        };
        match self.ticket {
            Ticket::Valid => realm.sign_in("1h"),
            Ticket::Expired => realm.sign_in_and_wait_until_that_is_over(),
            Ticket::None => {}
        }
        change(&realm);
        match self.kdc {
            Kdc::Known => {}
            Kdc::Unknown => realm.write_client_settings(None),
            Kdc::Elsewhere(address) => realm.write_client_settings(Some(address)),
        }
        let output = realm
            .command(std::env::current_exe().unwrap())
            .args(["--exact", &format!("kerberos::tickets::{name}")])
            .env(SCENE, name)
            .output()
            .unwrap();
        let reported = String::from_utf8_lossy(&output.stdout);
        let log = String::from_utf8_lossy(&output.stderr);
        // Indented, so that it is not taken for the results of this suite.
        let lines = reported.lines().chain(log.lines());
        let indented: Vec<_> = lines.map(|line| format!("    {line}")).collect();
        assert!(
            output.status.success() && reported.contains("1 passed"),
            "{}",
            indented.join("\n")
        );
    }
}
