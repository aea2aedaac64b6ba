//! Amounts of a machine: what tasks need together, and what a role may have.

use std::ops::AddAssign;

use aurora_api::{ResourceAggregate, TaskConfig};
use aurora_thermos::Bytes;

use super::record::Record;
use crate::Capacity;

/// Cores, memory in MiB and disk in MiB.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Amount {
    pub(crate) cpus: f64,
    pub(crate) ram_mb: i64,
    pub(crate) disk_mb: i64,
}

impl Amount {
    /// What one task asks for.
    pub(crate) fn of(config: &TaskConfig) -> Self {
        Self {
            cpus: config.num_cpus.map_or(0.0, |cpus| cpus.0),
            ram_mb: config.ram_mb.unwrap_or(0),
            disk_mb: config.disk_mb.unwrap_or(0),
        }
    }

    /// What `count` tasks ask for together.
    pub(crate) fn times(self, count: i32) -> Self {
        Self {
            cpus: self.cpus * f64::from(count),
            ram_mb: self.ram_mb.saturating_mul(i64::from(count)),
            disk_mb: self.disk_mb.saturating_mul(i64::from(count)),
        }
    }

    /// The larger of both, each resource by itself.
    pub(crate) fn max(self, other: Self) -> Self {
        Self {
            cpus: self.cpus.max(other.cpus),
            ram_mb: self.ram_mb.max(other.ram_mb),
            disk_mb: self.disk_mb.max(other.disk_mb),
        }
    }

    /// What goes beyond `quota`, as people read it; empty if nothing does.
    pub(crate) fn excess(self, quota: Self) -> Vec<String> {
        let mut exceeded = Vec::new();
        let cpus = self.cpus - quota.cpus;
        if cpus > 1e-9 {
            exceeded.push(format!("CPU quota exceeded by {cpus:.2} core(s)"));
        }
        for (name, used, allowed) in [
            ("RAM", self.ram_mb, quota.ram_mb),
            ("DISK", self.disk_mb, quota.disk_mb),
        ] {
            let excess = used.saturating_sub(allowed);
            if excess > 0 {
                exceeded.push(format!("{name} quota exceeded by {excess}.00 MB"));
            }
        }
        exceeded
    }

    pub(crate) fn to_wire(self) -> ResourceAggregate {
        ResourceAggregate {
            num_cpus: Some(self.cpus.into()),
            ram_mb: Some(self.ram_mb),
            disk_mb: Some(self.disk_mb),
        }
    }

    pub(crate) fn from_wire(wire: &ResourceAggregate) -> Self {
        Self {
            cpus: wire.num_cpus.map_or(0.0, |cpus| cpus.0),
            ram_mb: wire.ram_mb.unwrap_or(0),
            disk_mb: wire.disk_mb.unwrap_or(0),
        }
    }
}

impl Record for Amount {
    type Wire = ResourceAggregate;

    fn to_wire(&self) -> ResourceAggregate {
        Amount::to_wire(*self)
    }

    fn from_wire(wire: ResourceAggregate) -> Result<Self, &'static str> {
        Ok(Self::from_wire(&wire))
    }
}

/// The number of whole MiB, as the scheduler counts.
fn mebibytes(bytes: Bytes) -> i64 {
    i64::try_from(bytes.as_mebibytes()).unwrap_or(i64::MAX)
}

impl From<Capacity> for Amount {
    fn from(capacity: Capacity) -> Self {
        Self {
            cpus: capacity.cpus,
            ram_mb: mebibytes(capacity.ram),
            disk_mb: mebibytes(capacity.disk),
        }
    }
}

impl AddAssign for Amount {
    fn add_assign(&mut self, other: Self) {
        self.cpus += other.cpus;
        self.ram_mb = self.ram_mb.saturating_add(other.ram_mb);
        self.disk_mb = self.disk_mb.saturating_add(other.disk_mb);
    }
}
