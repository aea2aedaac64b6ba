//! What `job diff` hands to the program in `DIFF_VIEWER`: the recorded client had `diff`, which prints the lines of
//! both sides that differ, so its output tells the form of what it was given.

use aurora_compat::Compat;

use super::{Score, complaints, scenario};

#[test]
fn a_diff_program_is_given_what_the_release_gives_it() {
    let mut scenarios = scenario::all();
    scenarios.retain(|it| it.is("job", "diff") && !it.run.uncaught && it.run.exit == 0);
    for scenario in &mut scenarios {
        scenario
            .run
            .env
            .insert("DIFF_VIEWER".to_owned(), "diff".to_owned());
    }
    assert!(!scenarios.is_empty());
    let complaints = complaints(&scenarios, Compat::Released);
    Score::of(complaints, scenarios.len(), "runs of a diff program").check(&[]);
}
