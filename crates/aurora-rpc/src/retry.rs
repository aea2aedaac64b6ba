//! Retries of calls that failed for temporary reasons.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tracing::Instrument;

use crate::clock::Clock;
use crate::error::Delivery;
use crate::error::Error;

/// How long and how often a call is retried.
///
/// The default is that of Aurora 0.12.0: a constant pause of 5 seconds, for up to 600 seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// The pause after a failed attempt. Less than a millisecond counts as one, so that nothing
    /// spins.
    pub pause: Duration,
    /// No attempt begins when this time has passed since the first one began. The first is always
    /// made, and one that has begun is not cut off.
    pub limit: Duration,
    /// The whole call ends when this time has passed since its first attempt began, even in the
    /// middle of an attempt, and without a pause that would only lead there. Without one, only
    /// `limit` and the [`Timeouts`](crate::Timeouts) of an attempt count.
    pub deadline: Option<Duration>,
}

impl RetryPolicy {
    /// A policy with that pause and limit.
    pub const fn new(pause: Duration, limit: Duration) -> Self {
        Self {
            pause,
            limit,
            deadline: None,
        }
    }

    /// The same policy with a deadline for the whole call.
    pub const fn with_deadline(self, deadline: Duration) -> Self {
        Self {
            deadline: Some(deadline),
            ..self
        }
    }

    /// One attempt and no more: its own error is the error of the call.
    pub const fn never() -> Self {
        Self::new(Duration::ZERO, Duration::ZERO)
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self::new(Duration::from_secs(5), Duration::from_secs(600))
    }
}

/// A failed attempt that will be followed by another one.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Retry<'a> {
    /// Name of the cluster.
    pub cluster: &'a str,
    /// The method of the call.
    pub method: &'static str,
    /// Number of the attempt that failed, from 1.
    pub attempt: u32,
    /// Why it failed; [`Error::connection_text`] is the text that the released client shows.
    pub error: &'a Error,
    /// The pause that follows.
    pub pause: Duration,
    /// Time since the first attempt began.
    pub elapsed: Duration,
}

/// The function that is called before the pause of each retry.
#[derive(Clone)]
pub(crate) struct RetryHook(Arc<dyn Fn(&Retry<'_>) + Send + Sync>);

impl RetryHook {
    pub(crate) fn new(hook: impl Fn(&Retry<'_>) + Send + Sync + 'static) -> Self {
        Self(Arc::new(hook))
    }
}

impl Default for RetryHook {
    fn default() -> Self {
        Self::new(|_| ())
    }
}

impl fmt::Debug for RetryHook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RetryHook")
    }
}

/// Whether a call may be sent again when it is not known what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// A read: nothing happens twice.
    Harmless,
    /// It changes something, but twice is as good as once, or the second time is refused.
    Tolerable,
    /// Twice would be twice.
    OnlyIfNotExecuted,
}

/// The attempts at one call: what came before, and whether there is to be another one.
///
/// The limit counts the attempts as well as the pauses, and is looked at before an attempt only:
/// back-off libraries budget their pauses alone, and decide by the error alone and not by what is
/// known of the attempts before, which is why this is our own.
pub(crate) struct Attempts<'a> {
    cluster: &'a str,
    method: &'static str,
    repeat: Repeat,
    policy: RetryPolicy,
    clock: &'a dyn Clock,
    hook: &'a RetryHook,
    start: Duration,
    failed: u32,
    lost_reply: bool,
    last_failure: Option<String>,
}

impl<'a> Attempts<'a> {
    /// Begins now.
    pub(crate) fn new(
        cluster: &'a str,
        method: &'static str,
        repeat: Repeat,
        policy: RetryPolicy,
        clock: &'a dyn Clock,
        hook: &'a RetryHook,
    ) -> Self {
        Self {
            cluster,
            method,
            repeat,
            policy,
            clock,
            hook,
            start: clock.now(),
            failed: 0,
            lost_reply: false,
            last_failure: None,
        }
    }

    /// Whether the reply to an earlier attempt was lost, so that the result of this one may be
    /// that of a repetition.
    pub(crate) fn lost_reply(&self) -> bool {
        self.lost_reply
    }

    /// The span of the whole call.
    pub(crate) fn span(&self) -> tracing::Span {
        let &Self {
            cluster, method, ..
        } = self;
        tracing::debug_span!("call", cluster, method)
    }

    /// The policy for what else has to be asked for the same call: its deadline is what is left.
    pub(crate) fn rest(&self) -> RetryPolicy {
        RetryPolicy {
            deadline: self.time_left(),
            ..self.policy
        }
    }

