//! One exchange over HTTP: a Thrift message there, the bytes of the response back.
//!
//! It knows status codes, redirects, time-outs and sizes, and nothing of what the bytes mean.

mod body;
mod connect;
mod given;
mod redirect;
mod tls;

use std::time::Duration;

use aurora_api::message::Protocol;
use aurora_cluster::BaseUrl;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::ext::ReasonPhrase;
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT,
};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};

use crate::auth::Auth;
use crate::error::HttpStatus;
use crate::error::{BoxError, Error, find_cause};
use connect::{Connector, connector};
use given::AnyBody;
pub(crate) use given::Given;
use redirect::{Hop, next_hop};
pub(crate) use tls::Tls;

/// How many redirects are followed for one request.
const REDIRECT_LIMIT: usize = 30;
/// How long an unused connection is kept for the next read.
const IDLE_LIMIT: Duration = Duration::from_secs(30);

/// How long a scheduler may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Timeouts {
    /// For finding the host and connecting to it, TLS included, and again for the ticket on a
    /// cluster with Kerberos. Default: 10 seconds.
    pub connect: Duration,
    /// For one attempt, from its start to the last byte of the reply, redirects included.
    /// Default: 120 seconds.
    pub response: Duration,
}

impl Timeouts {
    /// Time-outs of those lengths.
    pub const fn new(connect: Duration, response: Duration) -> Self {
        Self { connect, response }
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self::new(Duration::from_secs(10), Duration::from_secs(120))
    }
}

/// Whether a request may travel on a connection that was used before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// It may: if the connection turns out to be dead, asking again does no harm.
    Reused,
    /// It may not. A server that closes an idle connection while a request is on its way leaves
    /// open whether it took the request, which must not happen to calls that change something.
    Fresh,
}

/// The response to one exchange. Its status was a success.
#[derive(Debug)]
pub(crate) struct HttpResponse {
    /// Address that responded, without secrets.
    pub(crate) url: String,
    /// How the body is encoded.
    pub(crate) protocol: Protocol,
    pub(crate) body: Bytes,
}

/// HTTP to schedulers. Clones share their connections.
#[derive(Clone, Debug)]
pub(crate) struct Transport {
    carrier: Carrier,
    timeouts: Timeouts,
    max_response: usize,
}

/// What carries requests.
#[derive(Clone, Debug)]
enum Carrier {
    Network(Box<Network>),
    Given(Given),
}

/// HTTP clients with connections of their own.
#[derive(Clone, Debug)]
struct Network {
    pooled: Client<Connector, Full<Bytes>>,
    single: Client<Connector, Full<Bytes>>,
}

