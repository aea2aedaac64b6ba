//! Whether a task fits the one host now, and the pending reasons if it does not.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use aurora_api::{TaskConfig, TaskConstraint};

use crate::model::{Amount, JobId, Task};

/// The name of the constraint that reserves hosts.
pub(crate) const DEDICATED: &str = "dedicated";

/// A reason why a task does not run yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Veto {
    Dedicated,
    Draining,
    Drained,
    Constraint(String),
    Limit(String),
    Cpu,
    Ram,
    Disk,
    Ports,
}

impl fmt::Display for Veto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dedicated => f.write_str("Host is dedicated"),
            Self::Draining => f.write_str("Host draining for maintenance"),
            Self::Drained => f.write_str("Host drained for maintenance"),
            Self::Constraint(name) => write!(f, "Constraint not satisfied: {name}"),
            Self::Limit(name) => write!(f, "Limit not satisfied: {name}"),
            Self::Cpu => f.write_str("Insufficient: CPU"),
            Self::Ram => f.write_str("Insufficient: RAM"),
            Self::Disk => f.write_str("Insufficient: disk"),
            Self::Ports => f.write_str("Insufficient: ports"),
        }
    }
}

/// Reasons as one text.
pub(crate) fn join(vetoes: &[Veto], separator: &str) -> String {
    let texts: Vec<String> = vetoes.iter().map(ToString::to_string).collect();
    texts.join(separator)
}

/// The one host: what it is and what is taken.
pub(crate) struct Host {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, BTreeSet<String>>,
    pub(crate) capacity: Amount,
    /// How many ports tasks can have together.
    pub(crate) ports: usize,
}

/// What the tasks on the host use together.
#[derive(Debug, Clone, Default)]
pub(crate) struct Usage {
    cpus: f64,
    ram_mb: i64,
    disk_mb: i64,
    ports: usize,
    /// Why the host takes no task at all.
    pub(crate) closed: Option<Veto>,
    tasks_of: BTreeMap<JobId, usize>,
}

impl Usage {
    /// What tasks in host-holding states use; the others do not count.
    pub(crate) fn of<'a>(tasks: impl Iterator<Item = &'a Task>) -> Self {
        let mut usage = Self::default();
        for task in tasks.filter(|task| task.state.is_assigned()) {
            usage.add(&task.job, &task.config);
        }
        usage
    }

    /// Counts one more task.
    pub(crate) fn add(&mut self, job: &JobId, config: &TaskConfig) {
        let (cpus, ram_mb, disk_mb, ports) = needs(config);
        self.cpus += cpus;
        self.ram_mb = self.ram_mb.saturating_add(ram_mb);
        self.disk_mb = self.disk_mb.saturating_add(disk_mb);
        self.ports = self.ports.saturating_add(ports);
        *self.tasks_of.entry(job.clone()).or_default() += 1;
    }
}

fn needs(config: &TaskConfig) -> (f64, i64, i64, usize) {
    (
        config.num_cpus.map_or(0.0, |cpus| cpus.0),
        config.ram_mb.unwrap_or(0),
        config.disk_mb.unwrap_or(0),
        config.requested_ports.as_ref().map_or(0, BTreeSet::len),
    )
}

