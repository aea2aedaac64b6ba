//! Users and passwords, and which requests may carry them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hyper::header::HeaderValue;

/// A user and a password. They are never shown: not in `Debug`, not in errors.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    pub(super) user: String,
    password: String,
}

impl Credentials {
    /// Credentials for HTTP Basic. A user name with a colon cannot be separated from its password by
    /// the server; that is a rule of HTTP.
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: password.into(),
        }
    }

    /// The value of the `Authorization` header. Base64 has no character that a header refuses, so
    /// it is always there.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let pair = BASE64.encode(format!("{}:{}", self.user, self.password));
        let mut value = HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials(***)")
    }
}

/// Which credentials a request may carry, from none to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SignIn {
    Nothing,
    /// Those that `.netrc` has for its host by name.
    Named,
    /// It is for the scheduler itself.
    Any,
}
