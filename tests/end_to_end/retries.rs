//! Calls that are tried again until their time is over, on the clock of the test.

use aurora_testkit::command::{Answer, ClockServer, ReservedPort, Run, Waits};

use crate::harness::Machine;

#[test]
fn a_scheduler_that_stays_away_is_given_up_after_ten_minutes() {
    let machine = Machine::new();
    let port = ReservedPort::take();
    let url = format!("http://127.0.0.1:{}", port.port());
    machine.clusters(&format!(
        r#"[{{"name": "west", "scheduler_uri": "{url}"}}]"#
    ));
    let waits = Waits::default();
    let clock = ClockServer::start(waits.clone(), |_| Answer::Passed);
    let mut command = machine.command(&["job", "status", "west/tester/test/web"]);
    command
        .env("AURORA_TEST_CLOCK", clock.address.to_string())
        .env("AURORA_TEST_NOW", "1449000000");
    let run = Run::of(&mut command).ended_with(7).says(&url);
    assert_eq!(waits.take(), [5.0; 120], "{}", run.stderr);
}
