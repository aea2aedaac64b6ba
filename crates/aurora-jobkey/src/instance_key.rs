use core::fmt;
use core::str::FromStr;

use crate::instances::parse_number;
use crate::{Component, Error, Form, InstanceSet, JobKey};

/// A job and perhaps some of its instances: `CLUSTER/ROLE/ENV/NAME[/INSTANCES]`.
///
/// Without instances, and with an empty fifth part, all of them are meant.
///
/// ```
/// use aurora_jobkey::InstanceKey;
///
/// let some: InstanceKey = "west/www/prod/web/0,2-3".parse()?;
/// assert_eq!(some.job().name(), "web");
/// assert_eq!(some.instances().map(|set| set.len()), Some(3));
///
/// let all: InstanceKey = "west/www/prod/web".parse()?;
/// assert_eq!(all.instances(), None);
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceKey {
    job: JobKey,
    instances: Option<InstanceSet>,
}

impl InstanceKey {
    /// A key of all instances (`None`) or some.
    ///
    /// # Errors
    ///
    /// [`Error::NoInstances`] for an empty set: it would print as a key of all instances.
    pub fn new(job: JobKey, instances: Option<InstanceSet>) -> Result<Self, Error> {
        if instances.as_ref().is_some_and(InstanceSet::is_empty) {
            return Err(Error::NoInstances {
                offset: job.as_str().len() + 1,
            });
        }
        Ok(Self { job, instances })
    }

    /// The job.
    pub const fn job(&self) -> &JobKey {
        &self.job
    }

    /// The instances, never an empty set; `None` means all.
    pub const fn instances(&self) -> Option<&InstanceSet> {
        self.instances.as_ref()
    }

    /// Both parts.
    pub fn into_parts(self) -> (JobKey, Option<InstanceSet>) {
        (self.job, self.instances)
    }
}

impl From<JobKey> for InstanceKey {
    fn from(job: JobKey) -> Self {
        Self {
            job,
            instances: None,
        }
    }
}

impl FromStr for InstanceKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (job, instances) = split(text, Form::InstanceKey)?;
        let instances = match instances {
            None | Some(("", _)) => None,
            Some((text, offset)) => Some(
                text.parse::<InstanceSet>()
                    .map_err(|error| error.shifted(offset))?,
            ),
        };
        Ok(Self { job, instances })
    }
}

impl fmt::Display for InstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.job.as_str())?;
        match &self.instances {
            Some(instances) => write!(f, "/{instances}"),
            None => Ok(()),
        }
    }
}

/// One instance of a job: `CLUSTER/ROLE/ENV/NAME/INSTANCE`.
///
/// ```
/// use aurora_jobkey::TaskInstanceKey;
///
/// let key: TaskInstanceKey = "west/www/prod/web/7".parse()?;
/// assert_eq!(key.instance(), 7);
/// assert_eq!(key.job().to_string(), "west/www/prod/web");
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskInstanceKey {
    job: JobKey,
    instance: u32,
}

impl TaskInstanceKey {
    /// A key of a job and one of its instances.
    pub const fn new(job: JobKey, instance: u32) -> Self {
        Self { job, instance }
    }

    /// The job.
    pub const fn job(&self) -> &JobKey {
        &self.job
    }

    /// The number of the instance.
    pub const fn instance(&self) -> u32 {
        self.instance
    }

    /// Both parts.
    pub fn into_parts(self) -> (JobKey, u32) {
        (self.job, self.instance)
    }
}

impl FromStr for TaskInstanceKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let (job, instance) = split(text, Form::TaskInstanceKey)?;
        let (number, offset) = instance.ok_or(Error::MissingPart {
            form: Form::TaskInstanceKey,
            component: Component::Instance,
            offset: text.len(),
        })?;
        Ok(Self {
            job,
            instance: parse_number(number, offset, Component::Instance)?,
        })
    }
}

impl fmt::Display for TaskInstanceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.job, self.instance)
    }
}

/// The fifth part and its offset.
type Fifth<'a> = Option<(&'a str, usize)>;

/// The job key of the first four parts, and the fifth part, if any.
fn split(text: &str, form: Form) -> Result<(JobKey, Fifth<'_>), Error> {
    let mut slashes = text.match_indices('/').map(|(at, _)| at).skip(3);
    let fourth = slashes.next();
    if let Some(fifth) = slashes.next() {
        return Err(Error::ExtraPart {
            form,
            offset: fifth,
            len: text.len() - fifth,
        });
    }
    let job = JobKey::parse(&text[..fourth.unwrap_or(text.len())], form)?;
    Ok((job, fourth.map(|at| (&text[at + 1..], at + 1))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instances_are_optional() {
        for all in ["west/www/prod/web", "west/www/prod/web/"] {
            let key: InstanceKey = all.parse().unwrap();
            assert_eq!(key.instances(), None);
            assert_eq!(key.to_string(), "west/www/prod/web");
        }
        let key: InstanceKey = "west/www/prod/web/5,1-3,2-4,5".parse().unwrap();
        assert_eq!(key.to_string(), "west/www/prod/web/1-5");
    }

    #[test]
    fn no_instances_are_not_all_instances() {
        let job: JobKey = "west/www/prod/web".parse().unwrap();
        assert_eq!(
            InstanceKey::new(job.clone(), Some(InstanceSet::new())),
            Err(Error::NoInstances { offset: 18 })
        );
        assert_eq!(
            InstanceKey::new(job.clone(), None),
            Ok(InstanceKey::from(job))
        );
    }

    #[test]
    fn errors_count_from_the_start_of_the_text() {
        let text = "west/www/prod/web/0,5-3";
        let error = text.parse::<InstanceKey>().unwrap_err();
        assert_eq!(&text[error.span()], "5-3");
        assert_eq!(error.component(), Some(Component::Instances));

        let text = "west/www/prod/web/0/1";
        let error = text.parse::<InstanceKey>().unwrap_err();
        assert_eq!(&text[error.span()], "/1");

        let error = "west/www/prod".parse::<InstanceKey>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "job name is missing: expected CLUSTER/ROLE/ENV/NAME[/INSTANCES]"
        );
    }

    #[test]
    fn a_task_instance_has_exactly_five_parts() {
        let key: TaskInstanceKey = "west/www/prod/web/ +07".parse().unwrap();
        assert_eq!(key.into_parts().1, 7);

        for (text, expected) in [
            (
                "west/www/prod/web",
                "instance is missing: expected CLUSTER/ROLE/ENV/NAME/INSTANCE",
            ),
            (
                "west/www/prod/web/1/2",
                "too many parts: expected CLUSTER/ROLE/ENV/NAME/INSTANCE",
            ),
            (
                "west/www/prod/web/",
                "instance number is missing: expected one number such as `7`",
            ),
        ] {
            assert_eq!(
                text.parse::<TaskInstanceKey>().unwrap_err().to_string(),
                expected
            );
        }
        for text in ["west/www/prod/web/0-1", "west/www/prod/web/-1"] {
            assert!(matches!(
                text.parse::<TaskInstanceKey>(),
                Err(Error::InvalidNumber { offset: 18, .. })
            ));
        }
    }
}
