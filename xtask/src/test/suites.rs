//! Runs of `cargo test`, and what they add up to.

use std::{
    fmt,
    io::{self, BufRead, BufReader, Write as _},
};

use xshell::Shell;

use crate::{Outcome, cargo};

/// What the suites of several runs did.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    passed: usize,
    ignored: usize,
    suites: usize,
    /// Each with its suite.
    failed: Vec<String>,
    /// Each with what it needs.
    left_out: Vec<String>,
    suite: String,
}

impl Tally {
    /// Compiles, then runs the tests of a selection to the last suite, whatever fails.
    ///
    /// # Errors
    /// When something does not compile or cargo cannot be run. Tests that fail are counted, and no error.
    pub(super) fn run(&mut self, shell: &Shell, selection: &[&str], filter: &[&str]) -> Outcome {
        // By itself, so that the compiler speaks to the terminal.
        cargo::run(shell, &[&["test", "--no-run"], selection].concat())?;
        let words = [&["test", "--no-fail-fast"], selection, filter].concat();
        let failures = self.failed.len();
        let (reader, writer) = io::pipe()?;
        let mut command = cargo::command(shell, &words);
        command.stdout(writer.try_clone()?).stderr(writer);
        let mut child = command.spawn()?;
        // It holds the ends that are written to; the pipe ends with the child only when they are gone.
        drop(command);
        let mut lines = BufReader::new(reader);
        let mut line = Vec::new();
        let mut out = io::stdout().lock();
        while lines.read_until(b'\n', &mut line)? > 0 {
            out.write_all(&line)?;
            self.read(&String::from_utf8_lossy(&line));
            line.clear();
        }
        if !child.wait()?.success() && self.failed.len() == failures {
            self.failed
                .push(format!("{} (a suite ended early)", self.suite));
        }
        Ok(())
    }

    /// Whether no test failed.
    pub(super) fn is_good(&self) -> bool {
        self.failed.is_empty()
    }

    fn read(&mut self, line: &str) {
        // Only cargo indents its lines; a test indents what a suite that it ran itself printed.
        let (line, of_cargo) = (line.trim_end(), line.trim());
        if let Some(suite) = of_cargo.strip_prefix("Running ") {
            self.suite = suite_name(suite);
        } else if let Some(package) = of_cargo.strip_prefix("Doc-tests ") {
            self.suite = format!("{package} (documentation)");
        } else if let Some(counts) = line.strip_prefix("test result: ") {
            self.suites += 1;
            self.passed += count(counts, "passed");
            self.ignored += count(counts, "ignored");
        } else if let Some(test) = line.strip_prefix("left out: ") {
            self.left_out.push(test.to_owned());
        } else if let Some(rest) = line.strip_prefix("test ")
            && let Some(name) = rest.strip_suffix(" ... FAILED")
        {
            self.failed.push(format!("{}: {name}", self.suite));
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (heading, tests) in [("left out", &self.left_out), ("failed", &self.failed)] {
            if !tests.is_empty() {
                writeln!(f, "{heading}:")?;
                for test in tests {
                    writeln!(f, "  {test}")?;
                }
            }
        }
        let (passed, failed, left_out) = (self.passed, self.failed.len(), self.left_out.len());
        let suites = self.suites;
        write!(
            f,
            "{suites} suites: {passed} tests passed, {failed} failed, {left_out} left out"
        )?;
        match self.ignored {
            0 => Ok(()),
            ignored => write!(f, ", {ignored} ignored"),
        }
    }
}

/// The name of a suite out of `unittests src/lib.rs (target/debug/deps/aurora_api-0123456789abcdef)`.
fn suite_name(text: &str) -> String {
    let Some((target, binary)) = text.rsplit_once(" (") else {
        return text.to_owned();
    };
    let binary = binary.trim_end_matches(')').rsplit('/').next();
    let program = binary.and_then(|it| it.rsplit_once('-')).map(|it| it.0);
    format!("{} ({target})", program.unwrap_or(text))
}

/// The number before a word, as in `ok. 12 passed; 0 failed`.
fn count(text: &str, word: &str) -> usize {
    let parts = text.split([';', '.']);
    let numbers = parts.filter_map(|part| part.trim().strip_suffix(word));
    numbers
        .filter_map(|it| it.trim().parse::<usize>().ok())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PRINTED: &str = "\
     Running unittests src/lib.rs (target/debug/deps/aurora_api-0123456789abcdef)

running 2 tests
test tjson::reads ... ok
test tjson::writes ... FAILED
    test recorded::inner ... FAILED
    test result: FAILED. 0 passed; 1 failed; 0 ignored; 0 measured; 152 filtered out; finished in 0.01s
left out: recorded::all needs ZooKeeper (Debian: zookeeper)

test result: FAILED. 7 passed; 1 failed; 2 ignored; 0 measured; 0 filtered out; finished in 0.01s

   Doc-tests aurora_api
test src/lib.rs - (line 3) ... FAILED
test result: FAILED. 5 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";

    #[test]
    fn suites_are_summed_up() {
        let mut tally = Tally::default();
        for line in PRINTED.lines() {
            tally.read(line);
        }
        assert!(!tally.is_good());
        insta::assert_snapshot!(tally, @"
        left out:
          recorded::all needs ZooKeeper (Debian: zookeeper)
        failed:
          aurora_api (unittests src/lib.rs): tjson::writes
          aurora_api (documentation): src/lib.rs - (line 3)
        2 suites: 12 tests passed, 2 failed, 1 left out, 2 ignored
        ");
    }
}
