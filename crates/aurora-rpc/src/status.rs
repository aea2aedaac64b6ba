//! Statuses of HTTP answers, and what they say of the request.

use std::fmt;

use crate::delivery::Delivery;

/// An HTTP status as a server gave it. Its text is, for example, `404 Client Error: Not Found`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpStatus {
    /// The code.
    pub code: u16,
    /// The reason phrase of the server, or the usual one.
    pub reason: String,
}

impl HttpStatus {
    /// What the status says of the request.
    pub(crate) fn delivery(&self) -> Delivery {
        match self.code {
            // A gateway that lost the scheduler, or a scheduler that failed half-way.
            408 | 500 | 502 | 504 => Delivery::Unknown,
            _ => Delivery::NotCarriedOut,
        }
    }

    /// What to do about it.
    pub(crate) fn advice(&self) -> &'static str {
        match self.code {
            404 | 405 => "check that scheduler_uri is the address of an Aurora scheduler",
            503 => "the scheduler has no leader or is starting: try again",
            500..=599 => "look at the scheduler's log, and try again",
            _ => "check scheduler_uri and what stands between here and the scheduler",
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
