//! How updates go.

use super::*;

#[test]
fn instances_are_replaced_one_group_after_the_other() {
    let mut bench = with_job(2);
    let key = begin(&mut bench, 10_000, request("new", 3));
    assert_eq!(instances(&bench), ["0 old KILLING", "1 old RUNNING"]);
    assert_eq!(bench.live(10_000), Some(11_000));
    assert_eq!(instances(&bench), ["0 new RUNNING", "1 old RUNNING"]);
    bench.live(10_999);
    assert_eq!(instances(&bench), ["0 new RUNNING", "1 old RUNNING"]);
    bench.live(11_000);
    bench.live(12_000);
    assert_eq!(status(&bench, &key), Status::ROLLING_FORWARD);
    bench.live(13_000);
    assert_eq!(
        instances(&bench),
        ["0 new RUNNING", "1 new RUNNING", "2 new RUNNING"]
    );
    assert_eq!(
        done(&bench, &key),
        [
            "10000: 0 UPDATING",
            "11000: 0 UPDATED",
            "11000: 1 UPDATING",
            "12000: 1 UPDATED",
            "12000: 2 UPDATING",
            "13000: 2 UPDATED",
        ]
    );
    assert_eq!(
        statuses(&bench, &key),
        ["ROLLING_FORWARD", "ROLLED_FORWARD"]
    );
    let killed = bench
        .engine
        .tasks()
        .find(|task| task.state == TaskState::Killed)
        .unwrap();
    let messages: Vec<_> = killed.events.iter().map(|it| it.message.clone()).collect();
    assert!(messages.contains(&text("Killed for job update.")));
    assert!(bench.engine.state().locks.is_empty());
    assert!(bench.engine.state().rollouts.is_empty());
}

#[test]
fn the_group_is_filled_up_unless_it_is_to_end_together() {
    for whole_groups in [false, true] {
        let mut bench = with_job(4);
        let mut request = request("new", 4);
        let settings = request.settings.as_mut().unwrap();
        settings.update_group_size = Some(2);
        settings.wait_for_batch_completion = Some(whole_groups);
        settings.max_per_instance_failures = Some(1);
        begin(&mut bench, 10_000, request);
        bench.live(10_000);
        // The first of the two begins again, so it is stable later than the second.
        report(&mut bench, 10_500, 0, TaskState::Restarting);
        bench.live(10_500);
        bench.live(11_000);
        let third = if whole_groups {
            "2 old RUNNING"
        } else {
            "2 new RUNNING"
        };
        assert_eq!(instances(&bench)[2], third);
        bench.live(11_500);
        assert_eq!(instances(&bench)[3], "3 new RUNNING");
    }
}

