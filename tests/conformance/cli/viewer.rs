//! What `job diff` hands to the program in `DIFF_VIEWER`: the recorded client had `diff`, which prints the lines of
//! both sides that differ, so its output tells the form of what it was given.

use super::replay::{Variation, replay};
use super::scheduler::Closeness;
use super::{Score, compare, in_parallel, scenario};

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
    let complaints = in_parallel(&scenarios, |scenario| {
        let variation = Variation {
            compat: "released",
            exchanges: &scenario.exchanges,
            closeness: Closeness::Arguments,
            waits: &scenario.run.waits_after_last_rpc,
            in_clusters: &[],
        };
        let outcome = replay(scenario, &variation)?;
        let complaints = compare::complaints(scenario, &outcome);
        Some((scenario.name.as_str(), complaints))
    });
    Score::of(complaints, scenarios.len(), "runs of a diff program").check(&[]);
}
