//! The rules for each instance of a rolling update: what to do next. Without I/O.

use aurora_api::TaskConfig;

use crate::model::{Progress, Stage, Task, TaskState, Updater};

/// What to do about an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Add a task with the wanted configuration.
    Add,
    /// Kill the task with this id.
    Kill(String),
    /// Nothing, until something happens to it.
    Wait,
    Succeeded,
    Failed,
}

/// What the decision about an instance depends on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Observation<'t> {
    /// What it is to be, if it is to be at all.
    pub(super) wanted: Option<&'t TaskConfig>,
    /// Its task now.
    pub(super) active: Option<&'t Task>,
    /// A task of it that has just ended without having been killed.
    pub(super) ended: Option<&'t Task>,
    pub(super) max_failures: i32,
    /// Milliseconds that a task has to run.
    pub(super) min_running: i64,
    pub(super) now: i64,
}

impl Progress {
    /// Looks at the instance, and remembers what that takes.
    pub(super) fn judge(&mut self, observation: Observation<'_>) -> Verdict {
        self.check_at = None;
        let Some(wanted) = observation.wanted else {
            return match observation.active {
                None => Verdict::Succeeded,
                Some(task) => kill(task),
            };
        };
        if observation
            .ended
            .is_some_and(|task| *task.config == *wanted)
        {
            self.failures = self.failures.saturating_add(1);
            if self.failures > observation.max_failures {
                return Verdict::Failed;
            }
        }
        match observation.active {
            None => Verdict::Add,
            Some(task) if *task.config != *wanted => kill(task),
            Some(task) if task.state == TaskState::Running => {
                if observation.now.saturating_sub(task.since()) >= observation.min_running {
                    return Verdict::Succeeded;
                }
                // The whole watch time again, as in the released scheduler.
                self.check_at = Some(observation.now.saturating_add(observation.min_running));
                Verdict::Wait
            }
            Some(_) => Verdict::Wait,
        }
    }
}

fn kill(task: &Task) -> Verdict {
    if task.state == TaskState::Killing {
        Verdict::Wait
    } else {
        Verdict::Kill(task.id.clone())
    }
}

impl Updater {
    pub(super) fn new(instances: impl IntoIterator<Item = i32>) -> Self {
        Self {
            instances: instances
                .into_iter()
                .map(|instance| (instance, Progress::default()))
                .collect(),
        }
    }

    pub(super) fn get_mut(&mut self, instance: i32) -> Option<&mut Progress> {
        self.instances.get_mut(&instance)
    }

    pub(super) fn stage(&self, instance: i32) -> Option<Stage> {
        self.instances.get(&instance).map(|progress| progress.stage)
    }

    pub(super) fn count(&self, stage: Stage) -> usize {
        let stages = self.instances.values().map(|progress| progress.stage);
        stages.filter(|it| *it == stage).count()
    }

    /// The instances to begin with now: the lowest first, going back the highest.
    pub(super) fn next(&self, back: bool, group_size: usize, whole_groups: bool) -> Vec<i32> {
        let working = self.count(Stage::Working);
        let free = match working {
            0 => group_size,
            _ if whole_groups => 0,
            working => group_size.saturating_sub(working),
        };
        let idle = self
            .instances
            .iter()
            .filter(|(_, progress)| progress.stage == Stage::Idle)
            .map(|(instance, _)| *instance);
        if back {
            idle.rev().take(free).collect()
        } else {
            idle.take(free).collect()
        }
    }

    /// When to check an instance again, in milliseconds since 1970.
    pub(super) fn next_check(&self) -> Option<i64> {
        self.instances
            .values()
            .filter_map(|progress| progress.check_at)
            .min()
    }

    /// The instances that are due for a check.
    pub(super) fn due(&self, now: i64) -> Vec<i32> {
        self.instances
            .iter()
            .filter(|(_, progress)| progress.check_at.is_some_and(|at| at <= now))
            .map(|(instance, _)| *instance)
            .collect()
    }
}
