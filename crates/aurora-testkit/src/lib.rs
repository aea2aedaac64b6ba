//! What the tests of several crates share: schedulers that answer as a test says, real servers, and runs of the
//! `aurora` command with nothing of the tester's environment.
//!
//! It depends on neither `aurora-rpc` nor `aurora-cli`, so that both can test with it. A helper panics when it cannot
//! do its work: the test that called it has failed then.
//!
//! ```
//! use aurora_cluster::Cluster;
//! use aurora_rpc::{SchedulerClient, operations};
//! use aurora_testkit::ScriptedScheduler;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let scheduler = ScriptedScheduler::running([("www/prod/hello", 2)]);
//! let client = SchedulerClient::connect(&Cluster::direct("west", scheduler.url()))?;
//!
//! let job = "west/www/prod/hello".parse()?;
//! let status = operations::job_status(&client, &job).await?.value;
//! assert_eq!(status.active.len(), 2);
//! assert_eq!(scheduler.methods(), ["getTasksWithoutConfigs"]);
//! # Ok(())
//! # }
//! ```
//!
//! | module or type | feature | gives |
//! | --- | --- | --- |
//! | `ScriptedScheduler` | `scheduler` | a scheduler with jobs in memory, one that answers by a function, or one that does wrong on purpose |
//! | `zookeeper`, `kerberos`, `ssh` | `servers` | real servers, in folders and on ports of their own |
//! | `command` | `command` | runs of the command, whose results must be looked at |
//! | [`until`], [`eventually`], [`PATIENCE`] | | waits for what other processes do |
//! | [`left_out`] | | names the tests that are left out because a program is missing |

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot set itself up has failed"
)]

use std::time::{Duration, Instant};

#[cfg(feature = "command")]
pub mod command;
#[cfg(feature = "servers")]
pub mod kerberos;
pub mod left_out;
#[cfg(feature = "servers")]
mod ports;
#[cfg(feature = "servers")]
mod process;
#[cfg(feature = "scheduler")]
pub mod scheduler;
#[cfg(feature = "servers")]
pub mod ssh;
#[cfg(feature = "servers")]
pub mod zookeeper;

#[cfg(feature = "servers")]
pub use ports::free_addresses;
#[cfg(feature = "scheduler")]
pub use scheduler::{Act, Request, ScriptedScheduler};

/// How long a test waits for what must come. A slow machine that compiles at the same time may need all of it.
pub const PATIENCE: Duration = Duration::from_secs(120);

/// Looks again and again until it is so; fails the test when it is not within [`PATIENCE`].
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    eventually(what, || is_so().then_some(()));
}

/// Asks again and again until there is an answer; fails the test when there is none within [`PATIENCE`].
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(
            Instant::now() < deadline,
            "waited {PATIENCE:?} in vain for {what}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}
