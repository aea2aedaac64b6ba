//! Taking the host out of service and back, as on a cluster with many.

use aurora_api::MaintenanceMode;

use crate::fit::Veto;
use crate::model::{Maintenance, TaskState};
use crate::state::Change;

/// Why no new task goes to a host in this mode. A host that is only scheduled for maintenance is avoided where there are
/// others; here there is none.
pub(crate) fn veto(mode: MaintenanceMode) -> Option<Veto> {
    match mode {
        MaintenanceMode::DRAINING => Some(Veto::Draining),
        MaintenanceMode::DRAINED => Some(Veto::Drained),
        _ => None,
    }
}

/// Puts the host into a mode.
pub(crate) fn set(change: &mut Change<'_>, host: &str, mode: MaintenanceMode) {
    let maintenance = Maintenance {
        host: host.to_owned(),
        mode,
    };
    change.tables.hosts.put(host.to_owned(), maintenance);
}

/// Moves every task away from the host.
pub(crate) fn drain(change: &mut Change<'_>, host: &str) {
    set(change, host, MaintenanceMode::DRAINING);
    for id in change.assigned_ids() {
        let message = "Draining machine for maintenance.";
        change.move_to(&id, TaskState::Draining, Some(message));
    }
}

/// A host that is being drained is drained when nothing is left on it.
pub(crate) fn settle(change: &mut Change<'_>) {
    let draining: Vec<String> = change
        .tables
        .hosts
        .iter()
        .filter(|(_, it)| it.mode == MaintenanceMode::DRAINING)
        .map(|(host, _)| host.clone())
        .collect();
    if !draining.is_empty() && change.assigned_ids().is_empty() {
        for host in draining {
            set(change, &host, MaintenanceMode::DRAINED);
        }
    }
}
