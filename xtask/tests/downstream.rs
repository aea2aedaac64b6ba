//! Programs that depend on our libraries, as cargo resolves them.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use aurora_testkit::left_out;
use semver::Version;
use serde_json::Value;

/// What cargo makes of a new program with these dependencies, each a line of its manifest.
fn resolve(dependencies: &[String]) -> (Output, String) {
    let folder = tempfile::tempdir().unwrap();
    let manifest = format!(
        "[package]\nname = \"scratch\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{}\n",
        dependencies.join("\n")
    );
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/lib.rs"), "").unwrap();
    fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    let output = Command::new(env!("CARGO"))
        .arg("generate-lockfile")
        .current_dir(folder.path())
        .output()
        .unwrap();
    let lock = fs::read_to_string(folder.path().join("Cargo.lock")).unwrap_or_default();
    (output, lock)
}

/// The version of `libc` in the text of a lock file.
fn libc_in(lock: &str) -> Version {
    let lock: toml_edit::DocumentMut = lock.parse().unwrap();
    let packages = lock["package"].as_array_of_tables().unwrap();
    let libc = packages
        .iter()
        .find(|package| package["name"].as_str() == Some("libc"));
    libc.unwrap()["version"].as_str().unwrap().parse().unwrap()
}

/// The version that the interpreter is bound to.
fn pinned_libc() -> Version {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--no-deps",
            "--offline",
            "--format-version",
            "1",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let mut pins = packages
        .iter()
        .flat_map(|package| package["dependencies"].as_array().unwrap())
        .filter(|dependency| dependency["name"] == "libc")
        .filter_map(|dependency| dependency["req"].as_str()?.strip_prefix('='));
    pins.next_back().unwrap().parse().unwrap()
}

/// Libraries that do not bring the interpreter, as they are by default.
const LIBRARIES: &[&str] = &[
    "aurora-devcluster",
    "aurora-rpc",
    "aurora-thermos",
    "pystachio",
];

#[test]
fn a_program_with_a_library_of_ours_takes_the_newest_libc() {
    let libc = "libc = \"0.2\"".to_owned();
    let (output, lock) = resolve(std::slice::from_ref(&libc));
    if !left_out::unless(output.status.success(), "the registry of crates", &[]) {
        return;
    }
    let newest = libc_in(&lock);
    assert!(newest > pinned_libc(), "{newest} is not newer");
    for name in LIBRARIES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../crates")
            .join(name);
        let ours = format!("{name} = {{ path = {path:?} }}");
        let exact = format!("libc = \"={newest}\"");
        let (output, lock) = resolve(&[ours, exact]);
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{name}: {complaint}");
        assert_eq!(libc_in(&lock), newest, "{name}");
    }
}