impl Host {
    /// Why a task of this configuration cannot run next to the present ones; empty if it can. The first class of reasons
    /// that applies is the answer: dedication, maintenance, then the first failing constraint, then every lacking resource.
    pub(crate) fn vetoes(&self, job: &JobId, config: &TaskConfig, usage: &Usage) -> Vec<Veto> {
        let constraints = || config.constraints.iter().flatten();
        let asks_for_dedication =
            constraints().any(|constraint| constraint.name.as_deref() == Some(DEDICATED));
        if self.attributes.contains_key(DEDICATED) && !asks_for_dedication {
            return vec![Veto::Dedicated];
        }
        if let Some(closed) = &usage.closed {
            return vec![closed.clone()];
        }

        for constraint in constraints() {
            let name = constraint.name.clone().unwrap_or_default();
            if let Some(TaskConstraint::Value(value)) = &constraint.constraint {
                let wanted = value.values.as_ref();
                let meets = self
                    .values(&name)
                    .is_some_and(|values| wanted.is_some_and(|wanted| !values.is_disjoint(wanted)));
                if meets == value.negated.unwrap_or(false) {
                    return vec![Veto::Constraint(name)];
                }
            }
        }
        for constraint in constraints() {
            let name = constraint.name.clone().unwrap_or_default();
            if let Some(TaskConstraint::Limit(limit)) = &constraint.constraint {
                if self.values(&name).is_none() {
                    return vec![Veto::Constraint(name)];
                }
                // With one host, every value of its attribute is on this host only.
                let there = usage.tasks_of.get(job).copied().unwrap_or(0);
                let limit = usize::try_from(limit.limit.unwrap_or(0)).unwrap_or(0);
                if there >= limit {
                    return vec![Veto::Limit(name)];
                }
            }
        }

        let (cpus, ram_mb, disk_mb, ports) = needs(config);
        // Sums of fractions such as 0.1 must not push a task that fits exactly over the edge.
        const ROUNDING: f64 = 1e-9;
        let lacking = [
            (usage.cpus + cpus > self.capacity.cpus + ROUNDING, Veto::Cpu),
            (
                usage.ram_mb.saturating_add(ram_mb) > self.capacity.ram_mb,
                Veto::Ram,
            ),
            (
                usage.disk_mb.saturating_add(disk_mb) > self.capacity.disk_mb,
                Veto::Disk,
            ),
            (usage.ports.saturating_add(ports) > self.ports, Veto::Ports),
        ];
        lacking
            .into_iter()
            .filter_map(|(lacks, veto)| lacks.then_some(veto))
            .collect()
    }

