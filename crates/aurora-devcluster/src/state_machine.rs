//! The task state machine of release 0.12.0: which moves are legal and what each of them causes.
//!
//! Pure: a state and the facts about a task go in, the effects come out as data for the scheduler to carry out in
//! the order given.

use crate::model::{Task, TaskState};

use TaskState::{
    Assigned, Deleted, Draining, Failed, Finished, Init, Killed, Killing, Lost, Pending,
    Preempting, Restarting, Running, Starting, Throttled,
};

/// One thing to do because of a move.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// Add one to the task's failure count.
    CountFailure,
    /// Store the new state and append an event.
    Save,
    /// Insert a replacement of the task.
    Reschedule,
    /// Order the executor to kill the task.
    Kill,
    /// Remove the task from the store.
    Delete,
}

/// What the effects of a move depend on, apart from the two states.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Facts {
    /// Whether the task is part of a service.
    pub(crate) is_service: bool,
    /// The failure budget; -1 is without end, an unset one is 0.
    pub(crate) max_task_failures: i32,
    /// Failures of the task and its ancestors before this move.
    pub(crate) failure_count: i32,
}

impl Facts {
    /// The facts about a task.
    pub(crate) fn of(task: &Task) -> Self {
        Self {
            is_service: task.config.is_service.unwrap_or(false),
            max_task_failures: task.config.max_task_failures.unwrap_or(0),
            failure_count: task.failure_count,
        }
    }

    /// N allows N failures in total, so 1 and 0 both mean no second try.
    fn has_failures_left(self) -> bool {
        self.max_task_failures == -1
            || self.failure_count < self.max_task_failures.saturating_sub(1)
    }
}

/// The result of a request to move a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Transition {
    /// The task is there already: nothing to do.
    Stay,
    /// Legal; carry out the effects in this order.
    Move(Vec<Effect>),
    /// Not legal: the state stays as it is. A report from a task that should not be running asks for its end.
    Refused {
        /// Whether the executor has to kill the task.
        kill: bool,
    },
}

#[derive(Debug, Clone, Copy)]
enum When {
    Always,
    Service,
    ServiceOrFailuresLeft,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    CountFailure,
    Save,
    Reschedule(When),
    Kill,
    Delete,
}

struct Row {
    from: &'static [TaskState],
    to: &'static [TaskState],
    steps: &'static [Step],
}

const fn row(from: &'static [TaskState], to: &'static [TaskState], steps: &'static [Step]) -> Row {
    Row { from, to, steps }
}

/// On its host, with no request to end it.
const ON_HOST: &[TaskState] = &[Assigned, Starting, Running];
/// Being ended by the scheduler so that a replacement can run.
const GIVING_WAY: &[TaskState] = &[Preempting, Restarting, Draining];
const TERMINAL: &[TaskState] = &[Finished, Failed, Killed, Lost];

/// Every legal move. The first row that fits counts.
static TABLE: &[Row] = &[
    row(&[Init], &[Pending, Throttled], &[Step::Save]),
    row(&[Throttled], &[Pending], &[Step::Save]),
    row(&[Throttled, Pending], &[Killing], &[Step::Delete]),
    row(&[Pending], &[Assigned], &[Step::Save]),
    row(&[Assigned], &[Starting], &[Step::Save]),
    row(&[Assigned, Starting], &[Running], &[Step::Save]),
    row(
        ON_HOST,
        &[Finished],
        &[Step::Save, Step::Reschedule(When::Service)],
    ),
    row(
        ON_HOST,
        &[Failed],
        &[
            Step::CountFailure,
            Step::Save,
            Step::Reschedule(When::ServiceOrFailuresLeft),
        ],
    ),
    row(
        ON_HOST,
        &[Killed],
        &[Step::Save, Step::Reschedule(When::Always)],
    ),
    row(
        &[Assigned],
        &[Lost],
        &[Step::Save, Step::Reschedule(When::Always), Step::Kill],
    ),
    row(
        ON_HOST,
        &[Lost],
        &[Step::Save, Step::Reschedule(When::Always)],
    ),
    row(
        ON_HOST,
        &[Restarting, Draining, Preempting, Killing],
        &[Step::Save, Step::Kill],
    ),
    row(
        GIVING_WAY,
        &[Finished, Failed, Killed],
        &[Step::Save, Step::Reschedule(When::Always)],
    ),
    row(
        GIVING_WAY,
        &[Lost],
        &[Step::Save, Step::Reschedule(When::Always), Step::Kill],
    ),
    row(GIVING_WAY, &[Killing], &[Step::Save]),
    row(&[Killing], TERMINAL, &[Step::Save]),
    row(
        &[Killing, Finished, Failed, Killed, Lost],
        &[Deleted],
        &[Step::Delete],
    ),
];

/// Returns the result of moving a task from `from` (`None`: the task is unknown) to `to`.
pub(crate) fn transition(from: Option<TaskState>, to: TaskState, facts: Facts) -> Transition {
    let Some(from) = from else {
        return Transition::Refused {
            kill: reports_life(to),
        };
    };
    if from == to {
        return Transition::Stay;
    }
    let found = TABLE
        .iter()
        .find(|row| row.from.contains(&from) && row.to.contains(&to));
    match found {
        Some(row) => Transition::Move(
            row.steps
                .iter()
                .filter_map(|step| step.effect(facts))
                .collect(),
        ),
        None => Transition::Refused {
            kill: reports_life(to)
                && (from.is_terminal() || from == Killing || GIVING_WAY.contains(&from)),
        },
    }
}

