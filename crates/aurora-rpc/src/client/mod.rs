//! The client of one cluster's scheduler.

mod builder;
mod exchange;

use std::fmt;
use std::sync::Arc;

use aurora_api::calls::Call;
use aurora_api::message::Protocol;
use aurora_api::{JobKey as WireJobKey, Limits, Response, ScheduleStatus, TaskQuery};
use aurora_cluster::{BaseUrl, Cluster};
use aurora_jobkey::{InstanceSet, JobKey};

use crate::auth::Auth;
use crate::clock::Clock;
use crate::discovery::Discovery;
use crate::error::Error;
use crate::retry::{RetryHook, RetryPolicy};
use crate::transport::Transport;
use crate::wire;
pub use builder::{DEFAULT_MAX_RESPONSE_BYTES, SchedulerClientBuilder};
pub(crate) use exchange::{Encoded, Exchange};

/// A client of the scheduler of one cluster.
///
/// Clones are cheap and share connections. Every method may be dropped while it waits: nothing is
/// left behind, but a call that changes something may or may not have been executed.
///
/// On a cluster with ZooKeeper the first call opens a session there, in a thread of its own, which
/// watches who leads: calls follow the leader. The session is closed when the last clone is
/// dropped; that takes a write to a socket, and half a second at most.
///
/// Each call is retried by the [`RetryPolicy`] when the connection fails, the scheduler
/// replies with an HTTP error, or is busy. A call whose reply was lost may have
/// been executed. What then happens to the calls that change something:
///
/// - [`start_job_update`](Self::start_job_update) looks whether its update has started before it is
///   repeated.
/// - `addInstances` and `startCronJob` would do their work twice: they are not repeated, and fail
///   with [`Error::OutcomeUnknown`].
/// - The others are repeated, as twice is as good as once. When the repetition is refused,
///   [`create_job`](Self::create_job), [`deschedule_cron_job`](Self::deschedule_cron_job) and
///   [`release_lock`](Self::release_lock) check whether the first attempt was executed; the rest
///   fails with [`Error::OutcomeUnknown`], as the first attempt may be what the refusal is due to.
#[derive(Clone)]
pub struct SchedulerClient {
    inner: Arc<Inner>,
    policy: RetryPolicy,
}

struct Inner {
    cluster: Cluster,
    discovery: Box<dyn Discovery>,
    auth: Auth,
    transport: Transport,
    clock: Arc<dyn Clock>,
    hook: RetryHook,
    limits: Limits,
    protocol: Protocol,
}

impl SchedulerClient {
    /// A client with the default settings. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The cluster names no usable address, or needs what this client does not support.
    pub fn connect(cluster: &Cluster) -> Result<Self, Error> {
        Self::builder(cluster).build()
    }

    /// Begins a client with other settings than the default ones.
    pub fn builder(cluster: &Cluster) -> SchedulerClientBuilder {
        SchedulerClientBuilder::new(cluster)
    }

