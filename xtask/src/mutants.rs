//! `cargo xtask mutants`: how many deliberate faults the tests of a crate notice.
//!
//! cargo-mutants makes the faults (mutants) and runs the tests on each. Here is what it is asked for: a sample of
//! mutants that is the same on every machine, so that scores can be compared.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use sha2::{Digest, Sha256};

use crate::{Outcome, process::output, workspace_root};

/// How many mutants that compile a score is made of.
const SAMPLE: usize = 60;

/// Another seed is another sample.
const SEED: &str = "1";

/// A crate that is measured.
struct Target {
    package: &'static str,
    /// Its source files with the rules that matter; all of them when none are named.
    files: &'static [&'static str],
    /// Which tests are run.
    tests: &'static [&'static str],
}

const TARGETS: &[Target] = &[
    Target {
        package: "aurora-jobkey",
        files: &[],
        tests: &["--lib", "--tests"],
    },
    Target {
        package: "aurora-cluster",
        files: &[],
        tests: &["--lib", "--tests"],
    },
    Target {
        package: "aurora-config",
        files: &["cron_schedule.rs"],
        tests: &["--lib"],
    },
    Target {
        package: "aurora-rpc",
        files: &["retry.rs", "recover/*.rs"],
        // Lost replies are tested with a scripted scheduler, too.
        tests: &[
            "--lib",
            "--test=it",
            "--",
            "retr",
            "recover",
            "lost_",
            "updates",
            "calls",
        ],
    },
    Target {
        package: "aurora-thermos",
        files: &["plan/*.rs", "health.rs"],
        tests: &["--lib"],
    },
    Target {
        package: "aurora-devcluster",
        files: &["state_machine.rs", "updates/*.rs", "cron.rs"],
        tests: &["--lib"],
    },
];

/// Options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The crates to measure [default: all that are measured]
    #[arg(value_name = "CRATE", value_parser = names())]
    crates: Vec<String>,
    /// Seconds after which the tests of a mutant are stopped; it then counts as caught
    #[arg(long, default_value_t = 60)]
    timeout: u32,
}

fn names() -> clap::builder::PossibleValuesParser {
    TARGETS
        .iter()
        .map(|target| target.package)
        .collect::<Vec<_>>()
        .into()
}

pub(crate) fn run(arguments: &Arguments) -> Outcome {
    if output(Command::new("cargo").args(["mutants", "--version"])).is_err() {
        return Err(
            "cargo-mutants is not installed: run `cargo install --locked cargo-mutants`".into(),
        );
    }
    let asked = |target: &&Target| {
        arguments.crates.is_empty() || arguments.crates.iter().any(|name| name == target.package)
    };
    for target in TARGETS.iter().filter(asked) {
        let tally = measure(target, arguments.timeout)?;
        println!("{}: {}", target.package, tally.score());
        for missed in &tally.missed {
            println!("  missed: {missed}");
        }
    }
    Ok(())
}

/// What became of the mutants so far.
#[derive(Debug, Default, PartialEq)]
struct Tally {
    /// By a test, or by the time-out.
    caught: usize,
    missed: Vec<String>,
    /// Those that do not compile, which say nothing about tests.
    unviable: usize,
}

impl Tally {
    fn viable(&self) -> usize {
        self.caught + self.missed.len()
    }

    fn score(&self) -> String {
        let viable = self.viable();
        let percent = 100.0 * self.caught as f64 / viable.max(1) as f64;
        format!("{} of {viable} caught, {percent:.1} %", self.caught)
    }

    /// Adds the results of a batch from a folder that cargo-mutants wrote. It may have tested more than it was asked for.
    fn add(&mut self, batch: &[&str], folder: &Path) -> Outcome {
        let read = |name: &str| -> Outcome<Vec<String>> {
            let path = folder.join(name);
            let text = fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            let asked = text.lines().filter(|line| batch.contains(line));
            Ok(asked.map(str::to_owned).collect())
        };
        self.caught += read("caught.txt")?.len() + read("timeout.txt")?.len();
        self.missed.extend(read("missed.txt")?);
        self.unviable += read("unviable.txt")?.len();
        Ok(())
    }
}

