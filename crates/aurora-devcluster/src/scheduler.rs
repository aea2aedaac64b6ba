//! The engine, shared by the service, the executor and the clock.

use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, watch};

use crate::engine::Engine;
use crate::model::TaskState;

/// How long to wait after the state could not be stored.
const STORE_RETRY: Duration = Duration::from_secs(1);
/// The longest sleep of the clock.
const MAX_SLEEP: Duration = Duration::from_secs(60);

/// The engine takes no more calls, because the process is ending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ending;

/// A handle on the engine.
#[derive(Clone)]
pub(crate) struct Scheduler {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Mutex<Engine>,
    changed: Notify,
    /// The cluster is being stopped, which nothing may hold up.
    ending: AtomicBool,
}

impl fmt::Debug for Scheduler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Scheduler")
    }
}

impl Scheduler {
    pub(crate) fn new(engine: Engine) -> Self {
        Self {
            shared: Arc::new(Shared {
                engine: Mutex::new(engine),
                changed: Notify::new(),
                ending: AtomicBool::new(false),
            }),
        }
    }

    /// Works on the engine, on a thread that may wait for the disk. The work gets the time in ms since 1970.
    pub(crate) async fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Engine, i64) -> T + Send + 'static,
    ) -> Result<T, Ending> {
        let shared = Arc::clone(&self.shared);
        let work = move || {
            // A panic in an earlier call cannot have left half a change: changes are applied after they are stored.
            let mut engine = shared.engine.lock().unwrap_or_else(PoisonError::into_inner);
            let before = engine.revision();
            let result = work(&mut engine, now());
            if engine.revision() != before {
                shared.changed.notify_one();
            }
            result
        };
        tokio::task::spawn_blocking(work).await.map_err(|_| Ending)
    }

    /// Records that the cluster is being stopped.
    pub(crate) fn end(&self) {
        self.shared.ending.store(true, Ordering::Release);
    }

    /// Reports the state of a task, and retries while the state cannot be stored. Only the end of the cluster
    /// does not wait for that; the next start then counts the task as lost.
    pub(crate) async fn report(&self, id: &str, state: TaskState, message: Option<&str>) {
        loop {
            let (task, text) = (id.to_owned(), message.map(str::to_owned));
            let stored = self
                .with(move |engine, now| engine.report(now, &task, state, text.as_deref()))
                .await;
            match stored {
                Ok(Ok(())) | Err(Ending) => return,
                Ok(Err(error)) => {
                    tracing::error!(task = id, state = state.name(), %error, "cannot store a report");
                    if self.shared.ending.load(Ordering::Acquire) {
                        return;
                    }
                    tokio::time::sleep(STORE_RETRY).await;
                }
            }
        }
    }

    /// Does what is due as time passes, until `stop` turns true.
    pub(crate) async fn keep_time(self, mut stop: watch::Receiver<bool>) {
        while !*stop.borrow() {
            let sleep = match self.with(|engine, now| (engine.tick(now), now)).await {
                Ok((Ok(Some(at)), now)) => {
                    let ms = u64::try_from(at.saturating_sub(now)).unwrap_or(0);
                    // At least a moment, so that a stopped clock cannot make this spin.
                    Duration::from_millis(ms.max(1)).min(MAX_SLEEP)
                }
                Ok((Ok(None), _)) => MAX_SLEEP,
                Ok((Err(error), _)) => {
                    tracing::error!(%error, "cannot store the state");
                    STORE_RETRY
                }
                Err(Ending) => return,
            };
            tokio::select! {
                () = self.shared.changed.notified() => {}
                () = tokio::time::sleep(sleep) => {}
                changed = stop.changed() => if changed.is_err() { return },
            }
        }
    }
}

/// Milliseconds since 1970.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}