    fn values(&self, attribute: &str) -> Option<&BTreeSet<String>> {
        self.attributes.get(attribute)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{TaskState, sample};
    use aurora_api::{Constraint, LimitConstraint, ValueConstraint};

    fn set(values: &[&str]) -> BTreeSet<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    fn host() -> Host {
        Host {
            name: "box".to_owned(),
            attributes: BTreeMap::from([
                ("host".to_owned(), set(&["box"])),
                ("zone".to_owned(), set(&["a", "b"])),
            ]),
            capacity: Amount {
                cpus: 2.0,
                ram_mb: 1000,
                disk_mb: 500,
            },
            ports: 3,
        }
    }

    fn job() -> JobId {
        sample("t", TaskState::Pending, &[]).job
    }

    fn config() -> TaskConfig {
        TaskConfig::clone(&sample("t", TaskState::Pending, &[]).config)
    }

    fn value(name: &str, negated: bool, values: &[&str]) -> Constraint {
        Constraint {
            name: Some(name.to_owned()),
            constraint: Some(TaskConstraint::Value(ValueConstraint {
                negated: Some(negated),
                values: Some(set(values)),
            })),
        }
    }

    fn limit(name: &str, limit: i32) -> Constraint {
        Constraint {
            name: Some(name.to_owned()),
            constraint: Some(TaskConstraint::Limit(LimitConstraint {
                limit: Some(limit),
            })),
        }
    }

    fn reasons(host: &Host, config: &TaskConfig, usage: &Usage) -> String {
        let vetoes = host.vetoes(&job(), config, usage);
        let texts: Vec<String> = vetoes.iter().map(ToString::to_string).collect();
        texts.join(",")
    }

    fn constrained(constraints: &[Constraint]) -> TaskConfig {
        TaskConfig {
            constraints: Some(constraints.iter().cloned().collect()),
            ..config()
        }
    }

    #[test]
    fn every_lacking_resource_is_named() {
        let huge = TaskConfig {
            num_cpus: Some(2.5.into()),
            ram_mb: Some(1001),
            disk_mb: Some(i64::MAX),
            requested_ports: Some(set(&["a", "b", "c", "d"])),
            ..config()
        };
        assert_eq!(
            reasons(&host(), &huge, &Usage::default()),
            "Insufficient: CPU,Insufficient: RAM,Insufficient: disk,Insufficient: ports"
        );
        assert_eq!(reasons(&host(), &config(), &Usage::default()), "");
    }

    #[test]
    fn tasks_on_the_host_take_their_share_and_waiting_ones_do_not() {
        let running = sample("r", TaskState::Running, &[]);
        let killing = sample("k", TaskState::Killing, &[]);
        let waiting = sample("p", TaskState::Pending, &[]);
        let over = sample("o", TaskState::Finished, &[]);
        let usage = Usage::of([&running, &waiting, &over].into_iter());
        assert_eq!(reasons(&host(), &config(), &usage), "");
        let usage = Usage::of([&running, &killing].into_iter());
        assert_eq!(reasons(&host(), &config(), &usage), "Insufficient: CPU");
    }

    #[test]
    fn tenths_add_up_to_a_full_host() {
        let mut usage = Usage::default();
        let small = TaskConfig {
            num_cpus: Some(0.1.into()),
            ram_mb: Some(1),
            disk_mb: Some(1),
            ..config()
        };
        for _ in 0..19 {
            usage.add(&job(), &small);
        }
        assert_eq!(reasons(&host(), &small, &usage), "");
        usage.add(&job(), &small);
        assert_eq!(reasons(&host(), &small, &usage), "Insufficient: CPU");
    }

    #[test]
    fn value_constraints_match_any_value() {
        let none = Usage::default();
        for (constraint, reason) in [
            (value("zone", false, &["b", "z"]), ""),
            (
                value("zone", false, &["z"]),
                "Constraint not satisfied: zone",
            ),
            (value("zone", true, &["z"]), ""),
            (
                value("zone", true, &["a"]),
                "Constraint not satisfied: zone",
            ),
            (
                value("rack", false, &["r"]),
                "Constraint not satisfied: rack",
            ),
            (value("rack", true, &["r"]), ""),
            (value("host", false, &["box"]), ""),
        ] {
            assert_eq!(reasons(&host(), &constrained(&[constraint]), &none), reason);
        }
    }

    #[test]
    fn limits_count_the_tasks_of_the_same_job() {
        let mine = sample("r", TaskState::Starting, &[]);
        let mut other = mine.clone();
        other.job.name = "other".to_owned();
        let usage = Usage::of([&other].into_iter());
        assert_eq!(
            reasons(&host(), &constrained(&[limit("host", 1)]), &usage),
            ""
        );
        let usage = Usage::of([&mine].into_iter());
        assert_eq!(
            reasons(&host(), &constrained(&[limit("host", 1)]), &usage),
            "Limit not satisfied: host"
        );
        assert_eq!(
            reasons(&host(), &constrained(&[limit("host", 2)]), &usage),
            ""
        );
        assert_eq!(
            reasons(&host(), &constrained(&[limit("rack", 2)]), &usage),
            "Constraint not satisfied: rack"
        );
        assert_eq!(
            reasons(
                &host(),
                &constrained(&[limit("host", -1)]),
                &Usage::default()
            ),
            "Limit not satisfied: host"
        );
    }

    #[test]
    fn a_value_constraint_is_named_before_a_limit() {
        let usage = Usage::of([&sample("r", TaskState::Running, &[])].into_iter());
        let both = constrained(&[limit("host", 1), value("zone", false, &["z"])]);
        assert_eq!(
            reasons(&host(), &both, &usage),
            "Constraint not satisfied: zone"
        );
    }

    #[test]
    fn a_dedicated_host_takes_only_those_who_ask() {
        let mut dedicated = host();
        dedicated
            .attributes
            .insert(DEDICATED.to_owned(), set(&["www/db"]));
        let none = Usage::default();
        assert_eq!(reasons(&dedicated, &config(), &none), "Host is dedicated");
        let asks = constrained(&[value(DEDICATED, false, &["www/db"])]);
        assert_eq!(reasons(&dedicated, &asks, &none), "");
        assert_eq!(
            reasons(&host(), &asks, &none),
            "Constraint not satisfied: dedicated"
        );
    }
}