    /// Makes one attempt, which the deadline of the call may cut off.
    pub(crate) async fn run<T>(
        &self,
        attempt: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let span = tracing::debug_span!(
            "attempt",
            number = self.failed + 1,
            after = self.last_failure
        );
        let attempt = attempt.instrument(span);
        let Some(left) = self.time_left() else {
            return attempt.await;
        };
        match tokio::time::timeout(left, attempt).await {
            Ok(result) => result,
            Err(_) => Err(Error::DeadlinePassed {
                method: self.method,
                cluster: self.cluster.to_owned(),
                limit: self.policy.deadline.unwrap_or_default(),
            }),
        }
    }

    /// Takes the failure of an attempt, and pauses if there is to be another one: then it gives the
    /// failure back. If not, gives the error of the whole call.
    pub(crate) async fn pause_after(&mut self, error: Error) -> Result<Error, Error> {
        let &mut Self {
            cluster,
            method,
            policy,
            ..
        } = self;
        let pause = policy.pause.max(Duration::from_millis(1));
        self.failed += 1;
        let unknown = self.repeat != Repeat::Harmless && error.delivery() == Delivery::Unknown;
        self.lost_reply |= unknown;
        if unknown && self.repeat == Repeat::OnlyIfNotExecuted {
            return Err(Error::outcome_unknown(method, cluster, error));
        }
        if !error.is_transient() || policy.limit.is_zero() {
            return Err(error);
        }
        if self.time_left().is_some_and(|left| left <= pause) {
            return Err(self.give_up(error));
        }
        tracing::debug!(
            cluster,
            method,
            attempt = self.failed,
            ?pause,
            %error,
            "attempt failed, retrying after a pause"
        );
        (self.hook.0)(&Retry {
            cluster,
            method,
            attempt: self.failed,
            error: &error,
            pause,
            elapsed: self.elapsed(),
        });
        self.clock.sleep(pause).await;
        if self.elapsed() >= policy.limit {
            return Err(self.give_up(error));
        }
        self.last_failure = Some(error.to_string());
        Ok(error)
    }

    fn give_up(&self, last: Error) -> Error {
        Error::GaveUp {
            method: self.method,
            cluster: self.cluster.to_owned(),
            attempts: self.failed,
            waited: self.elapsed(),
            may_have_run: self.lost_reply,
            last: Box::new(last),
        }
    }

    fn time_left(&self) -> Option<Duration> {
        let deadline = self.policy.deadline?;
        Some(deadline.saturating_sub(self.elapsed()))
    }

