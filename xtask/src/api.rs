//! `cargo xtask api`: the public API of each published library, as one text file per crate in `docs/api`.
//!
//! rustdoc describes the libraries as JSON, and the program cargo-public-api renders it. It is run rather than linked:
//! it turns on features of `serde_json` that the command must not have, and each of its versions reads the JSON of a
//! few versions of Rust only.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use xshell::Shell;

use crate::{
    Outcome, cargo,
    output::{Arguments, Output},
    process::output,
    workspace_root,
};

/// The program that renders the API, with the version that reads the JSON of Rust 1.95.
const RENDERER: (&str, &str) = ("cargo-public-api", "0.52.0");

/// A feature that is not listed, because it compiles only where a library of the system is installed.
const NEEDS_SYSTEM_LIBRARY: &str = "kerberos";

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let outputs = generate(&workspace_root())?;
    let refused = |stale: &str| {
        for output in &outputs {
            let committed = fs::read_to_string(&output.path).unwrap_or_default();
            print!("{}", changes(&committed, &output.text));
        }
        format!(
            "the public API has changed: {stale}; if this is intended, run `cargo xtask api` and commit"
        )
    };
    arguments.apply(&outputs, refused).map(drop)
}

/// A library whose API is listed.
struct Library {
    package: String,
    features: Vec<String>,
}

fn generate(root: &Path) -> Outcome<Vec<Output>> {
    let libraries = libraries()?;
    let described = describe(root, &libraries)?;
    let renders = |library: &Library| {
        let json = described.join(format!("{}.json", library.package.replace('-', "_")));
        Ok(Output {
            path: root.join(format!("docs/api/{}.txt", library.package)),
            text: heading(library) + &render(&json)?,
        })
    };
    libraries.iter().map(renders).collect()
}

fn libraries() -> Outcome<Vec<Library>> {
    let mut libraries = Vec::new();
    for package in cargo::published()? {
        let name = package["name"].as_str();
        let features = package["features"].as_object();
        let (Some(name), Some(features)) = (name, features) else {
            return Err(
                format!("cargo describes a package without name or features: {package}").into(),
            );
        };
        let listed = |name: &&String| !["default", NEEDS_SYSTEM_LIBRARY].contains(&name.as_str());
        libraries.push(Library {
            package: name.to_owned(),
            features: features.keys().filter(listed).cloned().collect(),
        });
    }
    Ok(libraries)
}

/// Lets rustdoc describe the libraries, and returns the folder with the descriptions.
///
/// All crates of the workspace are selected, as by `cargo doc --workspace`, so that the interpreter is not checked
/// again with other features.
fn describe(root: &Path, libraries: &[Library]) -> Outcome<PathBuf> {
    let features: Vec<_> = libraries
        .iter()
        .flat_map(|it| {
            it.features
                .iter()
                .map(move |name| format!("{}/{name}", it.package))
        })
        .collect();
    let features = features.join(",");
    let shell = Shell::new()?;
    shell.change_dir(root);
    shell.set_var("RUSTDOC", root.join("xtask/rustdoc-json"));
    shell.set_var("RUSTDOCFLAGS", "-Z unstable-options --output-format json");
    let words = [
        "doc",
        "--quiet",
        "--workspace",
        "--no-deps",
        "--lib",
        "--features",
        &features,
    ];
    cargo::run(&shell, &words)?;
    Ok(cargo::target_folder()?.join("doc"))
}

/// The lines about one library: what it declares, and for traits that are derived only that they are.
fn render(json: &Path) -> Outcome<String> {
    let declared = list(json, "blanket-impls,auto-trait-impls,auto-derived-impls")?;
    let declared: BTreeSet<_> = declared.lines().collect();
    let all = list(json, "blanket-impls,auto-trait-impls")?;
    let is_shown = |line: &&str| {
        declared.contains(line)
            || (line.starts_with("impl") && !line.contains("::StructuralPartialEq "))
    };
    Ok(all
        .lines()
        .filter(is_shown)
        .map(|line| format!("{line}\n"))
        .collect())
}

fn list(json: &Path, omitted: &str) -> Outcome<String> {
    let (program, version) = RENDERER;
    let mut command = Command::new(program);
    command.args(["public-api", "--color", "never", "--omit", omitted]);
    command.arg("--rustdoc-json").arg(json);
    output(&mut command).map_err(|error| {
        format!(
            "{error}\nThe listing needs Rust 1.95 and `cargo install --locked {program}@{version}`"
        )
        .into()
    })
}

fn heading(library: &Library) -> String {
    let Library { package, features } = library;
    let features = match features.as_slice() {
        [] => "which has no features".to_owned(),
        names => format!("with the features {}", names.join(", ")),
    };
    format!(
        "# The public API of {package}, {features}. Written by `cargo xtask api`.\n\
         # Left out: the methods of derived traits, and traits that the compiler or a blanket implementation provides.\n\n"
    )
}

/// The lines that are in only one of two listings, with `-` for those of `committed` and `+` for those of `current`.
fn changes(committed: &str, current: &str) -> String {
    let [old, new] = [committed, current].map(|text| text.lines().collect::<BTreeSet<_>>());
    let removed = old.difference(&new).map(|line| format!("-{line}\n"));
    let added = new.difference(&old).map(|line| format!("+{line}\n"));
    removed.chain(added).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_show_both_sides() {
        assert_eq!(changes("a\nb\n", "b\nc\n"), "-a\n+c\n");
        assert_eq!(changes("a\nb\n", "a\nb\n"), "");
    }

    #[test]
    fn each_published_library_has_a_listing_with_its_features() {
        let folder = workspace_root().join("docs/api");
        let libraries = libraries().unwrap();
        let mut expected: Vec<_> = libraries
            .iter()
            .map(|it| format!("{}.txt", it.package))
            .collect();
        expected.sort();
        let mut found: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(found, expected);
        for library in libraries {
            let text = fs::read_to_string(folder.join(format!("{}.txt", library.package))).unwrap();
            assert!(
                text.starts_with(&heading(&library)),
                "run `cargo xtask api`: {text:.200}"
            );
        }
    }

    #[test]
    fn ci_installs_the_renderer_that_is_named_here() {
        let script = fs::read_to_string(workspace_root().join(".ci/run")).unwrap();
        let (program, version) = RENDERER;
        assert!(script.contains(&format!("install {program} --version {version}\n")));
    }
}
