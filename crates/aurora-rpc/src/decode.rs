//! The reply to a call: from the bytes of HTTP to a response of the API.

use aurora_api::message::{self, ReplyBody};
use aurora_api::{Limits, Response};

use crate::error::Error;
use crate::transport::HttpResponse;

/// From this size on, a reply is decoded outside the runtime's own threads.
const LARGE: usize = 1024 * 1024;
/// How much of a reply that is not a Thrift message is shown.
const EXCERPT_CHARS: usize = 80;

/// What the scheduler replied to `method`.
pub(crate) async fn decode(
    method: &'static str,
    reply: HttpResponse,
    limits: Limits,
) -> Result<Response, Error> {
    let HttpResponse {
        url,
        protocol,
        body,
    } = reply;
    let decode = {
        let body = body.clone();
        move || message::decode_reply_as(protocol, &body, &limits)
    };
    let decoded = if body.len() < LARGE {
        decode().map_err(Into::into)
    } else {
        match tokio::task::spawn_blocking(decode).await {
            Ok(decoded) => decoded.map_err(Into::into),
            Err(error) => Err(error.into()),
        }
    };
    match decoded {
        Ok(reply) => match reply.body {
            ReplyBody::Response(response) => Ok(response),
            ReplyBody::Exception { kind, message } => Err(Error::Exception {
                method,
                kind,
                message,
            }),
            // A reply without a response.
            _ => Err(Error::EmptyResult { method }),
        },
        Err(source) => Err(Error::NotThrift {
            url,
            method,
            excerpt: excerpt(&body),
            source,
        }),
    }
}

/// The beginning of a reply, as one line of text.
fn excerpt(body: &[u8]) -> String {
    let start = &body[..body.len().min(EXCERPT_CHARS * 4)];
    let text = String::from_utf8_lossy(start);
    let mut words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let mut line = words.next().unwrap_or_default().to_owned();
    for word in words {
        line.push(' ');
        line.push_str(word);
    }
    match line.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(b"<html>\r\n  <b>\x1b[31m"), "<html> <b> [31m");
        assert_eq!(excerpt(b""), "");
        let long = excerpt(&[0xff; 1000]);
        assert_eq!(long.chars().count(), EXCERPT_CHARS + 1);
        assert!(long.ends_with('…'));
    }
}
