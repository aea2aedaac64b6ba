//! The client of one cluster's scheduler: how it is made, and how any call goes through it.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use aurora_api::calls::{Call, Service};
use aurora_api::message::{self, Protocol};
use aurora_api::{JobKey as WireJobKey, Limits, Response, ResponseCode, ScheduleStatus, TaskQuery};
use aurora_cluster::{BaseUrl, Cluster};
use aurora_jobkey::{InstanceSet, JobKey};
use hyper::body::Bytes;
use tracing::Instrument;

use crate::answer::messages;
use crate::auth::{Auth, Credentials};
use crate::clock::{Clock, TokioClock};
use crate::discovery::{Discovery, FailedSearch, SearchHook, SearchLimits, discovery};
use crate::error::Error;
use crate::netrc::Netrc;
use crate::reply::decode;
use crate::retry::{Attempts, Repeat, Retry, RetryHook, RetryPolicy};
use crate::transport::{Connection, Timeouts, Tls, Transport};
use crate::wire;

/// The largest answer that is read unless the builder says otherwise: 512 MiB, room for several
/// hundred thousand tasks.
pub const DEFAULT_MAX_RESPONSE_BYTES: usize = 512 * 1024 * 1024;

/// A client of the scheduler of one cluster.
///
/// Clones are cheap and share connections. Every method may be dropped while it waits: nothing is
/// left behind, but a call that changes something may then have been carried out or not.
///
/// On a cluster with ZooKeeper the first call opens a session there, in a thread of its own, which
/// watches who leads: calls follow the leader. The session is closed when the last clone is
/// dropped; that takes a write to a socket, and half a second at most.
///
/// Each call is tried again by the [`RetryPolicy`] when the connection fails, the scheduler
/// answers with an HTTP error, or asks to come back later. A call whose answer got lost may have
/// been carried out. What then happens to the calls that change something:
///
/// - [`start_job_update`](Self::start_job_update) looks whether its update has started before it is
///   repeated.
/// - `addInstances` and `startCronJob` would do their work twice: they are not repeated, and fail
///   with [`Error::OutcomeUnknown`].
/// - The others are repeated, as twice is as good as once. When the repetition is refused,
///   [`create_job`](Self::create_job), [`deschedule_cron_job`](Self::deschedule_cron_job) and
///   [`release_lock`](Self::release_lock) find out whether the first attempt did the work; the rest
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

/// Settings of a [`SchedulerClient`]; [`SchedulerClient::builder`] begins one.
#[derive(Clone, Debug)]
pub struct SchedulerClientBuilder {
    cluster: Cluster,
    timeouts: Timeouts,
    policy: RetryPolicy,
    clock: Option<Arc<dyn Clock>>,
    hook: RetryHook,
    search: SearchLimits,
    search_hook: SearchHook,
    max_response: usize,
    credentials: Option<Credentials>,
    netrc: Option<Arc<Netrc>>,
    ca_file: Option<PathBuf>,
    protocol: Protocol,
}

impl SchedulerClientBuilder {
    /// How long the scheduler may take to be reached and to answer.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How long and how often a failed call is tried again.
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The clock for the pauses between attempts, and for waits of
    /// [`operations`](crate::operations). Without one it is [`TokioClock`].
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// What to do before the pause that follows a failed attempt, such as to tell the user.
    pub fn on_retry(mut self, hook: impl Fn(&Retry<'_>) + Send + Sync + 'static) -> Self {
        self.hook = RetryHook::new(hook);
        self
    }

    /// How long the leader is looked for, on a cluster with ZooKeeper.
    pub fn search(mut self, limits: SearchLimits) -> Self {
        self.search = limits;
        self
    }

    /// What to do after a try to find the leader in ZooKeeper that failed, such as to tell the
    /// user. Several tries belong to one attempt; [`on_retry`](Self::on_retry) tells when it fails.
    pub fn on_failed_search(
        mut self,
        hook: impl Fn(&FailedSearch<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.search_hook = SearchHook::new(hook);
        self
    }

    /// The largest answer to read, in bytes: [`DEFAULT_MAX_RESPONSE_BYTES`] without it.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response = limit;
        self
    }

    /// User and password for a cluster that wants them; they go before those in its
    /// `scheduler_uri`.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = Some(credentials);
        self
    }

