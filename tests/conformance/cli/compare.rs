//! The rules by which a run of ours counts as the recorded one.
//!
//! - **Exit code**: the same. A command that died of an exception has to fail, with any code.
//! - **Standard output**: the same bytes. Python's dictionaries have another order than our JSON, so JSON is compared
//!   as values; sets have none, so some lines are compared without order. A help text is ours, and names every command,
//!   option and choice that the recorded one names. What a diff shows between the lines that frame it is ours too,
//!   unless a viewer of the user's made it. The version is ours, on standard output.
//! - **Standard error**: the same in substance. Every recorded line has to be there, in order, and we may say more
//!   between them: causes, hints, progress. An error may be part of a longer line of ours; a log line may not.
//!   Debugging lines tell of the inside and are not compared. What is said in Python's own words
//!   ([`PYTHON`]) is free, and so is advice that was wrong ([`OUTDATED`]). After a redirect we name the address that
//!   answered, and the release the first one.
//! - **Usage errors**: our own words, which name every value that the recorded ones quote.
//! - **Uncaught exceptions**: our own words; but there have to be some.
//! - A missing verb is not a failure of the kind that was recorded.
//! - Exchanges, waits, opened pages and command lines of ssh: the same.

use std::collections::BTreeSet;

use serde_json::Value;

use super::difference::differences;
use super::replay::Outcome;
use super::scenario::{self, Order, Run, Scenario};
use crate::config::released_without_warts;

/// Texts of Python, and a slip, from the first part to the second: only what is around them is compared.
const PYTHON: &[(&str, &str)] = &[
    ("('Connection aborted.'", "))"),
    ("Invalid URL 'api'", "?"),
    ("unexpected EOF while parsing (", ")"),
    ("elf from server", ""),
];

/// What is recorded of a help text besides the names in it.
const HELP: &str = "<HELP>\n";

/// Advice to use a verb that does not exist.
const OUTDATED: &[&str] = &[
    "run 'aurora job cancel-update' to release the lock if no update",
    "is in progress",
];

/// What is not as recorded; nothing if all is.
pub(crate) fn complaints(scenario: &Scenario, outcome: &Outcome) -> Vec<String> {
    let mut complaints = outcome.complaints.clone();
    let run = &scenario.run;
    let exit_fits = match outcome.exit {
        Some(code) if run.uncaught => code != 0,
        code => code == Some(run.exit),
    };
    if !exit_fits {
        complaints.push(format!("exit {:?} instead of {}", outcome.exit, run.exit));
    }
    if outcome.stderr.contains("unrecognized subcommand")
        && !scenario.stderr.contains("argument noun")
    {
        complaints.push("the verb is missing".to_owned());
    }
    complaints.extend(stdout(scenario, &outcome.stdout));
    complaints.extend(stderr(scenario, &outcome.stderr));
    if outcome.opened != run.opened {
        complaints.push(format!(
            "opened {:?} instead of {:?}",
            outcome.opened, run.opened
        ));
    }
    if outcome.ssh != run.ssh {
        complaints.push(format!("ran {:?} instead of {:?}", outcome.ssh, run.ssh));
    }
    if !complaints.is_empty() {
        complaints.push(format!("stderr was:\n{}", outcome.stderr));
    }
    complaints
}

