use alloc::borrow::ToOwned;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use crate::glob::{Glob, is_plain};
use crate::key::check_cluster;
use crate::{Component, Error, Form, JobKey};

/// A wildcard key: `CLUSTER[/ROLE[/ENV[/NAME]]]`, parts left out being `*`.
///
/// Role, environment and name are shell globs: `*`, `?`, `[seq]`, `[!seq]`, case-sensitive. The cluster is
/// not a glob: `*` alone means every cluster, anything else is the name of one cluster.
///
/// A pattern without wildcards is *bound*: it names one job and needs no look-up. In the released
/// client only `*` makes a wildcard and a key with `?` or `[seq]` alone crashes; here all of them do.
/// Parts are not checked for form when a pattern is read, only when it becomes a [`JobKey`].
///
/// ```
/// use aurora_jobkey::{JobKey, JobKeyPattern};
///
/// let pattern: JobKeyPattern = "west/www/*/web-?".parse()?;
/// assert!(!pattern.is_bound());
/// assert!(pattern.matches(&JobKey::new("west", "www", "prod", "web-1")?));
/// assert!(!pattern.matches(&JobKey::new("west", "www", "prod", "web-10")?));
///
/// let everything: JobKeyPattern = "*".parse()?;
/// assert_eq!(everything.to_string(), "*/*/*/*");
///
/// let bound: JobKeyPattern = "west/www/prod/web".parse()?;
/// assert_eq!(bound.to_job_key()?.name(), "web");
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobKeyPattern {
    cluster: String,
    role: Glob,
    environment: Glob,
    name: Glob,
}

impl JobKeyPattern {
    /// A pattern of its four parts.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCharacter`] for a part with a `/` in it.
    pub fn new(cluster: &str, role: &str, environment: &str, name: &str) -> Result<Self, Error> {
        check_cluster(cluster)?;
        let mut offset = cluster.len() + 1;
        for (component, part) in [
            (Component::Role, role),
            (Component::Environment, environment),
            (Component::Name, name),
        ] {
            if let Some(at) = part.find('/') {
                return Err(Error::InvalidCharacter {
                    component,
                    character: '/',
                    offset: offset + at,
                });
            }
            offset += part.len() + 1;
        }
        Ok(Self {
            cluster: cluster.to_owned(),
            role: Glob::new(role),
            environment: Glob::new(environment),
            name: Glob::new(name),
        })
    }

    /// The cluster: a name, or `*` for every cluster.
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// Whether every cluster is meant.
    pub fn is_every_cluster(&self) -> bool {
        self.cluster == "*"
    }

    /// The role, which may be a glob.
    pub fn role(&self) -> &str {
        self.role.as_str()
    }

    /// The role if it is one: what to ask a scheduler for. `None` asks for all roles.
    pub fn exact_role(&self) -> Option<&str> {
        self.role.is_plain().then(|| self.role.as_str())
    }

    /// The environment, which may be a glob.
    pub fn environment(&self) -> &str {
        self.environment.as_str()
    }

    /// The name of the job, which may be a glob.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether no part has a wildcard.
    pub fn is_bound(&self) -> bool {
        self.first_wildcard().is_none()
    }

    /// The one job that a bound pattern names.
    ///
    /// # Errors
    ///
    /// [`Error::Wildcard`] if the pattern is not bound, and those of [`JobKey::new`].
    pub fn to_job_key(&self) -> Result<JobKey, Error> {
        match self.first_wildcard() {
            Some(wildcard) => Err(wildcard),
            None => JobKey::new(&self.cluster, self.role(), self.environment(), self.name()),
        }
    }

    /// Whether the pattern covers the job.
    pub fn matches(&self, key: &JobKey) -> bool {
        (self.is_every_cluster() || self.cluster == key.cluster())
            && self.role.matches(key.role())
            && self.environment.matches(key.environment())
            && self.name.matches(key.name())
    }

    fn first_wildcard(&self) -> Option<Error> {
        // `?` and `[` have no meaning in a cluster, so they do not make it a wildcard.
        let is_wildcard = |component, part: &str| match component {
            Component::Cluster => part.contains('*'),
            _ => !is_plain(part),
        };
        let mut offset = 0;
        for (component, part) in [
            (Component::Cluster, self.cluster()),
            (Component::Role, self.role()),
            (Component::Environment, self.environment()),
            (Component::Name, self.name()),
        ] {
            if is_wildcard(component, part) {
                return Some(Error::Wildcard {
                    component,
                    text: part.to_owned(),
                    offset,
                });
            }
            offset += part.len() + 1;
        }
        None
    }
}

