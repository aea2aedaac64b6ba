//! What can be wrong with a message.

/// Why a message could not be decoded. `offset` counts bytes from the start of the message.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The message stops early: the connection was cut, or the sender is not a scheduler.
    #[error(
        "byte {offset}: the message ends where {expected} should follow; was the connection cut?"
    )]
    Truncated {
        /// Where the message ends.
        offset: usize,
        /// What should have come.
        expected: &'static str,
    },
    /// Text that is not TJSON: often an HTML page of a proxy or of something else that listens at the address.
    #[error(
        "byte {offset}: expected {expected}, found {found:?}; does a scheduler answer at this address?"
    )]
    Syntax {
        /// Where the text is.
        offset: usize,
        /// What should have come.
        expected: &'static str,
        /// The first character of what came.
        found: char,
    },
    /// A string that is not text.
    #[error("byte {offset}: {reason} in a string; the sender's encoder is broken")]
    Text {
        /// Where the bad bytes start.
        offset: usize,
        /// What is wrong with them.
        reason: &'static str,
    },
    /// A field or element has another type than in the 0.12.0 API.
    #[error(
        "byte {offset}: expected a value of type {expected}, the sender says {found}; does it speak another API?"
    )]
    WrongType {
        /// Where the value is.
        offset: usize,
        /// The tag of the type in our IDL.
        expected: &'static str,
        /// The tag that was sent.
        found: &'static str,
    },
    /// A type tag that Thrift 0.9.1 does not have.
    #[error(
        "byte {offset}: unknown type tag {tag:?}; the types of Thrift 0.9.1 are tf, i8, i16, i32, i64, dbl, str, rec, lst, set and map"
    )]
    UnknownType {
        /// Where the tag is.
        offset: usize,
        /// The tag that was sent, cut to a few characters.
        tag: String,
    },
    /// A number that does not fit its type.
    #[error("byte {offset}: the number does not fit type {kind}; the sender's encoder is broken")]
    NumberRange {
        /// Where the number is.
        offset: usize,
        /// The tag of the type.
        kind: &'static str,
    },
    /// A list, set or map with more or fewer entries than its head says.
    #[error(
        "byte {offset}: {declared} entries are declared, but there are {problem}; was the message altered in transit?"
    )]
    Count {
        /// Where the difference shows.
        offset: usize,
        /// The number in the head.
        declared: i64,
        /// `more`, `fewer`, or that there cannot be so many.
        problem: &'static str,
    },
    /// The same field of a struct or the same key of a map occurs twice.
    #[error(
        "byte {offset}: {what} occurs twice; which one applies is undefined, so the message is refused"
    )]
    Duplicate {
        /// Where the second one is, or the end of the map.
        offset: usize,
        /// The field or key.
        what: String,
    },
    /// A union without a branch, with two, or with one that release 0.12.0 does not have.
    #[error("byte {offset}: {reason}; is the scheduler of another release?")]
    Union {
        /// Where the union ends.
        offset: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// More than the [`Limits`](crate::Limits) allow.
    #[error(
        "byte {offset}: more than {allowed} {what}; raise `Limits::{limit}` if the sender is to be trusted"
    )]
    Limit {
        /// Where the limit was passed.
        offset: usize,
        /// The field of [`Limits`](crate::Limits).
        limit: &'static str,
        /// What it counts.
        what: &'static str,
        /// Its value.
        allowed: usize,
    },
    /// Something follows the message.
    #[error("byte {offset}: the message is over, but more bytes follow; one message is expected")]
    Trailing {
        /// Where the message ends.
        offset: usize,
    },
    /// A protocol version other than 1.
    #[error("TJSON version {found}, but only version 1 is known")]
    Version {
        /// The version that was sent.
        found: i64,
    },
    /// Bytes that are not a Thrift message in binary form.
    #[error(
        "the message begins with {found:08x}, but one in binary form begins with 800100; does a scheduler answer at this address?"
    )]
    NotBinary {
        /// The first four bytes.
        found: u32,
    },
    /// A reply where a call is expected, or the other way round.
    #[error("expected a {expected} message, got type {found}; are client and server mixed up?")]
    MessageType {
        /// `call` or `reply`.
        expected: &'static str,
        /// The number of the type: 1 call, 2 reply, 3 exception, 4 one-way call.
        found: i64,
    },
    /// A call of a method that the 0.12.0 API does not have.
    #[error(
        "the 0.12.0 API has no method {method:?}; answer with an exception of kind UNKNOWN_METHOD"
    )]
    UnknownMethod {
        /// The name that was called.
        method: String,
        /// The sequence number, which the answer must repeat.
        sequence: i32,
    },
    /// A text is neither the name of an enum value nor a number.
    #[error("{name:?} is not a {kind}: expected a name as the API writes it, or a number")]
    UnknownName {
        /// The enum, such as `ScheduleStatus`.
        kind: &'static str,
        /// The text.
        name: String,
    },
    /// The protocol object was used out of order: a fault of the program, not of the message.
    #[error(
        "byte {offset}: the reader asked for {asked} out of turn; this is a fault in the calling code"
    )]
    Misuse {
        /// Where the reader was.
        offset: usize,
        /// What was asked for.
        asked: &'static str,
    },
}

/// Carries the error through the generated readers, which return Thrift's own errors.
impl From<Error> for thrift::Error {
    fn from(error: Error) -> Self {
        thrift::Error::User(Box::new(error))
    }
}

impl Error {
    /// The error of a generated reader: our own, or one about a union that ends at `offset`.
    pub(crate) fn from_reader(error: thrift::Error, offset: usize) -> Error {
        let reason = match error {
            thrift::Error::User(inner) => match inner.downcast::<Error>() {
                Ok(own) => return *own,
                Err(other) => other.to_string(),
            },
            thrift::Error::Protocol(protocol) => protocol.message,
            other => other.to_string(),
        };
        Error::Union { offset, reason }
    }
}