#[test]
fn an_instance_that_exits_brings_the_old_ones_back() {
    let mut bench = with_job(3);
    let mut request = request("new", 4);
    request.settings.as_mut().unwrap().update_group_size = Some(2);
    let key = begin(&mut bench, 10_000, request);
    live_until(&mut bench, 10_000, 11_000);
    assert_eq!(
        instances(&bench),
        [
            "0 new RUNNING",
            "1 new RUNNING",
            "2 new RUNNING",
            "3 new RUNNING"
        ]
    );
    report(&mut bench, 11_100, 3, TaskState::Failed);
    assert_eq!(status(&bench, &key), Status::ROLLING_BACK);
    live_until(&mut bench, 11_100, 20_000);
    assert_eq!(
        instances(&bench),
        ["0 old RUNNING", "1 old RUNNING", "2 old RUNNING"]
    );
    assert_eq!(
        statuses(&bench, &key),
        ["ROLLING_FORWARD", "ROLLING_BACK", "ROLLED_BACK"]
    );
    let events = details(&bench, &key).update_events.unwrap();
    assert_eq!(events[0].user, text("UNSECURE"));
    assert_eq!(events[0].message, text("why"));
    assert_eq!(
        (events[1].user.clone(), events[1].message.clone()),
        (None, text("Instance 3 exited too often"))
    );
    let backwards: Vec<String> = done(&bench, &key)
        .into_iter()
        .filter(|line| line.ends_with("ROLLING_BACK"))
        .map(|line| line.split(' ').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(backwards, ["3", "2", "1", "0"], "the highest first");
    assert!(bench.engine.state().locks.is_empty());
}

#[test]
fn failures_are_tolerated_as_far_as_the_settings_allow() {
    let mut bench = with_job(2);
    let mut request = request("new", 2);
    let settings = request.settings.as_mut().unwrap();
    settings.max_per_instance_failures = Some(1);
    settings.max_failed_instances = Some(1);
    settings.rollback_on_failure = Some(false);
    let key = begin(&mut bench, 10_000, request);
    bench.live(10_000);
    report(&mut bench, 10_100, 0, TaskState::Failed);
    live_until(&mut bench, 10_100, 10_200);
    assert_eq!(status(&bench, &key), Status::ROLLING_FORWARD);
    report(&mut bench, 10_300, 0, TaskState::Failed);
    assert_eq!(
        status(&bench, &key),
        Status::ROLLING_FORWARD,
        "one instance may fail"
    );
    assert_eq!(
        done(&bench, &key),
        [
            "10000: 0 UPDATING",
            "10300: 0 UPDATE_FAILED",
            "10300: 1 UPDATING"
        ]
    );
    bench.live(10_300);
    for now in [10_400, 10_500] {
        report(&mut bench, now, 1, TaskState::Lost);
        live_until(&mut bench, now, now + 50);
    }
    assert_eq!(
        statuses(&bench, &key),
        ["ROLLING_FORWARD", "FAILED"],
        "two instances may not"
    );
}

#[test]
fn a_rollback_that_fails_ends_there() {
    let mut bench = with_job(1);
    let key = begin(&mut bench, 10_000, request("new", 1));
    bench.live(10_000);
    report(&mut bench, 10_100, 0, TaskState::Failed);
    bench.live(10_100);
    assert_eq!(instances(&bench), ["0 old RUNNING"]);
    report(&mut bench, 10_200, 0, TaskState::Failed);
    assert_eq!(
        statuses(&bench, &key),
        ["ROLLING_FORWARD", "ROLLING_BACK", "FAILED"]
    );
    assert_eq!(
        done(&bench, &key),
        [
            "10000: 0 UPDATING",
            "10100: 0 UPDATE_FAILED",
            "10100: 0 ROLLING_BACK",
            "10200: 0 ROLLBACK_FAILED"
        ]
    );
}

#[test]
fn jobs_shrink_and_tasks_that_wait_are_replaced_at_once() {
    let mut bench = Bench::new();
    create(
        &mut bench,
        &changed(|job| {
            job.instance_count = Some(2);
            let config = job.task_config.as_mut().unwrap();
            *config = service("old");
            // More than the host has.
            config.num_cpus = Some(64.0.into());
        }),
    );
    let key = begin(&mut bench, 10_000, request("new", 1));
    assert_eq!(instances(&bench), ["0 new PENDING", "1 old PENDING"]);
    live_until(&mut bench, 10_000, 11_000);
    assert_eq!(instances(&bench), ["0 new RUNNING"]);
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);

    let key = begin(&mut bench, 20_000, request("new", 2));
    live_until(&mut bench, 20_000, 22_000);
    let key_back = begin(&mut bench, 30_000, request("new", 1));
    live_until(&mut bench, 30_000, 32_000);
    let update = details(&bench, &key_back).update.unwrap();
    assert_eq!(update.instructions.unwrap().desired_state, None);
    assert_eq!(instances(&bench), ["0 new RUNNING"]);
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);
    assert_eq!(status(&bench, &key_back), Status::ROLLED_FORWARD);
}

#[test]
fn only_the_named_instances_are_touched() {
    let mut bench = with_job(3);
    let mut request = request("new", 3);
    request
        .settings
        .as_mut()
        .unwrap()
        .update_only_these_instances = Some(BTreeSet::from([Range {
        first: Some(1),
        last: Some(1),
    }]));
    let key = begin(&mut bench, 10_000, request);
    live_until(&mut bench, 10_000, 12_000);
    assert_eq!(
        instances(&bench),
        ["0 old RUNNING", "1 new RUNNING", "2 old RUNNING"]
    );
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);
}

#[test]
fn paused_updates_wait_and_aborted_ones_leave_things_as_they_are() {
    let mut bench = with_job(3);
    let key = begin(&mut bench, 10_000, request("new", 3));
    bench.live(10_000);
    assert_eq!(
        control(&mut bench, 10_500, &key, Control::Pause),
        Reply::ok()
    );
    assert_eq!(
        control(&mut bench, 10_600, &key, Control::Pause),
        Reply::ok()
    );
    live_until(&mut bench, 11_000, 20_000);
    assert_eq!(instances(&bench)[1], "1 old RUNNING");
    assert_eq!(
        control(&mut bench, 20_000, &key, Control::Resume),
        Reply::ok()
    );
    assert_eq!(
        instances(&bench)[1],
        "1 old KILLING",
        "the first one has run long enough meanwhile"
    );
    assert_eq!(
        control(&mut bench, 20_100, &key, Control::Abort),
        Reply::ok()
    );
    assert_eq!(
        control(&mut bench, 20_200, &key, Control::Abort),
        Reply::ok()
    );
    live_until(&mut bench, 20_200, 30_000);
    assert_eq!(
        instances(&bench),
        ["0 new RUNNING", "2 old RUNNING"],
        "what was half replaced is not completed"
    );
    assert_eq!(
        statuses(&bench, &key),
        [
            "ROLLING_FORWARD",
            "ROLL_FORWARD_PAUSED",
            "ROLLING_FORWARD",
            "ABORTED"
        ]
    );
    let refused = control(&mut bench, 20_300, &key, Control::Pause);
    assert_eq!(refused.code, ResponseCode::INVALID_REQUEST);
    assert!(message_of(&refused).ends_with("cannot be paused: it is ABORTED"));
    assert!(bench.engine.state().locks.is_empty());
}

