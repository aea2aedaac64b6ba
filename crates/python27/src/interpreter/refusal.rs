//! What a hermetic program is refused, and what to do instead.

/// How the import of a file of the program is called.
pub(super) const OWN_IMPORT: &str = "import of file";

/// What a hermetic program reached for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refusal {
    /// A file that it does not include, or standard input.
    File,
    /// A module of the program outside of the folder that it may import from.
    Import,
    /// The time, the machine, the user or the process, or another program.
    Machine,
    /// Anything else outside of it.
    Other,
}

impl Refusal {
    /// Of what it called or imported.
    pub(super) fn of(what: &str) -> Self {
        let name = what.split('(').next().unwrap_or_default();
        if name == OWN_IMPORT {
            return Self::Import;
        }
        let is_of_files = matches!(
            name,
            "open" | "execfile" | "include" | "input" | "sys.stdin"
        ) || name.starts_with("io.")
            || name.starts_with("os.") && !is_about_the_machine(name);
        if is_of_files {
            Self::File
        } else if is_about_the_machine(name) {
            Self::Machine
        } else {
            Self::Other
        }
    }

    /// What to do instead.
    pub fn hint(self) -> &'static str {
        match self {
            Self::File => {
                "a hermetic file reads only itself and what it includes: include the text"
            }
            Self::Import => {
                "a hermetic file imports only files in its own folder: allow a folder further up"
            }
            Self::Machine => {
                "a hermetic file gives the same result at any time and on any machine: pass the \
                 value to it"
            }
            Self::Other => "a hermetic file computes values and does nothing else: leave it out",
        }
    }
}

/// Whether it is about the time, the machine, the user or the process, or starts programs.
fn is_about_the_machine(name: &str) -> bool {
    const BEGINNINGS: &[&str] = &[
        "import ",
        "os.exec",
        "os.fork",
        "os.get",
        "os.posix_spawn",
        "os.sched_",
        "os.set",
        "os.wait",
        "time.",
    ];
    const NAMES: &[&str] = &[
        "os._exit",
        "os.abort",
        "os.cpu_count",
        "os.kill",
        "os.nice",
        "os.sysconf",
        "os.system",
        "os.times",
        "os.uname",
        "os.urandom",
    ];
    BEGINNINGS.iter().any(|start| name.starts_with(start)) && !name.starts_with("os.getcwd")
        || NAMES.contains(&name)
}