    fn elapsed(&self) -> Duration {
        self.clock.now().saturating_sub(self.start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::TokioClock;
    use std::sync::Mutex;

    fn refused() -> Error {
        Error::Refused {
            url: "http://h/api".to_owned(),
            reason: "connection refused".to_owned(),
        }
    }

    fn lost() -> Error {
        Error::ConnectionLost {
            url: "http://h/api".to_owned(),
            reason: "reset".to_owned(),
        }
    }

    /// The result, whether a reply was lost, the retries that were reported, and how long it took.
    async fn run_with(
        repeat: Repeat,
        policy: RetryPolicy,
        mut attempt: impl AsyncFnMut(u32) -> Result<u32, Error>,
    ) -> (Result<u32, Error>, bool, Vec<(u32, Duration)>, Duration) {
        let clock = TokioClock::new();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let hook = RetryHook::new({
            let seen = Arc::clone(&seen);
            move |retry| seen.lock().unwrap().push((retry.attempt, retry.elapsed))
        });
        let mut attempts = Attempts::new("west", "createJob", repeat, policy, &clock, &hook);
        let mut count = 0;
        let result = loop {
            count += 1;
            match attempt(count).await {
                Ok(value) => break Ok(value),
                Err(error) => {
                    if let Err(error) = attempts.pause_after(error).await {
                        break Err(error);
                    }
                }
            }
        };
        let seen = seen.lock().unwrap().clone();
        (result, attempts.lost_reply(), seen, clock.now())
    }

    #[test]
    fn a_hook_shows_what_it_is() {
        assert_eq!(format!("{:?}", RetryHook::default()), "RetryHook");
    }

    #[tokio::test(start_paused = true)]
    async fn an_endpoint_that_is_always_down_makes_120_attempts_in_600_seconds() {
        let (result, _, seen, took) =
            run_with(Repeat::Tolerable, RetryPolicy::default(), async |_| {
                Err(refused())
            })
            .await;
        assert_eq!(seen.len(), 120);
        assert_eq!(seen[119], (120, Duration::from_secs(595)));
        assert_eq!(took, Duration::from_secs(600));
        let error = result.unwrap_err();
        insta::assert_snapshot!(error, @"timed out attempting to issue createJob to west: 120 attempts within 600 s failed, the last one because connection to http://h/api refused; check that the scheduler runs and that the port is right");
    }

    #[tokio::test(start_paused = true)]
    async fn time_inside_attempts_counts_and_no_attempt_is_cut_off() {
        let (result, _, seen, took) =
            run_with(Repeat::Harmless, RetryPolicy::default(), async |_| {
                tokio::time::sleep(Duration::from_secs(400)).await;
                Err(refused())
            })
            .await;
        assert_eq!(seen.len(), 2);
        assert_eq!(took, Duration::from_secs(810));
        assert!(matches!(
            result,
            Err(Error::GaveUp {
                attempts: 2,
                may_have_run: false,
                ..
            })
        ));
    }

    #[tokio::test(start_paused = true)]
    async fn success_after_failures_remembers_a_lost_reply() {
        let (result, lost, seen, took) = run_with(
            Repeat::Tolerable,
            RetryPolicy::default(),
            async |n| match n {
                1 => Err(lost()),
                2 => Err(refused()),
                n => Ok(n),
            },
        )
        .await;
        assert_eq!(result.unwrap(), 3);
        assert!(lost);
        assert_eq!(seen.len(), 2);
        assert_eq!(took, Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_must_not_happen_twice_is_repeated_only_when_it_did_not_happen() {
        let (result, _, seen, _) = run_with(
            Repeat::OnlyIfNotExecuted,
            RetryPolicy::default(),
            async |n| match n {
                1 => Err(refused()),
                _ => Err(lost()),
            },
        )
        .await;
        assert_eq!(seen.len(), 1);
        assert!(matches!(result, Err(Error::OutcomeUnknown { .. })));
    }

    #[tokio::test(start_paused = true)]
    async fn a_lasting_failure_is_not_repeated() {
        let (result, _, seen, took) =
            run_with(Repeat::Harmless, RetryPolicy::default(), async |_| {
                Err(Error::EmptyResult { method: "getJobs" })
            })
            .await;
        assert!(matches!(result, Err(Error::EmptyResult { .. })));
        assert!(seen.is_empty());
        assert_eq!(took, Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn never_gives_the_error_of_the_one_attempt() {
        let (result, _, seen, _) = run_with(Repeat::Harmless, RetryPolicy::never(), async |_| {
            Err(refused())
        })
        .await;
        assert!(matches!(result, Err(Error::Refused { .. })));
        assert!(seen.is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn no_pause_begins_that_ends_at_the_deadline_or_after_it() {
        for (deadline, attempts, end) in
            [(9_999, 2, 5_000), (10_000, 2, 5_000), (10_001, 3, 10_000)]
        {
            let policy = RetryPolicy::default().with_deadline(Duration::from_millis(deadline));
            let (result, _, seen, took) =
                run_with(Repeat::Harmless, policy, async |_| Err(refused())).await;
            let Err(Error::GaveUp {
                attempts: made,
                waited,
                ..
            }) = result
            else {
                panic!("{result:?}");
            };
            assert_eq!(
                (made, seen.len()),
                (attempts, attempts as usize - 1),
                "{deadline}"
            );
            let end = Duration::from_millis(end);
            assert_eq!((waited, took), (end, end), "{deadline}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn no_attempt_begins_at_the_limit() {
        for (limit, attempts) in [(9_999, 2), (10_000, 2), (10_001, 3)] {
            let policy = RetryPolicy::new(Duration::from_secs(5), Duration::from_millis(limit));
            let (result, _, _, _) =
                run_with(Repeat::Harmless, policy, async |_| Err(refused())).await;
            assert!(
                matches!(result, Err(Error::GaveUp { attempts: made, .. }) if made == attempts),
                "{limit}: {result:?}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_may_end_just_before_the_deadline_and_is_cut_off_after_it() {
        let clock = TokioClock::new();
        let hook = RetryHook::default();
        let policy = RetryPolicy::default().with_deadline(Duration::from_secs(10));
        for (takes, is_cut) in [(9_999, false), (10_001, true)] {
            let attempts =
                Attempts::new("west", "getJobs", Repeat::Harmless, policy, &clock, &hook);
            let result = attempts.run(async {
                tokio::time::sleep(Duration::from_millis(takes)).await;
                Ok(())
            });
            let is_late = matches!(result.await, Err(Error::DeadlinePassed { .. }));
            assert_eq!(is_late, is_cut, "{takes}");
        }
    }
}
