//! The oldest Rust that each crate builds with: `rust-version` is what its dependencies and its own code need, so that
//! a compiler has to be updated only for crates that need a newer one.
//!
//! What the code takes from the standard library is checked by clippy's `incompatible_msrv`; its syntax is checked here.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use xshell::{Shell, cmd};

use crate::workspace_root;

/// Major and minor number.
type Version = (u32, u32);

/// The first Rust with edition 2024, which all crates have.
const EDITION_2024: Version = (1, 85);

/// The first Rust with conditions such as `a && let Some(b) = c`.
const LET_CHAINS: Version = (1, 88);

/// Crates whose own code needs a newer Rust than their dependencies do, and what for.
const OWN_NEEDS: &[(&str, Version, &str)] = &[
    ("aurora-thermos", (1, 89), "`Result::flatten`"),
    ("python27", LET_CHAINS, "its conditions with `let`"),
];

fn version(text: &str) -> Version {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap());
    (numbers.next().unwrap(), numbers.next().unwrap())
}

/// All packages that the workspace needs on this system, itself included.
fn packages(shell: &Shell) -> Vec<Value> {
    let about = cmd!(shell, "rustc -vV").quiet().read().unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.unwrap();
    let cargo = env!("CARGO");
    let metadata = cmd!(
        shell,
        "{cargo} metadata --format-version 1 --locked --offline --filter-platform {host}"
    );
    let metadata: Value = serde_json::from_str(&metadata.quiet().read().unwrap()).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// The crates that others build. Tests and tasks are run with the toolchain of the workspace.
fn ours(packages: &[Value]) -> impl Iterator<Item = &Value> {
    let ours = packages.iter().filter(|it| it["source"].is_null());
    ours.filter(|it| it["publish"].is_null() || it["name"] == "aurora-cli")
}

/// The oldest Rust for the dependencies of a package with its default features, and the one that asks for it.
///
/// The interpreter is left out: it is an extra of the libraries, though not of the command, and asks for a newer Rust by itself.
fn floor_of_dependencies(shell: &Shell, about: &Value, packages: &[Value]) -> (Version, String) {
    let package = about["name"].as_str().unwrap();
    let (cargo, format) = (env!("CARGO"), "{p}");
    let is_extra = package != "aurora-cli" && !about["features"]["python"].is_null();
    let features: &[&str] = if is_extra {
        &["--no-default-features"]
    } else {
        &[]
    };
    let tree = cmd!(
        shell,
        "{cargo} tree --locked --offline --package {package} {features...} --edges normal --prefix none --format {format}"
    );
    let mut floor = (EDITION_2024, "edition 2024".to_owned());
    for line in tree.quiet().read().unwrap().lines() {
        let mut words = line.split(' ');
        let (name, number) = (words.next().unwrap(), words.next().unwrap_or_default());
        let number = number.trim_start_matches('v');
        let found = packages
            .iter()
            .find(|it| it["name"] == name && it["version"] == number);
        let other = found.filter(|it| it["name"] != package);
        let Some(needs) = other.and_then(|it| it["rust_version"].as_str()) else {
            continue;
        };
        if version(needs) > floor.0 {
            floor = (version(needs), format!("{name} {number}"));
        }
    }
    floor
}

#[test]
fn every_crate_asks_for_the_rust_that_it_needs() {
    let shell = Shell::new().unwrap();
    shell.change_dir(workspace_root());
    let packages = packages(&shell);
    let mut wrong = Vec::new();
    for package in ours(&packages) {
        let name = package["name"].as_str().unwrap();
        let written = version(package["rust_version"].as_str().unwrap());
        let (mut needed, mut reason) = floor_of_dependencies(&shell, package, &packages);
        for (_, own, what) in OWN_NEEDS.iter().filter(|it| it.0 == name) {
            assert!(*own > needed, "{name}: {reason} needs as much as {what}");
            (needed, reason) = (*own, (*what).to_owned());
        }
        if written != needed {
            let (major, minor) = needed;
            wrong.push(format!(
                "{name}: `rust-version = \"{major}.{minor}\"`, for {reason}"
            ));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn crates_for_an_older_rust_have_no_newer_syntax() {
    let shell = Shell::new().unwrap();
    shell.change_dir(workspace_root());
    for package in ours(&packages(&shell)) {
        if version(package["rust_version"].as_str().unwrap()) >= LET_CHAINS {
            continue;
        }
        let manifest = Path::new(package["manifest_path"].as_str().unwrap());
        for file in rust_files(&manifest.with_file_name("src")) {
            let text = fs::read_to_string(&file).unwrap();
            assert_eq!(let_chain(&text), None, "{}", file.display());
        }
    }
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|it| it == "rs") {
            files.push(path);
        }
    }
    files
}

/// The first line of a condition that joins a `let` with something else, formatted as rustfmt does.
fn let_chain(text: &str) -> Option<&str> {
    let conditions = ["if let ", "while let "];
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.trim_start().starts_with("&& let ") {
            return Some(line);
        }
        let begins = conditions.iter().any(|it| line.contains(it));
        // A condition of several lines ends with a `{` of its own.
        let next = lines.clone().next().unwrap_or_default().trim_start();
        let goes_on = !line.trim_end().ends_with('{') && next.starts_with("&& ");
        if begins && (goes_on || line.contains(" && ")) {
            return Some(line);
        }
    }
    None
}

#[test]
fn conditions_that_join_a_let_are_found() {
    for text in [
        "    if let Some(a) = b && a > 1 {",
        "    if a\n        && let Some(b) = c\n    {",
        "    while let Some(a) = b\n        && c\n    {",
    ] {
        assert!(let_chain(text).is_some(), "{text}");
    }
    for text in [
        "if let Some(a) = b {\n    c && d",
        "if a && b {",
        "let a = b && c;",
    ] {
        assert_eq!(let_chain(text), None, "{text}");
    }
}
