use crate::Compat;

/// One difference between the documentation and the released client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// Stable name, for tests, messages and links: lower-case words joined by `-`.
    pub id: &'static str,
    /// What the row is about.
    pub subject: &'static str,
    /// What happens by default.
    pub documented: &'static str,
    /// What happens under [`Compat::Released`].
    pub released: &'static str,
    /// Why both exist, or why there is no difference.
    pub reason: &'static str,
}

impl Row {
    /// What happens in the given mode.
    pub const fn behaviour(&self, compat: Compat) -> &'static str {
        match compat {
            Compat::Documented => self.documented,
            Compat::Released => self.released,
        }
    }

    /// Whether both modes behave alike: such a row records a decision, no difference.
    pub fn is_same_in_both(&self) -> bool {
        self.documented == self.released
    }
}

/// The row of that id.
///
/// ```
/// let row = aurora_compat::row("process-min-duration").expect("the row exists");
/// assert_eq!(row.documented, "15 seconds");
/// ```
pub fn row(id: &str) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.id == id)
}

/// All rows.
pub const ROWS: &[Row] = &[
    Row {
        id: "process-min-duration",
        subject: "`min_duration` of a process that does not set it",
        documented: "15 seconds",
        released: "5 seconds",
        reason: "the configuration reference says 15, the released schema 5; the value is part of \
                 the executor data, so running jobs diff as unchanged only with the released one",
    },
    Row {
        id: "job-environment",
        subject: "job without `environment`",
        documented: "takes the environment of the job key on the command line, `devel` without a key",
        released: "error",
        reason: "the configuration reference gives `devel` as the default, the released client has \
                 none",
    },
    Row {
        id: "scheduler-uri-scheme",
        subject: "`scheduler_uri` without a scheme, as in `localhost:55555`",
        documented: "read as `http://localhost:55555`",
        released: "never connects",
        reason: "it is the documentation's own example, and the released client retries it for ten \
                 minutes in vain",
    },
    Row {
        id: "merged-task-identity",
        subject: "identity of a task made by `combine_tasks` or `concat_tasks`",
        documented: "the last task's",
        released: "the last task's",
        reason: "the executor data of running jobs depends on it, so the released rule holds in \
                 both modes",
    },
    Row {
        id: "exit-codes",
        subject: "exit code of `job restart` after failed instances, of `task run` after failed \
                  commands, of waits that end badly, and of `sla` when the scheduler refuses",
        documented: "non-zero, with the outcome named",
        released: "0",
        reason: "a script must be able to see that a command failed; scripts that learned to live \
                 with 0 can keep it",
    },
    Row {
        id: "restart-limits",
        subject: "`job restart`: instances that failed too often and are borne, and a negative \
                  `--max-per-instance-failures`",
        documented: "get one more try; without limit, as the help says",
        released: "are tried for ever; the same as 0",
        reason: "a command must come to an end by itself unless it is asked not to",
    },
    Row {
        id: "hook-signatures",
        subject: "arguments of hook methods such as `pre_kill_job(self, job_key, shards=None)`",
        documented: "called with the names that the method takes",
        released: "called with the positional and keyword arguments of the API method",
        reason: "hooks written after the documentation fail on the released keywords, and hooks \
                 written after the release may rely on them",
    },
    Row {
        id: "unknown-auth-mechanism",
        subject: "`auth_mechanism` that the client does not know or support",
        documented: "error that names the known mechanisms",
        released: "no authentication",
        reason: "talking to a scheduler without the authentication that was asked for hides a \
                 misspelt configuration",
    },
    Row {
        id: "proxy-url-direct",
        subject: "`proxy_url` of a cluster that is reached by `scheduler_uri`",
        documented: "used for every URL that people see",
        released: "ignored: only clusters with `zk` use it",
        reason: "the documentation says without condition that the client formats URLs for display \
                 with it",
    },
    Row {
        id: "inspect-raw",
        subject: "output of `job inspect --raw`",
        documented: "JSON with the field names of the API",
        released: "the Python form of the object",
        reason: "the documentation does not mention the option; programs read JSON, and the Python \
                 form is for scripts that know it",
    },
    Row {
        id: "inspect-text",
        subject: "contact, names and constraints with characters outside ASCII in `job inspect`",
        documented: "shown",
        released: "error",
        reason: "the released client breaks off half-way; only command lines come through",
    },
    Row {
        id: "diff-viewer-form",
        subject: "text that `job diff` hands to the program in `DIFF_VIEWER`",
        documented: "the fields of the API and of the executor data, one a line",
        released: "the Python form of the task configuration",
        reason: "the documentation promises a diff by that program, not of what; programs that parse \
                 the Python form can keep it",
    },
    Row {
        id: "crashing-features",
        subject: "`job diff --from`, and `?` or `[seq]` in a wildcard key without a `*`",
        documented: "work",
        released: "work",
        reason: "the released client crashes on both, and nobody can rely on a crash",
    },
    Row {
        id: "documented-forms",
        subject: "comments and trailing commas in `clusters.json`; `HTTPLifecycleConfig` and \
                  `Resource` as names; `task ssh JOBKEY SHARD`; `task run -e`; `task run KEY -- words`; \
                  a job file after the key of `job restart` and `job kill`",
        documented: "accepted beside the released forms",
        released: "accepted beside the released forms",
        reason: "the documentation shows them, the released client refuses them, and accepting more \
                 breaks no script",
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_row_is_complete() {
        for row in ROWS {
            for text in [
                row.id,
                row.subject,
                row.documented,
                row.released,
                row.reason,
            ] {
                assert!(!text.trim().is_empty(), "{} has an empty column", row.id);
                assert_eq!(text, text.trim(), "{}", row.id);
                assert!(!text.contains("  "), "{} has a double blank", row.id);
            }
            assert!(
                row.id.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'),
                "{}",
                row.id
            );
        }
    }

    #[test]
    fn ids_are_unique_and_find_their_row() {
        let ids: BTreeSet<_> = ROWS.iter().map(|row| row.id).collect();
        assert_eq!(ids.len(), ROWS.len());
        for expected in ROWS {
            assert_eq!(row(expected.id), Some(expected));
        }
        assert_eq!(row("no-such-row"), None);
    }

    #[test]
    fn rows_without_a_difference_are_the_decided_ones() {
        let same: Vec<_> = ROWS
            .iter()
            .filter(|row| row.is_same_in_both())
            .map(|row| row.id)
            .collect();
        assert_eq!(
            same,
            [
                "merged-task-identity",
                "crashing-features",
                "documented-forms"
            ]
        );
    }

    /// The README shows the table to people; it must show this one.
    #[test]
    fn readme_holds_the_table() {
        let readme = include_str!("../README.md");
        for row in ROWS {
            let line = format!(
                "| `{}` | {} | {} | {} | {} |",
                row.id, row.subject, row.documented, row.released, row.reason
            );
            assert!(readme.contains(&line), "README.md lacks this line:\n{line}");
        }
        let lines = readme.lines().filter(|line| line.starts_with("| `"));
        assert_eq!(lines.count(), ROWS.len());
    }
}
