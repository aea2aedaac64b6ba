//! The job files that the guide shows are whole and right.

use std::{fs, path::Path};

use aurora_config::{Configuration, LoadOptions};

/// The Python of a page, in the order in which a reader meets it.
fn python_of(page: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs")
        .join(page);
    let text = fs::read_to_string(&path).unwrap();
    let blocks = text.split("```python\n").skip(1);
    let blocks: Vec<_> = blocks
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert!(!blocks.is_empty(), "{page} shows no job file");
    blocks.join("\n")
}

fn load(text: &str) -> Configuration {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("page.aurora");
    fs::write(&file, text).unwrap();
    let mut options = LoadOptions::default();
    options.environment = [("USER".to_owned(), "alice".to_owned())].into();
    Configuration::load(&file, &options).unwrap()
}

#[test]
fn job_files_of_the_guide_load() {
    for page in ["getting-started.md", "jobs.md", "cron.md"] {
        let report = load(&python_of(page)).check();
        let problems: String = report
            .findings()
            .map(|finding| finding.render(false))
            .collect();
        assert_eq!(problems, "", "{page}");
        assert!(!report.jobs.is_empty(), "{page}");
    }
}

#[test]
fn hooks_of_the_guide_load() {
    // The page leaves out the job that it hooks into, and the body of the method that it outlines.
    let text = format!(
        "{}\nweb = jobs[0]\n{}  pass\n",
        python_of("jobs.md"),
        python_of("hooks.md")
    );
    let configuration = load(&text);
    assert_eq!(configuration.hooks().len(), 1);
    assert!(configuration.check().findings().next().is_none());
}
