//! The figures in READMEs about the crates that a library brings along.

use std::collections::BTreeSet;
use std::fs;

use xshell::{Shell, cmd};

use crate::workspace_root;

/// The crates below a library with its default features and `features`, without itself.
fn below(shell: &Shell, library: &str, features: &str) -> usize {
    let (cargo, format) = (env!("CARGO"), "{p}");
    let tree = cmd!(
        shell,
        "{cargo} tree --locked --offline --package {library} --features {features} --edges normal --prefix none --format {format}"
    );
    let tree = tree.quiet().read().unwrap();
    let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let crates: BTreeSet<_> = tree.lines().map(name_and_version).collect();
    crates.len() - 1
}

fn readme(library: &str) -> String {
    let folder = workspace_root().join("crates").join(library);
    fs::read_to_string(folder.join("README.md")).unwrap()
}

fn shell() -> Shell {
    let shell = Shell::new().unwrap();
    shell.change_dir(workspace_root());
    shell
}

#[test]
fn readmes_count_the_crates_below_a_library() {
    for (library, words) in [
        ("aurora-api", " crates in all"),
        ("aurora-cluster", " crates in all"),
        ("aurora-compat", " crates in all"),
        ("aurora-devcluster", " packages below it"),
        ("aurora-jobkey", " crates in all"),
        ("aurora-rpc", " packages below it"),
        ("aurora-thermos", " packages below it"),
    ] {
        let readme = readme(library);
        let (before, _) = readme.split_once(words).unwrap();
        let written = before.rsplit(' ').next().unwrap();
        assert_eq!(
            written,
            below(&shell(), library, "").to_string(),
            "{library}"
        );
    }
}

#[test]
fn readmes_count_the_crates_of_each_feature() {
    for (library, feature) in [
        ("python27", "interpreter"),
        ("pystachio", "python"),
        ("aurora-config", "python"),
    ] {
        let (readme, shell) = (readme(library), shell());
        for (name, features) in [("none", ""), (&*format!("`{feature}`"), feature)] {
            let row = format!("| {name} | {} |\n", below(&shell, library, features));
            assert!(readme.contains(&row), "{library} should have {row}");
        }
    }
}
