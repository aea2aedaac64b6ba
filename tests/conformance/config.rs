//! Runs every recorded configuration case and keeps the score.
//!
//! A case passes when our command, under `AURORA_COMPAT=released`, ends with the recorded exit code and
//! standard output and makes the recorded `JobConfiguration`, its executor data byte for byte. `tests/data`
//! says how the cases were recorded and how to read them.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{Mutex, PoisonError},
};

use aurora_compat::Compat;
use aurora_config::{Configuration, LoadOptions};
use aurora_jobkey::JobKey;
use serde_json::Value;

/// Held while a configuration is loaded, as it depends on the current folder.
static FOLDER: Mutex<()> = Mutex::new(());

/// The score on record: raise it with every improvement, never lower it.
const PASSING: usize = 193;

#[test]
fn every_recorded_configuration_behaves_as_in_the_release() {
    let cases = cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/config"));
    let mut failures = BTreeMap::new();
    for case in &cases {
        if let Err(reason) = check(case, Compat::Released) {
            failures.insert(case.name.as_str(), reason);
        }
    }
    let passing = cases.len() - failures.len();
    let report: String = failures
        .iter()
        .map(|(name, reason)| format!("--- {name}\n{reason}\n"))
        .collect();
    // Past the capture of the test harness, so that the score shows in every run.
    let _ = writeln!(
        io::stderr(),
        "configuration cases: {passing} of {}",
        cases.len()
    );
    println!("{report}");
    assert!(
        passing >= PASSING,
        "{passing} of {} recorded configurations pass, {PASSING} is the number on record",
        cases.len()
    );
}

/// What is otherwise by default, apart from `min_duration` itself: the cases, and the row of
/// `aurora-compat` that is the reason. Processes in a set are ordered by all of their fields.
const OTHERWISE: &[(&str, &str)] = &[
    ("err-config-list-no-environment", "job-environment"),
    ("err-contact-unicode", "inspect-text"),
    ("err-missing-environment", "job-environment"),
    ("err-process-name-unicode", "inspect-text"),
    ("helper-combine-tasks", "process-min-duration"),
    ("helper-concat-tasks", "process-min-duration"),
    ("helper-tasks-simple-sequential", "process-min-duration"),
    ("inspect-raw", "inspect-raw"),
    ("inspect-raw-with-service", "inspect-raw"),
];

#[test]
fn only_the_listed_differences_show_by_default() {
    let cases = cases(&Path::new(env!("CARGO_MANIFEST_DIR")).join("data/config"));
    let differing: BTreeMap<_, _> = cases
        .iter()
        .filter_map(|case| Some((case.name.as_str(), check(case, Compat::Documented).err()?)))
        .collect();
    let unlisted: Vec<_> = differing
        .iter()
        .filter(|(name, _)| !OTHERWISE.iter().any(|(listed, _)| listed == *name))
        .collect();
    assert!(unlisted.is_empty(), "{unlisted:#?}");
    for (name, row) in OTHERWISE {
        assert!(differing.contains_key(name), "{name} does not differ");
        assert!(aurora_compat::row(row).is_some(), "there is no row {row}");
    }
}

/// One folder with a `case.json`.
struct Case {
    name: String,
    folder: PathBuf,
    args: Vec<String>,
    environment: BTreeMap<String, String>,
    exit: i32,
    stdout: String,
    died: bool,
    job_configuration: Option<Value>,
}

impl Case {
    /// The job that `job inspect KEY FILE [--bind NAME=VALUE]... [--read-json] [--raw]` names.
    fn job(&self, compat: Compat) -> Option<(JobKey, LoadOptions, &str)> {
        let mut options = LoadOptions::default();
        options.compat = compat;
        options.environment = self.environment.clone();
        let mut positionals = Vec::new();
        let mut args = self.args.iter().skip(2);
        while let Some(arg) = args.next() {
            match arg.as_str() {
                "--read-json" => options.json = true,
                "--raw" => {}
                "--bind" => options.bindings.push(args.next()?.parse().ok()?),
                other => match other.strip_prefix("--bind=") {
                    Some(binding) => options.bindings.push(binding.parse().ok()?),
                    None => positionals.push(other),
                },
            }
        }
        match positionals[..] {
            [key, file] => Some((key.parse().ok()?, options, file)),
            _ => None,
        }
    }
}

fn cases(root: &Path) -> Vec<Case> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root).unwrap() {
        let folder = entry.unwrap().path();
        if folder.join("case.json").is_file() {
            found.push(read_case(&folder));
        } else if folder.is_dir() {
            found.extend(cases(&folder));
        }
    }
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