impl Transport {
    /// A transport over connections of its own.
    pub(crate) fn new(timeouts: Timeouts, tls: Tls, max_response: usize) -> Self {
        let mut builder = Client::builder(TokioExecutor::new());
        builder
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_LIMIT);
        let connector = connector(timeouts.connect, tls);
        let pooled = builder.build(connector.clone());
        let single = builder.pool_max_idle_per_host(0).build(connector);
        Self {
            carrier: Carrier::Network(Box::new(Network { pooled, single })),
            timeouts,
            max_response,
        }
    }

    /// A transport over the one that the program gives.
    pub(crate) fn over(given: Given, timeouts: Timeouts, max_response: usize) -> Self {
        Self {
            carrier: Carrier::Given(given),
            timeouts,
            max_response,
        }
    }

    /// Posts `message` to the RPC address at `address` and reads the whole response.
    pub(crate) async fn post(
        &self,
        address: &BaseUrl,
        message: Bytes,
        protocol: Protocol,
        auth: &Auth,
        connection: Connection,
    ) -> Result<HttpResponse, Error> {
        auth.demand(address.host())?;
        let url = address.join("api");
        let exchange = self.exchange(&url, message, protocol, auth, connection);
        match tokio::time::timeout(self.timeouts.response, exchange).await {
            Ok(result) => result,
            Err(_) => Err(Error::TimedOut {
                url,
                limit: self.timeouts.response,
            }),
        }
    }

    async fn exchange(
        &self,
        url: &str,
        message: Bytes,
        protocol: Protocol,
        auth: &Auth,
        connection: Connection,
    ) -> Result<HttpResponse, Error> {
        let uri: Uri = url.parse().map_err(|error| Error::BadAddress {
            address: url.to_owned(),
            reason: format!("{error}"),
        })?;
        let mut hop = Hop::first(uri, message, protocol);
        for _ in 0..=REDIRECT_LIMIT {
            let response = self.send(&hop, auth, connection).await?;
            match next_hop(&hop, response.status(), response.headers())? {
                Some(next) => hop = next,
                None => return self.read(&hop, response, auth).await,
            }
        }
        Err(Error::TooManyRedirects {
            url: url.to_owned(),
            limit: REDIRECT_LIMIT,
        })
    }

    async fn send(
        &self,
        hop: &Hop,
        auth: &Auth,
        connection: Connection,
    ) -> Result<Response<AnyBody>, Error> {
        let mut request = Request::new(Full::new(hop.body.clone()));
        *request.method_mut() = hop.method.clone();
        *request.uri_mut() = hop.uri.clone();
        *request.headers_mut() = headers(hop);
        let sign_in = auth.header(hop.host(), hop.sign_in, self.timeouts.connect);
        if let Some(value) = sign_in.await? {
            request.headers_mut().insert(AUTHORIZATION, value);
        }
        let network = match &self.carrier {
            Carrier::Network(network) => network,
            Carrier::Given(given) => {
                let response = given.send(request).await;
                return response.map_err(|source| Error::Transport {
                    url: hop.uri.to_string(),
                    source,
                });
            }
        };
        let client = match connection {
            Connection::Reused => &network.pooled,
            Connection::Fresh => &network.single,
        };
        let response = client
            .request(request)
            .await
            .map_err(|error| self.explain(&hop.uri, error))?;
        Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()))
    }

    async fn read(
        &self,
        hop: &Hop,
        response: Response<AnyBody>,
        auth: &Auth,
    ) -> Result<HttpResponse, Error> {
        let url = hop.uri.to_string();
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED || status == StatusCode::FORBIDDEN {
            return Err(Error::Authentication {
                url,
                status: describe(&response),
                hint: auth.hint(hop.host(), hop.sign_in),
            });
        }
        // A redirection that leads nowhere is read as a response, as a success is.
        if !status.is_success() && !status.is_redirection() {
            return Err(Error::Status {
                url,
                status: describe(&response),
            });
        }
        let (head, body) = response.into_parts();
        let body = body::collect(&url, body, self.max_response).await?;
        let body = body::unpack(&url, &head.headers, body, self.max_response).await?;
        let protocol = protocol_of(&head.headers, hop.protocol);
        Ok(HttpResponse {
            url,
            protocol,
            body,
        })
    }

    /// Says what an error of the HTTP client means.
    fn explain(&self, uri: &Uri, error: hyper_util::client::legacy::Error) -> Error {
        if error.is_connect() {
            return connect::explain(uri, &error, self.timeouts.connect);
        }
        if let Some(cause) = tls::cause(&error).filter(|cause| tls::is_refusal(cause)) {
            return tls::explain(uri.to_string(), uri.host().unwrap_or_default(), cause);
        }
        let url = uri.to_string();
        match find_cause::<hyper::Error>(&error) {
            Some(cause) if cause.is_parse() => Error::NotHttp {
                url,
                reason: cause.to_string(),
            },
            Some(cause) => Error::ConnectionLost {
                url,
                reason: cause_text(cause),
            },
            None => Error::ConnectionLost {
                url,
                reason: cause_text(&error),
            },
        }
    }
}

fn headers(hop: &Hop) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static("Aurora V2"));
    headers.insert(
        ACCEPT,
        HeaderValue::from_static(match hop.protocol {
            // As the released client says.
            Protocol::Json => "*/*",
            other => other.content_type(),
        }),
    );
    if hop.method == Method::POST {
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static(hop.protocol.content_type()),
        );
    }
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    headers
}

/// The protocol of a response to a request in `asked`. A content type that is none of Thrift does not
/// matter to the released client, which reads TJSON; without any, it is as the request was.
fn protocol_of(headers: &HeaderMap, asked: Protocol) -> Protocol {
    match headers.get(CONTENT_TYPE) {
        None => asked,
        Some(named) => {
            let named = String::from_utf8_lossy(named.as_bytes());
            Protocol::of_content_type(&named).unwrap_or_default()
        }
    }
}

fn describe<B>(response: &Response<B>) -> HttpStatus {
    let status = response.status();
    let reason = match response.extensions().get::<ReasonPhrase>() {
        Some(phrase) => String::from_utf8_lossy(phrase.as_bytes()).into_owned(),
        None => status.canonical_reason().unwrap_or_default().to_owned(),
    };
    HttpStatus {
        code: status.as_u16(),
        reason,
    }
}

/// The error of a body that ended early.
fn broken(url: &str, error: BoxError) -> Error {
    let url = url.to_owned();
    match error.downcast::<hyper::Error>() {
        Ok(error) if error.is_parse() => Error::NotHttp {
            url,
            reason: error.to_string(),
        },
        Ok(error) => Error::ConnectionLost {
            url,
            reason: cause_text(&error),
        },
        Err(source) => Error::Transport { url, source },
    }
}

/// The text of the last cause: the ones before it only say where it passed.
fn cause_text(error: &(dyn std::error::Error + 'static)) -> String {
    std::iter::successors(Some(error), |error| error.source())
        .last()
        .map_or_else(String::new, ToString::to_string)
}
