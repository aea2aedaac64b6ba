//! Times of a job.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

/// A time in seconds as a job states it: in whole ones, or with fractions (`f64`) where health checks allow them. It may be
/// negative: a check refuses it, not the type.
///
/// ```
/// use std::time::Duration;
/// use aurora_config::Seconds;
///
/// assert_eq!(Seconds::from(Duration::from_secs(45)), Seconds(45));
/// assert_eq!(Seconds::<f64>::from(Duration::from_millis(1500)), Seconds(1.5));
/// assert_eq!(Duration::try_from(Seconds(45))?, Duration::from_secs(45));
/// assert!(Duration::try_from(Seconds(-1)).is_err());
/// # Ok::<(), aurora_config::Error>(())
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Seconds<T = i64>(pub T);

impl<T> From<T> for Seconds<T> {
    fn from(seconds: T) -> Self {
        Self(seconds)
    }
}

/// Rounds down to whole seconds. A time that is too long to count becomes the longest possible.
impl From<Duration> for Seconds {
    fn from(time: Duration) -> Self {
        Self(i64::try_from(time.as_secs()).unwrap_or(i64::MAX))
    }
}

impl From<Duration> for Seconds<f64> {
    fn from(time: Duration) -> Self {
        Self(time.as_secs_f64())
    }
}

impl TryFrom<Seconds> for Duration {
    type Error = crate::Error;

    fn try_from(Seconds(seconds): Seconds) -> Result<Self, Self::Error> {
        let whole = u64::try_from(seconds).map_err(|_| not_a_time(seconds))?;
        Ok(Self::from_secs(whole))
    }
}

impl TryFrom<Seconds<f64>> for Duration {
    type Error = crate::Error;

    fn try_from(Seconds(seconds): Seconds<f64>) -> Result<Self, Self::Error> {
        Self::try_from_secs_f64(seconds).map_err(|_| not_a_time(seconds))
    }
}

fn not_a_time(seconds: impl fmt::Display) -> crate::Error {
    crate::Error::invalid(format!(
        "{seconds} seconds are not a length of time: give 0 or more"
    ))
}

impl<T: fmt::Display> fmt::Display for Seconds<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0)
    }
}
