//! The lines for cargo in the guide and the READMEs name tasks, options, crates and features that exist.
//!
//! They compile for minutes, ask a registry or make a release, so they are parsed here. The tests in
//! `tests/end_to_end/guide.rs` run the other lines.

use std::fs;
use std::path::PathBuf;

use clap::Parser as _;
use serde_json::Value;

use crate::{Command, cargo, workspace_root};

/// The README and the pages of the guide, then the READMEs of the crates.
fn pages() -> Vec<PathBuf> {
    let root = workspace_root();
    let mut pages = vec![root.join("README.md")];
    for folder in ["docs", "docs/configuration", "crates"] {
        for entry in fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let page = if path.is_dir() {
                path.join("README.md")
            } else {
                path
            };
            if page.extension().is_some_and(|it| it == "md") && page.exists() {
                pages.push(page);
            }
        }
    }
    pages
}

/// The words of each line in a fenced block that runs `cargo` with this subcommand.
fn lines_of(subcommand: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for page in pages() {
        let text = fs::read_to_string(page).unwrap();
        for block in text.split("```").skip(1).step_by(2) {
            for line in block.lines() {
                let line = line.trim_start().trim_start_matches("$ ");
                if line.starts_with(&format!("cargo {subcommand} ")) {
                    found.push(shlex::split(line).unwrap());
                }
            }
        }
    }
    assert!(!found.is_empty(), "no page shows `cargo {subcommand}`");
    found
}

/// Packages of the workspace.
fn packages() -> Vec<Value> {
    let metadata = cargo::metadata().unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Fails unless the features that a line turns on exist.
fn check_features(words: &[String], package: &Value) {
    let mut words_left = words.iter();
    while let Some(word) = words_left.next() {
        if word == "--features" {
            for feature in words_left.next().unwrap().split(',') {
                assert!(
                    !package["features"][feature].is_null(),
                    "{feature} of {words:?}"
                );
            }
        }
    }
}

#[test]
fn tasks_parse() {
    for words in lines_of("xtask") {
        if let Err(error) = Command::try_parse_from(&words[1..]) {
            panic!("{words:?}: {error}");
        }
    }
}

#[test]
fn tasks_with_unknown_options_do_not_parse() {
    assert!(Command::try_parse_from(["xtask", "release", "--dry"]).is_err());
}

#[test]
fn crates_that_are_added_are_published_and_have_the_features() {
    let published = cargo::published().unwrap();
    for words in lines_of("add") {
        let package = published.iter().find(|it| it["name"] == words[2].as_str());
        check_features(&words, package.unwrap_or_else(|| panic!("{words:?}")));
    }
}

#[test]
fn installed_paths_are_crates_with_the_features() {
    for words in lines_of("install") {
        let path = words.iter().skip_while(|it| *it != "--path").nth(1);
        let manifest = workspace_root().join(path.unwrap()).join("Cargo.toml");
        let packages = packages();
        let package = packages
            .iter()
            .find(|it| it["manifest_path"] == manifest.to_str().unwrap());
        check_features(&words, package.unwrap_or_else(|| panic!("{words:?}")));
    }
}
