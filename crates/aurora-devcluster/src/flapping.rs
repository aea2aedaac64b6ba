//! The penalty of a task that keeps ending soon after its start.

use std::time::Duration;

use crate::Timings;
use crate::model::{Task, TaskState};

/// The penalty for a task whose `ancestors` come nearest first.
///
/// Each ancestor that flapped raises it; the first that did not ends the walk. `random` gives numbers in `[0, 1)`.
pub(crate) fn penalty<'a>(
    ancestors: impl Iterator<Item = &'a Task>,
    timings: &Timings,
    mut random: impl FnMut() -> f64,
) -> Duration {
    let mut penalty = Duration::ZERO;
    for ancestor in ancestors {
        if !has_flapped(ancestor, timings) {
            break;
        }
        let base = if penalty.is_zero() {
            timings.flapping_initial_delay
        } else {
            penalty
        };
        let next = doubling(base, &mut random).min(timings.flapping_max_delay);
        if next == penalty {
            break;
        }
        penalty = next;
    }
    penalty
}

/// Once to twice the wait.
pub(crate) fn doubling(wait: Duration, random: &mut impl FnMut() -> f64) -> Duration {
    wait.saturating_add(wait.mul_f64(random().clamp(0.0, 1.0)))
}

/// Whether the task ended soon after it became active without having been asked to.
fn has_flapped(task: &Task, timings: &Timings) -> bool {
    let asked = task.events.iter().any(|event| {
        matches!(
            event.state,
            TaskState::Restarting | TaskState::Killing | TaskState::Draining
        )
    });
    let ended = task.last_event_in(TaskState::is_terminal);
    let active = task.last_event_in(TaskState::is_active);
    match (asked, ended, active) {
        (false, Some(ended), Some(active)) => {
            let lived = u64::try_from(ended.saturating_sub(active)).unwrap_or(0);
            Duration::from_millis(lived) < timings.flapping_threshold
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sample;

    fn ended_after(ms: i64, between: &[TaskState], state: TaskState) -> Task {
        let mut events = vec![(0, TaskState::Pending), (10, TaskState::Running)];
        events.extend(between.iter().map(|&state| (10, state)));
        events.push((10 + ms, state));
        sample("t", state, &events)
    }

    fn penalty_of(tasks: &[Task], random: f64) -> Duration {
        penalty(tasks.iter(), &Timings::default(), || random)
    }

    #[test]
    fn the_first_failure_costs_nothing() {
        assert_eq!(penalty_of(&[], 0.5), Duration::ZERO);
    }

    #[test]
    fn penalties_grow_to_five_minutes() {
        let flapped = vec![ended_after(1000, &[], TaskState::Failed); 20];
        assert_eq!(penalty_of(&flapped[..1], 0.0), Duration::from_secs(30));
        assert_eq!(penalty_of(&flapped[..1], 0.5), Duration::from_secs(45));
        assert_eq!(
            penalty_of(&flapped[..2], 0.5),
            Duration::from_millis(67_500)
        );
        assert_eq!(penalty_of(&flapped, 0.5), Duration::from_secs(300));
        assert_eq!(
            penalty_of(&flapped, 0.0),
            Duration::from_secs(30),
            "a penalty that no longer changes ends the walk"
        );
    }

    #[test]
    fn a_long_life_ends_the_chain() {
        let short = ended_after(1000, &[], TaskState::Finished);
        let long = ended_after(300_000, &[], TaskState::Failed);
        assert_eq!(
            penalty_of(&[long.clone(), short.clone()], 0.0),
            Duration::ZERO
        );
        assert_eq!(penalty_of(&[short, long], 0.0), Duration::from_secs(30));
    }

    #[test]
    fn a_task_that_was_asked_to_end_has_not_flapped() {
        for asked in [
            TaskState::Restarting,
            TaskState::Killing,
            TaskState::Draining,
        ] {
            let task = ended_after(1, &[asked], TaskState::Killed);
            assert_eq!(penalty_of(&[task], 0.0), Duration::ZERO);
        }
        let preempted = ended_after(1, &[TaskState::Preempting], TaskState::Killed);
        assert_eq!(penalty_of(&[preempted], 0.0), Duration::from_secs(30));
    }

    #[test]
    fn hostile_clocks_do_no_harm() {
        let backwards = ended_after(-5000, &[], TaskState::Lost);
        assert_eq!(penalty_of(&[backwards], 0.0), Duration::from_secs(30));
        let still_active = sample("t", TaskState::Running, &[(0, TaskState::Running)]);
        assert_eq!(penalty_of(&[still_active], 0.0), Duration::ZERO);
    }
}
