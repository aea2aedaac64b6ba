//! What no update is started for, and what an update keeps others from.

use super::*;

fn with(change: impl FnOnce(&mut JobUpdateRequest)) -> JobUpdateRequest {
    let mut request = request("new", 2);
    change(&mut request);
    request
}

fn set(change: impl FnOnce(&mut JobUpdateSettings)) -> JobUpdateRequest {
    with(|request| change(request.settings.as_mut().unwrap()))
}

fn config(change: impl FnOnce(&mut TaskConfig)) -> JobUpdateRequest {
    with(|request| change(request.task_config.as_mut().unwrap()))
}

#[test]
fn every_check_has_its_answer() {
    let invalid = ResponseCode::INVALID_REQUEST;
    let error = ResponseCode::ERROR;
    let unknown_ids = Some(BTreeSet::from([Range {
        first: Some(1),
        last: Some(9),
    }]));
    let cases = [
        (
            with(|it| it.task_config = None),
            error,
            "no task configuration",
        ),
        (with(|it| it.settings = None), error, "no update settings"),
        (config(|it| it.job_name = None), error, "job key is missing"),
        (config(|it| it.owner = None), error, "job key is missing"),
        (config(|it| it.is_service = None), invalid, "only services"),
        (
            set(|it| it.update_group_size = Some(0)),
            invalid,
            "updateGroupSize must be greater than 0",
        ),
        (
            set(|it| it.max_failed_instances = Some(-1)),
            invalid,
            "maxFailedInstances must not be negative",
        ),
        (
            set(|it| it.max_per_instance_failures = Some(10_001)),
            invalid,
            "must not be above 20000",
        ),
        (
            set(|it| it.block_if_no_pulses_after_ms = Some(-1)),
            invalid,
            "blockIfNoPulsesAfterMs must not be negative",
        ),
        (config(|it| it.disk_mb = Some(0)), invalid, "diskMb"),
        (
            config(|it| it.job.as_mut().unwrap().name = text("other")),
            invalid,
            "belongs to job `www/prod/other`",
        ),
        (
            set(|it| it.update_only_these_instances = unknown_ids),
            invalid,
            "updateOnlyTheseInstances names",
        ),
        (
            with(|it| it.instance_count = Some(i32::MAX)),
            invalid,
            "more than 4000 instances",
        ),
        (
            with(|it| it.instance_count = Some(0)),
            invalid,
            "instanceCount must be greater than 0",
        ),
        (
            set(|it| it.min_wait_in_instance_running_ms = Some(0)),
            error,
            "minWaitInInstanceRunningMs must be greater than 0",
        ),
    ];
    let mut bench = with_job(2);
    for (request, code, message) in cases {
        let reply = start(&mut bench, 10_000, request);
        assert_eq!(reply.code, code, "{message}: {}", message_of(&reply));
        assert!(
            message_of(&reply).contains(message),
            "{message}: {}",
            message_of(&reply)
        );
        assert_eq!(reply.result, None);
    }
    let call = StartJobUpdate {
        request: Some(request("new", 2)),
        message: Some("x".repeat(1025)),
    };
    let refused = updates::start(&mut bench.engine, 10_000, &call).unwrap_err();
    assert_eq!(refused.code, error);
    assert!(bench.engine.state().updates.is_empty());
    assert!(bench.engine.state().locks.is_empty());
}

#[test]
fn without_a_difference_nothing_is_started() {
    let mut bench = with_job(2);
    let mut same = request("old", 2);
    // What is filled in makes no difference.
    same.task_config.as_mut().unwrap().priority = Some(0);
    let reply = start(&mut bench, 10_000, same);
    assert_eq!(
        reply,
        Reply::ok_saying("Job www/prod/web is already up to date.")
    );
    assert!(bench.engine.state().updates.is_empty());
}

#[test]
fn a_job_in_an_update_is_left_alone_by_everybody_else() {
    let mut bench = with_job(2);
    let key = begin(&mut bench, 10_000, request("new", 2));
    let again = start(&mut bench, 10_001, request("newer", 2));
    assert_eq!(again.code, ResponseCode::INVALID_REQUEST);
    assert!(message_of(&again).contains("is being updated already"));
    for paused in [false, true] {
        if paused {
            control(&mut bench, 10_100, &key, Control::Pause);
        }
        let kill = KillTasks {
            job: Some(super::super::key()),
            ..KillTasks::default()
        };
        let restart = RestartShards {
            job: Some(super::super::key()),
            shard_ids: Some(BTreeSet::from([1])),
            lock: None,
        };
        let add = AddInstances {
            key: Some(InstanceKey {
                job_key: Some(super::super::key()),
                instance_id: Some(1),
            }),
            count: Some(1),
            ..AddInstances::default()
        };
        let replies = [
            create(&mut bench, &job(1)),
            merge(kill_tasks(&mut bench.engine, 10_200, &kill)),
            merge(restart_shards(&mut bench.engine, 10_200, &restart)),
            merge(add_instances(&mut bench.engine, 10_200, &add)),
        ];
        for reply in replies {
            assert_eq!(
                reply.code,
                ResponseCode::LOCK_ERROR,
                "{}",
                message_of(&reply)
            );
        }
    }
    control(&mut bench, 10_300, &key, Control::Abort);
    assert_eq!(
        create(&mut bench, &job(1)).code,
        ResponseCode::INVALID_REQUEST
    );
}

#[test]
fn an_update_needs_quota_for_the_larger_of_both_sides() {
    let mut bench = Bench::new();
    let production = |marker: &str, cpus: f64| {
        let mut config = service(marker);
        config.production = Some(true);
        config.num_cpus = Some(cpus.into());
        config
    };
    create(
        &mut bench,
        &changed(|job| {
            job.instance_count = Some(2);
            job.task_config = Some(production("old", 0.5));
        }),
    );
    let to = |cpus| with(|request| request.task_config = Some(production("new", cpus)));
    assert_eq!(
        message_of(&start(&mut bench, 10_000, to(1.25))),
        "Insufficient resource quota: CPU quota exceeded by 0.50 core(s)"
    );
    begin(&mut bench, 10_000, to(0.9));
    let reply = get_quota(&bench.engine, Some("www"));
    let Some(aurora_api::Result::GetQuotaResult(quota)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let used = quota.prod_shared_consumption.as_ref().unwrap();
    assert!((used.num_cpus.unwrap().0 - 1.8).abs() < 1e-9);
}
