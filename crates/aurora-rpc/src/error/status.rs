//! HTTP statuses, and what they mean for the request.

use std::fmt;

/// An HTTP status as a server sent it, shown as `404 Client Error: Not Found`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct HttpStatus {
    /// The code.
    pub code: u16,
    /// The reason phrase of the server, or the usual one.
    pub reason: String,
}

impl HttpStatus {
    /// What to do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self.code {
            404 | 405 => "check that scheduler_uri is the address of an Aurora scheduler",
            503 => "the scheduler is starting or has no leader: retry",
            500..=599 => "check the scheduler's log, and retry",
            _ => "check scheduler_uri, and for a proxy in between",
        }
    }
}

impl fmt::Display for HttpStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.code {
            500..=599 => "Server Error",
            400..=499 => "Client Error",
            _ => "Unexpected Status",
        };
        write!(f, "{} {side}: {}", self.code, self.reason)
    }
}