#[test]
fn updates_go_on_after_a_restart_and_count_no_failure_for_it() {
    let mut bench = with_job(2);
    let key = begin(&mut bench, 10_000, request("new", 2));
    bench.live(10_000);
    bench.engine.drain(10_100).unwrap();
    for id in bench
        .engine
        .tasks()
        .filter(|task| task.state == TaskState::Draining)
        .map(|task| task.id.clone())
        .collect::<Vec<_>>()
    {
        bench.report(10_200, &id, TaskState::Killed);
    }
    assert_eq!(statuses(&bench, &key), ["ROLLING_FORWARD"]);
    let mut bench = bench.reopen();
    bench.engine.recover(20_000).unwrap();
    live_until(&mut bench, 20_000, 30_000);
    assert_eq!(instances(&bench), ["0 new RUNNING", "1 new RUNNING"]);
    assert_eq!(
        statuses(&bench, &key),
        ["ROLLING_FORWARD", "ROLLED_FORWARD"]
    );

    let key = begin(&mut bench, 40_000, request("newer", 2));
    bench.live(40_000);
    control(&mut bench, 40_100, &key, Control::Pause);
    let mut bench = bench.reopen();
    bench.engine.recover(50_000).unwrap();
    live_until(&mut bench, 50_000, 60_000);
    assert_eq!(status(&bench, &key), Status::ROLL_FORWARD_PAUSED);
    assert_eq!(instances(&bench), ["0 newer RUNNING", "1 new RUNNING"]);
    assert_eq!(
        control(&mut bench, 60_000, &key, Control::Resume),
        Reply::ok()
    );
    live_until(&mut bench, 60_000, 70_000);
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);
}

#[test]
fn updates_go_on_after_a_crash_in_the_middle_of_a_step() {
    let mut bench = with_job(2);
    let key = begin(&mut bench, 10_000, request("new", 2));
    assert_eq!(instances(&bench), ["0 old KILLING", "1 old RUNNING"]);
    let mut bench = bench.reopen();
    bench.engine.recover(20_000).unwrap();
    assert_eq!(instances(&bench), ["0 new PENDING", "1 old PENDING"]);
    live_until(&mut bench, 20_000, 30_000);
    assert_eq!(instances(&bench), ["0 new RUNNING", "1 new RUNNING"]);
    assert_eq!(
        statuses(&bench, &key),
        ["ROLLING_FORWARD", "ROLLED_FORWARD"]
    );
}

#[test]
fn an_update_without_its_lock_stops() {
    let mut bench = with_job(2);
    let key = begin(&mut bench, 10_000, request("new", 2));
    let lock = bench.engine.state().locks.values().next().cloned();
    let call = aurora_api::calls::ReleaseLock {
        lock,
        validation: Some(aurora_api::LockValidation::UNCHECKED),
    };
    release_lock(&mut bench.engine, 10_100, &call).unwrap();
    assert_eq!(status(&bench, &key), Status::ROLLING_FORWARD);
    live_until(&mut bench, 10_100, 20_000);
    assert_eq!(statuses(&bench, &key), ["ROLLING_FORWARD", "ERROR"]);
}

#[test]
fn batch_jobs_that_end_before_their_turn_are_replaced_all_the_same() {
    let mut bench = Bench::new();
    create(
        &mut bench,
        &changed(|job| {
            let config = job.task_config.as_mut().unwrap();
            *config = service("old");
            config.is_service = Some(false);
        }),
    );
    bench.live(2000);
    let key = begin(&mut bench, 10_000, request("new", 1));
    // It ends by itself before the kill reaches it.
    report(&mut bench, 10_100, 0, TaskState::Finished);
    live_until(&mut bench, 10_100, 12_000);
    assert_eq!(instances(&bench), ["0 new RUNNING"]);
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);
}
