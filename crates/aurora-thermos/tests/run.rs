//! Tasks with real processes: order, limits, exit codes, logs.

mod common;

use aurora_thermos::{FinalState, TaskSpec};
use common::{Place, process};

#[tokio::test]
async fn a_process_runs_in_its_sandbox() {
    let place = Place::new();
    let task = TaskSpec::new("t", [process("p", "pwd; echo problem >&2")]);
    let outcome = place.run(task).await;
    assert_eq!(outcome.state, FinalState::Success, "{}", outcome.reason);
    assert_eq!(
        place.stdout("p", 0),
        format!("{}\n", place.sandbox().display())
    );
    assert_eq!(place.log("p", 0, "stderr"), "problem\n");
}
