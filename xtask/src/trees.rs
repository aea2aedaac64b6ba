//! The figures in READMEs about the crates that a library brings along.

use std::collections::BTreeSet;
use std::fs;

use xshell::{Shell, cmd};

use crate::workspace_root;

/// The crates below a library with its default features, without itself.
fn below(shell: &Shell, library: &str) -> usize {
    let (cargo, format) = (env!("CARGO"), "{p}");
    let tree = cmd!(
        shell,
        "{cargo} tree --locked --offline --package {library} --edges normal --prefix none --format {format}"
    );
    let tree = tree.quiet().read().unwrap();
    let name_and_version = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    let crates: BTreeSet<_> = tree.lines().map(name_and_version).collect();
    crates.len() - 1
}

#[test]
fn readmes_count_the_crates_below_a_library() {
    let shell = Shell::new().unwrap();
    shell.change_dir(workspace_root());
    for library in [
        "aurora-api",
        "aurora-cluster",
        "aurora-compat",
        "aurora-jobkey",
    ] {
        let readme = workspace_root()
            .join("crates")
            .join(library)
            .join("README.md");
        let readme = fs::read_to_string(readme).unwrap();
        let (before, _) = readme.split_once(" crates in all").unwrap();
        let written = before.rsplit(' ').next().unwrap();
        assert_eq!(written, below(&shell, library).to_string(), "{library}");
    }
}