fn read_case(folder: &Path) -> Case {
    let case = json(&folder.join("case.json"));
    let expected = json(&folder.join("expected.json"));
    let strings = |value: &Value| -> Vec<String> { serde_json::from_value(value.clone()).unwrap() };
    let died = expected.get("exception").is_some();
    let recorded = folder.join("job_configuration.json");
    Case {
        name: folder.file_name().unwrap().to_str().unwrap().to_owned(),
        folder: folder.to_owned(),
        args: strings(&case["args"]),
        environment: serde_json::from_value(case["env"].clone()).unwrap(),
        // An unhandled Python exception becomes the exit code of an invalid configuration.
        exit: if died {
            3
        } else {
            i32::try_from(expected["exit"].as_i64().unwrap()).unwrap()
        },
        stdout: expected["stdout"].as_str().unwrap().to_owned(),
        died,
        job_configuration: recorded.is_file().then(|| json(&recorded)),
    }
}

fn json(path: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap())
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn check(case: &Case, compat: Compat) -> Result<(), String> {
    let output = run(case, compat);
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != Some(case.exit) {
        return Err(format!(
            "exit {} instead of {}\n{stderr}",
            output.status, case.exit
        ));
    }
    if case.exit != 0 && stderr.trim().is_empty() {
        return Err("failed without a message".to_owned());
    }
    // What was printed before an unhandled exception is not a promise.
    if !case.died && stdout != released_without_warts(&case.stdout) {
        return Err(format!("stdout\n{stdout}instead of\n{}", case.stdout));
    }
    match &case.job_configuration {
        Some(recorded) => check_job_configuration(case, recorded, compat),
        None => Ok(()),
    }
}

/// The recorded text as we mean to print it: a job without a contact shows an empty one.
pub(crate) fn released_without_warts(stdout: &str) -> String {
    stdout.replace("'<class 'pystachio.composite.Empty'>'", "''")
}

/// Through the library, because the command prints the structure as Python under `released`.
fn check_job_configuration(case: &Case, recorded: &Value, compat: Compat) -> Result<(), String> {
    let Some((key, options, file)) = case.job(compat) else {
        return Err("a job configuration was recorded without a job".to_owned());
    };
    // Configurations open files beside them by their names, as the command's folder is theirs. All
    // tests of this process share the folder.
    let _alone = FOLDER.lock().unwrap_or_else(PoisonError::into_inner);
    std::env::set_current_dir(&case.folder).map_err(|error| error.to_string())?;
    let loaded = Configuration::load(Path::new(file), &options)
        .and_then(|configuration| configuration.job(&key))
        .and_then(|job| job.to_job_configuration("USER"))
        .map_err(|error| format!("through the library: {}", error.render(false)))?;
    let mut ours = aurora_api::to_json(&loaded);
    sort_sets(&mut ours);
    let mut theirs = recorded.clone();
    let data = theirs["taskConfig"]["executorConfig"]
        .as_object_mut()
        .ok_or("no executor configuration on record")?;
    let text = data
        .remove("data.raw")
        .ok_or("no executor data on record")?;
    data.insert("data".to_owned(), text);
    sort_sets(&mut theirs);
    if compat == Compat::Documented {
        forget_min_duration(&mut ours);
        forget_min_duration(&mut theirs);
    }
    if ours == theirs {
        Ok(())
    } else {
        Err(format!("job configuration\n{ours}\ninstead of\n{theirs}"))
    }
}

/// The one default that differs is in nearly every job.
fn forget_min_duration(job: &mut Value) {
    let data = &mut job["taskConfig"]["executorConfig"]["data"];
    let text = data.as_str().unwrap_or_default();
    let seconds = |number: u32| format!("\"min_duration\": {number}, ");
    let [ours, theirs] = Compat::ALL.map(|compat| seconds(compat.default_min_duration()));
    *data = text.replace(&ours, &theirs).into();
}

/// Sets have no order of their own: theirs are sorted by a text with other orders of keys than ours.
fn sort_sets(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.sort_keys();
            for (name, field) in fields {
                sort_sets(field);
                if let (
                    "constraints" | "metadata" | "requestedPorts" | "values",
                    Value::Array(set),
                ) = (name.as_str(), field)
                {
                    set.sort_by_key(Value::to_string);
                }
            }
        }
        Value::Array(elements) => elements.iter_mut().for_each(sort_sets),
        _ => {}
    }
}

fn run(case: &Case, compat: Compat) -> Output {
    Command::new(env!("CARGO_BIN_EXE_aurora-under-test"))
        .args(&case.args)
        .current_dir(&case.folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AURORA_COMPAT", compat.as_str())
        .env("COLUMNS", "80")
        .envs(&case.environment)
        .output()
        .unwrap()
}
