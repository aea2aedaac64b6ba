//! Asking a task over HTTP to shut down, before it is killed.

use std::time::Duration;

use crate::http;

/// Two requests to a port of the task, each followed by a pause if it was answered.
///
/// This comes before [`TaskHandle::kill`](crate::TaskHandle::kill) and does not replace it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HttpTeardown {
    /// Port of the task on this machine.
    pub port: u16,
    /// Path of the first request, which asks to shut down in good order.
    pub graceful_shutdown_endpoint: String,
    /// Path of the second one, which is the last warning.
    pub shutdown_endpoint: String,
    /// Time for an answer.
    pub timeout: Duration,
    /// Pause after an answer of any code.
    pub pause: Duration,
}

/// How far a teardown got.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Teardown {
    /// The task ended by itself.
    Ended,
    /// The task still runs and has to be killed.
    Running {
        /// Whether the first request was answered.
        graceful_shutdown: bool,
        /// Whether the second one was.
        shutdown: bool,
    },
}

impl HttpTeardown {
    /// The documented one: `/quitquitquit`, then `/abortabortabort`, 1 s for an answer, 5 s after it.
    pub fn new(port: u16) -> HttpTeardown {
        HttpTeardown {
            port,
            graceful_shutdown_endpoint: "/quitquitquit".to_owned(),
            shutdown_endpoint: "/abortabortabort".to_owned(),
            timeout: Duration::from_secs(1),
            pause: Duration::from_secs(5),
        }
    }

    /// Makes the requests. Returns as soon as `ended` (such as
    /// [`TaskHandle::wait`](crate::TaskHandle::wait)) is ready; Thermos sleeps out its pauses. Cancel-safe.
    pub async fn run(&self, ended: impl Future) -> Teardown {
        let ask = async {
            let graceful_shutdown = self.ask(&self.graceful_shutdown_endpoint).await;
            let shutdown = self.ask(&self.shutdown_endpoint).await;
            Teardown::Running {
                graceful_shutdown,
                shutdown,
            }
        };
        tokio::select! {
            biased;
            _ = ended => Teardown::Ended,
            answers = ask => answers,
        }
    }

    async fn ask(&self, endpoint: &str) -> bool {
        match http::post(self.port, endpoint, self.timeout).await {
            Ok(()) => {
                tokio::time::sleep(self.pause).await;
                true
            }
            Err(reason) => {
                tracing::debug!(port = self.port, endpoint, reason, "not answered");
                false
            }
        }
    }
}
