//! The outcome of a task: its state and the reason.

use crate::plan::Plan;
use crate::state::FinalState;
use crate::status::TaskOutcome;

/// The outcome of a task by its ordinary plan, unless a request forced another one.
pub(crate) fn of(
    plan: &Plan,
    max_failures: u32,
    forced: Option<FinalState>,
    last_code: impl Fn(&str) -> Option<i32>,
) -> TaskOutcome {
    let (state, reason) = match forced {
        Some(FinalState::Killed) => (FinalState::Killed, "killed on request".to_owned()),
        Some(state) => (state, "given up on request".to_owned()),
        None if plan.is_healthy(max_failures) => (
            FinalState::Success,
            "all processes have finished".to_owned(),
        ),
        None => (FinalState::Failed, failure(plan, last_code)),
    };
    TaskOutcome { state, reason }
}

fn failure(plan: &Plan, last_code: impl Fn(&str) -> Option<i32>) -> String {
    let failed: Vec<String> = plan
        .failed_names()
        .map(|name| match last_code(name) {
            // Success is a failure only at the run limit.
            Some(0) => format!("'{name}' (run too often)"),
            Some(code) => format!("'{name}' (exit code {code})"),
            None => format!("'{name}' (could not be started)"),
        })
        .collect();
    let noun = if failed.len() == 1 {
        "process"
    } else {
        "processes"
    };
    let failed = format!("{noun} {} failed", failed.join(", "));
    if !plan.is_deadlocked() {
        return failed;
    }
    let waiting: Vec<String> = plan
        .pending_names()
        .map(|name| format!("'{name}'"))
        .collect();
    format!("{failed}, so that {} cannot run", waiting.join(", "))
}
