//! Following an update to its end.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use aurora_api::{JobUpdateKey, JobUpdateQuery, JobUpdateStatus, JobUpdateSummary};
use aurora_jobkey::JobKey;
use futures_core::Stream;

use super::wait::SHORTEST_PAUSE;
use crate::client::SchedulerClient;
use crate::error::Error;
use crate::wire;

/// The pause between two looks at an update in Aurora 0.12.0: 5 seconds.
pub const UPDATE_PAUSE: Duration = Duration::from_secs(5);

/// Something new about an update.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum UpdateEvent {
    /// The first state that was seen, or another one than before.
    State {
        /// The state.
        status: JobUpdateStatus,
        /// The whole summary.
        summary: JobUpdateSummary,
    },
    /// The update is over, or cannot be followed. No event comes after this one.
    Ended(UpdateEnd),
}

/// How the following of an update ended.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "snake_case"))]
#[must_use]
pub enum UpdateEnd {
    /// The update is over, in this state.
    Over(JobUpdateStatus),
    /// The scheduler knows no such update.
    NotFound,
    /// More than one update fits.
    Several(Vec<JobUpdateSummary>),
}

impl UpdateEnd {
    /// Whether the update rolled forward: all instances have its configuration.
    pub fn is_success(&self) -> bool {
        *self == Self::Over(JobUpdateStatus::ROLLED_FORWARD)
    }
}

/// Follows an update of a job: looks at once, then after each `pause`, without a limit. Without an
/// `id` it is the one update that the scheduler finds for the job.
///
/// Aurora 0.12.0 pauses for [`UPDATE_PAUSE`]; less than a millisecond counts as one. Nothing is sent
/// before the first event is asked for, and nothing after the stream is dropped.
///
/// ```
/// # use aurora_jobkey::JobKey;
/// # use aurora_rpc::{Error, SchedulerClient};
/// use aurora_rpc::operations::{self, UpdateEvent};
///
/// # async fn example(client: SchedulerClient, job: JobKey) -> Result<(), Error> {
/// let mut events = operations::follow_update(&client, &job, None, operations::UPDATE_PAUSE)?;
/// while let Some(event) = events.next().await {
///     match event? {
///         UpdateEvent::State { status, .. } => println!("{status}"),
///         UpdateEvent::Ended(end) => println!("success: {}", end.is_success()),
///         _ => {}
///     }
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// The job is not one of the client's cluster. A look that fails is the last item of the stream, an
/// error as of [`SchedulerClient::call`], or [`Error::MissingResult`] for an update without a state.
pub fn follow_update(
    client: &SchedulerClient,
    job: &JobKey,
    id: Option<&str>,
    pause: Duration,
) -> Result<UpdateEvents, Error> {
    client.job_key(job)?;
    let follower = Follower {
        client: client.clone(),
        key: JobUpdateKey {
            job: Some(wire::job_key(job)),
            id: id.map(str::to_owned),
        },
        pause: pause.max(SHORTEST_PAUSE),
        last: None,
    };
    Ok(UpdateEvents {
        next: Some(Box::pin(follower.step())),
    })
}

/// The events of an update: a [`Stream`], which ends after [`UpdateEvent::Ended`] or an error.
pub struct UpdateEvents {
    next: Option<Step>,
}

type Item = Result<UpdateEvent, Error>;
/// The next item, and the follower that continues unless it is the last one.
type Step = Pin<Box<dyn Future<Output = (Item, Option<Follower>)> + Send>>;

impl UpdateEvents {
    /// The next event, for those who need no other stream.
    pub async fn next(&mut self) -> Option<Result<UpdateEvent, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Follows to the end without looking at the events between.
    ///
    /// # Errors
    /// That of the look that failed.
    pub async fn end(mut self) -> Result<UpdateEnd, Error> {
        let mut end = UpdateEnd::NotFound;
        while let Some(event) = self.next().await {
            if let UpdateEvent::Ended(ended) = event? {
                end = ended;
            }
        }
        Ok(end)
    }
}

impl Stream for UpdateEvents {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Item>> {
        let Some(step) = &mut self.next else {
            return Poll::Ready(None);
        };
        let (item, follower) = ready!(step.as_mut().poll(context));
        self.next = follower.map(|follower| Box::pin(follower.step()) as Step);
        Poll::Ready(Some(item))
    }
}

impl fmt::Debug for UpdateEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UpdateEvents")
            .field("ended", &self.next.is_none())
            .finish_non_exhaustive()
    }
}

struct Follower {
    client: SchedulerClient,
    key: JobUpdateKey,
    pause: Duration,
    last: Option<JobUpdateStatus>,
}

impl Follower {
    async fn step(mut self) -> (Item, Option<Self>) {
        loop {
            if let Some(status) = self.last {
                if !status.is_active() {
                    let end = UpdateEnd::Over(status);
                    return (Ok(UpdateEvent::Ended(end)), None);
                }
                self.client.clock().sleep(self.pause).await;
            }
            let mut updates = match self.look().await {
                Ok(updates) => updates,
                Err(error) => return (Err(error), None),
            };
            let end = match (updates.pop(), updates.is_empty()) {
                (None, _) => UpdateEnd::NotFound,
                (Some(last), false) => {
                    updates.push(last);
                    UpdateEnd::Several(updates)
                }
                (Some(summary), true) => {
                    let Some(status) = summary.state.as_ref().and_then(|state| state.status) else {
                        let error = Error::MissingResult {
                            method: "getJobUpdateSummaries",
                            wanted: "state",
                        };
                        return (Err(error), None);
                    };
                    if self.last.replace(status) == Some(status) {
                        continue;
                    }
                    return (Ok(UpdateEvent::State { status, summary }), Some(self));
                }
            };
            return (Ok(UpdateEvent::Ended(end)), None);
        }
    }

    async fn look(&self) -> Result<Vec<JobUpdateSummary>, Error> {
        let query = JobUpdateQuery {
            key: Some(self.key.clone()),
            ..JobUpdateQuery::default()
        };
        Ok(self.client.get_job_update_summaries(query).await?.value)
    }
}
