//! What to do instead of something that is refused to a hermetic program.

/// What to do instead of something that is refused.
pub(super) fn hint(what: &str) -> &'static str {
    let name = what.split('(').next().unwrap_or_default();
    let is_of_files = matches!(
        name,
        "open" | "execfile" | "include" | "input" | "sys.stdin"
    ) || name.starts_with("io.")
        || name.starts_with("os.") && !is_about_the_machine(name);
    if is_of_files {
        "a hermetic file reads nothing but itself and what it includes: move the text into an \
         included file"
    } else if is_about_the_machine(name) {
        "a hermetic file gives the same result at any time and on any machine: pass the value to it"
    } else {
        "a hermetic file computes values and does nothing else: leave it out"
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
