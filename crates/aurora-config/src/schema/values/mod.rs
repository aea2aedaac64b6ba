//! Types for single values of the schema: with a unit, or from a closed set.

mod bytes;
mod cron;
mod host_constraint;
mod seconds;
mod tier;

pub use bytes::Bytes;
pub use cron::CronCollisionPolicy;
pub use host_constraint::HostConstraint;
pub use seconds::Seconds;
pub use tier::Tier;

use aurora_compat::Compat;

/// The documented default of `min_duration` of a process.
pub(super) fn documented_min_duration() -> Seconds {
    Seconds(Compat::Documented.default_min_duration().into())
}
