//! Tasks and their processes.

use super::{Logger, prelude::*};

declare! {
    /// Processes that run together on one host.
    struct Task = "Task" {
        /// The name of the task, by default that of its first process.
        name, with_name: [text] given("{{processes[0].name}}");
        /// What runs. Without constraints the order of the list has no effect.
        processes, with_processes: [list Process] needed;
        /// Which processes wait for which others. Cycles are refused.
        constraints, with_constraints: [list Constraint] default([]);
        /// The resources that the task needs.
        resources, with_resources: [maybe of Resources] needed;
        /// How many failed processes make the task fail. With 0 the task never fails because of failed processes.
        max_failures, with_max_failures: [int] default(1);
        /// How many processes may run in parallel; 0 for no limit.
        max_concurrency, with_max_concurrency: [int] default(0);
        /// Grace period in seconds, from the end of the ordinary processes. Processes that still run afterwards are
        /// killed, final ones included.
        finalization_wait, with_finalization_wait: [seconds] default(30);
        /// Stored, but without effect: processes run as the role of the job.
        user, with_user: [maybe text] optional;
    }

    /// One command line of a task, run by bash.
    struct Process = "Process" {
        /// What bash runs; a whole script is allowed. It receives no arguments.
        cmdline, with_cmdline: [text] required;
        /// The name of the process. It must be a valid file name: not empty, without a slash, and without a leading dot.
        /// Names must be unique in a task; the client does not check that.
        name, with_name: [text] required;
        /// Stored, but without effect: resources belong to the task.
        resources, with_resources: [maybe of Resources] optional;
        /// How many failed runs make the process fail; a run fails if its exit status is not 0. With 0 the process is
        /// restarted until a run succeeds. The executor stops after 100 runs in any case.
        max_failures, with_max_failures: [int] default(1);
        /// Whether the process is restarted after successful runs, too.
        daemon, with_daemon: [truth] default(false);
        /// Whether the task can finish while the process still runs, in whatever state.
        ephemeral, with_ephemeral: [truth] default(false);
        /// Minimum number of seconds from the end of one run to the start of the next.
        min_duration, with_min_duration: [seconds] default(documented_min_duration);
        /// Whether the process runs only after all ordinary processes have ended, for example to clean up. It may be
        /// ordered only with other final processes.
        is_final = "final", with_final: [truth] default(false);
        /// Where its output goes; files that grow without limit if unset.
        logger, with_logger: [maybe of Logger] optional;
    }

    /// An order of processes. Processes without a constraint start at the same time.
    #[derive(Eq)]
    struct Constraint = "Constraint" {
        /// Names of processes: each starts after the one before it has succeeded.
        order, with_order: [list text] needed;
    }

    /// The resources that a task needs. Each must be greater than 0.
    #[derive(Copy)]
    struct Resources = "Resources" {
        /// Cores; fractions count.
        cpu, with_cpu: [float] required;
        /// Memory in bytes.
        ram, with_ram: [bytes] required;
        /// Disk in bytes.
        disk, with_disk: [bytes] required;
    }
}

impl Task {
    /// A task with the defaults of the schema, and no resources yet.
    pub fn new(name: impl Into<String>, processes: Vec<Process>) -> Self {
        Self::with_required(name.into()).with_processes(processes)
    }
}

impl Process {
    /// A process with the documented defaults.
    pub fn new(name: impl Into<String>, cmdline: impl Into<String>) -> Self {
        Self::with_required(cmdline.into(), name.into())
    }
}

impl Constraint {
    /// Processes, by name, that run one after another.
    pub fn order(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::default().with_order(names)
    }
}

impl Resources {
    /// Cores, and amounts of memory and disk.
    pub fn new(cpu: f64, ram: impl Into<Bytes>, disk: impl Into<Bytes>) -> Self {
        Self::with_required(cpu, ram.into(), disk.into())
    }
}
