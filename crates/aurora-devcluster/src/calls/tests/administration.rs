//! What those who run a cluster can do with this one.

use aurora_api::calls::ForceTaskState;
use aurora_api::{Hosts, MaintenanceMode, ScheduleStatus};

use super::super::admin;
use super::*;
use crate::fit::join;

fn force(bench: &mut Bench, id: &str, status: ScheduleStatus) -> Reply {
    let call = ForceTaskState {
        task_id: text(id),
        status: Some(status),
    };
    merge(admin::force_task_state(&mut bench.engine, 3000, &call))
}

fn hosts(name: &str) -> Hosts {
    Hosts {
        host_names: Some(BTreeSet::from([name.to_owned()])),
    }
}

#[test]
fn states_are_forced_as_far_as_they_are_legal() {
    let mut bench = Bench::new();
    create(&mut bench, &job(1));
    let id = bench.engine.tasks().next().unwrap().id.clone();
    assert_eq!(
        force(&mut bench, &id, ScheduleStatus::ASSIGNED).code,
        ResponseCode::INVALID_REQUEST
    );
    assert_eq!(
        message_of(&force(&mut bench, &id, ScheduleStatus::RUNNING)),
        "Nothing changed: a task cannot go from PENDING to RUNNING"
    );
    bench.live(2000);
    bench.orders();
    assert_eq!(force(&mut bench, &id, ScheduleStatus::FAILED), Reply::ok());
    assert_eq!(bench.states(), ["FAILED"]);
    assert_eq!(bench.orders(), [crate::state::Order::Kill(id.clone())]);
    let last = bench.engine.task(&id).unwrap().events.last().unwrap();
    assert_eq!(last.message, text("Transition forced by UNSECURE"));
    let unknown = force(&mut bench, "unknown", ScheduleStatus::LOST);
    assert_eq!(unknown.code, ResponseCode::INVALID_REQUEST);
    assert_eq!(
        force(&mut bench, &id, ScheduleStatus(99)).code,
        ResponseCode::ERROR
    );
}

#[test]
fn a_drained_host_takes_nothing_until_maintenance_ends() {
    let mut bench = Bench::new();
    create(&mut bench, &job(2));
    bench.live(2000);
    let none = admin::start_maintenance(&mut bench.engine, 2000, Some(&hosts("elsewhere")));
    let none = none.unwrap();
    let Some(aurora_api::Result::StartMaintenanceResult(result)) = none.result.as_deref() else {
        panic!("{none:?}");
    };
    assert_eq!(result.statuses, Some(BTreeSet::new()));
    assert!(bench.engine.state().hosts.is_empty());

    admin::start_maintenance(&mut bench.engine, 2100, Some(&hosts("box"))).unwrap();
    assert_eq!(bench.engine.mode(), MaintenanceMode::SCHEDULED);
    admin::drain_hosts(&mut bench.engine, 2200, Some(&hosts("box"))).unwrap();
    assert_eq!(bench.engine.mode(), MaintenanceMode::DRAINING);
    assert_eq!(bench.states(), ["DRAINING"; 2]);
    bench.live(2300);
    assert_eq!(bench.engine.mode(), MaintenanceMode::DRAINED);
    assert_eq!(bench.states(), ["KILLED", "PENDING", "KILLED", "PENDING"]);
    let vetoes = bench.engine.pending().into_values().next().unwrap();
    assert_eq!(join(&vetoes, ","), "Host drained for maintenance");

    let mut bench = bench.reopen();
    assert_eq!(bench.engine.mode(), MaintenanceMode::DRAINED);
    admin::end_maintenance(&mut bench.engine, 3000, Some(&hosts("box"))).unwrap();
    let reply = admin::maintenance_status(&bench.engine, Some(&hosts("box"))).unwrap();
    let Some(aurora_api::Result::MaintenanceStatusResult(result)) = reply.result.as_deref() else {
        panic!("{reply:?}");
    };
    let status = result.statuses.iter().flatten().next().unwrap();
    assert_eq!(status.mode, Some(MaintenanceMode::NONE));
    bench.live(3000);
    assert_eq!(bench.states(), ["KILLED", "RUNNING", "KILLED", "RUNNING"]);
}

#[test]
fn a_snapshot_loses_nothing() {
    let mut bench = Bench::new();
    create(&mut bench, &job(2));
    assert_eq!(admin::snapshot(&mut bench.engine), Ok(Reply::ok()));
    bench.live(2000);
    let bench = bench.reopen();
    assert_eq!(bench.states(), ["RUNNING"; 2]);
}
