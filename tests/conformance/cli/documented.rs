//! Runs that the documentation, or a decision of ours, wants to end otherwise than they did.

use super::compare::{differing, missing};
use super::replay::{Outcome, Variation, replay};
use super::scenario::{Exchange, Scenario};
use super::scheduler::Closeness;
use super::{Score, in_parallel, scenario};
use aurora_compat::Compat;

/// What a run does instead. It succeeds, and calls the methods that another one calls.
struct Otherwise {
    name: &'static str,
    /// The row of `aurora-compat` that is the reason. Where it makes no difference between the modes, the run is
    /// otherwise under `released` too.
    row: &'static str,
    /// The run with the answers and the command lines of ssh.
    like: Option<&'static str>,
    stdout: Stdout,
    /// Replacements in the entries of clusters.
    in_clusters: &'static [(&'static str, &'static str)],
}

/// What it prints.
enum Stdout {
    /// The same as the other run.
    Like,
    Is(&'static str),
    /// Something: its form is ours.
    Ours,
}

const OTHERWISE: &[Otherwise] = &[
    Otherwise {
        name: "clusters-uri-without-scheme",
        row: "scheduler-uri-scheme",
        like: Some("quota-get"),
        stdout: Stdout::Like,
        in_clusters: &[("localhost:55555", "127.0.0.1:<PORT>")],
    },
    Otherwise {
        name: "config-list-no-environment",
        row: "job-environment",
        like: None,
        stdout: Stdout::Is("jobs=[west/www/devel/loose]\n"),
        in_clusters: &[],
    },
    Otherwise {
        name: "documented-clusters-trailing-comma",
        row: "documented-forms",
        like: Some("quota-get"),
        stdout: Stdout::Like,
        in_clusters: &[],
    },
    Otherwise {
        name: "documented-restart-with-file",
        row: "documented-forms",
        like: Some("job-restart-none"),
        stdout: Stdout::Like,
        in_clusters: &[],
    },
    Otherwise {
        name: "documented-task-run-e",
        row: "documented-forms",
        like: Some("task-run-none"),
        stdout: Stdout::Like,
        in_clusters: &[],
    },
    Otherwise {
        name: "documented-task-ssh-two-arguments",
        row: "documented-forms",
        like: Some("task-ssh"),
        stdout: Stdout::Like,
        in_clusters: &[],
    },
    Otherwise {
        name: "job-create-no-environment",
        row: "job-environment",
        like: Some("job-create"),
        stdout: Stdout::Is(
            "Job create succeeded: job url=http://127.0.0.1:<PORT>/scheduler/www/devel/loose\n",
        ),
        in_clusters: &[],
    },
    Otherwise {
        name: "job-diff-from",
        row: "crashing-features",
        like: Some("job-diff-cron"),
        stdout: Stdout::Ours,
        in_clusters: &[],
    },
    Otherwise {
        name: "job-list-question-bound",
        row: "crashing-features",
        like: Some("job-list"),
        stdout: Stdout::Is("west/www/prod/web\n"),
        in_clusters: &[],
    },
];

/// As the list of the same name beside the recorded runs.
const NOT_YET: &[&str] = &[];

/// Whether a run is otherwise even under `released`.
pub(super) fn is_decided(name: &str) -> bool {
    OTHERWISE
        .iter()
        .any(|otherwise| otherwise.name == name && otherwise.modes().len() > 1)
}

impl Otherwise {
    fn modes(&self) -> &'static [Compat] {
        let row = aurora_compat::row(self.row).unwrap();
        if row.is_same_in_both() {
            &Compat::ALL
        } else {
            &[Compat::Documented]
        }
    }

    fn complaints(
        &self,
        recorded: &Scenario,
        like: Option<&Scenario>,
        mode: Compat,
    ) -> Vec<String> {
        let exchanges: &[Exchange] = like.map_or(&[], |like| &like.exchanges);
        let variation = Variation {
            compat: mode.as_str(),
            exchanges,
            closeness: Closeness::Methods,
            waits: like.map_or(&[], |like| &like.run.waits_after_last_rpc),
            in_clusters: self.in_clusters,
        };
        let outcome: Outcome = replay(recorded, &variation).unwrap();
        let mut complaints = outcome.complaints;
        if outcome.exit != Some(0) {
            complaints.push(format!("exit {:?}", outcome.exit));
        }
        let printed = &outcome.stdout;
        complaints.extend(match self.stdout {
            Stdout::Like => differing(printed, like.map_or("", |like| &like.stdout)),
            Stdout::Is(text) => differing(printed, text),
            Stdout::Ours => missing(!printed.trim().is_empty(), "anything on stdout", printed),
        });
        let ssh = like.map_or(&[][..], |like| &like.run.ssh);
        if outcome.ssh != ssh {
            complaints.push(format!("ran {:?} instead of {ssh:?}", outcome.ssh));
        }
        if !complaints.is_empty() {
            complaints.push(format!("{mode}, stderr was:\n{}", outcome.stderr));
        }
        complaints
    }
}

#[test]
fn what_the_documentation_wants_otherwise_is_otherwise() {
    let scenarios = scenario::all();
    let find = |name: &str| scenarios.iter().find(|scenario| scenario.name == name);
    let differing = scenarios
        .iter()
        .filter(|it| it.run.documentation_differs.is_some());
    for scenario in differing {
        let is_known = OTHERWISE.iter().any(|it| it.name == scenario.name);
        assert!(is_known, "what does {} do by default?", scenario.name);
    }
    let complaints = in_parallel(OTHERWISE, |otherwise| {
        let recorded = find(otherwise.name).unwrap();
        let like = otherwise.like.map(|name| find(name).unwrap());
        let complaints = otherwise
            .modes()
            .iter()
            .flat_map(|mode| otherwise.complaints(recorded, like, *mode));
        Some((otherwise.name, complaints.collect()))
    });
    Score::of(
        complaints,
        OTHERWISE.len(),
        "runs that are decided otherwise",
    )
    .check(NOT_YET);
}
