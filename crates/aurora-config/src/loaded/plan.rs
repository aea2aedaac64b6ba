//! The order of processes: which run before which, and whether that can be.

use std::collections::{BTreeMap, BTreeSet};

use super::{elements, task::flag, text};
use crate::value::{Object, Problem};

struct Process {
    daemon: bool,
    ephemeral: bool,
}

/// The ordinary or the final processes of a task, and the constraints between them.
pub(super) struct Plan {
    processes: BTreeMap<String, Process>,
    constraints: Vec<Vec<String>>,
}

impl Plan {
    /// The plan of the final processes, or of the others.
    pub(super) fn of(task: &Object, of_final: bool) -> Result<Self, Box<Problem>> {
        let mut processes = BTreeMap::new();
        for process in elements(task, "processes")? {
            if flag(&process, "final")? == of_final {
                let name = text(&process, "name")?.unwrap_or_default();
                let flags = Process {
                    daemon: flag(&process, "daemon")?,
                    ephemeral: flag(&process, "ephemeral")?,
                };
                processes.insert(name, flags);
            }
        }
        let mut constraints = Vec::new();
        for constraint in elements(task, "constraints")? {
            let names = elements(&constraint, "order")?;
            constraints.push(names.iter().map(Object::text).collect::<Result<_, _>>()?);
        }
        Ok(Self {
            processes,
            constraints,
        })
    }

    /// What is wrong with the plan.
    pub(super) fn check(&self) -> Result<(), String> {
        let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for order in &self.constraints {
            let known = order
                .iter()
                .filter(|n| self.processes.contains_key(*n))
                .count();
            // A constraint must be about these processes altogether or not at all, and not empty.
            if order.is_empty() || (known > 0 && known < order.len()) {
                return Err("Invalid process dependencies!".to_owned());
            }
            if known == 0 {
                continue;
            }
            for (first, second) in order.iter().zip(order.iter().skip(1)) {
                self.check_pair(first, second)?;
                after.entry(first).or_default().insert(second);
            }
        }
        if is_cyclic(&after) {
            return Err("Cycles detected in the task schedule!".to_owned());
        }
        Ok(())
    }

    fn check_pair(&self, first: &str, second: &str) -> Result<(), String> {
        let (Some(before), Some(process)) = (self.processes.get(first), self.processes.get(second))
        else {
            return Ok(());
        };
        if before.daemon {
            return Err(format!(
                "Process {second} may not depend upon daemon process {first}"
            ));
        }
        if before.ephemeral && !process.ephemeral {
            return Err(format!(
                "Non-ephemeral process {second} may not depend upon ephemeral process {first}"
            ));
        }
        Ok(())
    }
}

/// Takes away, as long as there is one, a process that none is left before.
fn is_cyclic(after: &BTreeMap<&str, BTreeSet<&str>>) -> bool {
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    for (first, seconds) in after {
        before.entry(first).or_default();
        for second in seconds {
            *before.entry(second).or_default() += 1;
        }
    }
    let free = before.iter().filter(|(_, count)| **count == 0);
    let mut free: Vec<&str> = free.map(|(name, _)| *name).collect();
    let mut taken = 0;
    while let Some(name) = free.pop() {
        taken += 1;
        for second in after.get(name).into_iter().flatten() {
            if let Some(count) = before.get_mut(second) {
                *count -= 1;
                if *count == 0 {
                    free.push(second);
                }
            }
        }
    }
    taken < before.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(processes: &[(&str, bool, bool)], constraints: &[&[&str]]) -> Result<(), String> {
        let process = |(name, daemon, ephemeral): &(&str, bool, bool)| {
            let (daemon, ephemeral) = (*daemon, *ephemeral);
            ((*name).to_owned(), Process { daemon, ephemeral })
        };
        let order = |names: &&[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Plan {
            processes: processes.iter().map(process).collect(),
            constraints: constraints.iter().map(order).collect(),
        }
        .check()
    }

    const THREE: [(&str, bool, bool); 3] = [
        ("a", false, false),
        ("b", false, false),
        ("c", false, false),
    ];

    #[test]
    fn orders_may_overlap_and_repeat() {
        assert_eq!(
            plan(
                &THREE,
                &[&["a", "b", "c"], &["a", "c"], &["a", "b"], &["c"]]
            ),
            Ok(())
        );
    }

    #[test]
    fn circles_are_found() {
        let cycle = Err("Cycles detected in the task schedule!".to_owned());
        assert_eq!(plan(&THREE, &[&["a", "b", "c"], &["c", "a"]]), cycle);
        assert_eq!(plan(&THREE, &[&["a", "a"]]), cycle);
    }

    #[test]
    fn constraints_are_about_known_processes() {
        let invalid = Err("Invalid process dependencies!".to_owned());
        assert_eq!(plan(&THREE, &[&["a", "x"]]), invalid);
        assert_eq!(plan(&THREE, &[&[]]), invalid);
        assert_eq!(
            plan(&THREE, &[&["x", "y"]]),
            Ok(()),
            "those of the other plan"
        );
    }

    #[test]
    fn nothing_waits_for_what_does_not_end_or_count() {
        let daemon = [("a", true, false), ("b", false, false)];
        let error = plan(&daemon, &[&["a", "b"]]).unwrap_err();
        assert_eq!(error, "Process b may not depend upon daemon process a");
        let ephemeral = [("a", false, true), ("b", false, false), ("c", false, true)];
        let error = plan(&ephemeral, &[&["a", "b"]]).unwrap_err();
        assert_eq!(
            error,
            "Non-ephemeral process b may not depend upon ephemeral process a"
        );
        assert_eq!(plan(&ephemeral, &[&["a", "c"], &["b", "c"]]), Ok(()));
    }
}
