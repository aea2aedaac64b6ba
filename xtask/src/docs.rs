//! `cargo xtask docs`: the pages of `docs` that come from the sources, and the man pages.

use std::path::Path;

use aurora_compat::{Compat, ROWS};
use xshell::Shell;

use crate::{
    Outcome, cargo,
    output::{Arguments, Output},
    workspace_root,
};

/// Man pages are written too, unless the pages are only checked: they are not committed.
pub(crate) fn run(arguments: &Arguments) -> Outcome {
    let root = &workspace_root();
    let refused = |stale: &str| {
        format!("not what the sources say now: {stale}; run `cargo xtask docs` and commit")
    };
    match arguments.apply(&generate(root)?, refused)? {
        true => write_man_pages(root),
        false => Ok(()),
    }
}

/// Writes the man pages to `target/man`. The command has them; it is run rather than linked, so that no task
/// waits for the compilation of the interpreter.
fn write_man_pages(root: &Path) -> Outcome {
    let shell = Shell::new()?;
    shell.change_dir(root);
    let folder = root.join("target/man");
    // Pages of verbs that are no more would stay.
    shell.remove_path(&folder)?;
    let shown = folder.to_string_lossy();
    cargo::run(
        &shell,
        &["run", "--quiet", "--example", "man_pages", "--", &shown],
    )?;
    println!("wrote {}", folder.display());
    Ok(())
}

fn generate(root: &Path) -> Outcome<Vec<Output>> {
    let docs = root.join("docs");
    let configuration = docs.join("configuration");
    let schema = aurora_config::json_schema(Compat::Documented);
    Ok(vec![
        Output {
            path: configuration.join("reference.md"),
            text: aurora_config::field_reference(),
        },
        Output {
            path: configuration.join("job.schema.json"),
            text: serde_json::to_string_pretty(&schema)? + "\n",
        },
        Output {
            path: docs.join("documented-and-released.md"),
            text: differences(),
        },
    ])
}

/// The page of the guide about what the two compatibility modes do.
fn differences() -> String {
    let mut page = "\
# Documented and released

Where the documentation of 0.12.0 and its released client disagree, the command does what is documented. With
`--compat released`, `AURORA_COMPAT=released`, or `\"compat\": \"released\"` on a cluster, it does what was released.
"
    .to_owned();
    for row in ROWS {
        let behaviour = if row.is_same_in_both() {
            format!("In both modes: {}.", row.documented)
        } else {
            format!(
                "- By default: {}.\n- Under `released`: {}.",
                row.documented, row.released
            )
        };
        let mut subject = row.subject.to_owned();
        subject[..1].make_ascii_uppercase();
        page += &format!("\n## {subject}\n\n{behaviour}\n\nWhy: {}.\n", row.reason);
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::stale;

    #[test]
    fn committed_pages_are_what_the_sources_say() {
        let outputs = generate(&workspace_root()).unwrap();
        assert_eq!(stale(&outputs), [""; 0], "run `cargo xtask docs`");
    }

    #[test]
    fn the_example_of_a_json_file_loads() {
        let page = workspace_root().join("docs/configuration/json.md");
        let page = std::fs::read_to_string(page).unwrap();
        let example = page.split("```json\n").nth(1).unwrap();
        let example = example.split("```").next().unwrap();
        let options = aurora_config::LoadOptions::default();
        let configuration = aurora_config::Configuration::from_json(example, &options).unwrap();
        let key = configuration.job_keys()[0].parse().unwrap();
        let job = configuration.job(&key).unwrap();
        job.to_job_configuration("me").unwrap();
    }
}
