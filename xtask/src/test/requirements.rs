//! The programs that tests run, and their installation.

use std::{env, path::Path};

use xshell::{Shell, cmd};

use crate::Outcome;

/// A program that tests run, and the Debian package that brings it.
pub(super) struct Requirement {
    /// Its name, or the path of its file where it is in no folder of `PATH`.
    pub(super) program: &'static str,
    pub(super) package: &'static str,
    pub(super) needed_for: &'static str,
}

/// What the tests of the `kerberos` feature are for.
pub(super) const KERBEROS: &str = "signing in by Kerberos";

const REQUIREMENTS: &[Requirement] = &[
    Requirement {
        program: "git",
        package: "git",
        needed_for: "making a release of a scratch repository",
    },
    Requirement {
        program: "gpg",
        package: "gnupg",
        needed_for: "signing and verifying a release of a scratch repository",
    },
    Requirement {
        program: "python3",
        package: "python3",
        needed_for: "running the web service among the examples",
    },
    Requirement {
        program: "jsonschema",
        package: "python3-jsonschema",
        needed_for: "checking that the JSON Schema of configurations agrees with what loads",
    },
    Requirement {
        program: "/usr/share/java/zookeeper.jar",
        package: "zookeeper",
        needed_for: "finding leading schedulers in real ZooKeeper servers",
    },
    Requirement {
        program: "java",
        package: "default-jre-headless",
        needed_for: "running ZooKeeper",
    },
    Requirement {
        program: "/usr/include/gssapi/gssapi.h",
        package: "libkrb5-dev",
        needed_for: KERBEROS,
    },
    Requirement {
        program: "clang",
        package: "clang",
        needed_for: KERBEROS,
    },
    Requirement {
        program: "/usr/sbin/krb5kdc",
        package: "krb5-kdc",
        needed_for: KERBEROS,
    },
    Requirement {
        program: "/usr/sbin/kadmin.local",
        package: "krb5-admin-server",
        needed_for: KERBEROS,
    },
    Requirement {
        program: "kinit",
        package: "krb5-user",
        needed_for: KERBEROS,
    },
    Requirement {
        program: "zsh",
        package: "zsh",
        needed_for: "completing commands in zsh",
    },
    Requirement {
        program: "fish",
        package: "fish",
        needed_for: "completing commands in fish",
    },
    Requirement {
        program: "/usr/sbin/sshd",
        package: "openssh-server",
        needed_for: "reaching tasks over a real SSH server",
    },
    Requirement {
        program: "ssh",
        package: "openssh-client",
        needed_for: "reaching tasks over SSH",
    },
];

/// The programs that this machine lacks.
pub(super) fn missing() -> Vec<&'static Requirement> {
    let all = REQUIREMENTS.iter();
    all.filter(|it| !is_installed(it.program)).collect()
}

/// Installs the packages, and says so before. What cannot be installed stays missing: that is no failure here.
pub(super) fn install(shell: &Shell, missing: &[&Requirement]) -> Outcome {
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<_> = missing.iter().map(|it| it.package).collect();
    let listed = packages.join(" ");
    if !is_installed("apt-get") {
        eprintln!("cannot install {listed}: this is not a Debian system");
        return Ok(());
    }
    let is_root = cmd!(shell, "id -u").quiet().read()? == "0";
    let sudo: &[&str] = match (is_root, is_installed("sudo")) {
        (true, _) => &[],
        // Never ask for a password in the middle of a test run.
        (false, true) => &["sudo", "--non-interactive"],
        (false, false) => {
            eprintln!("cannot install {listed}: neither root nor sudo");
            return Ok(());
        }
    };
    eprintln!(
        "Installing the Debian packages that tests need (`--no-install` leaves them out): {listed}"
    );
    let _guard = shell.push_env("DEBIAN_FRONTEND", "noninteractive");
    let update = [sudo, &["apt-get", "update", "--quiet"]].concat();
    let options = ["--quiet", "--yes", "--no-install-recommends"];
    let install = [sudo, &["apt-get", "install"], &options, &packages].concat();
    for command in [update, install] {
        let (program, arguments) = (command[0], &command[1..]);
        // A failure is not the end: what is still missing is named before the tests run.
        if let Err(error) = cmd!(shell, "{program} {arguments...}").run() {
            eprintln!("{error}");
            break;
        }
    }
    Ok(())
}

fn is_installed(program: &str) -> bool {
    let Some(path) = env::var_os("PATH") else {
        return false;
    };
    // Joining an absolute path gives that path.
    env::split_paths(&path).any(|folder| Path::new(&folder).join(program).is_file())
}
