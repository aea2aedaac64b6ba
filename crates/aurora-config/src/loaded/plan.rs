//! The order of processes: which run before which, and whether that can be.

use std::collections::{BTreeMap, BTreeSet};

use super::{elements, task::flag, text};
use pystachio::{Error as ObjectError, Object};
use python27::nearest;

struct Process {
    daemon: bool,
    ephemeral: bool,
}

/// The ordinary or the final processes of a task, and the constraints between them.
pub(super) struct Plan {
    processes: BTreeMap<String, Process>,
    /// The names of those that are in the other plan.
    others: BTreeSet<String>,
    constraints: Vec<Vec<String>>,
}

/// Why an order of processes cannot be kept.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) message: String,
    /// The constraint to blame, if it is a single one.
    pub(super) constraint: Option<usize>,
    pub(super) hint: Option<String>,
}

impl Plan {
    /// The plan of the final processes, or of the others.
    pub(super) fn of(task: &Object, of_final: bool) -> Result<Self, ObjectError> {
        let mut processes = BTreeMap::new();
        let mut others = BTreeSet::new();
        for process in elements(task, "processes")? {
            let name = text(&process, "name")?.unwrap_or_default();
            if flag(&process, "final")? == of_final {
                let flags = Process {
                    daemon: flag(&process, "daemon")?,
                    ephemeral: flag(&process, "ephemeral")?,
                };
                processes.insert(name, flags);
            } else {
                others.insert(name);
            }
        }
        let mut constraints = Vec::new();
        for constraint in elements(task, "constraints")? {
            let names = elements(&constraint, "order")?;
            constraints.push(names.iter().map(Object::text).collect::<Result<_, _>>()?);
        }
        Ok(Self {
            processes,
            others,
            constraints,
        })
    }

    /// Everything that is wrong with the plan.
    pub(super) fn mistakes(&self) -> Vec<Mistake> {
        let mut mistakes = Vec::new();
        let mut after: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for (position, order) in self.constraints.iter().enumerate() {
            let known = order
                .iter()
                .filter(|n| self.processes.contains_key(*n))
                .count();
            // A constraint must be about these processes altogether or not at all, and not empty.
            if order.is_empty() || (known > 0 && known < order.len()) {
                mistakes.push(Mistake {
                    message: "Invalid process dependencies!".to_owned(),
                    constraint: Some(position),
                    hint: Some(self.misfit(order)),
                });
                continue;
            }
            if known == 0 {
                continue;
            }
            for (first, second) in order.iter().zip(order.iter().skip(1)) {
                if let Err(message) = self.check_pair(first, second) {
                    mistakes.push(Mistake {
                        message,
                        constraint: Some(position),
                        hint: None,
                    });
                }
                after.entry(first).or_default().insert(second);
            }
        }
        if let Some(cycle) = cycle(&after) {
            mistakes.push(Mistake {
                message: "Cycles detected in the task schedule!".to_owned(),
                constraint: None,
                hint: Some(format!(
                    "each waits for the one before: {}",
                    cycle.join(" -> ")
                )),
            });
        }
        mistakes
    }

    /// Why an order is not about the processes of one plan.
    fn misfit(&self, order: &[String]) -> String {
        let unknown = |name: &&String| !self.processes.contains_key(*name);
        match order.iter().find(unknown) {
            None => "an order without processes says nothing: leave it out".to_owned(),
            Some(name) if self.others.contains(name) => {
                format!("final processes run after all others: take `{name}` out of the order")
            }
            Some(name) => {
                let known = self.processes.keys().chain(&self.others);
                match nearest(name, known.map(String::as_str)) {
                    Some(near) => format!("no process is named `{name}`: did you mean `{near}`?"),
                    None => format!("no process is named `{name}`"),
                }
            }
        }
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

/// Takes away, as long as there is one, a process that none is left before. Of those that stay,
/// some wait for each other: the first such circle, its beginning also at its end.
fn cycle<'n>(after: &BTreeMap<&'n str, BTreeSet<&'n str>>) -> Option<Vec<&'n str>> {
    let mut before: BTreeMap<&str, usize> = BTreeMap::new();
    for (first, seconds) in after {
        before.entry(first).or_default();
        for second in seconds {
            *before.entry(second).or_default() += 1;
        }
    }
    let free = before.iter().filter(|(_, count)| **count == 0);
    let mut free: Vec<&str> = free.map(|(name, _)| *name).collect();
    while let Some(name) = free.pop() {
        before.remove(name);
        for second in after.get(name).into_iter().flatten() {
            if let Some(count) = before.get_mut(second) {
                *count -= 1;
                if *count == 0 {
                    free.push(second);
                }
            }
        }
    }
    // Each that is left has one before it: following them backwards leads into a circle.
    let mut way: Vec<&str> = vec![before.keys().next()?];
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    loop {
        let at = *way.last()?;
        if let Some(start) = seen.insert(at, way.len() - 1) {
            let mut circle = way.split_off(start);
            circle.reverse();
            return Some(circle);
        }
        let earlier = before.keys().find(|name| {
            after
                .get(**name)
                .is_some_and(|seconds| seconds.contains(at))
        });
        way.push(earlier?);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(processes: &[(&str, bool, bool)], constraints: &[&[&str]]) -> Vec<Mistake> {
        let process = |(name, daemon, ephemeral): &(&str, bool, bool)| {
            let (daemon, ephemeral) = (*daemon, *ephemeral);
            ((*name).to_owned(), Process { daemon, ephemeral })
        };
        let order = |names: &&[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Plan {
            processes: processes.iter().map(process).collect(),
            others: BTreeSet::from(["last".to_owned()]),
            constraints: constraints.iter().map(order).collect(),
        }
        .mistakes()
    }

    fn plan(processes: &[(&str, bool, bool)], constraints: &[&[&str]]) -> Result<(), String> {
        let first = mistakes(processes, constraints).into_iter().next();
        first.map_or(Ok(()), |mistake| Err(mistake.message))
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
    fn a_circle_is_shown_as_one() {
        let shown = |constraints: &[&[&str]]| {
            let found = mistakes(&THREE, constraints);
            found.into_iter().next().and_then(|mistake| mistake.hint)
        };
        let hint = |way: &str| Some(format!("each waits for the one before: {way}"));
        assert_eq!(shown(&[&["a", "b", "c"], &["c", "b"]]), hint("b -> c -> b"));
        assert_eq!(shown(&[&["b", "b"]]), hint("b -> b"));
        assert_eq!(
            shown(&[&["a", "b"], &["b", "c"], &["c", "a"]]),
            hint("a -> b -> c -> a")
        );
    }

    #[test]
    fn all_mistakes_are_found_and_explained() {
        let orders: [&[&str]; 4] = [&["a", "bb"], &[], &["a", "last"], &["c", "c"]];
        let found = mistakes(&THREE, &orders);
        let shown: Vec<_> = found
            .iter()
            .map(|mistake| {
                (
                    mistake.constraint,
                    mistake.hint.as_deref().unwrap_or_default(),
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                (Some(0), "no process is named `bb`: did you mean `b`?"),
                (
                    Some(1),
                    "an order without processes says nothing: leave it out"
                ),
                (
                    Some(2),
                    "final processes run after all others: take `last` out of the order"
                ),
                (None, "each waits for the one before: c -> c"),
            ]
        );
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
