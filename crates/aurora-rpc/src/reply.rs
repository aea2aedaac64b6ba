//! A reply with the code OK: its result and the scheduler's messages.

use aurora_api::{Response, ResponseCode, ResponseDetail, ServerInfo};

/// The result of a call that the scheduler executed, with its messages.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct Reply<T> {
    /// The result.
    pub value: T,
    /// The scheduler's messages, in order; often none.
    pub messages: Vec<String>,
    /// The scheduler's cluster, version and statistics page.
    #[cfg_attr(feature = "serde", serde(default, with = "server_info"))]
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

/// The API's structs have no serde of their own.
#[cfg(feature = "serde")]
mod server_info {
    use aurora_api::ServerInfo;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Fields {
        cluster_name: Option<String>,
        stats_url_prefix: Option<String>,
    }

    pub(super) fn serialize<S: Serializer>(
        server: &Option<ServerInfo>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let fields = server.clone().map(|server| Fields {
            cluster_name: server.cluster_name,
            stats_url_prefix: server.stats_url_prefix,
        });
        fields.serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<ServerInfo>, D::Error> {
        let fields = Option::<Fields>::deserialize(deserializer)?;
        Ok(fields.map(|fields| ServerInfo {
            cluster_name: fields.cluster_name,
            stats_url_prefix: fields.stats_url_prefix,
        }))
    }
}
