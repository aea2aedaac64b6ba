//! Why processes cannot be brought into an order.

/// Why the processes of a task cannot be scheduled.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PlanError {
    /// The name cannot be a folder name below the log folder.
    #[error(
        "process name '{}' must be non-empty, must not start with '.' and must not contain '/' or NUL",
        name.escape_default()
    )]
    InvalidName {
        /// The name as given.
        name: String,
    },
    /// Two processes share a name.
    #[error("two processes are named '{name}'; give each its own name")]
    DuplicateName {
        /// The shared name.
        name: String,
    },
    /// A command line that no program can be given.
    #[error("the command line of process '{process}' contains a NUL character")]
    NulInCommandLine {
        /// The process.
        process: String,
    },
    /// An `order` list without names.
    #[error("order constraint {number} is empty; name at least one process or remove it")]
    EmptyOrder {
        /// Position among the constraints, from 1.
        number: usize,
    },
    /// An `order` list that joins a process with names outside of its plan.
    #[error(
        "order constraint {number} joins '{inside}' with '{outside}', which is {}",
        if *.other_plan { "in the other plan: final and ordinary processes cannot be ordered together" } else { "no process of this task" }
    )]
    MixedOrder {
        /// Position among the constraints, from 1.
        number: usize,
        /// A name in the plan.
        inside: String,
        /// A name that is not.
        outside: String,
        /// Whether the other name is a process of the other plan.
        other_plan: bool,
    },
    /// Something waits for a process that never finishes.
    #[error(
        "process '{process}' is ordered after '{daemon}', which is a daemon and never finishes"
    )]
    AfterDaemon {
        /// The one that waits.
        process: String,
        /// The daemon.
        daemon: String,
    },
    /// A process that counts waits for one that does not.
    #[error(
        "process '{process}' is ordered after '{ephemeral}', which is ephemeral; make '{process}' ephemeral too or drop the order"
    )]
    AfterEphemeral {
        /// The one that waits.
        process: String,
        /// The ephemeral one.
        ephemeral: String,
    },
    /// Processes that wait for each other.
    #[error("the order of processes has a cycle: {}", names.join(" -> "))]
    Cycle {
        /// The names along the cycle; the first one is repeated at the end.
        names: Vec<String>,
    },
}
