//! The schedule of a task: a state machine without I/O, over names and a clock that the caller reads.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use crate::error::Error;
use crate::spec::{ProcessSpec, TaskSpec};

/// Least time before a run is repeated that was lost, was killed by a signal, or could not be launched.
/// Such an end may start no `min_duration` clock; without a pause a command that kills itself would be
/// forked as fast as the machine can.
const PAUSE: Duration = Duration::from_secs(1);

/// Limits of one plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct PlanLimits {
    /// Processes that may run at the same time; 0 = unlimited.
    max_concurrency: u32,
    /// Successes and failures of one process at which it has failed for good; `None` = no limit.
    run_limit: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Runnable,
    Running,
    Finished,
    Failed,
}

#[derive(Clone, Debug)]
struct Node {
    name: String,
    daemon: bool,
    ephemeral: bool,
    max_failures: u32,
    min_duration: Duration,
    state: State,
    successes: u32,
    failures: u32,
    /// Predecessors that have not finished yet.
    blockers: usize,
    dependents: Vec<usize>,
    not_before: Duration,
}

/// The schedule of the ordinary or of the finalizing processes of one task.
///
/// Times are readings of one monotonic clock with any origin; the planner never reads a clock itself.
#[derive(Clone, Debug)]
pub struct Plan {
    nodes: Vec<Node>,
    index: HashMap<String, usize>,
    limits: PlanLimits,
    /// Runnable with all predecessors finished, due or not.
    ready: BTreeSet<usize>,
    running: usize,
    failed: usize,
    /// Processes that count for completion and have neither finished nor failed.
    open: usize,
}

impl Plan {
    /// The ordinary and the finalizing plan of a task, both checked.
    pub fn of_task(task: &TaskSpec, run_limit: Option<u32>) -> Result<(Plan, Plan), Error> {
        let mut names = HashMap::new();
        for process in &task.processes {
            check_process(process)?;
            if names
                .insert(process.name.as_str(), process.is_final)
                .is_some()
            {
                return Err(Error::DuplicateName {
                    name: process.name.clone(),
                });
            }
        }
        let limits = PlanLimits {
            max_concurrency: task.max_concurrency,
            run_limit,
        };
        let plan = |is_final| {
            let members = task.processes.iter().filter(|p| p.is_final == is_final);
            Plan::new(members, &task.constraints, &names, limits)
        };
        Ok((plan(false)?, plan(true)?))
    }

