//! The names of the properties of a cluster.

pub(crate) const NAME: &str = "name";
pub(crate) const SLAVE_ROOT: &str = "slave_root";
pub(crate) const SLAVE_RUN_DIRECTORY: &str = "slave_run_directory";
pub(crate) const ZK: &str = "zk";
pub(crate) const ZK_PORT: &str = "zk_port";
pub(crate) const SCHEDULER_ZK_PATH: &str = "scheduler_zk_path";
pub(crate) const SCHEDULER_URI: &str = "scheduler_uri";
pub(crate) const PROXY_URL: &str = "proxy_url";
pub(crate) const AUTH_MECHANISM: &str = "auth_mechanism";
pub(crate) const CA_FILE: &str = "ca_file";
pub(crate) const COMPAT: &str = "compat";

const ALL: [&str; 11] = [
    NAME,
    SLAVE_ROOT,
    SLAVE_RUN_DIRECTORY,
    ZK,
    ZK_PORT,
    SCHEDULER_ZK_PATH,
    SCHEDULER_URI,
    PROXY_URL,
    AUTH_MECHANISM,
    CA_FILE,
    COMPAT,
];

/// The known property that an unknown one was probably meant to be.
pub(crate) fn nearest(unknown: &str) -> Option<&'static str> {
    // In two letters of a short word everything is near everything.
    const ALIKE: f64 = 0.75;
    ALL.into_iter()
        .map(|known| {
            (
                strsim::normalized_damerau_levenshtein(known, unknown),
                known,
            )
        })
        .filter(|&(similarity, _)| similarity >= ALIKE)
        .max_by(|(left, _), (right, _)| left.total_cmp(right))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typing_mistakes_are_near_and_other_words_are_not() {
        for (unknown, known) in [
            ("scheduler_url", Some(SCHEDULER_URI)),
            ("sheduler_uri", Some(SCHEDULER_URI)),
            ("zkport", Some(ZK_PORT)),
            ("slave-root", Some(SLAVE_ROOT)),
            ("Name", Some(NAME)),
            ("region", None),
            ("zone", None),
            ("", None),
        ] {
            assert_eq!(nearest(unknown), known, "{unknown}");
        }
    }
}
