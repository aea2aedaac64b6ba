use alloc::borrow::ToOwned;
use alloc::string::String;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use crate::component::is_identifier_byte;
use crate::{Component, Error, Form, TaskInstanceKey};

/// The four parts that name one job: `CLUSTER/ROLE/ENV/NAME`.
///
/// Role, environment and name are identifiers ([`is_identifier`](crate::is_identifier)). The
/// cluster is any text without `/`, even an empty one, as in the released client: whether it exists
/// is for the code that looks it up to say.
///
/// Keys order by cluster, then role, environment and name. One key is one allocation.
///
/// ```
/// use aurora_jobkey::JobKey;
///
/// let key: JobKey = "west/www/prod/web".parse()?;
/// assert_eq!(key.role(), "www");
/// assert_eq!(key, JobKey::new("west", "www", "prod", "web")?);
/// assert_eq!(key.to_string(), "west/www/prod/web");
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone)]
pub struct JobKey {
    text: String,
    /// Where role, environment and name begin in `text`.
    role: usize,
    environment: usize,
    name: usize,
}

impl JobKey {
    /// A key of its four parts.
    ///
    /// # Errors
    ///
    /// [`Error::EmptyPart`] and [`Error::InvalidCharacter`], with the offset in the key that the
    /// parts would make.
    pub fn new(cluster: &str, role: &str, environment: &str, name: &str) -> Result<Self, Error> {
        let role_at = cluster.len() + 1;
        let environment_at = role_at + role.len() + 1;
        let name_at = environment_at + environment.len() + 1;
        check_cluster(cluster)?;
        check_identifier(Component::Role, role, role_at)?;
        check_identifier(Component::Environment, environment, environment_at)?;
        check_identifier(Component::Name, name, name_at)?;

        let mut text = String::with_capacity(name_at + name.len());
        for part in [cluster, "/", role, "/", environment, "/", name] {
            text.push_str(part);
        }
        Ok(Self {
            text,
            role: role_at,
            environment: environment_at,
            name: name_at,
        })
    }

    /// Reads a key that is a whole text of this form, or its beginning.
    pub(crate) fn parse(text: &str, form: Form) -> Result<Self, Error> {
        let mut starts = [0; 3];
        let mut found = 0;
        for (at, byte) in text.bytes().enumerate() {
            if byte == b'/' {
                let Some(start) = starts.get_mut(found) else {
                    return Err(Error::ExtraPart {
                        form,
                        offset: at,
                        len: text.len() - at,
                    });
                };
                *start = at + 1;
                found += 1;
            }
        }
        let missing = match found {
            0 => Some(Component::Role),
            1 => Some(Component::Environment),
            2 => Some(Component::Name),
            _ => None,
        };
        if let Some(component) = missing {
            return Err(Error::MissingPart {
                form,
                component: if text.is_empty() {
                    Component::Cluster
                } else {
                    component
                },
                offset: text.len(),
            });
        }
        let [role, environment, name] = starts;
        check_identifier(Component::Role, &text[role..environment - 1], role)?;
        check_identifier(
            Component::Environment,
            &text[environment..name - 1],
            environment,
        )?;
        check_identifier(Component::Name, &text[name..], name)?;
        Ok(Self {
            text: text.to_owned(),
            role,
            environment,
            name,
        })
    }

    /// The cluster.
    pub fn cluster(&self) -> &str {
        &self.text[..self.role - 1]
    }

    /// The role.
    pub fn role(&self) -> &str {
        &self.text[self.role..self.environment - 1]
    }

    /// The environment.
    pub fn environment(&self) -> &str {
        &self.text[self.environment..self.name - 1]
    }

    /// The name of the job.
    pub fn name(&self) -> &str {
        &self.text[self.name..]
    }

    /// The whole key, as it prints.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The key of one instance of this job.
    pub const fn with_instance(self, instance: u32) -> TaskInstanceKey {
        TaskInstanceKey::new(self, instance)
    }

    fn parts(&self) -> [&str; 4] {
        [self.cluster(), self.role(), self.environment(), self.name()]
    }
}

pub(crate) fn check_cluster(text: &str) -> Result<(), Error> {
    match text.find('/') {
        Some(offset) => Err(Error::InvalidCharacter {
            component: Component::Cluster,
            character: '/',
            offset,
        }),
        None => Ok(()),
    }
}

pub(crate) fn check_identifier(
    component: Component,
    text: &str,
    offset: usize,
) -> Result<(), Error> {
    if text.is_empty() {
        return Err(Error::EmptyPart { component, offset });
    }
    // The bytes before the first bad one are ASCII, so it is the first of a character.
    let Some(bad) = text.bytes().position(|byte| !is_identifier_byte(byte)) else {
        return Ok(());
    };
    Err(Error::InvalidCharacter {
        component,
        character: text[bad..]
            .chars()
            .next()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        offset: offset + bad,
    })
}

impl FromStr for JobKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text, Form::JobKey)
    }
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JobKey").field(&self.text).finish()
    }
}

impl AsRef<str> for JobKey {
    fn as_ref(&self) -> &str {
        &self.text
    }
}

