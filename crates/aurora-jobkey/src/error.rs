use alloc::string::String;
use core::ops::Range;

use crate::{Component, Form};

/// What is wrong with a text, and where in it.
///
/// [`span`](Error::span) gives the bytes to blame, so that a caret can be drawn under them.
///
/// ```
/// use aurora_jobkey::{Component, JobKey};
///
/// let text = "west/www/prod/we b";
/// let error = text.parse::<JobKey>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "job name cannot contain ' ': expected ASCII letters, digits, `_`, `-` and `.`"
/// );
/// assert_eq!(error.component(), Some(Component::Name));
/// assert_eq!(&text[error.span()], " ");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text ends before a part that it must have.
    #[error("{component} is missing: expected {}", form.syntax())]
    MissingPart {
        /// What the text was read as.
        form: Form,
        /// The first part that is missing.
        component: Component,
        /// Where it should begin: the end of the text.
        offset: usize,
    },
    /// The text has more parts than its form.
    #[error("too many parts: expected {}", form.syntax())]
    ExtraPart {
        /// What the text was read as.
        form: Form,
        /// Where the extra text begins: at its `/`.
        offset: usize,
        /// Its length in bytes, to the end of the text.
        len: usize,
    },
    /// A part that must not be empty is.
    #[error("{component} is empty: expected {}", component.allowed())]
    EmptyPart {
        /// The empty part.
        component: Component,
        /// Where it begins.
        offset: usize,
    },
    /// A part is left out although a later one is given, as in `west//prod`.
    #[error("{component} is missing, but a later part is given: expected {}", form.syntax())]
    Gap {
        /// What the text was read as.
        form: Form,
        /// The part that is left out.
        component: Component,
        /// Where it should begin.
        offset: usize,
    },
    /// A part contains a character that it may not contain.
    #[error("{component} cannot contain {character:?}{}: expected {}", wildcard_note(*character), component.allowed())]
    InvalidCharacter {
        /// The part.
        component: Component,
        /// Its first bad character.
        character: char,
        /// Where that character is.
        offset: usize,
    },
    /// A wildcard pattern was used where one job has to be named.
    #[error("{component} `{text}` is a wildcard: name exactly one job here")]
    Wildcard {
        /// The first part with a wildcard in it.
        component: Component,
        /// That part.
        text: String,
        /// Where it begins in the pattern as it prints, with `*` for the parts left out.
        offset: usize,
    },
    /// An instance number is missing, as in `0-` or `0,,2`.
    #[error("instance number is missing: expected {}", component.allowed())]
    MissingNumber {
        /// Whether one number or a set was read.
        component: Component,
        /// Where it should begin.
        offset: usize,
    },
    /// A text is not an instance number.
    #[error("`{text}` is not an instance number: expected {}", component.allowed())]
    InvalidNumber {
        /// Whether one number or a set was read.
        component: Component,
        /// The text, with the blanks around it.
        text: String,
        /// Where it begins.
        offset: usize,
    },
    /// An instance number is larger than 4294967295.
    #[error("instance number `{text}` is too large: the largest is {}", u32::MAX)]
    NumberTooLarge {
        /// Whether one number or a set was read.
        component: Component,
        /// The number, with the blanks around it.
        text: String,
        /// Where it begins.
        offset: usize,
    },
    /// A range of instances runs backwards.
    #[error("instance range {first}-{last} runs backwards: write {last}-{first}")]
    BackwardRange {
        /// The number before the dash.
        first: u32,
        /// The number after the dash.
        last: u32,
        /// Where the range begins.
        offset: usize,
        /// Its length in bytes.
        len: usize,
    },
    /// An instance set was expected and nothing is there.
    #[error(
        "no instances are given: leave out the part for all instances, or name some, as in `0,2,4-7`"
    )]
    NoInstances {
        /// Where they should begin.
        offset: usize,
    },
}

impl Error {
    /// The byte offset in the text at which the error begins.
    ///
    /// Errors of constructors that take single parts count in the text that the parts would make.
    pub const fn offset(&self) -> usize {
        match self {
            Self::MissingPart { offset, .. }
            | Self::ExtraPart { offset, .. }
            | Self::EmptyPart { offset, .. }
            | Self::Gap { offset, .. }
            | Self::InvalidCharacter { offset, .. }
            | Self::Wildcard { offset, .. }
            | Self::MissingNumber { offset, .. }
            | Self::InvalidNumber { offset, .. }
            | Self::NumberTooLarge { offset, .. }
            | Self::BackwardRange { offset, .. }
            | Self::NoInstances { offset } => *offset,
        }
    }

    /// The bytes of the text to blame; empty where something is missing.
    pub fn span(&self) -> Range<usize> {
        let len = match self {
            Self::ExtraPart { len, .. } | Self::BackwardRange { len, .. } => *len,
            Self::InvalidCharacter { character, .. } => character.len_utf8(),
            Self::Wildcard { text, .. }
            | Self::InvalidNumber { text, .. }
            | Self::NumberTooLarge { text, .. } => text.len(),
            Self::MissingPart { .. }
            | Self::EmptyPart { .. }
            | Self::Gap { .. }
            | Self::MissingNumber { .. }
            | Self::NoInstances { .. } => 0,
        };
        self.offset()..self.offset() + len
    }

    /// The part to blame; `None` when there are too many of them.
    pub const fn component(&self) -> Option<Component> {
        match self {
            Self::MissingPart { component, .. }
            | Self::EmptyPart { component, .. }
            | Self::Gap { component, .. }
            | Self::InvalidCharacter { component, .. }
            | Self::Wildcard { component, .. }
            | Self::MissingNumber { component, .. }
            | Self::InvalidNumber { component, .. }
            | Self::NumberTooLarge { component, .. } => Some(*component),
            Self::ExtraPart { .. } => None,
            Self::BackwardRange { .. } | Self::NoInstances { .. } => Some(Component::Instances),
        }
    }

    /// The same error in a text that begins `by` bytes earlier.
    pub(crate) fn shifted(mut self, by: usize) -> Self {
        match &mut self {
            Self::MissingPart { offset, .. }
            | Self::ExtraPart { offset, .. }
            | Self::EmptyPart { offset, .. }
            | Self::Gap { offset, .. }
            | Self::InvalidCharacter { offset, .. }
            | Self::Wildcard { offset, .. }
            | Self::MissingNumber { offset, .. }
            | Self::InvalidNumber { offset, .. }
            | Self::NumberTooLarge { offset, .. }
            | Self::BackwardRange { offset, .. }
            | Self::NoInstances { offset } => *offset += by,
        }
        self
    }
}

/// `web*` where one job is wanted is not a typing error but a wildcard in the wrong place.
fn wildcard_note(character: char) -> &'static str {
    match character {
        '*' | '?' | '[' | ']' => " (it names exactly one job, wildcards do not work here)",
        _ => "",
    }
}
