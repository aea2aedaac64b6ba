//! Looking at updates.

use aurora_api::{ConfigGroup, JobUpdateQuery, JobUpdateSummary};

use super::*;

fn find(bench: &Bench, query: &JobUpdateQuery) -> Vec<JobUpdateSummary> {
    let reply = updates::summaries(&bench.engine, Some(query)).unwrap();
    match reply.result.as_deref() {
        Some(aurora_api::Result::GetJobUpdateSummariesResult(result)) => {
            result.update_summaries.clone().unwrap()
        }
        other => panic!("{other:?}"),
    }
}

fn keys(summaries: &[JobUpdateSummary]) -> Vec<JobUpdateKey> {
    summaries.iter().map(|it| it.key.clone().unwrap()).collect()
}

#[test]
fn updates_are_found_by_every_part_of_a_query() {
    let mut bench = with_job(1);
    let mut all = Vec::new();
    for (marker, now) in [("a", 10_000), ("b", 20_000), ("c", 30_000)] {
        all.insert(0, begin(&mut bench, now, request(marker, 1)));
        live_until(&mut bench, now, now + 2000);
    }
    let running = begin(&mut bench, 40_000, request("d", 1));
    all.insert(0, running.clone());
    let query = JobUpdateQuery::default;
    assert_eq!(keys(&find(&bench, &query())), all, "the latest first");
    assert_eq!(
        keys(&find(
            &bench,
            &JobUpdateQuery {
                offset: Some(1),
                limit: Some(2),
                ..query()
            }
        )),
        all[1..3]
    );
    assert_eq!(
        keys(&find(
            &bench,
            &JobUpdateQuery {
                update_statuses: Some(BTreeSet::from([Status::ROLLING_FORWARD])),
                ..query()
            }
        )),
        std::slice::from_ref(&running)
    );
    let other_job = JobKey {
        name: text("other"),
        ..super::super::key()
    };
    for (query, found) in [
        (
            JobUpdateQuery {
                role: text("www"),
                ..query()
            },
            4,
        ),
        (
            JobUpdateQuery {
                role: text("db"),
                ..query()
            },
            0,
        ),
        (
            JobUpdateQuery {
                job_key: Some(super::super::key()),
                ..query()
            },
            4,
        ),
        (
            JobUpdateQuery {
                job_key: Some(other_job),
                ..query()
            },
            0,
        ),
        (
            JobUpdateQuery {
                key: Some(running),
                ..query()
            },
            1,
        ),
        (
            JobUpdateQuery {
                user: text("UNSECURE"),
                ..query()
            },
            4,
        ),
        (
            JobUpdateQuery {
                user: text("alice"),
                ..query()
            },
            0,
        ),
        (
            JobUpdateQuery {
                update_statuses: Some(BTreeSet::new()),
                limit: Some(0),
                ..query()
            },
            4,
        ),
    ] {
        assert_eq!(find(&bench, &query).len(), found, "{query:?}");
    }
    let summary = &find(&bench, &query())[1];
    let state = summary.state.as_ref().unwrap();
    assert_eq!(state.status, Some(Status::ROLLED_FORWARD));
    assert_eq!(state.created_timestamp_ms, Some(30_000));
    assert_eq!(state.last_modified_timestamp_ms, Some(31_000));
    assert_eq!(summary.user, text("UNSECURE"));
}

#[test]
fn details_have_both_sides_and_survive_a_restart() {
    let mut bench = with_job(3);
    let key = begin(&mut bench, 10_000, request("new", 2));
    live_until(&mut bench, 10_000, 20_000);
    let before = details(&bench, &key);
    let instructions = before
        .update
        .as_ref()
        .unwrap()
        .instructions
        .as_ref()
        .unwrap();
    let ranges = |first, last| {
        Some(BTreeSet::from([Range {
            first: Some(first),
            last: Some(last),
        }]))
    };
    let initial: Vec<_> = instructions.initial_state.iter().flatten().collect();
    assert_eq!(initial.len(), 1);
    assert_eq!(initial[0].instances, ranges(0, 2));
    let desired = instructions.desired_state.as_ref().unwrap();
    assert_eq!(desired.instances, ranges(0, 1));
    assert_eq!(instructions.settings, Some(settings()));
    let bench = bench.reopen();
    assert_eq!(details(&bench, &key), before);

    let unknown = JobUpdateKey {
        id: text("nothing"),
        ..key
    };
    let refused = updates::details(&bench.engine, Some(&unknown)).unwrap_err();
    assert_eq!(refused.code, ResponseCode::INVALID_REQUEST);
}

#[test]
fn a_difference_is_shown_without_an_update() {
    let bench = with_job(3);
    let mut request = request("new", 2);
    // Only what makes a difference matters here.
    request.settings = Some(JobUpdateSettings::default());
    let reply = updates::diff(&bench.engine, Some(&request)).unwrap();
    let Some(aurora_api::Result::GetJobUpdateDiffResult(diff)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let shown = |groups: &Option<BTreeSet<ConfigGroup>>| -> Vec<String> {
        let groups = groups.iter().flatten();
        groups
            .map(|group| {
                let config = group.config.as_ref().unwrap();
                let marker = config.executor_config.as_ref().unwrap().data.clone();
                let range = group.instances.iter().flatten().next().unwrap();
                format!(
                    "{} {}-{}",
                    marker.unwrap(),
                    range.first.unwrap(),
                    range.last.unwrap()
                )
            })
            .collect()
    };
    assert_eq!(shown(&diff.update), ["old 0-1"]);
    assert_eq!(shown(&diff.remove), ["old 2-2"]);
    assert_eq!(diff.add, Some(BTreeSet::new()));
    assert_eq!(diff.unchanged, Some(BTreeSet::new()));
    request.instance_count = Some(5);
    request.task_config = Some(service("old"));
    let reply = updates::diff(&bench.engine, Some(&request)).unwrap();
    let Some(aurora_api::Result::GetJobUpdateDiffResult(diff)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    assert_eq!(shown(&diff.add), ["old 3-4"]);
    assert_eq!(shown(&diff.unchanged), ["old 0-2"]);
}

#[test]
fn finished_updates_are_forgotten_by_number_and_age() {
    let mut bench = with_job(1);
    let hour = 3600 * 1000;
    for round in 1..=12 {
        let now = round * hour;
        begin(&mut bench, now, request(&round.to_string(), 1));
        live_until(&mut bench, now, now + 2000);
    }
    let count = |bench: &Bench| bench.engine.state().updates.len();
    bench.engine.tick(13 * hour).unwrap();
    assert_eq!(count(&bench), 10);
    bench.engine.tick(31 * 24 * hour).unwrap();
    assert_eq!(count(&bench), 0);
}
