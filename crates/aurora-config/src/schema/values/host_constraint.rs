//! Conditions on hosts.

use std::{fmt, str::FromStr};

use num_traits::ToPrimitive as _;
use python27::parse_int;

use crate::Error;

/// A condition on the value that a host has of an attribute, as the values of `constraints` state it.
///
/// ```
/// use aurora_config::HostConstraint;
///
/// assert_eq!("limit:2".parse::<HostConstraint>()?, HostConstraint::Limit(2));
/// let not_there = HostConstraint::NoneOf(vec!["r1".to_owned(), "r2".to_owned()]);
/// assert_eq!(not_there.to_string(), "!r1,r2");
/// # Ok::<(), aurora_config::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum HostConstraint {
    /// `limit:N`: at most this number of instances on hosts with the same value.
    Limit(i32),
    /// `a,b`: one of these values.
    OneOf(Vec<String>),
    /// `!a,b`: none of these values.
    NoneOf(Vec<String>),
}

impl fmt::Display for HostConstraint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limit(limit) => write!(f, "limit:{limit}"),
            Self::OneOf(values) => f.write_str(&values.join(",")),
            Self::NoneOf(values) => write!(f, "!{}", values.join(",")),
        }
    }
}

impl FromStr for HostConstraint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let values = |text: &str| text.split(',').map(str::to_owned).collect();
        if let Some(limit) = text.strip_prefix("limit:") {
            let limit = parse_int(limit).and_then(|limit| limit.to_i32());
            return limit.map(Self::Limit).ok_or_else(|| {
                let message = format!("{text} is not a valid limit value, must be integer");
                Error::bare_conversion(message).with_hint("write `limit:N`, with N a whole number")
            });
        }
        Ok(match text.strip_prefix('!') {
            Some(text) => Self::NoneOf(values(text)),
            None => Self::OneOf(values(text)),
        })
    }
}

/// For [`Job::with_constraints`](crate::Job::with_constraints).
impl From<HostConstraint> for String {
    fn from(constraint: HostConstraint) -> Self {
        constraint.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_are_read_and_written() {
        for text in [
            "limit:1", "limit:-1", "r1", "r1,r2", "!r1", "!r1,r2", "", "!", "a,!b", " limit:1",
        ] {
            let constraint: HostConstraint = text.parse().unwrap();
            assert_eq!(constraint.to_string(), text);
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_of_32_bits() {
        for text in ["limit:", "limit:many", "limit:1.5", "limit:2147483648"] {
            let error = text.parse::<HostConstraint>().unwrap_err();
            assert!(error.to_string().contains("must be integer"), "{error}");
        }
        assert_eq!(
            "limit: 3 ".parse::<HostConstraint>().unwrap(),
            HostConstraint::Limit(3)
        );
    }
}
