//! One call: how it is encoded, sent, retried, and its reply read.

use aurora_api::calls::{Call, Service};
use aurora_api::message::{self, Protocol};
use aurora_api::{Response, ResponseCode};
use hyper::body::Bytes;
use tracing::Instrument;

use super::SchedulerClient;
use crate::decode::decode;
use crate::error::Error;
use crate::reply::messages;
use crate::retry::{Attempts, Repeat, RetryPolicy};
use crate::transport::Connection;

impl SchedulerClient {
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
                lost_reply: attempts.lost_reply(),
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
            Repeat::Tolerable | Repeat::OnlyIfNotExecuted => Connection::Fresh,
        };
        tracing::debug!(
            cluster = self.cluster(),
            method,
            address = address.as_str(),
            "calling"
        );
        let reply = inner
            .transport
            .post(
                &address,
                request.message.clone(),
                inner.protocol,
                &inner.auth,
                connection,
            )
            .await?;
        if reply.url != address.join("api") {
            // It was redirected, as by a scheduler that leads no more.
            inner.discovery.forget();
        }
        let response = decode(method, reply, inner.limits).await?;
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

/// How a call went.
pub(crate) struct Exchange {
    pub(crate) result: Result<Response, Error>,
    /// Whether the reply to an attempt was lost, so that the result may be that of a
    /// repetition.
    pub(crate) lost_reply: bool,
    /// The policy for finding out more: its deadline is what is left of the call's.
    pub(crate) rest: RetryPolicy,
}

impl Exchange {
    /// The result, unless a refusal may be due to an earlier attempt whose reply was lost.
    pub(crate) fn or_unknown(self, client: &SchedulerClient) -> Result<Response, Error> {
        self.result.map_err(|error| match error {
            Error::Rejected { method, .. } if self.lost_reply => {
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
    pub(super) fn new<C: Call>(call: &C, protocol: Protocol) -> Self {
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

/// Whether a call may be repeated after its reply was lost.
fn repeat(service: Service, method: &str) -> Repeat {
    match (service, method) {
        (Service::ReadOnlyScheduler, _)
        | (_, "listBackups" | "queryRecovery" | "maintenanceStatus") => Repeat::Harmless,
        (_, "addInstances" | "startCronJob" | "startJobUpdate") => Repeat::OnlyIfNotExecuted,
        _ => Repeat::Tolerable,
    }
}
