//! What takes more than one call: waiting for instances, killing in batches, listing, status.
//!
//! They report through return values and events, and print nothing. All pauses go by the client's
//! [`Clock`](crate::Clock).

mod kill;
mod list;
mod status;
mod wait;

pub use kill::{KillEvent, KillOptions, KillOutcome, active_instances, kill, kill_at_once};
pub use list::list_jobs;
pub use status::{JobStatus, job_status};
pub use wait::{Goal, Pace, Waited, wait_until};
