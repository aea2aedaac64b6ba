//! Opening connections, with a limit on all of it, and errors that say which step failed.

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::Uri;
use hyper::http::uri::Scheme;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::{GaiAddrs, GaiResolver, Name};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower_service::Service;

use super::tls::{self, NoTls, Tls};
use crate::error::{BoxError, Error, find_cause, io_cause};

/// The connector of the HTTP clients.
pub(super) type Connector = Limited<Secured>;

/// A connector that gives up after `limit`, which covers the look-up of the host and TLS too.
pub(super) fn connector(limit: Duration, tls: Tls) -> Connector {
    let mut inner = HttpConnector::new_with_resolver(Resolver(GaiResolver::new()));
    inner.set_nodelay(true);
    inner.enforce_http(false);
    let inner = Secured { plain: inner, tls };
    Limited { inner, limit }
}

/// Says what kept a connection from being made.
pub(super) fn explain(
    uri: &Uri,
    error: &(dyn std::error::Error + 'static),
    limit: Duration,
) -> Error {
    let url = uri.to_string();
    if find_cause::<Elapsed>(error).is_some() {
        return Error::ConnectTimedOut { url, limit };
    }
    if let Some(unknown) = find_cause::<UnknownHost>(error) {
        return Error::UnknownHost {
            url,
            reason: unknown.0.to_string(),
        };
    }
    if let Some(missing) = find_cause::<NoTls>(error) {
        return Error::NoTls {
            url,
            reason: missing.to_string(),
        };
    }
    if let Some(cause) = tls::cause(error) {
        return tls::explain(url, uri.host().unwrap_or_default(), cause);
    }
    let reason = match io_cause(error) {
        Some(cause) if cause.kind() == io::ErrorKind::ConnectionRefused => {
            return Error::Refused {
                url,
                reason: cause.to_string(),
            };
        }
        Some(cause) => cause.to_string(),
        None => super::cause_text(error),
    };
    Error::Unreachable { url, reason }
}

/// A connector with a time limit.
#[derive(Clone, Debug)]
pub(super) struct Limited<C> {
    inner: C,
    limit: Duration,
}

impl<C> Service<Uri> for Limited<C>
where
    C: Service<Uri>,
    C::Future: Send + 'static,
    C::Error: Into<BoxError>,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connecting = self.inner.call(uri);
        let limit = self.limit;
        Box::pin(async move {
            match tokio::time::timeout(limit, connecting).await {
                Ok(result) => result.map_err(Into::into),
                Err(_) => Err(Elapsed.into()),
            }
        })
    }
}

/// A connector for plain addresses, and for those with TLS.
#[derive(Clone, Debug)]
pub(super) struct Secured {
    plain: HttpConnector<Resolver>,
    tls: Tls,
}

impl Service<Uri> for Secured {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.plain.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        if uri.scheme() != Some(&Scheme::HTTPS) {
            let connecting = self.plain.call(uri);
            return Box::pin(async move { Ok(MaybeHttpsStream::Http(connecting.await?)) });
        }
        let Self { plain, tls } = self.clone();
        Box::pin(async move {
            let config = tokio::task::spawn_blocking(move || tls.config()).await??;
            HttpsConnector::from((plain, config)).call(uri).await
        })
    }
}

/// The system's resolver, whose errors differ in type from those of connecting.
#[derive(Clone, Debug)]
pub(super) struct Resolver(GaiResolver);

impl Service<Name> for Resolver {
    type Response = GaiAddrs;
    type Error = UnknownHost;
    type Future = Pin<Box<dyn Future<Output = Result<GaiAddrs, UnknownHost>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), UnknownHost>> {
        self.0.poll_ready(cx).map_err(UnknownHost)
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let looking_up = self.0.call(name);
        Box::pin(async move { looking_up.await.map_err(UnknownHost) })
    }
}

/// The time for connecting is over.
#[derive(Debug)]
struct Elapsed;

impl fmt::Display for Elapsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time for connecting is over")
    }
}

impl std::error::Error for Elapsed {}

/// The resolver found no address.
#[derive(Debug)]
pub(super) struct UnknownHost(io::Error);

impl fmt::Display for UnknownHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for UnknownHost {}
