//! The reply to a call, and the conventions that every reply keeps.

use aurora_api::{JobKey, Response, ResponseCode, ResponseDetail, ServerInfo};

use crate::model::JobId;
use crate::validate::Refusal;

/// The reply to a call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reply {
    pub(crate) code: ResponseCode,
    pub(crate) messages: Vec<String>,
    /// Boxed, because it is far larger than everything else.
    pub(crate) result: Option<Box<aurora_api::Result>>,
}

impl Reply {
    fn new(code: ResponseCode, message: Option<String>) -> Self {
        Self {
            code,
            messages: message.into_iter().collect(),
            result: None,
        }
    }

    /// Success, without a message.
    pub(crate) fn ok() -> Self {
        Self::new(ResponseCode::OK, None)
    }

    /// Success, with a message.
    pub(crate) fn ok_saying(message: impl Into<String>) -> Self {
        Self::new(ResponseCode::OK, Some(message.into()))
    }

    /// Success, with data.
    pub(crate) fn ok_with(result: aurora_api::Result) -> Self {
        Self {
            result: Some(Box::new(result)),
            ..Self::ok()
        }
    }

    /// The request is refused.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::new(ResponseCode::INVALID_REQUEST, Some(message.into()))
    }

    /// The call is malformed, or this side failed.
    pub(crate) fn error(message: impl Into<String>) -> Self {
        Self::new(ResponseCode::ERROR, Some(message.into()))
    }

    /// The caller's lock is not the one held.
    pub(crate) fn lock_error(message: impl Into<String>) -> Self {
        Self::new(ResponseCode::LOCK_ERROR, Some(message.into()))
    }

    /// The reply on the wire: the server's name and the details are always there, data only after success.
    pub(crate) fn into_response(self, cluster: &str) -> Response {
        let succeeded = self.code == ResponseCode::OK;
        Response {
            response_code: Some(self.code),
            server_info: Some(ServerInfo {
                cluster_name: Some(cluster.to_owned()),
                stats_url_prefix: Some(String::new()),
            }),
            result: self.result.filter(|_| succeeded).map(|result| *result),
            details: Some(
                self.messages
                    .into_iter()
                    .map(|message| ResponseDetail {
                        message: Some(message),
                    })
                    .collect(),
            ),
        }
    }
}

impl From<crate::Error> for Reply {
    fn from(error: crate::Error) -> Self {
        Self::error(error.to_string())
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Invalid(reason) => Self::invalid(reason),
            Refusal::Malformed(reason) => Self::error(reason),
        }
    }
}

/// The caller's name in audit messages: callers are not authenticated.
pub(super) const CALLER: &str = "UNSECURE";

/// The result of a call: `Err` is a refusal, which has changed nothing.
pub(crate) type Outcome = Result<Reply, Reply>;

/// The job that a call names.
pub(super) fn job_of(key: Option<&JobKey>) -> Result<JobId, Reply> {
    key.and_then(JobId::from_wire)
        .ok_or_else(|| Reply::error("the job key is missing or malformed"))
}