    /// The same client with another policy, such as a deadline for one call. It shares the
    /// connections, and what is known of the leader.
    ///
    /// ```
    /// # use aurora_rpc::{Error, RetryPolicy, SchedulerClient};
    /// # use std::time::Duration;
    /// # async fn example(client: SchedulerClient) -> Result<(), Error> {
    /// let hurried = RetryPolicy::default().with_deadline(Duration::from_secs(20));
    /// let jobs = client.with_retry(hurried).get_jobs(Some("www")).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_retry(&self, policy: RetryPolicy) -> Self {
        Self {
            inner: Arc::clone(&self.inner),
            policy,
        }
    }

    /// Name of the cluster.
    pub fn cluster(&self) -> &str {
        &self.inner.cluster.name
    }

    /// The clock that retries and waits go by.
    pub fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// The base of the addresses that people see, for [`urls`](crate::urls): the cluster's
    /// `proxy_url` where it counts, else the address of the scheduler, without user and password.
    ///
    /// # Errors
    /// `proxy_url` is not an address; without one, as for finding the leader.
    pub async fn base_url(&self) -> Result<BaseUrl, Error> {
        match self.inner.cluster.proxy()? {
            Some(proxy) => Ok(proxy),
            None => Ok(self.inner.discovery.leader().await?.as_ref().clone()),
        }
    }

    /// Makes any call, and gives the response if its code is OK.
    ///
    /// The methods by name are built on it; use them where there is one, as they unwrap the
    /// result. Some of them also check what a call did whose reply was lost, which this does not.
    ///
    /// # Errors
    /// Every way to fail that [`Error`] names; [`Error::Rejected`] for a code other than OK.
    pub async fn call<C: Call>(&self, call: C) -> Result<Response, Error> {
        let request = self.encode(&call);
        drop(call);
        self.exchange(&request).await.or_unknown(self)
    }

    /// The call in the form in which this client sends it.
    pub(crate) fn encode<C: Call>(&self, call: &C) -> Encoded {
        Encoded::new(call, self.inner.protocol)
    }

    /// The user that the scheduler knows this client by, if it signs in with a user.
    pub(crate) async fn user(&self) -> Result<Option<String>, Error> {
        let leader = self.inner.discovery.leader().await?;
        Ok(self.inner.auth.user(leader.host()))
    }

    /// The API's form of a job's key, if the job belongs to this cluster: the API names no
    /// clusters, so the scheduler would not notice.
    pub(crate) fn job_key(&self, job: &JobKey) -> Result<WireJobKey, Error> {
        if job.cluster() == self.cluster() {
            Ok(wire::job_key(job))
        } else {
            Err(Error::WrongCluster {
                job: job.clone(),
                cluster: self.cluster().to_owned(),
            })
        }
    }

    /// A query for tasks of a job of this cluster.
    pub(crate) fn task_query(
        &self,
        job: &JobKey,
        statuses: Option<&[ScheduleStatus]>,
        instances: Option<&InstanceSet>,
    ) -> Result<TaskQuery, Error> {
        self.job_key(job)?;
        let statuses = statuses.map(|statuses| statuses.iter().copied().collect());
        wire::task_query(job, statuses, instances)
    }
}

impl fmt::Debug for SchedulerClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchedulerClient")
            .field("cluster", &self.cluster())
            .field("discovery", &self.inner.discovery)
            .field("auth", &self.inner.auth)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aurora_compat::Compat;

    #[tokio::test]
    async fn proxy_url_covers_a_direct_scheduler_unless_the_release_is_asked_for() {
        let mut cluster = Cluster::direct("west", "http://u:secret@h:1");
        let base = async |cluster: &Cluster| {
            SchedulerClient::connect(cluster)
                .unwrap()
                .base_url()
                .await
                .unwrap()
                .to_string()
        };
        assert_eq!(base(&cluster).await, "http://h:1");
        cluster.proxy_url = Some("https://me:secret@aurora.example.com".to_owned());
        assert_eq!(base(&cluster).await, "https://aurora.example.com");
        cluster.compat = Compat::Released;
        assert_eq!(base(&cluster).await, "http://h:1");
    }

    #[tokio::test]
    async fn a_proxy_is_known_without_asking_zookeeper() {
        // No ZooKeeper listens there.
        let mut cluster = Cluster::zookeeper("west", "127.0.0.1:1", "/aurora/scheduler");
        cluster.proxy_url = Some("http://proxy.example.com/a/".to_owned());
        for compat in [Compat::Documented, Compat::Released] {
            let cluster = cluster.clone().with_compat(compat);
            let client = SchedulerClient::connect(&cluster).unwrap();
            let base = client.base_url().await.unwrap();
            assert_eq!(base.as_str(), "http://proxy.example.com/a/");
        }
    }

    #[test]
    fn debug_shows_no_secret() {
        let cluster = Cluster::direct("west", "http://u:secret@h:1");
        let client = SchedulerClient::connect(&cluster).unwrap();
        assert!(!format!("{client:?}").contains("secret"));
    }
}
