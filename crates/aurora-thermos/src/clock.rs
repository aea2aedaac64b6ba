//! Moments of the monotonic clock that cannot overflow and need not come.

use std::time::Duration;

use tokio::time::Instant;

/// A later moment. One that the clock cannot represent becomes one year from `moment`.
pub(crate) fn after(moment: Instant, wait: Duration) -> Instant {
    moment
        .checked_add(wait)
        .unwrap_or_else(|| moment + Duration::from_secs(365 * 24 * 3600))
}

/// Waits for a moment that may never come.
pub(crate) async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
