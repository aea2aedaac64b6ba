//! What the registry asks of the crates that are published.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cargo::published;

/// The folder of a crate.
fn folder(package: &Value) -> PathBuf {
    let manifest = Path::new(package["manifest_path"].as_str().unwrap());
    manifest.parent().unwrap().to_owned()
}

#[test]
fn every_published_crate_says_what_people_look_for() {
    let packages = published().unwrap();
    assert!(packages.len() >= 8, "{}", packages.len());
    for package in packages {
        let name = package["name"].as_str().unwrap();
        let field = |key: &str| package[key].as_str().unwrap_or_default();
        for key in ["description", "license", "documentation"] {
            assert_ne!(field(key), "", "{name} has no {key}");
        }
        assert!(!field("description").ends_with('.'), "{name}");
        assert_eq!(field("documentation"), format!("https://docs.rs/{name}"));
        // The registry takes five.
        let keywords = package["keywords"].as_array().unwrap().len();
        assert!((1..=5).contains(&keywords), "{name}");
        let readme = fs::read_to_string(folder(&package).join(field("readme"))).unwrap();
        assert!(readme.starts_with(&format!("# {name}\n")), "{name}");
    }
}

#[test]
fn published_crates_depend_on_versions_of_each_other() {
    for package in published().unwrap() {
        for dependency in package["dependencies"].as_array().unwrap() {
            let asked = dependency["req"].as_str().unwrap();
            let version = package["version"].as_str().unwrap();
            // Neither the testkit nor the crate itself, whose tests need its features, has a version:
            // then cargo leaves it out of the package.
            let is_left_out =
                dependency["name"] == "aurora-testkit" || dependency["name"] == package["name"];
            if is_left_out {
                assert_eq!((asked, &dependency["kind"]), ("*", &"dev".into()));
            } else if !dependency["path"].is_null() {
                assert_eq!(asked, format!("^{version}"), "{dependency}");
            }
        }
    }
}

#[test]
fn files_that_are_compiled_into_a_crate_are_packed_with_it() {
    for package in published().unwrap() {
        let crate_folder = folder(&package).canonicalize().unwrap();
        let mut folders = vec![crate_folder.join("src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(&folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|it| it == "rs") {
                    check_includes(&path, &crate_folder);
                }
            }
        }
    }
}

/// Fails for a file outside of the crate; paths that macros put together are left to the compiler.
fn check_includes(source: &Path, crate_folder: &Path) {
    let text = fs::read_to_string(source).unwrap();
    let words = ["include_str!(", "include_bytes!("].map(|word| text.split(word).skip(1));
    for rest in words.into_iter().flatten() {
        let quoted = rest.trim_start().strip_prefix('"');
        let Some((path, _)) = quoted.and_then(|it| it.split_once('"')) else {
            continue;
        };
        let included = source.parent().unwrap().join(path).canonicalize();
        let inside = included.is_ok_and(|it| it.starts_with(crate_folder));
        assert!(inside, "{} includes {path}", source.display());
    }
}
