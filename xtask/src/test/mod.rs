//! `cargo xtask test`: installs what the tests need and runs every suite.

mod requirements;
mod suites;

use xshell::Shell;

use self::{
    requirements::{KERBEROS, Requirement},
    suites::Tally,
};
use crate::{Outcome, workspace_root};

/// With this in the environment, a test whose program is missing fails instead of being left out.
const REQUIRE_SERVERS: &str = "AURORA_REQUIRE_TEST_SERVERS";

/// Arguments of `cargo xtask test`.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Do not install anything; tests whose programs are missing are left out by name
    #[arg(long)]
    no_install: bool,
}

/// Installs missing programs, then runs the tests of the whole workspace.
pub(crate) fn run(args: &Arguments) -> Outcome {
    let shell = &Shell::new()?;
    shell.change_dir(workspace_root());
    if !args.no_install {
        requirements::install(shell, &requirements::missing())?;
    }
    let missing = requirements::missing();
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
    let mut tally = Tally::default();
    tally.run(shell, &["--workspace"], &[])?;
    let kerberos = !missing.iter().any(|it| it.needed_for == KERBEROS);
    if kerberos {
        // Without the rest of the workspace: what the feature needs at build time changes the features of what compiles
        // the interpreter, which would be compiled again.
        let selection = [
            "--package",
            "aurora-rpc",
            "--features",
            "kerberos",
            "--test",
            "it",
        ];
        tally.run(shell, &selection, &["kerberos"])?;
    } else {
        eprintln!("left out: the tests of {KERBEROS}");
    }
    println!("\n{tally}");
    if !tally.is_good() {
        return Err("tests failed".into());
    }
    if missing.is_empty() || args.no_install {
        Ok(())
    } else {
        Err("the tests passed, but those whose programs are missing were left out".into())
    }
}
