//! The `aurora` command, built for the tests of this package: as it is, or on the clock of a test.

#![allow(
    clippy::unwrap_used,
    reason = "a test that gives it nonsense has failed"
)]

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::process::ExitCode;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aurora_cli::Timing;
use aurora_rpc::{Clock, Sleep};

/// Address at which the test hears of every sleep.
const CLOCK: &str = "AURORA_TEST_CLOCK";
/// The time of day at which the clock begins, in seconds since the beginning of 1970.
const NOW: &str = "AURORA_TEST_NOW";
/// Seconds that a try to find a leading scheduler takes at most, and those after which none begins.
const SEARCH: &str = "AURORA_TEST_SEARCH";

fn main() -> ExitCode {
    let mut timing = Timing::default();
    if let Ok(address) = std::env::var(CLOCK) {
        timing.clock = Arc::new(TestClock {
            began: Duration::from_secs(std::env::var(NOW).unwrap().parse().unwrap()),
            passed: Arc::default(),
            test: Arc::new(Mutex::new(TcpStream::connect(address).unwrap())),
        });
    }
    if let Ok(limits) = std::env::var(SEARCH) {
        let (first_member, search) = limits.split_once(' ').unwrap();
        let seconds = |text: &str| Duration::from_secs_f64(text.parse().unwrap());
        timing.search.first_member = seconds(first_member);
        timing.search.search = seconds(search);
    }
    aurora_cli::main_with(timing)
}

/// A clock that only sleeping moves. It sends the seconds of a sleep to the test as a line of text, and the sleep ends
/// when the test has answered with one byte.
#[derive(Clone, Debug)]
struct TestClock {
    began: Duration,
    passed: Arc<Mutex<Duration>>,
    test: Arc<Mutex<TcpStream>>,
}

impl TestClock {
    fn tell(&self, pause: Duration) -> io::Result<()> {
        let mut test = self.test.lock().unwrap();
        writeln!(test, "{}", pause.as_secs_f64())?;
        test.read_exact(&mut [0])?;
        *self.passed.lock().unwrap() += pause;
        Ok(())
    }
}

impl Clock for TestClock {
    fn now(&self) -> Duration {
        *self.passed.lock().unwrap()
    }

    fn unix_time(&self) -> Duration {
        self.began + self.now()
    }

    fn sleep(&self, pause: Duration) -> Sleep<'_> {
        let clock = self.clone();
        Box::pin(async move {
            let (sender, receiver) = tokio::sync::oneshot::channel();
            // On a thread of its own, so that an interrupt gets through.
            std::thread::spawn(move || {
                if clock.tell(pause).is_ok() {
                    let _ = sender.send(());
                }
            });
            if receiver.await.is_err() {
                // The test has no more time for this command.
                std::future::pending::<()>().await;
            }
        })
    }
}
