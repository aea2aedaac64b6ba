//! The only module with unsafe code: what has to happen between fork and exec, and system calls that
//! have no safe wrapper yet.

use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;

use nix::libc;
use nix::sys::signal::{SigHandler, Signal, signal};
use nix::unistd::{Gid, Uid, chroot, getpid, setgid, setgroups, setsid, setuid};
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// What a child does to itself before it becomes its program. Prepared completely by the parent: the
/// child of a process with threads must not allocate memory.
#[derive(Debug)]
pub(crate) struct ChildSetup {
    /// Where the child announces its number, so that the guard knows it before it can do anything.
    pub(crate) announce: Option<OwnedFd>,
    /// Makes the working folder the root folder.
    pub(crate) chroot: bool,
    /// The user to become.
    pub(crate) user: Option<(Uid, Gid, Vec<Gid>)>,
    /// Ignores SIGINT, as processes of a task do: the caller handles Ctrl-C.
    pub(crate) ignore_interrupt: bool,
}

impl ChildSetup {
    /// Makes `command` the leader of a new session and group that has done all of this.
    pub(crate) fn apply_to(self, command: &mut Command) {
        // SAFETY: `in_child` runs between fork and exec. It only makes system calls, on values that
        // the parent built, and takes neither locks nor memory.
        unsafe { command.pre_exec(move || self.in_child()) };
    }

    fn in_child(&self) -> io::Result<()> {
        setsid()?;
        if let Some(announce) = &self.announce {
            let mut buffer = [0; 16];
            // A dead guard is no reason not to run: the checkpoint still knows the process.
            let _ = send(announce, guard_line(b'+', getpid().as_raw(), &mut buffer));
        }
        reset_signals(self.ignore_interrupt)?;
        if self.chroot {
            chroot(".")?;
        }
        if let Some((uid, gid, groups)) = &self.user {
            setgroups(groups)?;
            setgid(*gid)?;
            setuid(*uid)?;
        }
        close_from_3_on_exec()
    }
}

/// Formats a line for the guard without taking memory: `+123` or `-123`.
pub(crate) fn guard_line(sign: u8, pid: i32, buffer: &mut [u8; 16]) -> &[u8] {
    let mut start = buffer.len() - 1;
    buffer[start] = b'\n';
    let mut rest = pid.unsigned_abs();
    loop {
        start -= 1;
        buffer[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    start -= 1;
    buffer[start] = sign;
    &buffer[start..]
}

/// Writes to a socket; a closed other end is an error, never a SIGPIPE.
pub(crate) fn send(socket: &OwnedFd, bytes: &[u8]) -> io::Result<()> {
    // SAFETY: the pointer and the length describe `bytes`, which outlives the call.
    let sent = unsafe {
        libc::send(
            socket.as_raw_fd(),
            bytes.as_ptr().cast(),
            bytes.len(),
            libc::MSG_NOSIGNAL,
        )
    };
    if sent == bytes.len() as isize {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// A parent may ignore signals, and exec keeps that; the task could then not be stopped.
fn reset_signals(ignore_interrupt: bool) -> io::Result<()> {
    let interrupt = if ignore_interrupt {
        SigHandler::SigIgn
    } else {
        SigHandler::SigDfl
    };
    let defaults = [
        Signal::SIGHUP,
        Signal::SIGQUIT,
        Signal::SIGTERM,
        Signal::SIGCHLD,
        Signal::SIGPIPE,
        Signal::SIGUSR1,
        Signal::SIGUSR2,
    ];
    // SAFETY: no handler function is installed, only the two fixed dispositions.
    unsafe {
        signal(Signal::SIGINT, interrupt)?;
        for number in defaults {
            signal(number, SigHandler::SigDfl)?;
        }
    }
    Ok(())
}

/// Marks every descriptor above 2 to be closed by exec. Closing them at once would break the pipe on
/// which the parent learns that exec failed.
fn close_from_3_on_exec() -> io::Result<()> {
    // SAFETY: plain integers; the call touches no memory.
    let done = unsafe {
        libc::syscall(
            libc::SYS_close_range,
            3 as libc::c_uint,
            libc::c_uint::MAX,
            libc::CLOSE_RANGE_CLOEXEC as libc::c_uint,
        )
    };
    if done == 0 {
        return Ok(());
    }
    // Before Linux 5.11: one by one, as far as descriptors may go.
    for descriptor in 3..65_536 as RawFd {
        // SAFETY: plain integers; an unused descriptor is refused with EBADF, which is fine.
        unsafe { libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    Ok(())
}

/// A descriptor of a process. It becomes readable when the process has exited, and it never means
/// another process that got the same number later.
pub(crate) fn pidfd_open(pid: i32) -> io::Result<OwnedFd> {
    // SAFETY: plain integers; the call touches no memory.
    let descriptor = unsafe { libc::syscall(libc::SYS_pidfd_open, pid, 0) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the kernel just made this descriptor for this call, so nothing else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(descriptor as RawFd) })
}

/// Waits until the process of a descriptor has exited, without reaping it. Cancel-safe.
///
/// # Panics
///
/// Outside of a tokio runtime.
pub(crate) async fn exited(descriptor: OwnedFd) -> io::Result<()> {
    // SAFETY: an `OwnedFd` is open and the same descriptor for as long as the `AsyncFd` owns it.
    let watched = unsafe { AsyncFd::register_with_interest(descriptor, Interest::READABLE) }
        .map_err(io::Error::from)?;
    watched.readable().await.map(|_| ())
}

/// Sends a signal to the process of a descriptor.
pub(crate) fn pidfd_send_signal(descriptor: &OwnedFd, signal: Signal) -> io::Result<()> {
    // SAFETY: a null `siginfo` is allowed and means what kill(2) would send.
    let done = unsafe {
        libc::syscall(
            libc::SYS_pidfd_send_signal,
            descriptor.as_raw_fd(),
            signal as libc::c_int,
            std::ptr::null::<libc::siginfo_t>(),
            0,
        )
    };
    if done == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

/// Ends a socket in both directions, also for children that still hold a copy of it.
pub(crate) fn shut(socket: &OwnedFd) -> io::Result<()> {
    // SAFETY: plain integers; the call touches no memory.
    if unsafe { libc::shutdown(socket.as_raw_fd(), libc::SHUT_RDWR) } == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guard_lines_are_exact() {
        let mut buffer = [0; 16];
        assert_eq!(guard_line(b'+', 1, &mut buffer), b"+1\n");
        assert_eq!(guard_line(b'-', 4_194_304, &mut buffer), b"-4194304\n");
        assert_eq!(guard_line(b'+', i32::MAX, &mut buffer), b"+2147483647\n");
    }

    #[test]
    fn a_closed_socket_is_an_error() {
        let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        drop(theirs);
        assert_eq!(
            send(&ours.into(), b"+1\n").unwrap_err().kind(),
            io::ErrorKind::BrokenPipe
        );
    }
}