    fn new<'a>(
        processes: impl Iterator<Item = &'a ProcessSpec>,
        constraints: &[Vec<String>],
        task_names: &HashMap<&str, bool>,
        limits: PlanLimits,
    ) -> Result<Plan, Error> {
        let nodes: Vec<Node> = processes
            .map(|process| Node {
                name: process.name.clone(),
                daemon: process.daemon,
                ephemeral: process.ephemeral,
                max_failures: process.max_failures,
                min_duration: process.min_duration,
                state: State::Runnable,
                successes: 0,
                failures: 0,
                blockers: 0,
                dependents: Vec::new(),
                not_before: Duration::ZERO,
            })
            .collect();
        let index = nodes
            .iter()
            .enumerate()
            .map(|(position, node)| (node.name.clone(), position))
            .collect();
        let mut plan = Plan {
            open: nodes.iter().filter(|node| !node.ephemeral).count(),
            nodes,
            index,
            limits,
            ready: BTreeSet::new(),
            running: 0,
            failed: 0,
        };
        for (before, after) in plan.edges(constraints, task_names)? {
            plan.nodes[before].dependents.push(after);
            plan.nodes[after].blockers += 1;
        }
        plan.refuse_cycles()?;
        plan.ready = (0..plan.nodes.len())
            .filter(|&position| plan.nodes[position].blockers == 0)
            .collect();
        Ok(plan)
    }

    fn edges(
        &self,
        constraints: &[Vec<String>],
        task_names: &HashMap<&str, bool>,
    ) -> Result<BTreeSet<(usize, usize)>, Error> {
        let mut edges = BTreeSet::new();
        for (position, order) in constraints.iter().enumerate() {
            let number = position + 1;
            if order.is_empty() {
                return Err(Error::EmptyOrder { number });
            }
            let inside = order.iter().find(|name| self.index.contains_key(*name));
            let outside = order.iter().find(|name| !self.index.contains_key(*name));
            match (inside, outside) {
                (None, _) => continue,
                (Some(inside), Some(outside)) => {
                    return Err(Error::MixedOrder {
                        number,
                        inside: inside.clone(),
                        outside: outside.clone(),
                        other_plan: task_names.contains_key(outside.as_str()),
                    });
                }
                (Some(_), None) => {}
            }
            for pair in order.windows(2) {
                let (before, after) = (self.index[&pair[0]], self.index[&pair[1]]);
                self.check_edge(before, after)?;
                edges.insert((before, after));
            }
        }
        Ok(edges)
    }

    fn check_edge(&self, before: usize, after: usize) -> Result<(), Error> {
        let (before, after) = (&self.nodes[before], &self.nodes[after]);
        if before.name == after.name {
            return Err(Error::Cycle {
                names: vec![before.name.clone(), before.name.clone()],
            });
        }
        if before.daemon {
            return Err(Error::AfterDaemon {
                process: after.name.clone(),
                daemon: before.name.clone(),
            });
        }
        if before.ephemeral && !after.ephemeral {
            return Err(Error::AfterEphemeral {
                process: after.name.clone(),
                ephemeral: before.name.clone(),
            });
        }
        Ok(())
    }

    /// Removes what can run, again and again; what stays contains a cycle, and walking backwards in it
    /// must come back to a node seen before.
    fn refuse_cycles(&self) -> Result<(), Error> {
        let mut blockers: Vec<usize> = self.nodes.iter().map(|node| node.blockers).collect();
        let mut free: Vec<usize> = (0..blockers.len()).filter(|&n| blockers[n] == 0).collect();
        while let Some(node) = free.pop() {
            for &next in &self.nodes[node].dependents {
                blockers[next] -= 1;
                if blockers[next] == 0 {
                    free.push(next);
                }
            }
        }
        let Some(first) = (0..blockers.len()).find(|&node| blockers[node] > 0) else {
            return Ok(());
        };
        let mut predecessor = vec![None; self.nodes.len()];
        for node in (0..blockers.len()).filter(|&node| blockers[node] > 0) {
            for &next in &self.nodes[node].dependents {
                predecessor[next].get_or_insert(node);
            }
        }
        let mut path = vec![first];
        let mut seen = vec![None; self.nodes.len()];
        seen[first] = Some(0);
        while let Some(before) = path.last().and_then(|&node| predecessor[node]) {
            if let Some(start) = seen[before] {
                path.drain(..start);
                path.push(before);
                break;
            }
            seen[before] = Some(path.len());
            path.push(before);
        }
        path.reverse();
        Err(Error::Cycle {
            names: path
                .into_iter()
                .map(|node| self.nodes[node].name.clone())
                .collect(),
        })
    }

    /// Names of the processes that may be launched now, in the order of the task, no more than the
    /// free slots.
    pub fn launchable(&self, now: Duration) -> Vec<String> {
        let slots = match self.limits.max_concurrency {
            0 => usize::MAX,
            limit => (limit as usize).saturating_sub(self.running),
        };
        self.ready
            .iter()
            .map(|&position| &self.nodes[position])
            .filter(|node| node.not_before <= now)
            .take(slots)
            .map(|node| node.name.clone())
            .collect()
    }

    /// Time until the next process becomes due; `None` if none is waiting for time to pass.
    pub fn next_due(&self, now: Duration) -> Option<Duration> {
        self.ready
            .iter()
            .map(|&position| self.nodes[position].not_before)
            .filter(|&due| due > now)
            .min()
            .map(|due| due - now)
    }

    /// Records that a process was launched. Ignored unless it is runnable.
    pub fn started(&mut self, name: &str) {
        let Some(&position) = self.index.get(name) else {
            return;
        };
        if self.ready.remove(&position) {
            self.nodes[position].state = State::Running;
            self.running += 1;
        }
    }

    /// Records that a run ended with exit code 0. Ignored unless it was running.
    pub fn succeeded(&mut self, name: &str, now: Duration) {
        let Some(position) = self.stop(name) else {
            return;
        };
        let node = &mut self.nodes[position];
        node.successes = node.successes.saturating_add(1);
        node.not_before = now.saturating_add(node.min_duration);
        if self.reached_run_limit(position) {
            self.fail(position);
        } else if self.nodes[position].daemon {
            self.again(position);
        } else {
            self.finish(position);
        }
    }

    /// Records that a run failed. Ignored unless it was running.
    pub fn failed(&mut self, name: &str, now: Duration) {
        let Some(position) = self.stop(name) else {
            return;
        };
        let node = &mut self.nodes[position];
        node.failures = node.failures.saturating_add(1);
        node.not_before = now.saturating_add(node.min_duration);
        let node = &self.nodes[position];
        if self.reached_run_limit(position) {
            self.fail(position);
        } else if node.max_failures == 0 || node.failures < node.max_failures {
            self.again(position);
        } else if node.ephemeral {
            self.finish(position);
        } else {
            self.fail(position);
        }
    }

    /// Records that a run was lost or killed by a signal: it is repeated and counts as nothing.
    pub fn lost(&mut self, name: &str, now: Duration) {
        if let Some(position) = self.stop(name) {
            self.pause(position, now);
            self.again(position);
        }
    }

    /// Records that a run could not even be launched: a failure that is not repeated at once.
    pub fn not_launched(&mut self, name: &str, now: Duration) {
        self.failed(name, now);
        if let Some(&position) = self.index.get(name) {
            self.pause(position, now);
        }
    }

    fn pause(&mut self, position: usize, now: Duration) {
        let node = &mut self.nodes[position];
        node.not_before = node.not_before.max(now.saturating_add(PAUSE));
    }

    fn stop(&mut self, name: &str) -> Option<usize> {
        let position = *self.index.get(name)?;
        if self.nodes[position].state != State::Running {
            return None;
        }
        self.running -= 1;
        Some(position)
    }

    fn reached_run_limit(&self, position: usize) -> bool {
        let node = &self.nodes[position];
        let runs = u64::from(node.successes) + u64::from(node.failures);
        self.limits
            .run_limit
            .is_some_and(|limit| runs >= u64::from(limit))
    }

    fn again(&mut self, position: usize) {
        self.nodes[position].state = State::Runnable;
        self.ready.insert(position);
    }

    fn finish(&mut self, position: usize) {
        self.close(position, State::Finished);
        for dependent in self.nodes[position].dependents.clone() {
            let node = &mut self.nodes[dependent];
            node.blockers -= 1;
            if node.blockers == 0 {
                self.ready.insert(dependent);
            }
        }
    }

    fn fail(&mut self, position: usize) {
        self.close(position, State::Failed);
        self.failed += 1;
    }

    fn close(&mut self, position: usize, state: State) {
        let node = &mut self.nodes[position];
        node.state = state;
        if !node.ephemeral {
            self.open -= 1;
        }
    }

    /// Whether every process that counts has finished or failed. Ephemeral ones never count.
    pub fn is_complete(&self) -> bool {
        self.open == 0
    }

    /// Whether nothing runs and nothing ever will, although the plan is not complete.
    pub fn is_deadlocked(&self) -> bool {
        self.running == 0 && self.ready.is_empty() && !self.is_complete()
    }

    /// Number of processes that run.
    pub fn running(&self) -> usize {
        self.running
    }

    /// Number of processes that have failed for good.
    pub fn failures(&self) -> usize {
        self.failed
    }

    /// Whether a task with this ordinary plan is in good health: not deadlocked, and fewer failed
    /// processes than `max_failures` (0 = no limit).
    pub fn is_healthy(&self, max_failures: u32) -> bool {
        !self.is_deadlocked() && (max_failures == 0 || self.failed < max_failures as usize)
    }

    /// Names of the processes that have failed for good.
    pub fn failed_names(&self) -> impl Iterator<Item = &str> {
        self.in_state(State::Failed)
    }

    /// Names of the processes that have neither run to an end nor are running.
    pub fn pending_names(&self) -> impl Iterator<Item = &str> {
        self.in_state(State::Runnable)
    }

    fn in_state(&self, state: State) -> impl Iterator<Item = &str> {
        self.nodes
            .iter()
            .filter(move |node| node.state == state)
            .map(|node| node.name.as_str())
    }
}

fn check_process(process: &ProcessSpec) -> Result<(), Error> {
    let name = &process.name;
    if name.is_empty() || name.starts_with('.') || name.contains(['/', '\0']) {
        return Err(Error::InvalidName { name: name.clone() });
    }
    if process.cmdline.contains('\0') {
        return Err(Error::NulInCommandLine {
            process: name.clone(),
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
