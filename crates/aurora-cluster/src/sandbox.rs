/// Where the sandboxes of tasks are on the slaves of a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SandboxRoot<'a> {
    pub(crate) slave_root: &'a str,
    pub(crate) slave_run_directory: &'a str,
}

impl<'a> SandboxRoot<'a> {
    /// The work folder of the slave.
    pub const fn slave_root(&self) -> &'a str {
        self.slave_root
    }

    /// The name of the folder of a run, mostly `latest`.
    pub const fn slave_run_directory(&self) -> &'a str {
        self.slave_run_directory
    }

    /// The sandbox of a task's processes. It has `*` in it, for a shell on the slave to expand.
    ///
    /// ```
    /// use aurora_cluster::Cluster;
    ///
    /// let mut cluster = Cluster::new("west");
    /// cluster.slave_root = Some("/var/lib/mesos".to_owned());
    /// cluster.slave_run_directory = Some("latest".to_owned());
    /// assert_eq!(
    ///     cluster.sandbox_root()?.task("42-www-prod-web-0"),
    ///     "/var/lib/mesos/slaves/*/frameworks/*/executors/thermos-42-www-prod-web-0/runs/latest/sandbox"
    /// );
    /// # Ok::<(), aurora_cluster::Error>(())
    /// ```
    pub fn task(&self, task_id: &str) -> String {
        format!("{}/sandbox", self.executor(task_id))
    }

    /// The sandbox of a task's executor, in which the one of its processes lies. It has `*` in it,
    /// for a shell on the slave to expand.
    pub fn executor(&self, task_id: &str) -> String {
        let root = self.slave_root;
        let slash = if root.is_empty() || root.ends_with('/') {
            ""
        } else {
            "/"
        };
        let run = self.slave_run_directory;
        format!("{root}{slash}slaves/*/frameworks/*/executors/thermos-{task_id}/runs/{run}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slash_at_the_end_of_the_root_is_not_doubled() {
        for (slave_root, begin) in [
            ("/mesos", "/mesos/slaves/"),
            ("/mesos/", "/mesos/slaves/"),
            ("/", "/slaves/"),
            ("", "slaves/"),
        ] {
            let root = SandboxRoot {
                slave_root,
                slave_run_directory: "latest",
            };
            assert!(root.task("t").starts_with(begin), "{slave_root:?}");
        }
    }
}
