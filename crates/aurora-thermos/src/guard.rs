//! A small companion process that kills the processes of a task when this process dies.
//!
//! Why not `PR_SET_PDEATHSIG`: it follows the *thread* that forked, and threads of an async runtime come
//! and go; it reaches bash alone and none of the processes that bash started; and the kernel forgets it
//! when a process changes its user. The guard needs none of that. It holds one end of a socket whose
//! other end only this process has; every child announces itself on it before it becomes bash, so
//! there is no moment in which a process runs unguarded. When the socket ends, however this process
//! died, the guard sends SIGKILL to the group and session of each announced process still alive.
//!
//! While this process lives, the number of an announced process cannot be used again: it is reaped only
//! after the guard has forgotten it.

use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};

use crate::proc_table::Entry;
use crate::sys::{self, ChildSetup};
use crate::user::Identity;

/// Name of the guard in the process list.
const NAME: &str = "aurora-thermos-guard";

/// `read -d ''` takes a whole file, because a command name may contain line ends. The rounds catch
/// processes that were forked while the table was read.
const SCRIPT: &str = r#"
trap '' HUP INT TERM
declare -A left
while IFS= read -r line; do
  case $line in
    \?) last= ;;
    +*) last=${line#+}; left[$last]=1 ;;
    -*) unset "left[${line#-}]" ;;
    !) [ "$last" ] && unset "left[$last]" ;;
  esac
done
[ ${#left[@]} -eq 0 ] && exit 0
for leader in "${!left[@]}"; do kill -KILL -- "-$leader"; done
for round in {1..50}; do
  found=
  for file in /proc/[0-9]*/stat; do
    stat=
    IFS= read -r -d '' stat <"$file"
    [ "$stat" ] || continue
    pid=${stat%% *}
    set -f
    set -- ${stat##*) }
    set +f
    [ "$1" = Z ] && continue
    if [ "${left[$3]}${left[$4]}" ]; then
      kill -KILL "$pid"
      found=1
    fi
  done
  [ "$found" ] || break
done
"#;

/// The companion of one task.
#[derive(Debug)]
pub(crate) struct Guard {
    socket: OwnedFd,
    child: Option<Child>,
    start: u64,
    launch: Mutex<()>,
}

impl Guard {
    pub(crate) fn start(task: &str) -> io::Result<Guard> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut command = Command::new("/bin/bash");
        command
            .args(["--norc", "--noprofile", "-c", SCRIPT, NAME])
            // A task name may contain anything; bash ignores the argument, people see it in `ps`.
            .arg(task.replace('\0', ""))
            .env_clear()
            .current_dir(Path::new("/"))
            .stdin(Stdio::from(OwnedFd::from(theirs)))
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        ChildSetup {
            announce: None,
            chroot: false,
            user: None,
            ignore_interrupt: true,
        }
        .apply_to(&mut command);
        let child = command.spawn()?;
        Ok(Guard {
            start: Entry::of(child.id() as i32).map_or(0, |entry| entry.start),
            child: Some(child),
            socket: ours.into(),
            launch: Mutex::new(()),
        })
    }

    /// When the guard started, in clock ticks since boot: before any process of the task.
    pub(crate) fn start_time(&self) -> u64 {
        self.start
    }

    /// Starts a process of the task as `user`, in a session of its own and known to the guard.
    pub(crate) fn spawn(
        &self,
        command: &mut Command,
        user: &Identity,
        chroot: bool,
    ) -> io::Result<Child> {
        self.launch(|announce| {
            ChildSetup {
                announce: Some(announce),
                chroot,
                user: user
                    .switch
                    .then(|| (user.uid, user.gid, user.groups.clone())),
                ignore_interrupt: true,
            }
            .apply_to(command);
            command.spawn()
        })
    }

    /// Runs `spawn` with an end of the socket on which the new child announces itself.
    ///
    /// A child that announced itself and then could not become bash is gone and its number free again, so
    /// the guard has to forget it, and only the guard knows the number. One launch at a time, therefore.
    fn launch<T>(&self, spawn: impl FnOnce(OwnedFd) -> io::Result<T>) -> io::Result<T> {
        let _one = self.launch.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = sys::send(&self.socket, b"?\n");
        spawn(self.socket.try_clone()?).inspect_err(|_| {
            let _ = sys::send(&self.socket, b"!\n");
        })
    }

    /// Removes a process of which nothing is left from the guard. Must come before the process is reaped.
    pub(crate) fn forget(&self, pid: i32) {
        // A guard that is gone needs no message.
        let _ = sys::send(&self.socket, sys::guard_line(b'-', pid, &mut [0; 16]));
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        // Ours is the only other end, so this is the guard's end of input.
        let closed = sys::shut(&self.socket);
        if let (Some(child), Ok(())) = (self.child.take(), closed) {
            reap_later(child);
        }
    }
}

/// Waits for a child that is about to end, without holding up anybody.
pub(crate) fn reap_later(mut child: Child) {
    if !matches!(child.try_wait(), Ok(None)) {
        return;
    }
    // If no thread can be started it stays a zombie until this process ends, which is harmless.
    let _ = std::thread::Builder::new()
        .name("aurora-thermos-reap".to_owned())
        .stack_size(64 << 10)
        .spawn(move || {
            let _ = child.wait();
        });
}

#[cfg(test)]
mod tests {
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    use std::time::{Duration, Instant};

    use super::*;

    /// A sleeping leader of a group, announced as if it had done so itself.
    fn announced(guard: &Guard, fails: bool) -> Child {
        let child = Command::new("sleep")
            .arg("1000")
            .process_group(0)
            .spawn()
            .unwrap();
        let launched = guard.launch(|socket| {
            sys::send(
                &socket,
                sys::guard_line(b'+', child.id() as i32, &mut [0; 16]),
            )?;
            if fails {
                Err(io::Error::other("no exec"))
            } else {
                Ok(())
            }
        });
        assert_eq!(launched.is_err(), fails);
        child
    }

    #[test]
    fn the_end_of_the_socket_kills_what_was_announced_and_nothing_else() {
        let guard = Guard::start("test").unwrap();
        let forgotten = announced(&guard, false);
        guard.forget(forgotten.id() as i32);
        let failed = announced(&guard, true);
        let mut guarded = announced(&guard, false);
        // A launch that fails before its announcement must not undo the one before.
        let early: io::Result<()> = guard.launch(|_| Err(io::Error::other("no fork")));
        assert!(early.is_err());

        let pid = guard.child.as_ref().unwrap().id() as i32;
        let start = Instant::now();
        drop(guard);
        assert_eq!(guarded.wait().unwrap().signal(), Some(9));
        while Entry::of(pid).is_some() {
            assert!(start.elapsed() < Duration::from_secs(30), "the guard stays");
            std::thread::sleep(Duration::from_millis(5));
        }
        for mut child in [forgotten, failed] {
            assert!(child.try_wait().unwrap().is_none());
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}
