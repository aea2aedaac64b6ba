//! The clock that retries and waits go by, so that programs and tests choose which one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A future that a [`Clock`] hands out.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Time as the pauses between attempts and polls see it.
///
/// Time-outs of the network are real time and do not go through it.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time since a fixed moment of the clock's own choosing. It never goes back.
    fn now(&self) -> Duration;

    /// The time since the beginning of 1970 in UTC. A user may set it, so use it only to compare with
    /// the times of a scheduler.
    fn unix_time(&self) -> Duration;

    /// Completes when `pause` has passed. Dropping the future ends the sleep.
    fn sleep(&self, pause: Duration) -> Sleep<'_>;
}

/// A clock that several clients share.
impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Duration {
        (**self).now()
    }

    fn unix_time(&self) -> Duration {
        (**self).unix_time()
    }

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        (**self).sleep(pause)
    }
}

/// The clock of the tokio runtime, which a test may pause.
#[derive(Clone, Debug)]
pub struct TokioClock {
    start: tokio::time::Instant,
}

impl TokioClock {
    /// A clock that starts now.
    pub fn new() -> Self {
        Self {
            start: tokio::time::Instant::now(),
        }
    }
}

impl Default for TokioClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for TokioClock {
    fn now(&self) -> Duration {
        self.start.elapsed()
    }

    fn unix_time(&self) -> Duration {
        SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
    }

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        Box::pin(tokio::time::sleep(pause))
    }
}

/// A clock that only sleeping moves: each sleep ends at once, and is remembered.
///
/// With it a test sees ten minutes of retries in no time.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// use aurora_rpc::{Clock, VirtualClock};
/// use std::time::Duration;
///
/// let clock = VirtualClock::new();
/// clock.sleep(Duration::from_secs(600)).await;
/// assert_eq!(clock.now(), Duration::from_secs(600));
/// assert_eq!(clock.sleeps(), [Duration::from_secs(600)]);
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct VirtualClock {
    began: Duration,
    sleeps: Arc<Mutex<Vec<Duration>>>,
}

impl VirtualClock {
    /// A clock at zero, at the beginning of 1970.
    pub fn new() -> Self {
        Self::default()
    }

    /// A clock at zero, `unix_time` after the beginning of 1970.
    pub fn starting_at(unix_time: Duration) -> Self {
        Self {
            began: unix_time,
            ..Self::default()
        }
    }

    /// Every sleep so far, in order. Clones of a clock share them.
    pub fn sleeps(&self) -> Vec<Duration> {
        self.lock().clone()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Duration>> {
        self.sleeps.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for VirtualClock {
    fn now(&self) -> Duration {
        self.lock().iter().sum()
    }

    fn unix_time(&self) -> Duration {
        self.began + self.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        Box::pin(async move {
            self.lock().push(pause);
            tokio::task::yield_now().await;
        })
    }
}
