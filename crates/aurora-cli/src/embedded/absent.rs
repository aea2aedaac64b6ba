//! What a command says that was built without the devcluster.

use aurora_cluster::Cluster;

use crate::environment::Environment;
use crate::exit;
use crate::failure::{Failure, Result};
use crate::output::Output;

/// There is no devcluster to talk to.
pub(crate) fn running_cluster(_: &Environment) -> Result<Cluster> {
    Err(not_built_in())
}

/// There is no devcluster to start.
pub(crate) fn start_if_stopped(_: &Environment, _: bool, _: &Output) -> Result<()> {
    Err(not_built_in())
}

/// It never runs.
pub(crate) fn is_running(_: &Environment) -> Result<bool> {
    Ok(false)
}

/// What is missing, and how to get it.
pub(crate) fn not_built_in() -> Failure {
    Failure::new(
        exit::INVALID_CONFIGURATION,
        "this `aurora` was built without the devcluster",
    )
    .hint("build it with the feature `devcluster` (Linux only), or use another cluster")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_failure_names_the_feature() {
        let environment = Environment::of(&[]);
        let failure = running_cluster(&environment).unwrap_err();
        assert_eq!(failure.code(), exit::INVALID_CONFIGURATION);
        assert_eq!(
            failure.plain_text(),
            "this `aurora` was built without the devcluster\n\n\
             hint: build it with the feature `devcluster` (Linux only), or use another cluster\n"
        );
        assert_eq!(is_running(&environment), Ok(false));
    }
}
