//! What a role may use and uses. Every role may use the whole machine for production.

use std::ops::AddAssign;

use aurora_api::{GetQuotaResult, ResourceAggregate, TaskConfig, TaskConstraint};

use super::Reply;
use crate::Capacity;
use crate::engine::Engine;
use crate::fit::DEDICATED;
use crate::task::Task;

#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Amount {
    cpus: f64,
    ram_mb: i64,
    disk_mb: i64,
}

impl Amount {
    fn of(config: &TaskConfig) -> Self {
        Self {
            cpus: config.num_cpus.map_or(0.0, |cpus| cpus.0),
            ram_mb: config.ram_mb.unwrap_or(0),
            disk_mb: config.disk_mb.unwrap_or(0),
        }
    }

    fn times(self, count: i32) -> Self {
        Self {
            cpus: self.cpus * f64::from(count),
            ram_mb: self.ram_mb.saturating_mul(i64::from(count)),
            disk_mb: self.disk_mb.saturating_mul(i64::from(count)),
        }
    }

    fn to_wire(self) -> ResourceAggregate {
        ResourceAggregate {
            num_cpus: Some(self.cpus.into()),
            ram_mb: Some(self.ram_mb),
            disk_mb: Some(self.disk_mb),
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

fn quota(capacity: Capacity) -> Amount {
    Amount {
        cpus: capacity.cpus,
        ram_mb: capacity.ram_mb,
        disk_mb: capacity.disk_mb,
    }
}

fn is_production(config: &TaskConfig) -> bool {
    config.production.unwrap_or(false)
}

fn is_dedicated(config: &TaskConfig) -> bool {
    config.constraints.iter().flatten().any(|constraint| {
        constraint.name.as_deref() == Some(DEDICATED)
            && matches!(constraint.constraint, Some(TaskConstraint::Value(_)))
    })
}

fn consumption(engine: &Engine, role: &str, wanted: impl Fn(&TaskConfig) -> bool) -> Amount {
    let counts =
        |task: &&Task| task.job.role == role && task.state.is_active() && wanted(&task.config);
    let mut total = Amount::default();
    for task in engine.tasks().filter(counts) {
        total += Amount::of(&task.config);
    }
    total
}

/// Refuses production tasks that the role has no quota for.
pub(super) fn check(
    engine: &Engine,
    role: &str,
    config: &TaskConfig,
    count: i32,
) -> Result<(), Reply> {
    if !is_production(config) || is_dedicated(config) {
        return Ok(());
    }
    let mut total = consumption(engine, role, |it| is_production(it) && !is_dedicated(it));
    total += Amount::of(config).times(count);
    let quota = quota(engine.host().capacity);
    let excess_cpus = total.cpus - quota.cpus;
    let mut exceeded = Vec::new();
    if excess_cpus > 1e-9 {
        exceeded.push(format!("CPU quota exceeded by {excess_cpus:.2} core(s)"));
    }
    for (name, used, allowed) in [
        ("RAM", total.ram_mb, quota.ram_mb),
        ("DISK", total.disk_mb, quota.disk_mb),
    ] {
        let excess = used.saturating_sub(allowed);
        if excess > 0 {
            exceeded.push(format!("{name} quota exceeded by {excess}.00 MB"));
        }
    }
    if exceeded.is_empty() {
        return Ok(());
    }
    Err(Reply::invalid(format!(
        "Insufficient resource quota: {}",
        exceeded.join("; ")
    )))
}

/// Answers `getQuota`.
pub(crate) fn get_quota(engine: &Engine, role: Option<&str>) -> Reply {
    let Some(role) = role.filter(|role| !role.trim().is_empty()) else {
        return Reply::error("the role must not be blank");
    };
    let use_of = |production, dedicated| {
        let wanted = |config: &TaskConfig| {
            is_production(config) == production && is_dedicated(config) == dedicated
        };
        Some(consumption(engine, role, wanted).to_wire())
    };
    Reply::ok_with(aurora_api::Result::GetQuotaResult(GetQuotaResult {
        quota: Some(quota(engine.host().capacity).to_wire()),
        prod_shared_consumption: use_of(true, false),
        non_prod_shared_consumption: use_of(false, false),
        prod_dedicated_consumption: use_of(true, true),
        non_prod_dedicated_consumption: use_of(false, true),
    }))
}
