//! Amounts of data.

use std::fmt;

/// A number of bytes.
///
/// ```
/// use aurora_thermos::Bytes;
///
/// assert_eq!(Bytes::mebibytes(100), Bytes::new(104_857_600));
/// assert_eq!(Bytes::mebibytes(100).to_string(), "100 MiB");
/// assert_eq!(Bytes::new(1500).to_string(), "1500 bytes");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bytes(u64);

/// The units that an amount is printed in, the largest first.
const UNITS: [(&str, u32); 3] = [("GiB", 30), ("MiB", 20), ("KiB", 10)];

impl Bytes {
    /// An amount in bytes.
    #[must_use]
    pub const fn new(bytes: u64) -> Bytes {
        Bytes(bytes)
    }

    /// An amount in units of 1,048,576 bytes. One that is too large to count becomes the largest possible.
    #[must_use]
    pub const fn mebibytes(number: u64) -> Bytes {
        Bytes(number.saturating_mul(1 << 20))
    }

    /// The number of bytes.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The number of whole units of 1,048,576 bytes, rounded down.
    #[must_use]
    pub const fn as_mebibytes(self) -> u64 {
        self.0 >> 20
    }
}

impl fmt::Display for Bytes {
    /// Prints the largest unit that divides the amount.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (unit, shift) in UNITS {
            if self.0 != 0 && self.0.trailing_zeros() >= shift {
                return write!(f, "{} {unit}", self.0 >> shift);
            }
        }
        write!(f, "{} bytes", self.0)
    }
}
