//! The version and the repository in the manifest of the workspace, and the version in its lock file.

use semver::Version;
use toml_edit::{DocumentMut, Item, TableLike, Value};

use crate::Outcome;

/// What the manifest has for the URL of the repository until a release replaces it. No such address exists.
const PLACEHOLDER: &str = "https://repository.invalid/aurora";

/// The version that the packages of a workspace share.
pub(super) fn version(manifest: &str) -> Outcome<Version> {
    let document = parse(manifest, "Cargo.toml")?;
    let version = document
        .get("workspace")
        .and_then(|it| it.get("package")?.get("version")?.as_str())
        .ok_or("Cargo.toml has no workspace.package.version")?;
    let version = Version::parse(version)
        .map_err(|error| format!("workspace.package.version in Cargo.toml: {error}"))?;
    Ok(version)
}

/// The URL of the repository, if the manifest has one that is not the placeholder.
pub(super) fn repository(manifest: &str) -> Outcome<Option<String>> {
    let url = written_repository(manifest)?.filter(|url| url != PLACEHOLDER);
    Ok(url.map(|url| url.trim_end_matches('/').to_owned()))
}

/// Whether the manifest has the placeholder for the URL of the repository.
pub(super) fn has_placeholder(manifest: &str) -> Outcome<bool> {
    Ok(written_repository(manifest)?.as_deref() == Some(PLACEHOLDER))
}

fn written_repository(manifest: &str) -> Outcome<Option<String>> {
    let document = parse(manifest, "Cargo.toml")?;
    let repository = document
        .get("workspace")
        .and_then(|it| it.get("package")?.get("repository")?.as_str());
    Ok(repository.map(str::to_owned))
}

/// The manifest with the URL in place of the placeholder. Another URL stays.
pub(super) fn set_repository(manifest: &str, url: &str) -> Outcome<String> {
    let mut document = parse(manifest, "Cargo.toml")?;
    let workspace = document
        .get_mut("workspace")
        .and_then(Item::as_table_like_mut);
    if let Some(package) = workspace.and_then(|it| table(it, "package")) {
        replace(package, "repository", PLACEHOLDER, url);
    }
    Ok(document.to_string())
}

/// The manifest with another version: of the workspace, and where its packages depend on each other.
pub(super) fn bump(manifest: &str, old: &Version, new: &Version) -> Outcome<String> {
    let mut document = parse(manifest, "Cargo.toml")?;
    let (old, new) = (old.to_string(), new.to_string());
    let workspace = document
        .get_mut("workspace")
        .and_then(Item::as_table_like_mut)
        .ok_or("Cargo.toml has no [workspace]")?;
    if let Some(package) = table(workspace, "package") {
        replace(package, "version", &old, &new);
    }
    if let Some(dependencies) = table(workspace, "dependencies") {
        for (_, dependency) in dependencies.iter_mut() {
            if let Some(dependency) = dependency.as_table_like_mut()
                && dependency.contains_key("path")
            {
                replace(dependency, "version", &old, &new);
            }
        }
    }
    Ok(document.to_string())
}

/// The lock file with another version of the packages that are in the workspace itself.
pub(super) fn bump_lock(lock: &str, old: &Version, new: &Version) -> Outcome<String> {
    let mut document = parse(lock, "Cargo.lock")?;
    let (old, new) = (old.to_string(), new.to_string());
    let Some(packages) = document
        .get_mut("package")
        .and_then(Item::as_array_of_tables_mut)
    else {
        return Err("Cargo.lock lists no packages".into());
    };
    let mut moved = Vec::new();
    for package in packages.iter_mut() {
        // What comes from a registry has a source.
        if !package.contains_key("source") && replace(package, "version", &old, &new) {
            moved.extend(
                package
                    .get("name")
                    .and_then(Item::as_str)
                    .map(str::to_owned),
            );
        }
    }
    // Where two packages have one name, those that depend on them tell the version as well.
    for package in packages.iter_mut() {
        let dependencies = package.get_mut("dependencies").and_then(Item::as_array_mut);
        for dependency in dependencies.into_iter().flat_map(|it| it.iter_mut()) {
            let named = dependency.as_str().and_then(|it| it.split_once(' '));
            if let Some((name, version)) = named
                && version == old
                && moved.iter().any(|it| it == name)
            {
                let renamed = format!("{name} {new}");
                set(dependency, &renamed);
            }
        }
    }
    Ok(document.to_string())
}

