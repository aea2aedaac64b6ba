//! The host out of service, and in how far.

use aurora_api::{HostStatus, MaintenanceMode};

use super::record::Record;

/// The mode of a host that is or was in maintenance. Others are in none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Maintenance {
    pub(crate) host: String,
    pub(crate) mode: MaintenanceMode,
}

impl Record for Maintenance {
    type Wire = HostStatus;

    fn to_wire(&self) -> HostStatus {
        HostStatus {
            host: Some(self.host.clone()),
            mode: Some(self.mode),
        }
    }

    fn from_wire(wire: HostStatus) -> Result<Self, &'static str> {
        Ok(Self {
            host: wire.host.ok_or("no host")?,
            mode: wire.mode.ok_or("no mode")?,
        })
    }
}
