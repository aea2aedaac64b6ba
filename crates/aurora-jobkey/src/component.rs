use core::fmt;

/// A part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Component {
    /// The cluster, by the name that the cluster configuration gives it.
    Cluster,
    /// The role: the account that the tasks run under.
    Role,
    /// The environment: a namespace such as `prod` or `devel`.
    Environment,
    /// The name of the job.
    Name,
    /// The instances of the job.
    Instances,
    /// One instance of the job.
    Instance,
}

impl Component {
    /// The component in a message: `cluster`, `role`, `environment`, `job name`, `instances` or
    /// `instance`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cluster => "cluster",
            Self::Role => "role",
            Self::Environment => "environment",
            Self::Name => "job name",
            Self::Instances => "instances",
            Self::Instance => "instance",
        }
    }

    /// What the component may contain, for people: it completes "expected …".
    pub const fn allowed(self) -> &'static str {
        match self {
            Self::Cluster => "any text without `/`",
            Self::Role | Self::Environment | Self::Name => {
                "ASCII letters, digits, `_`, `-` and `.`"
            }
            Self::Instances => "numbers and ranges such as `0,2,4-7`",
            Self::Instance => "one number such as `7`",
        }
    }
}

impl fmt::Display for Component {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The kinds of text that this crate parses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Form {
    /// [`JobKey`](crate::JobKey).
    JobKey,
    /// [`InstanceKey`](crate::InstanceKey).
    InstanceKey,
    /// [`TaskInstanceKey`](crate::TaskInstanceKey).
    TaskInstanceKey,
    /// [`PartialJobKey`](crate::PartialJobKey).
    PartialJobKey,
    /// [`JobKeyPattern`](crate::JobKeyPattern).
    JobKeyPattern,
    /// [`RoleKey`](crate::RoleKey).
    RoleKey,
}

impl Form {
    /// How the text is written, optional parts in brackets: `CLUSTER/ROLE/ENV/NAME[/INSTANCES]`.
    pub const fn syntax(self) -> &'static str {
        match self {
            Self::JobKey => "CLUSTER/ROLE/ENV/NAME",
            Self::InstanceKey => "CLUSTER/ROLE/ENV/NAME[/INSTANCES]",
            Self::TaskInstanceKey => "CLUSTER/ROLE/ENV/NAME/INSTANCE",
            Self::PartialJobKey | Self::JobKeyPattern => "CLUSTER[/ROLE[/ENV[/NAME]]]",
            Self::RoleKey => "CLUSTER/ROLE",
        }
    }
}

/// Whether a text can be a role, an environment or a job name: one or more ASCII letters, digits,
/// `_`, `-` and `.`.
///
/// The length is not limited here; schedulers refuse more than 255 characters. The released
/// client also accepts one trailing newline, which schedulers refuse: it is refused here.
///
/// ```
/// use aurora_jobkey::is_identifier;
///
/// assert!(is_identifier("www-data"));
/// assert!(!is_identifier("www data"));
/// assert!(!is_identifier(""));
/// ```
pub fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_identifier_byte)
}

/// One look-up a byte: this is the inner loop of parsing a key.
pub(crate) fn is_identifier_byte(byte: u8) -> bool {
    const ALLOWED: [bool; 256] = {
        let mut table = [false; 256];
        let mut byte = 0;
        while byte < 256 {
            let b = byte as u8;
            table[byte] = b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.');
            byte += 1;
        }
        table
    };
    ALLOWED[byte as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_ascii_words_with_dots_and_dashes() {
        for good in ["a", "A-b_c.9", ".", "-", "_", "0"] {
            assert!(is_identifier(good), "{good:?}");
        }
        for bad in [
            "", " ", "a b", "a/b", "a\n", "é", "٣", "a*", "we?", "a\0", "a:b",
        ] {
            assert!(!is_identifier(bad), "{bad:?}");
        }
        assert!(is_identifier(&"x".repeat(10_000)));
    }
}
