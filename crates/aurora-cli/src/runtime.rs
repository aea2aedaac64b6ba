//! The asynchronous runtime of a command: one for all that it does, and Ctrl-C ends each wait.

use std::future::Future;
use std::sync::OnceLock;

use crate::exit;
use crate::failure::{Failure, Result};

/// As much as the main thread has.
pub(crate) const WORK_STACK: usize = 8 << 20;

/// The runtime, made at the first use. Connections of a client live on it from one call to the next.
#[derive(Debug, Default)]
pub(crate) struct Runtime(OnceLock<tokio::runtime::Runtime>);

impl Runtime {
    /// Runs a future to its end, or to Ctrl-C.
    pub(crate) fn block_on<T>(&self, future: impl Future<Output = Result<T>>) -> Result<T> {
        self.get()?.block_on(async {
            tokio::select! {
                biased;
                interrupted = tokio::signal::ctrl_c() => match interrupted {
                    Ok(()) => Err(Failure::interrupted()),
                    Err(error) => Err(Failure::new(
                        exit::FATAL,
                        format!("cannot listen for Ctrl-C: {error}"),
                    )),
                },
                result = future => result,
            }
        })
    }

    fn get(&self) -> Result<&tokio::runtime::Runtime> {
        if let Some(runtime) = self.0.get() {
            return Ok(runtime);
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| {
                Failure::new(exit::FATAL, format!("cannot start the runtime: {error}"))
            })?;
        Ok(self.0.get_or_init(|| runtime))
    }
}

impl Drop for Runtime {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            // A host name that is still looked up, on a thread of its own, must not delay the exit.
            runtime.shutdown_background();
        }
    }
}

/// Runs work on a thread of its own. Dropping the future leaves the thread behind.
pub(crate) async fn on_thread<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T> {
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let worker = std::thread::Builder::new()
        .stack_size(WORK_STACK)
        .spawn(move || {
            // After Ctrl-C nothing waits for the result.
            let _ = sender.send(work());
        })
        .map_err(|error| Failure::new(exit::FATAL, format!("cannot start a thread: {error}")))?;
    match receiver.await {
        Ok(result) => Ok(result),
        // It ended without a result: it panicked, and so does the command.
        Err(_) => match worker.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => Err(Failure::new(exit::FATAL, "a thread gave no result")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_call_spawns_goes_on_in_the_next() {
        let runtime = Runtime::default();
        let (sender, receiver) = tokio::sync::oneshot::channel();
        let spawned = runtime.block_on(async {
            tokio::spawn(async {
                tokio::task::yield_now().await;
                sender.send(7)
            });
            Ok(())
        });
        assert_eq!(spawned, Ok(()));
        let received = runtime.block_on(async { Ok(receiver.await) });
        assert_eq!(received, Ok(Ok(7)));
    }
}
