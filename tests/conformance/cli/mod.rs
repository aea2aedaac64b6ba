//! Replays every recorded command line and keeps the score.
//!
//! Our command meets the scheduler, the clock, the ZooKeeper server, the browser and the ssh of the record, under
//! `AURORA_COMPAT=released`. `tests/data` says how the runs were recorded, [`compare`] when one counts as the same.

mod compare;
mod difference;
mod documented;
mod replay;
mod scenario;
mod scheduler;
mod schema;
mod viewer;
mod zookeeper;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::Mutex;

use aurora_compat::Compat;
use replay::{Variation, replay};
use scenario::Scenario;
use scheduler::Closeness;
use serde_json::Value;

/// Runs that do not behave as recorded yet. A name that is missing here or too much is a failure.
const NOT_YET: &[&str] = &[];

#[test]
fn every_recorded_command_line_behaves_as_in_the_release() {
    let mut scenarios = scenario::all();
    scenarios.retain(|scenario| !documented::is_decided(&scenario.name));
    let complaints = complaints(&scenarios, Compat::Released);
    Score::of(complaints, scenarios.len(), "command-line scenarios").check(NOT_YET);
}

/// Where the release tries for ten minutes what cannot succeed; failing at once is the better way to fail.
const IN_VAIN: &[&str] = &["clusters-uri-without-scheme"];

/// The runs that differ by default, and the row of `aurora-compat` that is the reason; apart from `min_duration`.
const OTHERWISE: &[(&str, &str)] = &[
    ("clusters-unknown-auth", "unknown-auth-mechanism"),
    ("job-inspect-raw", "inspect-raw"),
    ("job-kill-hook-signature", "hook-signatures"),
    ("job-restart-never-healthy", "exit-codes"),
    ("job-restart-status-error-after-running", "exit-codes"),
    ("sla-get-job-uptime-error", "exit-codes"),
];

#[test]
fn only_the_listed_differences_show_by_default() {
    let mut scenarios = scenario::all();
    scenarios.retain(|scenario| {
        scenario.run.documentation_differs.is_none()
            && !documented::is_decided(&scenario.name)
            && !NOT_YET.contains(&&*scenario.name)
    });
    for scenario in &mut scenarios {
        for exchange in &mut scenario.exchanges {
            exchange.request = with_default_min_duration(&exchange.request);
        }
    }
    for (_, row) in OTHERWISE {
        assert!(aurora_compat::row(row).is_some(), "there is no row {row}");
    }
    let complaints = complaints(&scenarios, Compat::Documented);
    let otherwise: Vec<_> = OTHERWISE.iter().map(|(name, _)| *name).collect();
    Score::of(
        complaints,
        scenarios.len(),
        "command-line scenarios by default",
    )
    .check(&otherwise);
}

/// The one default that differs is in nearly every job.
fn with_default_min_duration(request: &Value) -> Value {
    let seconds = |compat: Compat| {
        let seconds = compat.default_min_duration();
        format!(r#"\"min_duration\": {seconds}, "#)
    };
    let text = request.to_string();
    let text = text.replace(&seconds(Compat::Released), &seconds(Compat::Documented));
    serde_json::from_str(&text).unwrap()
}

/// What is not as recorded, by name.
fn complaints(scenarios: &[Scenario], compat: Compat) -> BTreeMap<&str, Vec<String>> {
    in_parallel(scenarios, |scenario| {
        let variation = Variation {
            compat: compat.as_str(),
            exchanges: &scenario.exchanges,
            closeness: Closeness::Arguments,
            waits: match IN_VAIN.contains(&&*scenario.name) {
                true => &[],
                false => &scenario.run.waits_after_last_rpc,
            },
            in_clusters: &[],
        };
        let outcome = replay(scenario, &variation)?;
        let complaints = compare::complaints(scenario, &outcome);
        Some((scenario.name.as_str(), complaints))
    })
}

/// How many runs are as they should be, and what is wrong with the others.
struct Score<'a> {
    failures: BTreeMap<&'a str, Vec<String>>,
    passing: Vec<&'a str>,
}

impl<'a> Score<'a> {
    /// Says it past the capture of the test harness, so that it shows in every run.
    fn of(complaints: BTreeMap<&'a str, Vec<String>>, total: usize, what: &str) -> Self {
        let left_out = match total - complaints.len() {
            0 => String::new(),
            count => format!(", {count} left out"),
        };
        let (passing, failures): (BTreeMap<_, _>, _) = complaints
            .into_iter()
            .partition(|(_, complaints)| complaints.is_empty());
        let count = passing.len();
        let _ = writeln!(io::stderr(), "{count} of {total} {what}{left_out}");
        Self {
            failures,
            passing: passing.into_keys().collect(),
        }
    }

    /// Fails unless exactly those fail that do not work yet.
    fn check(&self, not_yet: &[&str]) {
        let report: String = self
            .failures
            .iter()
            .map(|(name, complaints)| format!("--- {name}\n{}\n\n", complaints.join("\n")))
            .collect();
        let unexpected: Vec<_> = self
            .failures
            .keys()
            .filter(|name| !not_yet.contains(name))
            .collect();
        let outdated: Vec<_> = self
            .passing
            .iter()
            .filter(|name| not_yet.contains(name))
            .collect();
        assert!(
            unexpected.is_empty() && outdated.is_empty(),
            "{report}not as they should be: {unexpected:#?}\nas they should be by now: {outdated:#?}",
        );
    }
}

/// What `check` says of each, by name; those for which it says nothing were left out.
fn in_parallel<'a, T: Sync, R: Send>(
    items: &'a [T],
    check: impl Fn(&'a T) -> Option<(&'a str, R)> + Sync,
) -> BTreeMap<&'a str, R> {
    let queue = Mutex::new(items.iter());
    let results = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get().clamp(2, 4));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                loop {
                    let Some(item) = queue.lock().unwrap().next() else {
                        return;
                    };
                    if let Some((name, result)) = check(item) {
                        results.lock().unwrap().insert(name, result);
                    }
                }
            };
            std::thread::Builder::new()
                .name("recorded command lines".to_owned())
                .spawn_scoped(scope, work)
                .unwrap();
        }
    });
    results.into_inner().unwrap()
}
