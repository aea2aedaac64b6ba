//! The settings of a client.

use std::path::PathBuf;
use std::sync::Arc;

use aurora_api::Limits;
use aurora_api::message::Protocol;
use aurora_cluster::Cluster;
use http_body_util::Full;
use hyper::body::{Body, Bytes};
use hyper::{Request, Response};
use tower_service::Service;

use super::{Inner, SchedulerClient};
use crate::auth::Netrc;
use crate::auth::{Auth, Credentials};
use crate::clock::{Clock, TokioClock};
use crate::discovery::{FailedSearch, SearchHook, SearchLimits, discovery};
use crate::error::{BoxError, Error};
use crate::retry::{Retry, RetryHook, RetryPolicy};
use crate::transport::{Given, Timeouts, Tls, Transport};

/// The largest reply that is read unless the builder has another limit: 512 MiB, room for several
/// hundred thousand tasks.
pub const DEFAULT_MAX_RESPONSE_BYTES: usize = 512 * 1024 * 1024;

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
    transport: Option<Given>,
}

impl SchedulerClientBuilder {
    pub(super) fn new(cluster: &Cluster) -> Self {
        Self {
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
            transport: None,
        }
    }

    /// How long the scheduler may take to be reached and to reply.
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
        self
    }

    /// How long and how often a failed call is retried.
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

    /// What to do before the pause that follows a failed attempt, such as to show it to the user.
    pub fn on_retry(mut self, hook: impl Fn(&Retry<'_>) + Send + Sync + 'static) -> Self {
        self.hook = RetryHook::new(hook);
        self
    }

    /// How long the leader is looked for, on a cluster with ZooKeeper.
    pub fn search(mut self, limits: SearchLimits) -> Self {
        self.search = limits;
        self
    }

    /// What to do after a try to find the leader in ZooKeeper that failed, such as to show it
    /// to the user. Several searches belong to one attempt; [`on_retry`](Self::on_retry) is called when that fails.
    pub fn on_failed_search(
        mut self,
        hook: impl Fn(&FailedSearch<'_>) + Send + Sync + 'static,
    ) -> Self {
        self.search_hook = SearchHook::new(hook);
        self
    }

    /// The largest reply to read, in bytes: [`DEFAULT_MAX_RESPONSE_BYTES`] without it.
    pub fn max_response_bytes(mut self, limit: usize) -> Self {
        self.max_response = limit;
        self
    }

    /// User and password for a cluster that requires them; they take precedence over those in its
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
    /// 0.12.0 does not understand another one. Replies are read in either, by their content type.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// A file of certificates in PEM form, of authorities that are trusted in addition to those of the
    /// system, instead of the `ca_file` of the cluster. Those of the system are found as other programs find them: on Linux as OpenSSL does, which has
    /// `SSL_CERT_FILE` and `SSL_CERT_DIR` for other places.
    pub fn ca_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.ca_file = Some(path.into());
        self
    }

    /// A transport to use instead of HTTP over TCP and TLS: a service that takes requests and gives
    /// responses, such as one of the `tower` crate, an `axum` router, or the scheduler of a test.
    ///
    /// The client still finds the leader, signs in, follows redirects, retries, and applies the limits
    /// on size and time, but for [`Timeouts::connect`]; [`ca_file`](Self::ca_file) has no effect. The
    /// service is cloned for each request, and its clones share what they share. It must not send a
    /// request twice by itself: calls that change something would be made twice.
    ///
    /// ```
    /// use aurora_cluster::Cluster;
    /// use aurora_rpc::SchedulerClient;
    /// use http_body_util::Full;
    /// use hyper::{Request, Response, body::Bytes};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let in_memory = tower::service_fn(async |request: Request<Full<Bytes>>| {
    ///     assert_eq!(request.uri(), "http://scheduler:8081/api");
    ///     let reply = r#"[1,"getQuota",2,0,{"0":{"rec":{"1":{"i32":1},"3":{"rec":{
    ///         "5":{"rec":{"1":{"rec":{"1":{"dbl":4.5}}}}}}}}}}]"#;
    ///     Ok::<_, std::convert::Infallible>(Response::new(reply.to_owned()))
    /// });
    /// let cluster = Cluster::direct("west", "http://scheduler:8081");
    /// let client = SchedulerClient::builder(&cluster).transport(in_memory).build()?;
    ///
    /// let quota = client.get_quota("www").await?.value.quota.unwrap_or_default();
    /// assert_eq!(quota.num_cpus.map(f64::from), Some(4.5));
    /// # Ok(())
    /// # }
    /// ```
    pub fn transport<S, B>(mut self, service: S) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Error: Into<BoxError>,
        S::Future: Send,
        B: Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        self.transport = Some(Given::new(service));
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
            transport,
        } = self;
        let (discovery, in_address) = discovery(&cluster, search, search_hook)?;
        let credentials = credentials.as_ref().or(in_address.as_ref());
        let auth = Auth::of(&cluster, credentials, netrc)?;
        let transport = match transport {
            Some(given) => Transport::over(given, timeouts, max_response),
            None => {
                let ca_file = ca_file.as_deref().or(cluster.ca_file.as_deref());
                Transport::new(timeouts, Tls::new(ca_file)?, max_response)
            }
        };
        Ok(SchedulerClient {
            policy,
            inner: Arc::new(Inner {
                discovery,
                auth,
                transport,
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