fn stdout(scenario: &Scenario, ours: &str) -> Vec<String> {
    let theirs = released_without_warts(&scenario.stdout);
    if scenario.stdout == HELP {
        return missing_from_help(&scenario.run, ours);
    }
    if scenario.has_argument("--version") {
        let has_number = ours.contains(|c: char| c.is_ascii_digit());
        return missing(has_number, "a version", ours);
    }
    if scenario.has_argument("--write-json") && !scenario.is("quota", "get") {
        return match (serde_json::from_str(ours), serde_json::from_str(&theirs)) {
            (Ok(ours), Ok(theirs)) => differences(&ours, &theirs),
            (Err(error), Ok::<Value, _>(_)) => vec![format!("no JSON: {error}\n{ours}")],
            _ => differing(ours, &theirs),
        };
    }
    if scenario.is("job", "diff") && !scenario.run.env.contains_key("DIFF_VIEWER") {
        let (ours_frame, theirs_frame) = (frame(ours), frame(&theirs));
        let shows_something = ours.is_empty() == theirs.is_empty();
        let mut complaints = missing(shows_something, "a diff", ours);
        complaints.extend(differing(&ours_frame, &theirs_frame));
        return complaints;
    }
    match scenario.run.stdout_order {
        Some(Order::Any) => differing(&sorted(ours), &sorted(&theirs)),
        None => differing(ours, &theirs),
    }
}

pub(crate) fn differing(ours: &str, theirs: &str) -> Vec<String> {
    if ours == theirs {
        return Vec::new();
    }
    vec![format!("stdout\n{ours}instead of\n{theirs}")]
}

pub(crate) fn missing(is_there: bool, what: &str, text: &str) -> Vec<String> {
    if is_there {
        return Vec::new();
    }
    vec![format!("without {what}:\n{text}")]
}

fn sorted(text: &str) -> String {
    let mut lines: Vec<_> = text.lines().collect();
    lines.sort_unstable();
    lines.join("\n")
}

/// The lines of `job diff` around what the diff program prints.
fn frame(text: &str) -> String {
    let starts = [
        "This job update will:",
        "add instances:",
        "remove instances:",
        "update instances:",
        "with diff:",
        "not change instances:",
    ];
    text.lines()
        .filter(|line| starts.iter().any(|start| line.starts_with(start)))
        .flat_map(|line| [line, "\n"])
        .collect()
}

fn missing_from_help(run: &Run, ours: &str) -> Vec<String> {
    let ours = words(ours);
    let named = run.stdout_flags.iter().flat_map(|flag| words_of_flag(flag));
    let missing: Vec<_> = named
        .chain(run.stdout_verbs.iter().map(String::as_str))
        .filter(|word| !ours.contains(word))
        .collect();
    if missing.is_empty() {
        return Vec::new();
    }
    vec![format!("the help does not name {missing:?}")]
}

fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'))
        .collect()
}

/// The option and its choices, of `OPTION`, `OPTION VALUE` or `OPTION {CHOICE,CHOICE}`.
fn words_of_flag(flag: &str) -> Vec<&str> {
    let (option, value) = flag.split_once(' ').unwrap_or((flag, ""));
    let choices = value
        .strip_prefix('{')
        .and_then(|list| list.strip_suffix('}'))
        .into_iter()
        .flat_map(|list| list.split(','));
    [option].into_iter().chain(choices).collect()
}

fn stderr(scenario: &Scenario, ours: &str) -> Vec<String> {
    if scenario.has_argument("--version") {
        return Vec::new();
    }
    if scenario.run.uncaught {
        let says_why = ours
            .lines()
            .any(|line| !is_log_line(line) && !line.is_empty());
        return missing(says_why, "a word about why it failed", ours);
    }
    if scenario.run.exit == 2 {
        let values = complained_of(&scenario.stderr);
        let missed = values.into_iter().filter(|value| !ours.contains(value));
        let missed: Vec<_> = missed.collect();
        let names_all = missed.is_empty() && !ours.trim().is_empty();
        return missing(names_all, &format!("{missed:?}"), ours);
    }
    let is_redirected = scenario.exchanges.iter().any(|exchange| {
        let response = exchange.http_response.as_ref();
        response.is_some_and(|response| (300..400).contains(&response.status))
    });
    let mut said = ours.lines().map(str::trim_end);
    let mut before = "the beginning";
    for line in recorded_lines(scenario) {
        if !said.any(|ours| is_said(line, ours, is_redirected)) {
            return vec![format!("stderr does not say, after {before}:\n{line}")];
        }
        before = line;
    }
    Vec::new()
}

