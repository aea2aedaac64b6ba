//! What a role may use and uses. A role without a quota of its own may use the whole machine for production.

use std::collections::{BTreeMap, BTreeSet};

use aurora_api::calls::SetQuota;
use aurora_api::{GetQuotaResult, TaskConfig, TaskConstraint};

use super::reply::Reply;
use crate::engine::Engine;
use crate::fit::DEDICATED;
use crate::model::{Amount, Group, JobId, Task, Update};

fn quota(engine: &Engine, role: &str) -> Amount {
    let stored = engine.state().quotas.get(role).copied();
    stored.unwrap_or_else(|| engine.host().capacity)
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

/// What the quota limits: production outside of dedicated hosts.
fn is_limited(config: &TaskConfig) -> bool {
    is_production(config) && !is_dedicated(config)
}

/// What the role uses of one kind: its tasks, and for those in an update whatever is more, before or after it; of cron
/// jobs whatever is more, a run or what runs now.
fn consumption(engine: &Engine, role: &str, wanted: impl Fn(&TaskConfig) -> bool) -> Amount {
    consumption_with(engine, role, None, wanted)
}

fn consumption_with(
    engine: &Engine,
    role: &str,
    new: Option<&Update>,
    wanted: impl Fn(&TaskConfig) -> bool,
) -> Amount {
    let state = engine.state();
    let rollouts = state.rollouts.values();
    let updates: Vec<&Update> = rollouts
        .filter_map(|rollout| state.updates.get(rollout.id()))
        .chain(new)
        .filter(|update| update.id.job.role == role)
        .collect();
    let covered: BTreeMap<&JobId, BTreeSet<i32>> = updates
        .iter()
        .map(|update| (&update.id.job, update.scope()))
        .collect();
    let is_covered = |task: &Task| {
        let scope = covered.get(&task.job);
        scope.is_some_and(|scope| scope.contains(&task.instance))
    };
    let mut total = Amount::default();
    let mut of_crons: BTreeMap<&JobId, Amount> = BTreeMap::new();
    for task in engine.tasks() {
        let counts = task.job.role == role && task.state.is_active() && wanted(&task.config);
        if !counts {
            continue;
        }
        if state.crons.contains_key(&task.job) {
            *of_crons.entry(&task.job).or_default() += Amount::of(&task.config);
        } else if !is_covered(task) {
            total += Amount::of(&task.config);
        }
    }
    for (job, cron) in state.crons.iter().filter(|(job, _)| job.role == role) {
        let running = of_crons.get(job).copied().unwrap_or_default();
        let planned = if wanted(&cron.config) {
            Amount::of(&cron.config).times(cron.instances)
        } else {
            Amount::default()
        };
        total += planned.max(running);
    }
    for update in updates {
        let sum = |groups: &[Group]| {
            let mut sum = Amount::default();
            for group in groups.iter().filter(|group| wanted(&group.config)) {
                let count = i32::try_from(group.instances.len()).unwrap_or(i32::MAX);
                sum += Amount::of(&group.config).times(count);
            }
            sum
        };
        total += sum(&update.initial).max(sum(update.desired.as_slice()));
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
    if !is_limited(config) {
        return Ok(());
    }
    let mut total = limited_consumption(engine, role);
    total += Amount::of(config).times(count);
    fit(total, quota(engine, role))
}

/// Refuses an update to production tasks that the role has no quota for.
pub(super) fn check_update(engine: &Engine, update: &Update) -> Result<(), Reply> {
    let desired = update.desired.as_ref();
    if desired.is_none_or(|group| !is_limited(&group.config)) {
        return Ok(());
    }
    let role = &update.id.job.role;
    let total = consumption_with(engine, role, Some(update), is_limited);
    fit(total, quota(engine, role))
}

/// Refuses a cron job of production tasks that the role has no quota for. Dedicated ones count too.
pub(super) fn check_cron(
    engine: &Engine,
    job: &JobId,
    config: &TaskConfig,
    count: i32,
) -> Result<(), Reply> {
    if !is_production(config) {
        return Ok(());
    }
    let mut total = limited_consumption(engine, &job.role);
    total += Amount::of(config).times(count);
    let old = engine.state().crons.get(job);
    if let Some(old) = old.filter(|old| is_limited(&old.config)) {
        total += Amount::of(&old.config).times(old.instances.saturating_neg());
    }
    fit(total, quota(engine, &job.role))
}

fn limited_consumption(engine: &Engine, role: &str) -> Amount {
    consumption(engine, role, is_limited)
}

fn fit(total: Amount, quota: Amount) -> Result<(), Reply> {
    let exceeded = total.excess(quota);
    if exceeded.is_empty() {
        return Ok(());
    }
    Err(Reply::invalid(format!(
        "Insufficient resource quota: {}",
        exceeded.join("; ")
    )))
}

/// Replies to `getQuota`.
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
        quota: Some(quota(engine, role).to_wire()),
        prod_shared_consumption: use_of(true, false),
        non_prod_shared_consumption: use_of(false, false),
        prod_dedicated_consumption: use_of(true, true),
        non_prod_dedicated_consumption: use_of(false, true),
    }))
}

/// Replies to `setQuota`.
pub(crate) fn set_quota(engine: &mut Engine, now: i64, call: &SetQuota) -> Result<Reply, Reply> {
    let role = call.owner_role.as_deref().unwrap_or_default().to_owned();
    if role.trim().is_empty() {
        return Err(Reply::error("the role must not be blank"));
    }
    let Some(wire) = &call.quota else {
        return Err(Reply::error("the call has no quota"));
    };
    let quota = Amount::from_wire(wire);
    // Not a number is refused as well.
    if !(quota.cpus >= 0.0 && quota.cpus.is_finite()) || quota.ram_mb < 0 || quota.disk_mb < 0 {
        return Err(Reply::invalid("a quota cannot be negative"));
    }
    let exceeded = limited_consumption(engine, &role).excess(quota);
    if !exceeded.is_empty() {
        return Err(Reply::invalid(format!(
            "role {role} uses more than that already: {}",
            exceeded.join("; ")
        )));
    }
    engine.change(now, |change| change.tables.quotas.put(role, quota))?;
    Ok(Reply::ok())
}
