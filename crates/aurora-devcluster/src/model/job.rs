//! The key of a job inside this one cluster.

use std::fmt;
use std::str::FromStr;

use aurora_api::JobKey;

/// Role, environment and name: a job inside this one cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct JobId {
    pub(crate) role: String,
    pub(crate) environment: String,
    pub(crate) name: String,
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.role, self.environment, self.name)
    }
}

impl FromStr for JobId {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, MalformedKey> {
        match text.split('/').collect::<Vec<_>>().as_slice() {
            [role, environment, name]
                if [role, environment, name].iter().all(|it| is_identifier(it)) =>
            {
                Ok(Self {
                    role: (*role).to_owned(),
                    environment: (*environment).to_owned(),
                    name: (*name).to_owned(),
                })
            }
            _ => Err(MalformedKey),
        }
    }
}

/// A text that is not a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MalformedKey;

impl JobId {
    /// The job behind a key on the wire; `None` if a part is missing or is not an identifier.
    pub(crate) fn from_wire(key: &JobKey) -> Option<Self> {
        let good = |part: &Option<String>| part.clone().filter(|part| is_identifier(part));
        Some(Self {
            role: good(&key.role)?,
            environment: good(&key.environment)?,
            name: good(&key.name)?,
        })
    }

    pub(crate) fn to_wire(&self) -> JobKey {
        JobKey {
            role: Some(self.role.clone()),
            environment: Some(self.environment.clone()),
            name: Some(self.name.clone()),
        }
    }
}

/// One or more ASCII letters, digits, `_`, `-`, `.`; at most 255 of them.
pub(crate) fn is_identifier(text: &str) -> bool {
    aurora_jobkey::is_identifier(text) && text.len() <= 255
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_read_their_own_text() {
        let job: JobId = "www/prod/web".parse().unwrap();
        assert_eq!(job.to_string(), "www/prod/web");
        for text in [
            "",
            "www",
            "www/prod",
            "www/prod/",
            "www/prod/web/1",
            "w w/prod/web",
        ] {
            assert_eq!(text.parse::<JobId>(), Err(MalformedKey), "{text}");
        }
    }
}
