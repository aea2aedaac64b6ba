//! Replays every recorded command line and keeps the score.
//!
//! Our command meets the scheduler, the clock, the ZooKeeper server, the browser and the ssh of the record, under
//! `AURORA_COMPAT=released`. `tests/data` says how the runs were recorded, [`compare`] when one counts as the same.

mod clock;
mod compare;
mod difference;
mod listening;
mod replay;
mod scenario;
mod scheduler;
mod schema;
mod zookeeper;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::sync::Mutex;

use replay::{Variation, replay};
use scenario::Scenario;
use scheduler::Closeness;

/// Runs that do not behave as recorded yet. A name that is missing here or too much is a failure.
const NOT_YET: &[&str] = &[
    "clusters-merge",
    "clusters-unknown-auth",
    "clusters-uri-without-scheme",
    "cron-deschedule",
    "cron-schedule",
    "cron-schedule-not-cron",
    "cron-show",
    "cron-show-error",
    "cron-show-not-cron",
    "cron-start",
    "cron-start-error",
    "cron-start-hooks",
    "documented-restart-with-file",
    "documented-task-run-dashes",
    "documented-task-run-e",
    "documented-task-ssh-two-arguments",
    "help-job",
    "help-noun",
    "help-top",
    "help-update-list",
    "instances-overlap",
    "job-create-hook-stops",
    "job-create-hooks",
    "job-create-redirect-302",
    "job-diff",
    "job-diff-cron",
    "job-diff-old-scheduler",
    "job-diff-populate-error",
    "job-diff-unchanged",
    "job-diff-viewer-fails",
    "job-kill-hook-signature",
    "job-kill-hooks",
    "job-killall-verbose-hooks",
    "job-list-question-bound",
    "job-restart",
    "job-restart-lock",
    "job-restart-negative",
    "job-restart-never-healthy",
    "job-restart-none",
    "job-restart-open",
    "job-restart-query-error",
    "job-restart-status-error-after-running",
    "job-restart-total-failures",
    "quota-get",
    "quota-get-json",
    "quota-get-shared",
    "sla-get-job-uptime",
    "sla-get-job-uptime-error",
    "sla-get-task-up-count",
    "sla-get-task-up-count-none",
    "task-run",
    "task-run-error",
    "task-run-executor-sandbox",
    "task-run-no-slave-root",
    "task-run-none",
    "task-run-unbound-template",
    "task-ssh",
    "task-ssh-bad-tunnel",
    "task-ssh-command",
    "task-ssh-error",
    "task-ssh-no-instance",
    "update-abort",
    "update-abort-query-error",
    "update-info",
    "update-info-error",
    "update-info-json",
    "update-info-none",
    "update-list",
    "update-list-bad-status",
    "update-list-empty",
    "update-list-job",
    "update-list-json",
    "update-list-status-inactive",
    "update-pause",
    "update-pause-error",
    "update-resume",
    "update-start",
    "update-start-lock",
    "update-start-noop",
    "update-start-short-pulse",
    "update-start-wait",
    "update-start-zero-batch",
    "update-wait",
    "update-wait-aborted",
    "update-wait-error",
    "update-wait-no-id",
    "verbose-quota",
    "zk-leader",
    "zk-leader-change",
    "zk-lowest-member",
    "zk-no-endpoint",
    "zk-no-member",
];

#[test]
fn every_recorded_command_line_behaves_as_in_the_release() {
    let scenarios = scenario::all();
    let complaints = in_parallel(&scenarios, |scenario| {
        let outcome = replay(
            scenario,
            &Variation {
                compat: "released",
                exchanges: &scenario.exchanges,
                closeness: Closeness::Arguments,
                in_clusters: &[],
            },
        );
        outcome.map(|outcome| compare::complaints(scenario, &outcome))
    });
    let left_out = scenarios.len() - complaints.len();
    let failures: BTreeMap<_, _> = complaints
        .iter()
        .filter(|(_, complaints)| !complaints.is_empty())
        .collect();
    // Past the capture of the test harness, so that the score shows in every run.
    let _ = writeln!(
        io::stderr(),
        "{} of {} command-line scenarios, {left_out} left out",
        complaints.len() - failures.len(),
        scenarios.len(),
    );
    for (name, complaints) in &failures {
        println!("--- {name}\n{}\n", complaints.join("\n"));
    }
    let unexpected: Vec<_> = failures
        .keys()
        .filter(|name| !NOT_YET.contains(**name))
        .collect();
    assert!(unexpected.is_empty(), "not as recorded: {unexpected:#?}");
    let outdated: Vec<_> = NOT_YET
        .iter()
        .filter(|name| complaints.get(*name).is_none_or(Vec::is_empty))
        .collect();
    assert!(outdated.is_empty(), "as recorded now: {outdated:#?}");
}

/// What `check` says of each, by name; those for which it says nothing were left out.
fn in_parallel<'a, T: Send>(
    scenarios: &'a [Scenario],
    check: impl Fn(&Scenario) -> Option<T> + Sync,
) -> BTreeMap<&'a str, T> {
    let queue = Mutex::new(scenarios.iter());
    let results = Mutex::new(BTreeMap::new());
    let threads = std::thread::available_parallelism().map_or(2, |count| count.get().clamp(2, 4));
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let work = || {
                loop {
                    let Some(scenario) = queue.lock().unwrap().next() else {
                        return;
                    };
                    if let Some(result) = check(scenario) {
                        results.lock().unwrap().insert(&*scenario.name, result);
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
