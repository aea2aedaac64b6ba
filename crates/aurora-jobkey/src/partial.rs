use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::str::FromStr;

use crate::{Component, Error, Form, JobKey};

/// The beginning of a job key: `CLUSTER[/ROLE[/ENV[/NAME]]]`.
///
/// It names a cluster, a role in it, an environment of that role or one job. Empty parts at the end
/// count as left out (`west/www/` is `west/www`); an empty part before a given one is refused.
/// Nothing else is checked until it becomes a [`JobKey`], as in the released client.
///
/// ```
/// use aurora_jobkey::PartialJobKey;
///
/// let key: PartialJobKey = "west/www".parse()?;
/// assert_eq!((key.cluster(), key.role(), key.environment()), ("west", Some("www"), None));
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartialJobKey {
    cluster: String,
    /// Role, environment and name: not empty, at most three.
    parts: Vec<String>,
}

impl PartialJobKey {
    /// The cluster.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The role.
    pub fn role(&self) -> Option<&str> {
        self.part(0)
    }

    /// The environment; never given without a role.
    pub fn environment(&self) -> Option<&str> {
        self.part(1)
    }

    /// The name of the job; never given without an environment.
    pub fn name(&self) -> Option<&str> {
        self.part(2)
    }

    /// The job key, if all four parts are given.
    ///
    /// # Errors
    ///
    /// Those of [`JobKey::new`].
    pub fn to_job_key(&self) -> Result<Option<JobKey>, Error> {
        match &*self.parts {
            [role, environment, name] => {
                JobKey::new(&self.cluster, role, environment, name).map(Some)
            }
            _ => Ok(None),
        }
    }

    fn part(&self, index: usize) -> Option<&str> {
        self.parts.get(index).map(String::as_str)
    }
}

impl From<JobKey> for PartialJobKey {
    fn from(key: JobKey) -> Self {
        Self {
            cluster: key.cluster().to_owned(),
            parts: [key.role(), key.environment(), key.name()]
                .map(str::to_owned)
                .into(),
        }
    }
}

impl FromStr for PartialJobKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let form = Form::PartialJobKey;
        if text.is_empty() {
            return Err(Error::MissingPart {
                form,
                component: Component::Cluster,
                offset: 0,
            });
        }
        if let Some((fourth, _)) = text.match_indices('/').nth(3) {
            return Err(Error::ExtraPart {
                form,
                offset: fourth,
                len: text.len() - fourth,
            });
        }
        let given = text.trim_end_matches('/');
        let mut split = given.split('/');
        let cluster = split.next().unwrap_or_default().to_owned();
        let mut offset = cluster.len() + 1;
        let mut parts = Vec::new();
        for (part, component) in
            split.zip([Component::Role, Component::Environment, Component::Name])
        {
            if part.is_empty() {
                return Err(Error::Gap {
                    form,
                    component,
                    offset,
                });
            }
            offset += part.len() + 1;
            parts.push(part.to_owned());
        }
        Ok(Self { cluster, parts })
    }
}

impl fmt::Display for PartialJobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // An empty cluster with nothing behind it was written as slashes.
        if self.cluster.is_empty() && self.parts.is_empty() {
            return f.write_str("/");
        }
        f.write_str(&self.cluster)?;
        self.parts.iter().try_for_each(|part| write!(f, "/{part}"))
    }
}

/// A role in a cluster: `CLUSTER/ROLE`, what quotas are asked for by.
///
/// There are exactly two parts. Neither is checked for form, as in the released client.
///
/// ```
/// use aurora_jobkey::RoleKey;
///
/// let key: RoleKey = "west/www".parse()?;
/// assert_eq!((key.cluster(), key.role()), ("west", "www"));
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleKey {
    cluster: String,
    role: String,
}

impl RoleKey {
    /// The cluster.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The role.
    pub fn role(&self) -> &str {
        &self.role
    }
}

impl FromStr for RoleKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let form = Form::RoleKey;
        let Some((cluster, role)) = text.split_once('/') else {
            return Err(Error::MissingPart {
                form,
                component: if text.is_empty() {
                    Component::Cluster
                } else {
                    Component::Role
                },
                offset: text.len(),
            });
        };
        if let Some(at) = role.find('/') {
            return Err(Error::ExtraPart {
                form,
                offset: cluster.len() + 1 + at,
                len: role.len() - at,
            });
        }
        Ok(Self {
            cluster: cluster.to_owned(),
            role: role.to_owned(),
        })
    }
}

impl fmt::Display for RoleKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.cluster, self.role)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn partial(text: &str) -> PartialJobKey {
        text.parse().unwrap()
    }

    #[test]
    fn one_to_four_parts() {
        let key = partial("west/www/prod/web");
        assert_eq!(key.cluster(), "west");
        assert_eq!(key.name(), Some("web"));
        assert_eq!(
            key.to_job_key(),
            Ok(Some("west/www/prod/web".parse().unwrap()))
        );
        assert_eq!(
            PartialJobKey::from("west/www/prod/web".parse::<JobKey>().unwrap()),
            key
        );
        assert_eq!(partial("west").role(), None);
        assert_eq!(partial("west/www/prod").environment(), Some("prod"));
        assert_eq!(partial("west/www/prod").to_job_key(), Ok(None));
    }

    #[test]
    fn empty_parts_at_the_end_count_as_left_out() {
        for text in ["west/www", "west/www/", "west/www//"] {
            assert_eq!(partial(text).to_string(), "west/www");
        }
        assert_eq!(partial("/").to_string(), "/");
        assert_eq!(partial("/www").to_string(), "/www");
    }

    #[test]
    fn refused_texts() {
        for (text, message, offset) in [
            (
                "",
                "cluster is missing: expected CLUSTER[/ROLE[/ENV[/NAME]]]",
                0,
            ),
            (
                "west//prod",
                "role is missing, but a later part is given: expected CLUSTER[/ROLE[/ENV[/NAME]]]",
                5,
            ),
            (
                "west/www//web",
                "environment is missing, but a later part is given: expected CLUSTER[/ROLE[/ENV[/NAME]]]",
                9,
            ),
            (
                "west/www/prod/web/0",
                "too many parts: expected CLUSTER[/ROLE[/ENV[/NAME]]]",
                17,
            ),
        ] {
            let error = text.parse::<PartialJobKey>().unwrap_err();
            assert_eq!(
                (error.to_string().as_str(), error.offset()),
                (message, offset)
            );
        }
    }

    #[test]
    fn identifiers_are_checked_when_a_job_key_is_made() {
        let key = partial("west/www/prod/we b");
        assert_eq!(key.name(), Some("we b"));
        assert!(matches!(
            key.to_job_key(),
            Err(Error::InvalidCharacter { offset: 16, .. })
        ));
    }

    #[test]
    fn a_role_key_has_two_parts() {
        let key: RoleKey = "west/any role".parse().unwrap();
        assert_eq!(key.to_string(), "west/any role");
        for (text, message, offset) in [
            ("", "cluster is missing: expected CLUSTER/ROLE", 0),
            ("www", "role is missing: expected CLUSTER/ROLE", 3),
            ("west/www/prod", "too many parts: expected CLUSTER/ROLE", 8),
        ] {
            let error = text.parse::<RoleKey>().unwrap_err();
            assert_eq!(
                (error.to_string().as_str(), error.offset()),
                (message, offset)
            );
        }
    }
}
