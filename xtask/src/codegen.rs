//! `cargo xtask codegen`: the Rust types of `crates/aurora-api` from its IDL.
//!
//! The Thrift compiler does the work. It is run twice: on the IDL itself, for the types, and on a second IDL that
//! [`idl`] writes, with one struct for the arguments of each service method. Its client and server code is cut
//! (it would bring a thread pool), and [`rust`] repairs what does not fit a client that faces unknown servers.

mod idl;
mod rust;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{
    Outcome,
    output::{Output, stale, write},
    workspace_root,
};

const IDL: &str = "crates/aurora-api/idl/api.thrift";
const GENERATED: &str = "crates/aurora-api/src/generated";

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a committed file is not what the compiler gives now.
    #[arg(long)]
    check: bool,
    /// The Thrift compiler to run.
    #[arg(long, value_name = "PROGRAM", default_value = "thrift")]
    compiler: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let root = workspace_root();
    let outputs = generate(&root, &arguments.compiler)?;
    if arguments.check {
        let stale = stale(&outputs);
        if stale.is_empty() {
            return Ok(());
        }
        let version = compiler_version(&arguments.compiler)?;
        return Err(format!(
            "not what the installed compiler ({version}) makes of {IDL}: {}; run `cargo xtask codegen` and commit",
            stale.join(", ")
        )
        .into());
    }
    write(&outputs)
}

fn generate(root: &Path, compiler: &Path) -> Outcome<Vec<Output>> {
    let path = root.join(IDL);
    let api = fs::read_to_string(&path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let services = idl::services(&api).map_err(|error| format!("{IDL}: {error}"))?;
    let constants = idl::constants(&api).map_err(|error| format!("{IDL}: {error}"))?;

    let work = tempfile::tempdir()?;
    fs::write(work.path().join("api.thrift"), &api)?;
    fs::write(
        work.path().join("calls.thrift"),
        idl::argument_structs(&services),
    )?;
    let api = compile(compiler, work.path(), "api")?;
    let calls = compile(compiler, work.path(), "calls")?;

    let folder = root.join(GENERATED);
    Ok(vec![
        Output {
            path: folder.join("api.rs"),
            text: rust::types(&api, &constants)?,
        },
        Output {
            path: folder.join("calls.rs"),
            text: rust::types(&calls, &[])? + &idl::table(&services),
        },
    ])
}

/// Runs the compiler on `NAME.thrift` in `folder` and reads the Rust that it wrote.
fn compile(compiler: &Path, folder: &Path, name: &str) -> Outcome<String> {
    let run = Command::new(compiler)
        .args(["--gen", "rs", "-out", "."])
        .arg(format!("{name}.thrift"))
        .current_dir(folder)
        .output()
        .map_err(|error| {
            format!(
                "cannot run {}: {error}; install the Thrift compiler (Debian: thrift-compiler) or name it with --compiler",
                compiler.display()
            )
        })?;
    if !run.status.success() {
        return Err(format!(
            "{} refused {name}.thrift ({}): {}{}",
            compiler.display(),
            run.status,
            String::from_utf8_lossy(&run.stdout),
            String::from_utf8_lossy(&run.stderr)
        )
        .into());
    }
    Ok(fs::read_to_string(folder.join(format!("{name}.rs")))?)
}

fn compiler_version(compiler: &Path) -> Outcome<String> {
    let run = Command::new(compiler).arg("--version").output()?;
    Ok(String::from_utf8_lossy(&run.stdout).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use aurora_testkit::left_out;

    use super::*;

    /// Other compiler versions write other text, so only the one that wrote the committed files can judge them.
    #[test]
    fn committed_code_is_what_the_compiler_makes_of_the_idl() {
        let compiler = Path::new("thrift");
        let version = compiler_version(compiler);
        let compiler_is = "a Thrift compiler";
        if !left_out::unless(version.is_ok(), compiler_is, &["thrift-compiler"]) {
            return;
        }
        let version = version.unwrap();
        let root = workspace_root();
        let committed = fs::read_to_string(root.join(GENERATED).join("api.rs")).unwrap();
        let number = version.trim_start_matches("Thrift version ");
        let wrote_it = committed.contains(&format!("Thrift Compiler ({number})"));
        let what = "the Thrift compiler that wrote the committed code";
        if !left_out::unless(wrote_it, what, &["thrift-compiler"]) {
            return;
        }
        let outputs = generate(&root, compiler).unwrap();
        assert_eq!(stale(&outputs), [""; 0], "run `cargo xtask codegen`");
    }

    #[test]
    fn a_missing_compiler_is_named_with_the_remedy() {
        let error = generate(&workspace_root(), Path::new("/nonexistent/thrift"))
            .err()
            .unwrap()
            .to_string();
        assert!(error.contains("/nonexistent/thrift") && error.contains("--compiler"));
    }
}