impl From<JobKey> for JobKeyPattern {
    fn from(key: JobKey) -> Self {
        Self {
            cluster: key.cluster().to_owned(),
            role: Glob::new(key.role()),
            environment: Glob::new(key.environment()),
            name: Glob::new(key.name()),
        }
    }
}

impl FromStr for JobKeyPattern {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if let Some((fourth, _)) = text.match_indices('/').nth(3) {
            return Err(Error::ExtraPart {
                form: Form::JobKeyPattern,
                offset: fourth,
                len: text.len() - fourth,
            });
        }
        let mut parts = text.split('/');
        let mut next = || parts.next().unwrap_or("*");
        Ok(Self {
            cluster: next().to_owned(),
            role: Glob::new(next()),
            environment: Glob::new(next()),
            name: Glob::new(next()),
        })
    }
}

impl fmt::Display for JobKeyPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{}/{}/{}",
            self.cluster,
            self.role(),
            self.environment(),
            self.name()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(text: &str) -> JobKeyPattern {
        text.parse().unwrap()
    }

    fn key(text: &str) -> JobKey {
        text.parse().unwrap()
    }

    #[test]
    fn parts_left_out_are_stars() {
        for (text, full) in [
            ("west", "west/*/*/*"),
            ("west/www", "west/www/*/*"),
            ("west/www/prod", "west/www/prod/*"),
            ("west/www/prod/web", "west/www/prod/web"),
        ] {
            assert_eq!(pattern(text).to_string(), full);
        }
    }

    #[test]
    fn a_fifth_part_is_refused() {
        let text = "west/www/prod/web/0";
        let error = text.parse::<JobKeyPattern>().unwrap_err();
        assert_eq!(&text[error.span()], "/0");
        assert_eq!(
            error.to_string(),
            "too many parts: expected CLUSTER[/ROLE[/ENV[/NAME]]]"
        );
    }

    #[test]
    fn bound_patterns_name_one_job() {
        assert!(pattern("nowhere/any/thing/goes").is_bound());
        assert_eq!(
            pattern("nowhere/any/thing/goes").to_job_key(),
            Ok(key("nowhere/any/thing/goes"))
        );
        for unbound in [
            "west",
            "west/www/prod/we?",
            "west/w[w]w/prod/web",
            "*/a/b/c",
        ] {
            assert!(!pattern(unbound).is_bound(), "{unbound}");
        }
        assert_eq!(
            pattern("west/www/pr*/web").to_job_key().unwrap_err(),
            Error::Wildcard {
                component: Component::Environment,
                text: "pr*".to_owned(),
                offset: 9
            }
        );
        assert_eq!(
            pattern("west").to_job_key().unwrap_err().to_string(),
            "role `*` is a wildcard: name exactly one job here"
        );
        assert_eq!(
            pattern("west//prod/web").to_job_key(),
            Err(Error::EmptyPart {
                component: Component::Role,
                offset: 5
            })
        );
    }

    #[test]
    fn the_cluster_is_not_a_glob() {
        assert!(pattern("*").is_every_cluster());
        assert!(pattern("*").matches(&key("west/www/prod/web")));
        assert!(!pattern("we*").is_every_cluster());
        assert!(!pattern("we*").is_bound());
        assert!(!pattern("we*").matches(&key("west/www/prod/web")));
        assert!(pattern("w?/a/b/c").is_bound());
        assert_eq!(pattern("w?/a/b/c").to_job_key().unwrap().cluster(), "w?");
    }

    #[test]
    fn a_role_without_wildcard_can_be_asked_for() {
        assert_eq!(pattern("west/www").exact_role(), Some("www"));
        for text in ["west", "west/w*", "west/ww?", "west/[w]ww"] {
            assert_eq!(pattern(text).exact_role(), None, "{text}");
        }
    }

    #[test]
    fn patterns_of_parts() {
        assert_eq!(
            JobKeyPattern::new("west", "*", "prod", "w*"),
            Ok(pattern("west/*/prod/w*"))
        );
        assert_eq!(
            JobKeyPattern::new("west", "www", "p/d", "*"),
            Err(Error::InvalidCharacter {
                component: Component::Environment,
                character: '/',
                offset: 10
            })
        );
        assert_eq!(
            JobKeyPattern::from(key("west/www/prod/web")),
            pattern("west/www/prod/web")
        );
    }
}