/// The lines that have to be said.
fn recorded_lines(scenario: &Scenario) -> Vec<&str> {
    let mut lines: Vec<_> = scenario
        .stderr
        .lines()
        .map(str::trim_end)
        // A log line without a text says nothing either.
        .filter(|line| !line.is_empty() && !line.starts_with("DEBUG] ") && !line.ends_with(']'))
        .filter(|line| !OUTDATED.contains(&line.trim_start()))
        .collect();
    if scenario.run.zookeeper.is_some() {
        // How often something is tried within its time does not matter where the time is another one.
        lines.dedup();
    }
    lines
}

fn is_log_line(line: &str) -> bool {
    ["DEBUG] ", " INFO] ", " WARN] ", "ERROR] ", "FATAL] "]
        .iter()
        .any(|prefix| line.starts_with(prefix))
}

fn is_said(recorded: &str, ours: &str, is_redirected: bool) -> bool {
    let address = is_redirected.then_some(&("http://", ": "));
    let free = PYTHON.iter().chain(address).find_map(|(from, to)| {
        let (before, rest) = recorded.split_once(from)?;
        let (_, after) = rest.rsplit_once(to)?;
        Some((before, after))
    });
    match free {
        Some((before, after)) => ours.starts_with(before) && ours.ends_with(after),
        None if is_log_line(recorded) => ours == recorded,
        None => ours.contains(recorded.trim_start()),
    }
}

/// The values that a usage error quotes, apart from the choices that there are.
fn complained_of(stderr: &str) -> Vec<&str> {
    let last = stderr.lines().last().unwrap_or_default();
    let (text, _) = last.split_once("(choose from").unwrap_or((last, ""));
    if let Some((_, words)) = text.split_once("unrecognized arguments: ") {
        return words.split(' ').collect();
    }
    text.split('\'').skip(1).step_by(2).collect()
}

#[test]
fn usage_errors_are_known_by_what_they_quote() {
    for (line, values) in [
        (
            "error: argument K: invalid jobkeytype value: 'west/www'",
            &["west/www"][..],
        ),
        (
            "error: argument K: Invalid instance range: ['5', '3']",
            &["5", "3"],
        ),
        (
            "error: argument K: invalid choice: 'x' (choose from 'y', 'z')",
            &["x"],
        ),
        ("aurora: error: unrecognized arguments: a -e", &["a", "-e"]),
        ("aurora job create: error: too few arguments", &[]),
    ] {
        assert_eq!(complained_of(line), values);
    }
}

#[test]
fn what_is_said_may_be_more_but_not_less() {
    let refused = " WARN] Connection error with scheduler: Unknown error talking to http://h/api: ('Connection aborted.', error(111, 'Connection refused')), reconnecting...";
    for (recorded, ours, is_same) in [
        ("\tInsufficient quota", "\tInsufficient quota", true),
        (
            "Unknown cluster: north",
            "error: Unknown cluster: north",
            true,
        ),
        (" INFO] Creating job web", " INFO] Creating job web2", false),
        (
            refused,
            " WARN] Connection error with scheduler: Unknown error talking to http://h/api: Connection refused, reconnecting...",
            true,
        ),
        (
            refused,
            " WARN] Connection error with scheduler: refused, reconnecting...",
            false,
        ),
    ] {
        assert_eq!(is_said(recorded, ours, false), is_same, "{recorded} {ours}");
    }
}

#[test]
fn help_is_known_by_options_choices_and_verbs() {
    assert_eq!(words_of_flag("--wait {X,Y}"), ["--wait", "X", "Y"]);
    assert_eq!(words_of_flag("--bind var=value"), ["--bind"]);
    let help = scenario::all()
        .into_iter()
        .filter(|scenario| scenario.stdout == HELP);
    let mut count = 0;
    for scenario in help {
        count += 1;
        let missing = missing_from_help(&scenario.run, "");
        assert_eq!(missing.len(), 1, "{} names nothing", scenario.name);
    }
    assert!(count > 0);
}
