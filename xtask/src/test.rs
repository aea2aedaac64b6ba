//! `cargo xtask test`: installs what the tests need and runs every suite.

use std::{env, path::Path};

use xshell::{Shell, cmd};

use crate::{Outcome, cargo::cargo, workspace_root};

/// A program that tests run, and the Debian package that brings it.
struct Requirement {
    /// Its name, or the path of its file where it is in no folder of `PATH`.
    program: &'static str,
    package: &'static str,
    needed_for: &'static str,
}

const REQUIREMENTS: &[Requirement] = &[
    Requirement {
        program: "thrift",
        package: "thrift-compiler",
        needed_for: "checking that the generated Thrift types are current",
    },
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

const KERBEROS: &str = "signing in by Kerberos";

/// With this in the environment, tests fail for want of a server instead of being left out.
const REQUIRE_SERVERS: &str = "AURORA_REQUIRE_TEST_SERVERS";

/// Arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Do not install anything; tests whose programs are missing are left out by name.
    #[arg(long)]
    no_install: bool,
}

/// Installs missing programs, then runs the tests of the whole workspace.
pub(crate) fn run(args: &Arguments) -> Outcome {
    let shell = &Shell::new()?;
    shell.change_dir(workspace_root());
    if !args.no_install {
        install(shell)?;
    }
    let missing: Vec<_> = REQUIREMENTS
        .iter()
        .filter(|requirement| !is_installed(requirement))
        .collect();
    for Requirement {
        program,
        package,
        needed_for,
    } in &missing
    {
        eprintln!(
            "missing: `{program}`, for {needed_for}: install the Debian package {package} (as root: apt-get install {package})"
        );
    }
    let _guard = missing
        .is_empty()
        .then(|| shell.push_env(REQUIRE_SERVERS, "1"));
    cargo(shell, &["test", "--workspace"])?;
    // By itself, as the feature needs more than the rest of the workspace does to be built.
    if missing.iter().any(|it| it.needed_for == KERBEROS) {
        eprintln!("left out: the tests of {KERBEROS}");
    } else {
        let selection = ["--package", "aurora-rpc", "--features", "kerberos"];
        cargo(shell, &[&["test"], &selection[..], &["kerberos"]].concat())?;
    }
    if missing.is_empty() || args.no_install {
        Ok(())
    } else {
        Err("the tests above passed, but those that need a missing program were left out".into())
    }
}

fn install(shell: &Shell) -> Outcome {
    let packages: Vec<_> = REQUIREMENTS
        .iter()
        .filter(|requirement| !is_installed(requirement))
        .map(|it| it.package)
        .collect();
    if packages.is_empty() {
        return Ok(());
    }
    if find("apt-get").is_none() {
        eprintln!(
            "cannot install {}: this is not a Debian system",
            packages.join(", ")
        );
        return Ok(());
    }
    let is_root = cmd!(shell, "id -u").quiet().read()? == "0";
    let sudo: &[&str] = match (is_root, find("sudo")) {
        (true, _) => &[],
        // Never ask for a password in the middle of a test run.
        (false, Some(())) => &["sudo", "--non-interactive"],
        (false, None) => {
            eprintln!(
                "cannot install {}: neither root nor sudo",
                packages.join(", ")
            );
            return Ok(());
        }
    };
    let _guard = shell.push_env("DEBIAN_FRONTEND", "noninteractive");
    let update = [sudo, &["apt-get", "update", "--quiet"]].concat();
    let install = [
        sudo,
        &[
            "apt-get",
            "install",
            "--quiet",
            "--yes",
            "--no-install-recommends",
        ],
    ]
    .concat();
    for (command, packages) in [(update, &[][..]), (install, &packages[..])] {
        let (program, arguments) = (command[0], &command[1..]);
        // A failure is not the end: what is still missing is named before the tests run.
        if let Err(error) = cmd!(shell, "{program} {arguments...} {packages...}").run() {
            eprintln!("{error}");
            break;
        }
    }
    Ok(())
}

fn is_installed(requirement: &&Requirement) -> bool {
    find(requirement.program).is_some()
}

fn find(program: &str) -> Option<()> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .any(|folder| Path::new(&folder).join(program).is_file())
        .then_some(())
}
