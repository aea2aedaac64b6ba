//! The clock that retries and waits go by, so that programs and tests choose which one.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A future that a [`Clock`] hands out.
pub type Sleep<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;

/// Time as the pauses between attempts and polls see it.
///
/// Time-outs of the network are real time and do not go through it.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Time since a fixed moment of the clock's own choosing. It never goes back.
    fn now(&self) -> Duration;

    /// Completes when `pause` has passed. Dropping the future ends the sleep.
    fn sleep(&self, pause: Duration) -> Sleep<'_>;
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
    sleeps: Arc<Mutex<Vec<Duration>>>,
}

impl VirtualClock {
    /// A clock at zero.
    pub fn new() -> Self {
        Self::default()
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

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        Box::pin(async move {
            self.lock().push(pause);
            tokio::task::yield_now().await;
        })
    }
}