fn parse(text: &str, file: &str) -> Outcome<DocumentMut> {
    text.parse()
        .map_err(|error| format!("cannot read {file}: {error}").into())
}

fn table<'a>(parent: &'a mut dyn TableLike, key: &str) -> Option<&'a mut dyn TableLike> {
    parent.get_mut(key).and_then(Item::as_table_like_mut)
}

/// Sets a field that holds the old text, and says whether it did.
fn replace(table: &mut dyn TableLike, key: &str, old: &str, new: &str) -> bool {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(value) if value.as_str() == Some(old) => {
            set(value, new);
            true
        }
        _ => false,
    }
}

/// Sets a value and keeps the white space and comments around it.
fn set(value: &mut Value, new: &str) {
    let decor = value.decor().clone();
    *value = Value::from(new);
    *value.decor_mut() = decor;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace_root;
    use insta::assert_snapshot;
    use proptest::prelude::*;
    use std::fs;

    const MANIFEST: &str = r#"[workspace]
members = ["crates/*"] # all of them

[workspace.package]
version = "0.1.0"  # of every package
repository = "https://example.org/aurora/"

[workspace.dependencies]
# Our own.
aurora-a = { path = "crates/a", version = "0.1.0", default-features = false }
aurora-old = { path = "crates/old", version = "0.0.9" }
foreign = "0.1.0"
same = { version = "0.1.0" }

[workspace.dependencies.aurora-b]
path = "crates/b"
version = '0.1.0'
"#;

    #[test]
    fn the_version_moves_everywhere_and_nothing_else_does() {
        let bumped = bump(MANIFEST, &Version::new(0, 1, 0), &Version::new(0, 2, 0)).unwrap();
        assert_snapshot!(bumped, @r#"
        [workspace]
        members = ["crates/*"] # all of them

        [workspace.package]
        version = "0.2.0"  # of every package
        repository = "https://example.org/aurora/"

        [workspace.dependencies]
        # Our own.
        aurora-a = { path = "crates/a", version = "0.2.0", default-features = false }
        aurora-old = { path = "crates/old", version = "0.0.9" }
        foreign = "0.1.0"
        same = { version = "0.1.0" }

        [workspace.dependencies.aurora-b]
        path = "crates/b"
        version = "0.2.0"
        "#);
    }

    #[test]
    fn the_lock_file_moves_packages_without_a_source() {
        let lock = r#"# This file is automatically @generated by Cargo.
version = 4

[[package]]
name = "aurora-a"
version = "0.1.0"
dependencies = [
 "aurora-b 0.1.0",
 "foreign",
]

[[package]]
name = "aurora-b"
version = "0.1.0"

[[package]]
name = "aurora-b"
version = "0.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"

[[package]]
name = "foreign"
version = "0.1.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "00"
dependencies = [
 "aurora-b 0.1.0 (registry+https://github.com/rust-lang/crates.io-index)",
]
"#;
        let bumped = bump_lock(lock, &Version::new(0, 1, 0), &Version::new(1, 0, 0)).unwrap();
        assert_snapshot!(bumped, @r#"
        # This file is automatically @generated by Cargo.
        version = 4

        [[package]]
        name = "aurora-a"
        version = "1.0.0"
        dependencies = [
         "aurora-b 1.0.0",
         "foreign",
        ]

        [[package]]
        name = "aurora-b"
        version = "1.0.0"

        [[package]]
        name = "aurora-b"
        version = "0.1.0"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        checksum = "00"

        [[package]]
        name = "foreign"
        version = "0.1.0"
        source = "registry+https://github.com/rust-lang/crates.io-index"
        checksum = "00"
        dependencies = [
         "aurora-b 0.1.0 (registry+https://github.com/rust-lang/crates.io-index)",
        ]
        "#);
    }

    #[test]
    fn the_facts_of_a_manifest_are_read() {
        assert_eq!(version(MANIFEST).unwrap(), Version::new(0, 1, 0));
        let url = repository(MANIFEST).unwrap();
        assert_eq!(url.as_deref(), Some("https://example.org/aurora"));
        assert_eq!(repository("[workspace]").unwrap(), None);
        assert_snapshot!(version("[workspace]").unwrap_err(), @"Cargo.toml has no workspace.package.version");
        assert_snapshot!(version("[workspace.package]\nversion = '1'").unwrap_err(), @"workspace.package.version in Cargo.toml: unexpected end of input while parsing major version number");
    }

    #[test]
    fn the_placeholder_gives_way_to_the_url_of_the_repository() {
        assert!(!has_placeholder(MANIFEST).unwrap());
        let unnamed = MANIFEST.replace("https://example.org/aurora/", PLACEHOLDER);
        assert!(has_placeholder(&unnamed).unwrap());
        assert_eq!(repository(&unnamed).unwrap(), None);
        let named = set_repository(&unnamed, "https://example.org/aurora/").unwrap();
        assert_eq!(named, MANIFEST);
        assert_eq!(
            set_repository(&named, "https://example.net").unwrap(),
            MANIFEST
        );
        assert_eq!(
            set_repository("[workspace]\n", "https://example.net").unwrap(),
            "[workspace]\n"
        );
    }

    /// Each published crate inherits what a release sets.
    #[test]
    fn this_workspace_has_a_repository_that_a_release_can_set() {
        let manifest = fs::read_to_string(workspace_root().join("Cargo.toml")).unwrap();
        assert!(written_repository(&manifest).unwrap().is_some());
        for folder in fs::read_dir(workspace_root().join("crates")).unwrap() {
            let path = folder.unwrap().path().join("Cargo.toml");
            let Ok(manifest) = fs::read_to_string(&path) else {
                continue;
            };
            let inherits = manifest.contains("\nrepository.workspace = true\n");
            let published = !manifest.contains("\npublish = false\n");
            assert_eq!(inherits, published, "{}", path.display());
        }
    }

    #[test]
    fn this_workspace_can_be_moved_and_moved_back() {
        let read = |file| fs::read_to_string(workspace_root().join(file)).unwrap();
        let (manifest, lock) = (read("Cargo.toml"), read("Cargo.lock"));
        let (old, new) = (version(&manifest).unwrap(), Version::new(77, 0, 1));
        let there = bump(&manifest, &old, &new).unwrap();
        assert_eq!(version(&there).unwrap(), new);
        assert!(
            !there.contains(&format!("version = \"{old}\"")),
            "a version is left behind"
        );
        assert_eq!(bump(&there, &new, &old).unwrap(), manifest);
        let there = bump_lock(&lock, &old, &new).unwrap();
        let packages = lock.split("[[package]]").skip(1);
        let members = packages.filter(|it| !it.contains("\nsource = ")).count();
        assert_eq!(there.matches("version = \"77.0.1\"").count(), members);
        assert_eq!(bump_lock(&there, &new, &old).unwrap(), lock);
    }

    proptest! {
        #[test]
        fn no_manifest_stops_the_reader(text in ".*") {
            let (old, new) = (Version::new(0, 1, 0), Version::new(0, 2, 0));
            let _ = version(&text);
            let _ = repository(&text);
            let _ = has_placeholder(&text);
            let _ = set_repository(&text, "https://example.org");
            let _ = bump(&text, &old, &new);
            let _ = bump_lock(&text, &old, &new);
        }

        #[test]
        fn any_version_can_be_moved_to_any(old: [u64; 3], new: [u64; 3]) {
            let [old, new] = [old, new].map(|[a, b, c]| Version::new(a, b, c));
            let manifest = MANIFEST.replace("\"0.1.0\"", &format!("\"{old}\""));
            let there = bump(&manifest, &old, &new).unwrap();
            prop_assert_eq!(version(&there).unwrap(), new);
        }
    }
}
