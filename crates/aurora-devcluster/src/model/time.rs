//! Times as they are on the wire: milliseconds since 1970.

use std::time::Duration;

/// A duration in whole milliseconds, as times of day are counted here.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
