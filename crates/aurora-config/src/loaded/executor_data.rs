//! The text that the executor reads.

use crate::value::{Data, Object, Problem, dumps};

/// The fields of a job that the executor does not get.
const LEFT_OUT: [&str; 2] = ["instances", "update_config"];

/// The executor data of an interpolated job.
pub(super) fn executor_data(job: &Object) -> Result<String, Box<Problem>> {
    let without = LEFT_OUT.map(|field| (field.to_owned(), Data::Empty));
    // Interpolated once more, as the released client does: deferred references come alive here.
    dumps(&job.refine(without.to_vec())?.interpolate()?.0.get())
}
