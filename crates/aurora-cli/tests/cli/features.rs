//! The features of the command, by the crates that it depends on without them.

use std::collections::BTreeSet;
use std::process::Command;

/// The names of the crates in the command with only these features.
fn dependencies(features: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--locked", "--package", "aurora-cli"])
        .args(["--edges", "normal,build", "--prefix", "none"])
        .args(["--format", "{lib}"])
        .args(["--no-default-features", "--features", features])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let names = String::from_utf8(output.stdout).unwrap();
    // A crate that was listed before has a mark after its name.
    let names = names.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

/// The crates of this workspace that only build on Linux.
const LINUX_ONLY: [&str; 2] = ["aurora_devcluster", "aurora_thermos"];

#[test]
fn without_the_devcluster_no_crate_needs_linux() {
    let all = dependencies("devcluster,python");
    let without = dependencies("python");
    for name in LINUX_ONLY {
        assert!(all.contains(name), "{name} comes with the devcluster");
        assert!(!without.contains(name), "{name} is left");
    }
    // `rustix` depends on this one only when it is built for Linux.
    let of_linux = |name: &&String| name.contains("linux") || name.contains("procfs");
    let left: Vec<_> = without.iter().filter(of_linux).collect();
    assert_eq!(left, ["linux_raw_sys"]);
}

#[test]
fn without_python_no_interpreter_is_left() {
    let is_python = |name: &&String| name.contains("rustpython") || name.starts_with("ruff");
    assert!(dependencies("python").iter().any(|name| is_python(&name)));
    let without = dependencies("");
    let left: Vec<_> = without.iter().filter(is_python).collect();
    assert_eq!(left, [""; 0]);
    assert!(without.contains("aurora_rpc"));
}
