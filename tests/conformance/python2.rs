//! Evaluates every recorded expression and program of Python 2.7 and keeps the score.
//!
//! An expression passes when its type, `repr` and `str` are those of the release, or its exception has
//! the recorded type. Of a program, every line counts. `tests/data/README.md` says how they were
//! recorded.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, Write as _},
    path::Path,
    process::Command,
};

use serde_json::Value;

/// What differs from the recording, and why. A case that is not here must pass, and one that is here
/// must not.
const DIFFERENT: &[(&str, &str)] = &[
    (
        "builtins-as-values: env items => ['USER', 'PATH', 'HOME', 'LANG']",
        "the order depends on all variables of the recording",
    ),
    (
        "builtins-as-values: env order => ['USER', 'PATH', 'HOME', 'LANG']",
        "the order depends on all variables of the recording",
    ),
    (
        "language: __file__",
        "a job file may use the folder that it is in",
    ),
    (
        "objects: Job(name='j').bind(1)",
        "an argument that binds nothing is refused",
    ),
    (
        "objects: Process(name='a') < Process(name='b')",
        "the order of two structs is that of their addresses",
    ),
    (
        "objects: concat_tasks(Task(name='a'))",
        "a task without processes is no reason to crash",
    ),
    (
        "objects: setattr_test()",
        "an assignment that changes no field is refused",
    ),
    (
        "language: {1.5: 'a', 2: 'b', 'c': 3, None: 4, True: 5}",
        "the hash of `None` is an address",
    ),
];

/// The file that the recording read.
const READ: &str = "/tmp/h1/probe/x.txt";

/// Evaluates the recorded code and prints one line of JSON for each, after a mark.
const DRIVER: &str = r"
def _aurora_text(function, value):
  try: return function(value).decode('utf-8', 'replace')
  except Exception as error: return '!' + type(error).__name__
def _aurora_cases():
  import json as json_, sys as sys_
  for index_, code_ in enumerate(_aurora_codes):
    try:
      value_ = eval(code_, globals(), {})
      found_ = ['value', type(value_).__name__, _aurora_text(repr, value_), _aurora_text(str, value_)]
    except Exception as error_:
      found_ = ['raises', type(error_).__name__]
    sys_.stdout.write('@@ ' + json_.dumps([index_, found_]) + '\n')
_aurora_cases()
";

#[test]
fn python_two_is_as_it_was_recorded() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/python2");
    let mut outcomes = BTreeMap::new();
    for name in ["language", "objects"] {
        let recorded = fs::read_to_string(data.join(name).with_extension("json")).unwrap();
        expressions(
            name,
            &serde_json::from_str(&recorded).unwrap(),
            &mut outcomes,
        );
    }
    for entry in fs::read_dir(data.join("programs")).unwrap() {
        program(&entry.unwrap().path(), &mut outcomes);
    }
    let failed: BTreeMap<_, _> = outcomes
        .iter()
        .filter_map(|(name, outcome)| Some((name.as_str(), outcome.as_ref()?)))
        .collect();
    let _ = writeln!(
        io::stderr(),
        "Python 2.7 cases: {} of {}",
        outcomes.len() - failed.len(),
        outcomes.len()
    );
    let listed: BTreeSet<_> = DIFFERENT.iter().map(|(name, _)| *name).collect();
    let unlisted: Vec<_> = failed
        .iter()
        .filter(|(name, _)| !listed.contains(*name))
        .map(|(name, outcome)| format!("{name}\n{outcome}"))
        .collect();
    assert!(unlisted.is_empty(), "{}", unlisted.join("\n"));
    let passing: Vec<_> = listed
        .iter()
        .filter(|name| !failed.contains_key(*name))
        .collect();
    assert!(passing.is_empty(), "no longer different: {passing:#?}");
}

/// Whether a case passes, or what is wrong with it, by its name.
type Outcomes = BTreeMap<String, Option<String>>;

