//! A reply with the code OK: its result and the scheduler's messages.

use aurora_api::{Response, ResponseCode, ResponseDetail, ServerInfo};

/// The result of a call that the scheduler executed, with its messages.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The result.
    pub value: T,
    /// The scheduler's messages, in order; often none.
    pub messages: Vec<String>,
    /// The scheduler's cluster, version and statistics page.
    pub server: Option<ServerInfo>,
}

impl Reply<()> {
    /// The reply that a response is, without its result.
    pub(crate) fn of(response: Response) -> Self {
        let messages = messages(&response);
        Self::new((), messages, response.server_info)
    }
}

impl<T> Reply<T> {
    /// All messages as one text, as the released client shows them; empty without messages.
    pub fn message(&self) -> String {
        join_messages(&self.messages)
    }

    /// The same reply with another result.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Reply<U> {
        Reply {
            value: f(self.value),
            messages: self.messages,
            server: self.server,
        }
    }

    /// The response that the reply came in, without its result: what hooks get after a call.
    pub fn to_response(&self) -> Response {
        Response {
            response_code: Some(ResponseCode::OK),
            result: None,
            server_info: self.server.clone(),
            details: Some(details(&self.messages)),
        }
    }

    pub(crate) fn new(value: T, messages: Vec<String>, server: Option<ServerInfo>) -> Self {
        Self {
            value,
            messages,
            server,
        }
    }
}

/// The messages of a response, in order. An empty one counts as `Unknown error`.
pub fn messages(response: &Response) -> Vec<String> {
    response
        .details
        .iter()
        .flatten()
        .map(|detail| detail.message.as_deref().unwrap_or("Unknown error"))
        .map(str::to_owned)
        .collect()
}

/// Messages as a response carries them.
pub(crate) fn details(messages: &[String]) -> Vec<ResponseDetail> {
    let detail = |message: &String| ResponseDetail {
        message: Some(message.clone()),
    };
    messages.iter().map(detail).collect()
}

/// Messages as one text: joined by a comma and a blank.
pub(crate) fn join_messages(messages: &[String]) -> String {
    messages.join(", ")
}