fn measure(target: &Target, timeout: u32) -> Outcome<Tally> {
    let listed = output(mutants(target).arg("--list"))?;
    let mut rest = shuffled(listed.lines(), SEED).into_iter();
    let mut tally = Tally::default();
    loop {
        // Mutants that do not compile are replaced by the next of the list.
        let batch: Vec<_> = rest.by_ref().take(SAMPLE - tally.viable()).collect();
        if batch.is_empty() {
            return Ok(tally);
        }
        let folder = tempfile::tempdir()?;
        let mut command = mutants(target);
        command.arg("--output").arg(folder.path());
        command.args(["--no-shuffle", "--timeout", &timeout.to_string()]);
        for mutant in &batch {
            command.args(["--re", &format!("^{}$", escaped(mutant))]);
        }
        for option in target.tests {
            command.arg(format!("--cargo-test-arg={option}"));
        }
        // 2 is for missed mutants, 3 for time-outs; both are results.
        let status = command.stdout(Stdio::inherit()).status()?;
        if !matches!(status.code(), Some(0 | 2 | 3)) {
            return Err(format!(
                "cargo mutants failed ({status}): do the tests of {} pass?",
                target.package
            )
            .into());
        }
        tally.add(&batch, &folder.path().join("mutants.out"))?;
    }
}

/// The command for the mutants of a target.
fn mutants(target: &Target) -> Command {
    let root = workspace_root();
    let mut command = Command::new("cargo");
    command
        .current_dir(&root)
        // Dependencies are compiled once for all mutants and all runs.
        .env("CARGO_TARGET_DIR", root.join("target/mutants"))
        .args(["mutants", "--package", target.package]);
    for file in target.files {
        command.args(["--file", &format!("crates/{}/src/{file}", target.package)]);
    }
    command
}

/// Mutants in an order that depends on the seed and on what they change, and not on the lines that they are in.
fn shuffled<'a>(mutants: impl Iterator<Item = &'a str>, seed: &str) -> Vec<&'a str> {
    let key = |mutant: &str| {
        let place_and_change = mutant.split_once(": ").unwrap_or(("", mutant));
        let file = place_and_change.0.split(':').next().unwrap_or_default();
        Sha256::digest(format!("{seed} {file} {}", place_and_change.1)).to_vec()
    };
    let keyed: BTreeSet<_> = mutants.map(|mutant| (key(mutant), mutant)).collect();
    keyed.into_iter().map(|(_, mutant)| mutant).collect()
}

/// A regular expression that matches the text alone.
fn escaped(text: &str) -> String {
    let mut expression = String::new();
    for character in text.chars() {
        if !(character.is_alphanumeric() || " _/-:\"'<>=,!%@;~`".contains(character)) {
            expression.push('\\');
        }
        expression.push(character);
    }
    expression
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sample_stays_when_lines_move() {
        let lines = |by: u32| {
            let line = |at: u32| format!("src/a.rs:{}:5: replace a{at} with 0", at + by);
            (0..20).map(line).collect::<Vec<_>>()
        };
        let order = |by, seed| {
            let lines = lines(by);
            let shuffled = shuffled(lines.iter().map(String::as_str), seed);
            let changes = shuffled
                .iter()
                .map(|it| it.split_once(": ").unwrap().1.to_owned());
            changes.collect::<Vec<_>>()
        };
        assert_eq!(order(0, "1"), order(7, "1"));
        assert_ne!(order(0, "1"), order(0, "2"));
        assert_eq!(order(0, "1").len(), 20);
    }

    #[test]
    fn names_of_mutants_match_themselves_alone() {
        assert_eq!(
            escaped("a.rs:1:2: replace <T as U>::f -> Option<(u8, &[u8])> with Some((0, &[]))"),
            r"a\.rs:1:2: replace <T as U>::f -> Option<\(u8, \&\[u8\]\)> with Some\(\(0, \&\[\]\)\)"
        );
    }

    #[test]
    fn what_does_not_compile_does_not_count() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("caught.txt", "a\nb\n"),
            ("timeout.txt", "c\n"),
            ("missed.txt", "d\n"),
            ("unviable.txt", "e\nf\n"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let mut tally = Tally::default();
        tally
            .add(&["a", "b", "c", "d", "e", "f"], folder.path())
            .unwrap();
        // Of a batch that is part of what was tested, only that part.
        tally.add(&["b", "d", "f"], folder.path()).unwrap();
        assert_eq!((tally.viable(), tally.unviable), (6, 3));
        assert_eq!(tally.score(), "4 of 6 caught, 66.7 %");
        assert!(tally.add(&["a"], Path::new("/nonexistent")).is_err());
    }

    #[test]
    fn every_file_that_is_measured_is_there() {
        for target in TARGETS {
            let source = workspace_root()
                .join("crates")
                .join(target.package)
                .join("src");
            for file in target.files {
                let path = source.join(file.trim_end_matches("/*.rs"));
                assert!(path.exists(), "{}", path.display());
            }
        }
    }
}