fn note(name: String, problem: Option<String>, outcomes: &mut Outcomes) {
    let mut unique = name.clone();
    while outcomes.contains_key(&unique) {
        unique.push('\'');
    }
    outcomes.insert(unique, problem);
}

fn expressions(file: &str, recorded: &Value, outcomes: &mut Outcomes) {
    let folder = tempfile::tempdir().unwrap();
    let cases = recorded["cases"].as_array().unwrap();
    let codes: Vec<String> = cases
        .iter()
        .map(|case| literal(case["code"].as_str().unwrap()))
        .collect();
    let text = format!(
        "{}\n_aurora_codes = [\n{}]\n{DRIVER}",
        recorded["prelude"].as_str().unwrap(),
        codes.concat()
    );
    let printed = run(folder.path(), &prepared(&text, folder.path()));
    let found: BTreeMap<u64, Value> = printed
        .lines()
        .filter_map(|line| {
            let found: Value = serde_json::from_str(line.strip_prefix("@@ ")?).ok()?;
            Some((found[0].as_u64()?, found[1].clone()))
        })
        .collect();
    for (index, case) in cases.iter().enumerate() {
        let expected = comparable(&case["result"]);
        let found = found.get(&(index as u64)).cloned().unwrap_or_default();
        let problem = (found != expected).then(|| format!("  {found}\n  instead of {expected}"));
        let code = case["code"].as_str().unwrap();
        note(format!("{file}: {code}"), problem, outcomes);
    }
}

/// A string literal of Python, in a line of its own.
fn literal(code: &str) -> String {
    let code = code.replace('\\', "\\\\").replace('\'', "\\'");
    format!("'{}',\n", code.replace('\n', "\\n"))
}

/// The part of a recorded result that has to match.
fn comparable(result: &Value) -> Value {
    let parts = result.as_array().unwrap();
    if parts[0] == "raises" {
        return Value::from(&parts[..2]);
    }
    let parts = parts.iter().map(|part| {
        let text = part.as_str().unwrap();
        match text.strip_prefix('!') {
            Some(error) => format!("!{}", error.split(':').next().unwrap_or_default()).into(),
            None => part.clone(),
        }
    });
    parts.collect()
}

fn program(folder: &Path, outcomes: &mut Outcomes) {
    let name = folder.file_name().unwrap().to_str().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    copy(folder, elsewhere.path());
    let text = fs::read_to_string(folder.join("program.aurora")).unwrap();
    let printed = run(elsewhere.path(), &prepared(&text, elsewhere.path()));
    let recorded = fs::read(folder.join("stdout.txt")).unwrap();
    let recorded = String::from_utf8_lossy(&recorded);
    let mut printed = printed.lines();
    for line in recorded.lines() {
        let found = printed.next().unwrap_or_default();
        let problem = (found != line).then(|| format!("  {found}\n  instead of {line}"));
        let label: String = line.chars().take(80).collect();
        note(format!("{name}: {label}"), problem, outcomes);
    }
    let rest: Vec<_> = printed.collect();
    let problem = (!rest.is_empty()).then(|| format!("  further lines: {rest:?}"));
    note(format!("{name} ends"), problem, outcomes);
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            fs::create_dir(&target).unwrap();
            copy(&path, &target);
        } else {
            fs::copy(&path, &target).unwrap();
        }
    }
}

/// A program that reads the file of the recording where this test has it.
fn prepared(text: &str, folder: &Path) -> String {
    let read = folder.join("x.txt");
    fs::write(&read, "line1\nline2\n").unwrap();
    text.replace(READ, read.to_str().unwrap())
}

/// What `config list` of a program prints.
fn run(folder: &Path, text: &str) -> String {
    fs::write(folder.join("program.aurora"), text).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_aurora-under-test"))
        .args(["config", "list", "program.aurora"])
        .current_dir(folder)
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("AURORA_COMPAT", "released")
        .envs([
            ("USER", "tester"),
            ("TZ", "UTC"),
            ("HOME", "/tmp"),
            ("LANG", "C"),
        ])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