    /// Users and passwords by host, for whatever host is asked and no other credentials are given
    /// for. The entry `default` counts for the scheduler itself, and not for where it redirects to.
    pub fn netrc(mut self, netrc: Netrc) -> Self {
        self.netrc = Some(Arc::new(netrc));
        self
    }

    /// The encoding of the calls: TJSON without it, which every scheduler understands. Release
    /// 0.12.0 does not understand another one. Answers are read in either, by their content type.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// A file of certificates in PEM form, of authorities that are trusted beside those of the
    /// system, instead of the `ca_file` of the cluster. Those of the system are found as other programs find them: on Linux as OpenSSL does, which has
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` for other places.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// The client. Nothing is sent before the first call.
    ///
    /// # Errors
    /// The cluster names no usable address, or needs what this client does not support; the file
    /// of authorities cannot be used.
    pub fn build(self) -> Result<SchedulerClient, Error> {
        let Self {
            cluster,
            timeouts,
            policy,
            clock,
            hook,
            search,
            search_hook,
            max_response,
            credentials,
            netrc,
            ca_file,
            protocol,
        } = self;
        let (discovery, in_address) = discovery(&cluster, search, search_hook)?;
        let credentials = credentials.as_ref().or(in_address.as_ref());
        let auth = Auth::of(&cluster, credentials, netrc)?;
        let tls = Tls::new(
            ca_file
                .as_ref()
                .or(cluster.ca_file.as_ref())
                .map(|it| &**it),
        )?;
        Ok(SchedulerClient {
            policy,
            inner: Arc::new(Inner {
                discovery,
                auth,
                transport: Transport::new(timeouts, tls, max_response),
                clock: clock.unwrap_or_else(|| Arc::new(TokioClock::new())),
                hook,
                limits: Limits {
                    message_bytes: max_response,
                    ..Limits::default()
                },
                protocol,
                cluster,
            }),
        })
    }
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
        SchedulerClientBuilder {
            cluster: cluster.clone(),
            timeouts: Timeouts::default(),
            policy: RetryPolicy::default(),
            clock: None,
            hook: RetryHook::default(),
            search: SearchLimits::default(),
            search_hook: SearchHook::default(),
            max_response: DEFAULT_MAX_RESPONSE_BYTES,
            credentials: None,
            netrc: None,
            ca_file: None,
            protocol: Protocol::default(),
        }
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
    /// `proxy_url` is no address; without one the leader has to be looked for, and is not found.
    pub async fn base_url(&self) -> Result<BaseUrl, Error> {
        match self.inner.cluster.proxy()? {
            Some(proxy) => Ok(proxy),
            None => Ok(self.inner.discovery.leader().await?.as_ref().clone()),
        }
    }

    /// Makes any call, and gives the response if its code is OK.
    ///
    /// The methods by name are built on it; use them where there is one, as they unwrap the
    /// result. Some of them also find out what a lost answer was, which this does not.
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
    /// clusters, so nobody else would notice.
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

    /// Makes a call as often as it takes.
    pub(crate) async fn exchange(&self, request: &Encoded) -> Exchange {
        let mut attempts = self.attempts(request);
        let span = attempts.span();
        async {
            let result = loop {
                let error = match self.attempt(request, &attempts).await {
                    Ok(response) => break Ok(response),
                    Err(error) => error,
                };
                if let Err(error) = attempts.pause_after(error).await {
                    break Err(error);
                }
            };
            Exchange {
                result,
                lost_answer: attempts.lost_answer(),
                rest: attempts.rest(),
            }
        }
        .instrument(span)
        .await
    }

    /// The attempts at a call, none of them made.
    pub(crate) fn attempts(&self, request: &Encoded) -> Attempts<'_> {
        let inner = &*self.inner;
        Attempts::new(
            &inner.cluster.name,
            request.method,
            request.repeat,
            self.policy,
            &*inner.clock,
            &inner.hook,
        )
    }

    /// Makes one of the attempts at a call.
    pub(crate) async fn attempt(
        &self,
        request: &Encoded,
        attempts: &Attempts<'_>,
    ) -> Result<Response, Error> {
        let result = attempts.run(self.send(request)).await;
        if result
            .as_ref()
            .is_err_and(|error| error.rejection().is_none())
        {
            self.inner.discovery.forget();
        }
        result
    }

    async fn send(&self, request: &Encoded) -> Result<Response, Error> {
        let inner = &*self.inner;
        let method = request.method;
        let address = inner.discovery.leader().await?;
        let connection = match request.repeat {
            Repeat::Harmless => Connection::Reused,
            Repeat::Tolerable | Repeat::OnlyIfNotCarriedOut => Connection::Fresh,
        };
        tracing::debug!(
            cluster = self.cluster(),
            method,
            address = address.as_str(),
            "calling"
        );
        let answer = inner
            .transport
            .post(
                &address,
                request.message.clone(),
                inner.protocol,
                &inner.auth,
                connection,
            )
            .await?;
        if answer.url != address.join("api") {
            // It was redirected, as by a scheduler that leads no more.
            inner.discovery.forget();
        }
        let response = decode(method, answer, inner.limits).await?;
        match response.response_code {
            Some(ResponseCode::OK) => Ok(response),
            Some(ResponseCode::ERROR_TRANSIENT) => Err(Error::Transient {
                method,
                messages: messages(&response),
            }),
            Some(code) => Err(Error::Rejected {
                method,
                code,
                messages: messages(&response),
            }),
            None => Err(Error::MissingResult {
                method,
                wanted: "responseCode",
            }),
        }
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

/// How a call went.
pub(crate) struct Exchange {
    pub(crate) result: Result<Response, Error>,
    /// Whether the answer to an attempt got lost on the way, so that the result may be that of a
    /// repetition.
    pub(crate) lost_answer: bool,
    /// The policy for finding out more: its deadline is what is left of the call's.
    pub(crate) rest: RetryPolicy,
}

impl Exchange {
    /// The result, unless nobody knows what a refusal means because an answer got lost before.
    pub(crate) fn or_unknown(self, client: &SchedulerClient) -> Result<Response, Error> {
        self.result.map_err(|error| match error {
            Error::Rejected { method, .. } if self.lost_answer => {
                Error::outcome_unknown(method, client.cluster(), error)
            }
            error => error,
        })
    }
}

/// A call in the form in which it is sent.
pub(crate) struct Encoded {
    method: &'static str,
    repeat: Repeat,
    message: Bytes,
}

impl Encoded {
    fn new<C: Call>(call: &C, protocol: Protocol) -> Self {
        Self {
            method: C::METHOD,
            repeat: repeat(C::SERVICE, C::METHOD),
            message: message::encode_call_as(protocol, call).into(),
        }
    }

    /// The same call for one who looks what became of it before it is repeated.
    pub(crate) fn with_looks_between(self) -> Self {
        Self {
            repeat: Repeat::Tolerable,
            ..self
        }
    }
}

/// What may be done with a call whose answer got lost.
fn repeat(service: Service, method: &str) -> Repeat {
    match (service, method) {
        (Service::ReadOnlyScheduler, _)
        | (_, "listBackups" | "queryRecovery" | "maintenanceStatus") => Repeat::Harmless,
        (_, "addInstances" | "startCronJob" | "startJobUpdate") => Repeat::OnlyIfNotCarriedOut,
        _ => Repeat::Tolerable,
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
        // Nobody is there to be asked.
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