// No part holds a `/`, so two keys of the same text have the same parts.
impl PartialEq for JobKey {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for JobKey {}

impl Hash for JobKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

// By parts and not by text: `-` and `.` sort before `/`.
impl Ord for JobKey {
    fn cmp(&self, other: &Self) -> Ordering {
        self.parts().cmp(&other.parts())
    }
}

impl PartialOrd for JobKey {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> Error {
        text.parse::<JobKey>().unwrap_err()
    }

    #[test]
    fn a_key_has_four_parts() {
        let key: JobKey = "cluster1/web-team/test/experiment204".parse().unwrap();
        assert_eq!(
            key.parts(),
            ["cluster1", "web-team", "test", "experiment204"]
        );
        assert_eq!(key.as_str(), "cluster1/web-team/test/experiment204");
        assert_eq!(
            format!("{key:?}"),
            "JobKey(\"cluster1/web-team/test/experiment204\")"
        );
    }

    #[test]
    fn different_keys_have_different_hashes() {
        let hash = |key: &str| {
            let mut hasher = std::hash::DefaultHasher::new();
            key.parse::<JobKey>().unwrap().hash(&mut hasher);
            std::hash::Hasher::finish(&hasher)
        };
        assert_eq!(hash("west/www/prod/web"), hash("west/www/prod/web"));
        assert_ne!(hash("west/www/prod/web"), hash("west/www/prod/api"));
    }

    #[test]
    fn one_allocation_of_the_exact_size() {
        let parsed: JobKey = "west/www/prod/web".parse().unwrap();
        let made = JobKey::new("west", "www", "prod", "web").unwrap();
        assert_eq!(parsed.text.capacity(), parsed.text.len());
        assert_eq!(made.text.capacity(), made.text.len());
    }

    #[test]
    fn the_cluster_is_not_checked() {
        let key: JobKey = "we st*é/www/prod/web".parse().unwrap();
        assert_eq!(key.cluster(), "we st*é");
        assert_eq!("/www/prod/web".parse::<JobKey>().unwrap().cluster(), "");
    }

    #[test]
    fn too_few_parts_name_the_first_missing_one() {
        for (text, component) in [
            ("", Component::Cluster),
            ("west", Component::Role),
            ("west/www", Component::Environment),
            ("west/www/prod", Component::Name),
        ] {
            assert_eq!(
                error(text),
                Error::MissingPart {
                    form: Form::JobKey,
                    component,
                    offset: text.len()
                }
            );
        }
        assert_eq!(
            error("west/www/prod").to_string(),
            "job name is missing: expected CLUSTER/ROLE/ENV/NAME"
        );
    }

    #[test]
    fn too_many_parts_point_at_the_rest() {
        let text = "west/www/prod/web/0/1";
        let error = error(text);
        assert_eq!(&text[error.span()], "/0/1");
        assert_eq!(error.component(), None);
        assert_eq!(
            error.to_string(),
            "too many parts: expected CLUSTER/ROLE/ENV/NAME"
        );
    }

    #[test]
    fn empty_parts_are_named() {
        for (text, component, offset) in [
            ("west//prod/web", Component::Role, 5),
            ("west/www//web", Component::Environment, 9),
            ("west/www/prod/", Component::Name, 14),
        ] {
            assert_eq!(error(text), Error::EmptyPart { component, offset });
        }
    }

    #[test]
    fn bad_characters_are_pointed_at() {
        for (text, bad) in [
            ("west/w w/prod/web", " "),
            ("west/www/pröd/web", "ö"),
            ("west/www/prod/web\n", "\n"),
            ("west/www/prod/we日b", "日"),
        ] {
            assert_eq!(&text[error(text).span()], bad);
        }
        assert_eq!(
            error("west/www/prod/web*").to_string(),
            "job name cannot contain '*' (it names exactly one job, wildcards do not work here): \
             expected ASCII letters, digits, `_`, `-` and `.`"
        );
    }

    #[test]
    fn parts_are_checked_like_texts() {
        assert_eq!(
            JobKey::new("we/st", "www", "prod", "web"),
            Err(Error::InvalidCharacter {
                component: Component::Cluster,
                character: '/',
                offset: 2
            })
        );
        assert_eq!(
            JobKey::new("west", "www", "prod", "a/b"),
            Err(Error::InvalidCharacter {
                component: Component::Name,
                character: '/',
                offset: 15
            })
        );
        assert_eq!(
            JobKey::new("west", "", "prod", "web"),
            Err(error("west//prod/web"))
        );
    }

    #[test]
    fn keys_order_by_part() {
        let mut keys: Vec<JobKey> = ["a-b/r/e/n", "a/r/e/n", "a/r/e-/n", "a/r/e/m"]
            .map(|text| text.parse().unwrap())
            .into();
        keys.sort();
        let texts: Vec<_> = keys.iter().map(JobKey::as_str).collect();
        assert_eq!(texts, ["a/r/e/m", "a/r/e/n", "a/r/e-/n", "a-b/r/e/n"]);
    }
}