/// Whether the state is one that only a living task can report.
fn reports_life(state: TaskState) -> bool {
    ON_HOST.contains(&state)
}

impl Step {
    fn effect(self, facts: Facts) -> Option<Effect> {
        Some(match self {
            Step::CountFailure => Effect::CountFailure,
            Step::Save => Effect::Save,
            Step::Reschedule(when) => {
                let applies = match when {
                    When::Always => true,
                    When::Service => facts.is_service,
                    When::ServiceOrFailuresLeft => facts.is_service || facts.has_failures_left(),
                };
                return applies.then_some(Effect::Reschedule);
            }
            Step::Kill => Effect::Kill,
            Step::Delete => Effect::Delete,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BATCH: Facts = Facts {
        is_service: false,
        max_task_failures: 1,
        failure_count: 0,
    };
    const SERVICE: Facts = Facts {
        is_service: true,
        ..BATCH
    };

    /// The whole matrix, written as the effects' initials (F failure, S save, R reschedule, K kill, D delete), for a
    /// task that is not a service and has no failures left. `.` is illegal, `k` illegal with a kill, `=` no move.
    const MATRIX: &str = "
        from       INIT THR PEND ASS STA RUN PRE RES DRA KILLING FIN FAIL KILLED LOST DEL
        INIT       =    S   S    .   .   .   .   .   .   .       .   .    .      .    .
        THROTTLED  .    =   S    .   .   .   .   .   .   D       .   .    .      .    .
        PENDING    .    .   =    S   .   .   .   .   .   D       .   .    .      .    .
        ASSIGNED   .    .   .    =   S   S   SK  SK  SK  SK      S   FS   SR     SRK  .
        STARTING   .    .   .    .   =   S   SK  SK  SK  SK      S   FS   SR     SR   .
        RUNNING    .    .   .    .   .   =   SK  SK  SK  SK      S   FS   SR     SR   .
        PREEMPTING .    .   .    k   k   k   =   .   .   S       SR  SR   SR     SRK  .
        RESTARTING .    .   .    k   k   k   .   =   .   S       SR  SR   SR     SRK  .
        DRAINING   .    .   .    k   k   k   .   .   =   S       SR  SR   SR     SRK  .
        KILLING    .    .   .    k   k   k   .   .   .   =       S   S    S      S    D
        FINISHED   .    .   .    k   k   k   .   .   .   .       =   .    .      .    D
        FAILED     .    .   .    k   k   k   .   .   .   .       .   =    .      .    D
        KILLED     .    .   .    k   k   k   .   .   .   .       .   .    =      .    D
        LOST       .    .   .    k   k   k   .   .   .   .       .   .    .      =    D
        DELETED    .    .   .    .   .   .   .   .   .   .       .   .    .      .    =
    ";

    fn written(transition: &Transition) -> String {
        match transition {
            Transition::Stay => "=".to_owned(),
            Transition::Refused { kill: true } => "k".to_owned(),
            Transition::Refused { kill: false } => ".".to_owned(),
            Transition::Move(effects) => effects
                .iter()
                .map(|effect| match effect {
                    Effect::CountFailure => 'F',
                    Effect::Save => 'S',
                    Effect::Reschedule => 'R',
                    Effect::Kill => 'K',
                    Effect::Delete => 'D',
                })
                .collect(),
        }
    }

    #[test]
    fn every_pair_of_states_does_what_the_matrix_says() {
        let rows: Vec<&str> = MATRIX.trim().lines().skip(1).collect();
        assert_eq!(rows.len(), TaskState::ALL.len());
        for (from, row) in TaskState::ALL.into_iter().zip(rows) {
            let cells: Vec<&str> = row.split_whitespace().collect();
            assert_eq!(cells[0], from.name());
            assert_eq!(cells.len(), 1 + TaskState::ALL.len());
            for (to, expected) in TaskState::ALL.into_iter().zip(&cells[1..]) {
                assert_eq!(
                    written(&transition(Some(from), to, BATCH)),
                    *expected,
                    "{from:?} -> {to:?}"
                );
            }
        }
    }

    #[test]
    fn services_differ_from_batch_tasks_only_in_coming_back() {
        for from in TaskState::ALL {
            for to in TaskState::ALL {
                let batch = written(&transition(Some(from), to, BATCH));
                let service = written(&transition(Some(from), to, SERVICE));
                let expected = match (ON_HOST.contains(&from), to) {
                    (true, Finished) => "SR".to_owned(),
                    (true, Failed) => "FSR".to_owned(),
                    _ => batch,
                };
                assert_eq!(service, expected, "{from:?} -> {to:?}");
            }
        }
    }

    #[test]
    fn the_failure_budget_counts_all_failures() {
        let comes_back = |max_task_failures, failure_count| {
            let facts = Facts {
                is_service: false,
                max_task_failures,
                failure_count,
            };
            written(&transition(Some(Running), Failed, facts)) == "FSR"
        };
        assert!(!comes_back(0, 0));
        assert!(!comes_back(1, 0));
        assert!(comes_back(2, 0));
        assert!(!comes_back(2, 1));
        assert!(comes_back(3, 1));
        assert!(!comes_back(3, 2));
        assert!(comes_back(-1, 0));
        assert!(comes_back(-1, i32::MAX));
        assert!(!comes_back(-2, 0));
        assert!(!comes_back(i32::MIN, 0));
    }

    #[test]
    fn an_unknown_task_that_lives_is_killed() {
        for to in TaskState::ALL {
            assert_eq!(
                transition(None, to, BATCH),
                Transition::Refused {
                    kill: matches!(to, Assigned | Starting | Running)
                }
            );
        }
    }
}
