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
    /// Why there are two behaviours, or why both modes behave the same.
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

    /// Whether both modes behave the same: such a row records a decision, not a difference.
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
        reason: "the configuration reference says 15, the released schema says 5; the value is \
                 part of the executor data, so jobs of the released client diff as unchanged \
                 only under `released`",
    },
    Row {
        id: "job-environment",
        subject: "job without `environment`",
        documented: "takes the environment of the job key on the command line; without a key, \
                 `devel`",
        released: "an error",
        reason: "the configuration reference gives `devel` as the default; the released client \
                 has no default",
    },
    Row {
        id: "scheduler-uri-scheme",
        subject: "`scheduler_uri` without a scheme, as in `localhost:55555`",
        documented: "means `http://localhost:55555`",
        released: "never connects",
        reason: "it is the documentation's own example; the released client retries it for ten \
                 minutes and fails",
    },
    Row {
        id: "merged-task-identity",
        subject: "identity of a task made by `combine_tasks` or `concat_tasks`",
        documented: "the last task's",
        released: "the last task's",
        reason: "the executor data of running jobs depends on it, so both modes follow the release",
    },
    Row {
        id: "exit-codes",
        subject: "exit code of `job restart` after failed instances, of `task run` after failed \
                 commands, of waits that fail or time out, and of `sla` when the scheduler \
                 refuses",
        documented: "non-zero, and the message says what failed",
        released: "0",
        reason: "a script must be able to see that a command failed; scripts that depend on 0 \
                 can use `released`",
    },
    Row {
        id: "restart-limits",
        subject: "`job restart`: instances that failed too often but are tolerated, and a \
                 negative `--max-per-instance-failures`",
        documented: "one more try for each; a negative number sets no limit, as the help says",
        released: "tried forever; a negative number is the same as 0",
        reason: "a command must end by itself unless it is asked not to",
    },
    Row {
        id: "hook-signatures",
        subject: "arguments of hook methods such as `pre_kill_job(self, job_key, shards=None)`",
        documented: "those that the method declares, by name",
        released: "the positional and keyword arguments of the API method",
        reason: "hooks written from the documentation fail on the released keywords; hooks \
                 written for the release may depend on them",
    },
    Row {
        id: "unknown-auth-mechanism",
        subject: "`auth_mechanism` that the client does not know or support",
        documented: "an error that lists the known mechanisms",
        released: "no authentication",
        reason: "to call a scheduler without the requested authentication hides a misspelled \
                 configuration",
    },
    Row {
        id: "proxy-url-direct",
        subject: "`proxy_url` of a cluster that is reached by `scheduler_uri`",
        documented: "used in every URL that people see",
        released: "ignored: only clusters with `zk` use it",
        reason: "the documentation says, without a condition, that the client uses it to format \
                 URLs for display",
    },
    Row {
        id: "inspect-raw",
        subject: "output of `job inspect --raw`",
        documented: "JSON with the field names of the API",
        released: "the Python form of the object",
        reason: "the documentation does not mention the option; JSON suits programs, and \
                 scripts that parse the Python form can use `released`",
    },
    Row {
        id: "inspect-text",
        subject: "contact, names and constraints with non-ASCII characters in `job inspect`",
        documented: "shown",
        released: "an error",
        reason: "the released client stops half-way; it prints only command lines with such \
                 characters",
    },
    Row {
        id: "diff-viewer-form",
        subject: "text that `job diff` passes to the program in `DIFF_VIEWER`",
        documented: "the fields of the API and of the executor data, one per line",
        released: "the Python form of the task configuration",
        reason: "the documentation promises a diff by that program but does not say of which \
                 text; programs that parse the Python form can use `released`",
    },
    Row {
        id: "crashing-features",
        subject: "`job diff --from`, and `?` or `[seq]` in a wildcard key without a `*`",
        documented: "work",
        released: "work",
        reason: "the released client crashes on both, so no script depends on them",
    },
    Row {
        id: "documented-forms",
        subject: "comments and trailing commas in `clusters.json`; `HTTPLifecycleConfig` and \
                 `Resource` as names; `task ssh JOBKEY SHARD`; `task run -e`; `task run KEY -- \
                 words`; a job file after the key of `job restart` and `job kill`",
        documented: "accepted, as are the released forms",
        released: "accepted, as are the released forms",
        reason: "the documentation shows them and the released client refuses them; to accept \
                 both breaks no script",
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
        let is_row = |line: &&str| line.starts_with("| `") && line.matches(" | ").count() == 4;
        let lines = readme.lines().filter(is_row);
        assert_eq!(lines.count(), ROWS.len());
    }
}
