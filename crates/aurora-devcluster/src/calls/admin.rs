//! The calls of those who run a cluster, as far as they mean something on one machine.

use std::collections::BTreeSet;

use aurora_api::calls::ForceTaskState;
use aurora_api::{
    DrainHostsResult, EndMaintenanceResult, HostStatus, Hosts, MaintenanceMode,
    MaintenanceStatusResult, StartMaintenanceResult,
};

use super::reply::{CALLER, Outcome, Reply};
use crate::engine::Engine;
use crate::maintenance;
use crate::model::TaskState;

/// Replies to `forceTaskState`. A move that the state machine refuses gets the reply OK and a message.
pub(crate) fn force_task_state(engine: &mut Engine, now: i64, call: &ForceTaskState) -> Outcome {
    let id = call.task_id.clone().unwrap_or_default();
    if id.trim().is_empty() {
        return Err(Reply::error("the task id must not be blank"));
    }
    let Some(state) = call.status.and_then(TaskState::from_wire) else {
        return Err(Reply::error("the call names no state of a task"));
    };
    let Some(before) = engine.task(&id).map(|task| task.state) else {
        return Err(Reply::invalid(format!("task `{id}` does not exist")));
    };
    if state == TaskState::Assigned {
        return Err(Reply::invalid(
            "ASSIGNED cannot be forced: a task gets its host and its ports from the scheduler",
        ));
    }
    let message = format!("Transition forced by {CALLER}");
    let moved = engine.change(now, |change| {
        let moved = change.move_to(&id, state, Some(&message));
        if moved && state.is_terminal() {
            // The scheduler counts it as over, so nothing of it may go on.
            change.end(&id);
        }
        moved
    })?;
    if moved {
        return Ok(Reply::ok());
    }
    Ok(Reply::ok_saying(format!(
        "Nothing changed: a task cannot go from {} to {}",
        before.name(),
        state.name()
    )))
}

/// Replies to `snapshot`: the storage is compacted.
pub(crate) fn snapshot(engine: &mut Engine) -> Outcome {
    engine.compact()?;
    Ok(Reply::ok())
}

/// Replies to `startMaintenance`.
pub(crate) fn start_maintenance(engine: &mut Engine, now: i64, hosts: Option<&Hosts>) -> Outcome {
    if let Some(host) = known(engine, hosts)? {
        engine.change(now, |change| {
            maintenance::set(change, &host, MaintenanceMode::SCHEDULED);
        })?;
    }
    let statuses = statuses(engine, hosts)?;
    Ok(Reply::ok_with(aurora_api::Result::StartMaintenanceResult(
        StartMaintenanceResult {
            statuses: Some(statuses),
        },
    )))
}

/// Replies to `drainHosts`.
pub(crate) fn drain_hosts(engine: &mut Engine, now: i64, hosts: Option<&Hosts>) -> Outcome {
    if let Some(host) = known(engine, hosts)? {
        engine.change(now, |change| maintenance::drain(change, &host))?;
    }
    let statuses = statuses(engine, hosts)?;
    Ok(Reply::ok_with(aurora_api::Result::DrainHostsResult(
        DrainHostsResult {
            statuses: Some(statuses),
        },
    )))
}

/// Replies to `endMaintenance`.
pub(crate) fn end_maintenance(engine: &mut Engine, now: i64, hosts: Option<&Hosts>) -> Outcome {
    if let Some(host) = known(engine, hosts)? {
        engine.change(now, |change| {
            maintenance::set(change, &host, MaintenanceMode::NONE);
        })?;
    }
    let statuses = statuses(engine, hosts)?;
    Ok(Reply::ok_with(aurora_api::Result::EndMaintenanceResult(
        EndMaintenanceResult {
            statuses: Some(statuses),
        },
    )))
}

/// Replies to `maintenanceStatus`.
pub(crate) fn maintenance_status(engine: &Engine, hosts: Option<&Hosts>) -> Outcome {
    let statuses = statuses(engine, hosts)?;
    Ok(Reply::ok_with(aurora_api::Result::MaintenanceStatusResult(
        MaintenanceStatusResult {
            statuses: Some(statuses),
        },
    )))
}

/// The one host, if it is among those that the call names. Hosts that are not known are left out.
fn known(engine: &Engine, hosts: Option<&Hosts>) -> Result<Option<String>, Reply> {
    let names = hosts
        .and_then(|hosts| hosts.host_names.as_ref())
        .filter(|names| !names.is_empty())
        .ok_or_else(|| Reply::error("the call names no hosts"))?;
    let host = &engine.host().name;
    Ok(names.contains(host).then(|| host.clone()))
}

fn statuses(engine: &Engine, hosts: Option<&Hosts>) -> Result<BTreeSet<HostStatus>, Reply> {
    let status = |host: String| HostStatus {
        host: Some(host),
        mode: Some(engine.mode()),
    };
    Ok(known(engine, hosts)?.map(status).into_iter().collect())
}
