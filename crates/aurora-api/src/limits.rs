//! Limits on what a sender can make us read and keep.

use crate::Error;

/// Bounds on one decoded message. Exceeding one is [`Error::Limit`](crate::Error::Limit).
///
/// The defaults let a scheduler answer for a cluster of 100,000 tasks; [`Limits::REQUEST`] is for servers.
///
/// ```
/// use aurora_api::Limits;
///
/// let limits = Limits { message_bytes: 4 << 20, ..Limits::REQUEST };
/// assert_eq!(limits.depth, 32);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole message; by default 512 MiB.
    pub message_bytes: usize,
    /// Structs, lists, sets and maps inside one another; by default 64. The deepest type of the API needs 16.
    pub depth: u8,
    /// Bytes of one string, as written; by default 64 MiB.
    pub string_bytes: usize,
    /// Entries of all lists, sets and maps of the message together; by default 4,000,000. It bounds memory, since an
    /// empty struct takes three bytes to send and, at worst, 1400 to keep.
    pub elements: usize,
}

impl Limits {
    /// For one request to a server: 16 MiB, 32 levels, strings of 8 MiB, 100,000 entries.
    pub const REQUEST: Limits = Limits {
        message_bytes: 16 << 20,
        depth: 32,
        string_bytes: 8 << 20,
        elements: 100_000,
    };

    pub(crate) fn check_message(&self, bytes: &[u8]) -> Result<(), Error> {
        match bytes.len() > self.message_bytes {
            true => Err(Error::Limit {
                offset: 0,
                limit: "message_bytes",
                what: "bytes in a message",
                allowed: self.message_bytes,
            }),
            false => Ok(()),
        }
    }

    /// Whether another value may be opened inside of `open` ones.
    pub(crate) fn check_depth(&self, open: usize, offset: usize) -> Result<(), Error> {
        match open >= usize::from(self.depth) {
            true => Err(Error::Limit {
                offset,
                limit: "depth",
                what: "values inside one another",
                allowed: self.depth.into(),
            }),
            false => Ok(()),
        }
    }

    pub(crate) fn check_string(&self, length: usize, offset: usize) -> Result<(), Error> {
        match length > self.string_bytes {
            true => Err(Error::Limit {
                offset,
                limit: "string_bytes",
                what: "bytes in a string",
                allowed: self.string_bytes,
            }),
            false => Ok(()),
        }
    }

    /// How many entries are left to a message after one more container.
    pub(crate) fn take_elements(
        &self,
        left: usize,
        entries: usize,
        offset: usize,
    ) -> Result<usize, Error> {
        left.checked_sub(entries).ok_or(Error::Limit {
            offset,
            limit: "elements",
            what: "entries in all lists, sets and maps",
            allowed: self.elements,
        })
    }
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            message_bytes: 512 << 20,
            depth: 64,
            string_bytes: 64 << 20,
            elements: 4_000_000,
        }
    }
}
