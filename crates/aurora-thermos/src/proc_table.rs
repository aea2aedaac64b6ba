//! The process table of this machine, read from `/proc`.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use nix::sys::signal::Signal;

use crate::sys;

/// One process, identified by its number together with its start time, so that a number used again
/// is never taken for the process that had it before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) pid: i32,
    pub(crate) parent: i32,
    pub(crate) group: i32,
    pub(crate) session: i32,
    /// Clock ticks since boot.
    pub(crate) start: u64,
    pub(crate) zombie: bool,
}

impl Entry {
    /// Reads `/proc/<pid>/stat`. The command name in it may contain anything, so the fields are
    /// counted from the last parenthesis.
    fn parse(stat: &[u8]) -> Option<Entry> {
        let open = stat.iter().position(|&byte| byte == b'(')?;
        let close = stat.iter().rposition(|&byte| byte == b')')?;
        let pid = std::str::from_utf8(&stat[..open])
            .ok()?
            .trim()
            .parse()
            .ok()?;
        let rest = std::str::from_utf8(stat.get(close + 1..)?).ok()?;
        let fields: Vec<&str> = rest.split_ascii_whitespace().collect();
        Some(Entry {
            pid,
            parent: fields.get(1)?.parse().ok()?,
            group: fields.get(2)?.parse().ok()?,
            session: fields.get(3)?.parse().ok()?,
            start: fields.get(19)?.parse().ok()?,
            zombie: matches!(*fields.first()?, "Z" | "X"),
        })
    }

    /// The process with this number, if there is one.
    pub(crate) fn of(pid: i32) -> Option<Entry> {
        Entry::parse(&fs::read(format!("/proc/{pid}/stat")).ok()?)
    }

    /// Sends a signal to exactly this process. `false` when it is gone or not ours to signal.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        // The descriptor is taken first and the identity checked after it: from then on the number
        // may be used again without harm.
        let Ok(descriptor) = sys::pidfd_open(self.pid) else {
            return false;
        };
        Entry::of(self.pid).is_some_and(|now| now.start == self.start)
            && sys::pidfd_send_signal(&descriptor, signal).is_ok()
    }

    /// Whether it runs with the rights of `uid`.
    pub(crate) fn belongs_to(&self, uid: u32) -> bool {
        fs::metadata(format!("/proc/{}", self.pid)).is_ok_and(|meta| meta.uid() == uid)
    }

    /// Whether it lives in `sandbox`: started with it as `HOME`, or with it as its root folder.
    pub(crate) fn lives_in(&self, sandbox: &Path) -> bool {
        let environ = fs::read(format!("/proc/{}/environ", self.pid)).unwrap_or_default();
        let home = environ
            .split(|&byte| byte == 0)
            .find_map(|variable| variable.strip_prefix(b"HOME="));
        home == Some(sandbox.as_os_str().as_bytes())
            || fs::read_link(format!("/proc/{}/root", self.pid)).is_ok_and(|root| root == sandbox)
    }

    /// Whether its working folder is in `sandbox`.
    pub(crate) fn works_in(&self, sandbox: &Path) -> bool {
        fs::read_link(format!("/proc/{}/cwd", self.pid)).is_ok_and(|cwd| cwd.starts_with(sandbox))
    }
}

/// All live processes but this one and the first of the machine.
pub(crate) fn snapshot() -> io::Result<Vec<Entry>> {
    let own = std::process::id() as i32;
    let mut table = Vec::new();
    for item in fs::read_dir("/proc")? {
        // Processes come and go while the folder is read.
        let Ok(item) = item else { continue };
        let pid = item.file_name().to_str().and_then(|name| name.parse().ok());
        if let Some(entry) = pid.and_then(Entry::of)
            && entry.pid > 1
            && entry.pid != own
            && !entry.zombie
        {
            table.push(entry);
        }
    }
    Ok(table)
}

/// Members of the session or group that `leader` leads, and all their descendants.
pub(crate) fn tree(table: &[Entry], leader: i32) -> Vec<Entry> {
    let mut children: HashMap<i32, Vec<&Entry>> = HashMap::new();
    for entry in table {
        children.entry(entry.parent).or_default().push(entry);
    }
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    let mut open: Vec<&Entry> = table
        .iter()
        .filter(|entry| {
            entry.pid == leader
                || entry.group == leader
                || entry.session == leader
                || entry.parent == leader
        })
        .collect();
    while let Some(entry) = open.pop() {
        if seen.insert(entry.pid) {
            found.push(*entry);
            open.extend(children.get(&entry.pid).into_iter().flatten());
        }
    }
    found
}

/// Name of this boot of the machine: start times of another boot mean nothing.
pub(crate) fn boot_id() -> Option<String> {
    let text = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    Some(text.trim().to_owned())
}

/// Processes of `uid` that live in `sandbox` and started no earlier than `since` (clock ticks since
/// boot): those that made a session of their own and lost their parent.
pub(crate) fn strays(table: &[Entry], sandbox: &Path, uid: u32, since: u64) -> Vec<Entry> {
    table
        .iter()
        .filter(|entry| entry.start >= since && entry.belongs_to(uid) && entry.lives_in(sandbox))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_command_names_do_not_shift_the_fields() {
        let line = b"77 (a) b (c)) S 5 70 60 0 -1 4194560 1 2 3 4 5 6 7 8 20 0 1 0 9001 10 11";
        assert_eq!(
            Entry::parse(line),
            Some(Entry {
                pid: 77,
                parent: 5,
                group: 70,
                session: 60,
                start: 9001,
                zombie: false
            })
        );
        assert_eq!(Entry::parse(b"77 (a"), None);
        assert_eq!(Entry::parse(b""), None);
        assert_eq!(Entry::parse(b")("), None);
    }

    #[test]
    fn a_tree_holds_group_session_and_descendants() {
        let entry = |pid, parent, group, session| Entry {
            pid,
            parent,
            group,
            session,
            start: 1,
            zombie: false,
        };
        let table = [
            entry(10, 2, 10, 10),
            entry(11, 10, 10, 10),
            entry(12, 1, 10, 10),
            entry(13, 1, 13, 10),
            entry(14, 11, 14, 14),
            entry(15, 14, 14, 14),
            entry(20, 2, 20, 20),
        ];
        let mut pids: Vec<i32> = tree(&table, 10).iter().map(|entry| entry.pid).collect();
        pids.sort_unstable();
        assert_eq!(pids, [10, 11, 12, 13, 14, 15]);
    }

    #[test]
    fn a_number_used_again_is_not_signalled() {
        let own = Entry::of(std::process::id() as i32).unwrap();
        let other = Entry {
            start: own.start + 1,
            ..own
        };
        assert!(!other.signal(Signal::SIGKILL));
    }
}
