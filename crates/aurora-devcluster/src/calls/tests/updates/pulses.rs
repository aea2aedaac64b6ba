//! Updates that need pulses.

use aurora_api::JobUpdatePulseStatus;

use super::*;

fn coordinated(marker: &str, count: i32) -> JobUpdateRequest {
    let mut request = request(marker, count);
    let settings = request.settings.as_mut().unwrap();
    settings.block_if_no_pulses_after_ms = Some(5000);
    request
}

fn pulse(bench: &mut Bench, now: i64, key: &JobUpdateKey) -> JobUpdatePulseStatus {
    let reply = updates::pulse(&mut bench.engine, now, Some(key)).unwrap();
    match reply.result.as_deref() {
        Some(aurora_api::Result::PulseJobUpdateResult(result)) => result.status.unwrap(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_update_waits_for_its_pulses() {
    let mut bench = with_job(3);
    let key = begin(&mut bench, 10_000, coordinated("new", 3));
    assert_eq!(status(&bench, &key), Status::ROLL_FORWARD_AWAITING_PULSE);
    live_until(&mut bench, 10_000, 20_000);
    assert_eq!(instances(&bench)[0], "0 old RUNNING");

    assert_eq!(pulse(&mut bench, 20_000, &key), JobUpdatePulseStatus::OK);
    assert_eq!(status(&bench, &key), Status::ROLLING_FORWARD);
    bench.live(20_000);
    bench.live(21_000);
    assert_eq!(instances(&bench)[1], "1 new RUNNING");
    // Looked at too late: the pulse is too old by then.
    bench.live(25_000);
    assert_eq!(status(&bench, &key), Status::ROLL_FORWARD_AWAITING_PULSE);
    assert_eq!(instances(&bench)[2], "2 old RUNNING");
    assert_eq!(
        control(&mut bench, 25_100, &key, Control::Resume),
        Reply::ok(),
        "that is where a resumed update would be"
    );
    assert_eq!(status(&bench, &key), Status::ROLL_FORWARD_AWAITING_PULSE);

    control(&mut bench, 25_200, &key, Control::Pause);
    assert_eq!(pulse(&mut bench, 26_000, &key), JobUpdatePulseStatus::OK);
    assert_eq!(status(&bench, &key), Status::ROLL_FORWARD_PAUSED);
    control(&mut bench, 26_500, &key, Control::Resume);
    assert_eq!(status(&bench, &key), Status::ROLLING_FORWARD);
    live_until(&mut bench, 26_500, 30_000);
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);
    assert_eq!(
        pulse(&mut bench, 30_000, &key),
        JobUpdatePulseStatus::FINISHED
    );
}

#[test]
fn pulses_are_forgotten_by_a_restart() {
    let mut bench = with_job(1);
    let key = begin(&mut bench, 10_000, coordinated("new", 1));
    pulse(&mut bench, 10_100, &key);
    bench.live(10_100);
    let mut bench = bench.reopen();
    bench.engine.recover(10_200).unwrap();
    assert_eq!(status(&bench, &key), Status::ROLL_FORWARD_AWAITING_PULSE);
    assert_eq!(pulse(&mut bench, 10_300, &key), JobUpdatePulseStatus::OK);
    live_until(&mut bench, 10_300, 20_000);
    assert_eq!(status(&bench, &key), Status::ROLLED_FORWARD);
}

#[test]
fn unknown_updates_have_finished() {
    let mut bench = Bench::new();
    let key = JobUpdateKey {
        job: Some(super::super::key()),
        id: text("nothing"),
    };
    assert_eq!(pulse(&mut bench, 0, &key), JobUpdatePulseStatus::FINISHED);
    let malformed = updates::pulse(&mut bench.engine, 0, Some(&JobUpdateKey::default()));
    assert_eq!(malformed.unwrap_err().code, ResponseCode::ERROR);
}
