//! The system's `ssh`: its hosts, users and command lines.
//!
//! Users, hosts and task ids come from job keys and schedulers. The checks here make sure that none of them
//! becomes an option of ssh or a command of a shell.

use std::fmt;
use std::io;
use std::net::Ipv6Addr;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use nix::libc::{SIGINT, SIGQUIT};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use signal_hook::{flag, low_level};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;
use tokio::process::{Child, Command};

const PROGRAM: &str = "ssh";

/// The exit code of ssh if it cannot connect; a remote command may have it too.
pub(crate) const OWN_FAILURE: i32 = 255;

/// The name of a host, or its address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Host(String);

impl Host {
    /// Checks the text; `None` if it is neither.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let is_name = !text.starts_with('-') && aurora_jobkey::is_identifier(text);
        let is_host = is_name || text.parse::<Ipv6Addr>().is_ok();
        is_host.then(|| Self(text.to_owned()))
    }

    /// The argument of ssh that forwards a local port to a port of this host, seen from the host of the connection.
    pub(crate) fn forward(&self, local: u16, remote: u16) -> String {
        if self.0.contains(':') {
            format!("{local}:[{self}]:{remote}")
        } else {
            format!("{local}:{self}:{remote}")
        }
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text can be a user to log in as: letters, digits, `_`, `-`, `.`, `+`, `@` and `\`, and no `-` at the
/// beginning.
pub(crate) fn is_user(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "_-.+@\\".contains(c);
    !text.is_empty() && !text.starts_with('-') && text.chars().all(fits)
}

/// One command line of ssh.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ssh {
    arguments: Vec<String>,
}

impl Ssh {
    /// `options` come first, then `user` (see [`is_user`]) and `host`, then the command for the remote shell.
    /// As the command begins with `cd`, ssh does not look for options in it.
    pub(crate) fn new(options: Vec<String>, user: &str, host: &Host, command: Cd<'_>) -> Self {
        let mut arguments = options;
        arguments.extend([format!("{user}@{host}"), command.to_string()]);
        Self { arguments }
    }

    /// The whole command line, word by word.
    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        std::iter::once(PROGRAM).chain(self.arguments.iter().map(String::as_str))
    }

    /// Runs it without input, and returns the output of both streams together. Dropping the future stops the process.
    pub(crate) async fn run(&self) -> io::Result<Ended> {
        let (output, input) = io::pipe()?;
        let mut output = pipe::Receiver::from_owned_fd(output.into())?;
        // The command holds the writing ends of the pipe; dropping it lets the pipe end with the process.
        let mut running = {
            let mut command = Command::new(PROGRAM);
            command
                .args(&self.arguments)
                .stdin(Stdio::null())
                .stdout(input.try_clone()?)
                .stderr(input);
            Running(command.spawn()?)
        };
        let mut bytes = Vec::new();
        output.read_to_end(&mut bytes).await?;
        let status = running.0.wait().await?;
        Ok(Ended {
            output: bytes,
            status,
        })
    }

    /// Runs it on the streams of this process until it ends. Ctrl-C and Ctrl-\ go to the remote process.
    pub(crate) fn attach(&self) -> io::Result<ExitStatus> {
        // Caught rather than ignored: ssh would inherit an ignored signal.
        let caught = Arc::new(AtomicBool::new(false));
        let interrupt = flag::register(SIGINT, Arc::clone(&caught))?;
        let quit = flag::register(SIGQUIT, caught)?;
        let status = std::process::Command::new(PROGRAM)
            .args(&self.arguments)
            .status();
        low_level::unregister(interrupt);
        low_level::unregister(quit);
        status
    }
}

/// A command that a shell runs in a folder.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cd<'a> {
    /// A path with wildcards for the shell.
    pub(crate) folder: &'a str,
    /// The command.
    pub(crate) command: &'a str,
}

impl fmt::Display for Cd<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cd {};{}", self.folder, self.command)
    }
}

/// The result of an ssh.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) output: Vec<u8>,
    pub(crate) status: ExitStatus,
}

/// An ssh process, which gets SIGTERM when this is dropped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let pid = self.0.id().and_then(|pid| i32::try_from(pid).ok());
        if let Some(pid) = pid {
            // This fails if the process has already ended.
            let _ = kill(Pid::from_raw(pid), Signal::SIGTERM);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_and_addresses() {
        for good in ["slave-0.example.com", "localhost", "10.0.0.1", "::1", "a_b"] {
            assert_eq!(Host::new(good).unwrap().to_string(), good);
        }
        for bad in [
            "",
            "-oProxyCommand=true",
            "-v",
            "a b",
            "a;b",
            "root@b",
            "ssh://b",
            "b:22",
            "$(b)",
            "b\n",
            "%h",
        ] {
            assert_eq!(Host::new(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn users_are_neither_options_nor_commands() {
        for good in [
            "www-data",
            "alice",
            "CORP\\alice",
            "alice@corp.example",
            "jürgen",
        ] {
            assert!(is_user(good), "{good:?}");
        }
        for bad in [
            "",
            "-l",
            "-oProxyCommand=true",
            "a b",
            "`b`",
            "$b",
            "ssh://b",
            "a\tb",
            "a;b",
        ] {
            assert!(!is_user(bad), "{bad:?}");
        }
    }

    #[test]
    fn addresses_with_colons_are_bracketed_in_tunnels() {
        let forward = |host: &str| Host::new(host).unwrap().forward(8080, 31000);
        assert_eq!(forward("h"), "8080:h:31000");
        assert_eq!(forward("::1"), "8080:[::1]:31000");
    }

    #[test]
    fn the_command_line_is_the_released_one() {
        let options = ["-n", "-q", "-A"].map(str::to_owned).to_vec();
        let command = Cd {
            folder: "/mesos/slaves/*/sandbox",
            command: "ls -l; id",
        };
        let ssh = Ssh::new(options, "www", &Host::new("h").unwrap(), command);
        assert_eq!(
            ssh.words().collect::<Vec<_>>(),
            [
                "ssh",
                "-n",
                "-q",
                "-A",
                "www@h",
                "cd /mesos/slaves/*/sandbox;ls -l; id"
            ]
        );
    }
}
