//! Amounts of memory and disk.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A number of bytes as a job states it, which may be negative: a check refuses it, not the type.
///
/// ```
/// use aurora_config::Bytes;
///
/// assert_eq!(Bytes::mebibytes(16), Bytes(16 << 20));
/// assert_eq!(Bytes::from(512).to_string(), "512 bytes");
/// ```
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Bytes(pub i64);

impl Bytes {
    /// An amount in units of 1,048,576 bytes: `MB` in job files. One that is too large to count becomes the largest
    /// possible.
    #[must_use]
    pub const fn mebibytes(number: i64) -> Self {
        Self(number.saturating_mul(1 << 20))
    }

    /// An amount in units of 1,073,741,824 bytes: `GB` in job files. One that is too large to count becomes the largest
    /// possible.
    #[must_use]
    pub const fn gibibytes(number: i64) -> Self {
        Self(number.saturating_mul(1 << 30))
    }
}

impl From<i64> for Bytes {
    fn from(bytes: i64) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.0)
    }
}
