//! Keys as people write them, as keys of the API. Those of the API have no cluster: a scheduler is one.

use aurora_jobkey::TaskInstanceKey;

use crate::{InstanceKey, JobKey};

/// The key without its cluster.
///
/// ```
/// let key: aurora_jobkey::JobKey = "west/www/prod/web".parse()?;
/// let key = aurora_api::JobKey::from(&key);
/// assert_eq!(key.role.as_deref(), Some("www"));
/// assert_eq!(key.in_cluster("east")?.to_string(), "east/www/prod/web");
/// # Ok::<(), aurora_jobkey::Error>(())
/// ```
impl From<&aurora_jobkey::JobKey> for JobKey {
    fn from(key: &aurora_jobkey::JobKey) -> Self {
        Self {
            role: Some(key.role().to_owned()),
            environment: Some(key.environment().to_owned()),
            name: Some(key.name().to_owned()),
        }
    }
}

impl JobKey {
    /// The key of this job in a cluster of that name.
    ///
    /// # Errors
    ///
    /// Those of [`aurora_jobkey::JobKey::new`]: a part that is unset counts as empty.
    pub fn in_cluster(&self, cluster: &str) -> Result<aurora_jobkey::JobKey, aurora_jobkey::Error> {
        let part = |part: &Option<String>| part.clone().unwrap_or_default();
        aurora_jobkey::JobKey::new(
            cluster,
            &part(&self.role),
            &part(&self.environment),
            &part(&self.name),
        )
    }
}

/// The key without its cluster. A number beyond those of the API, which schedulers never use, becomes the largest.
impl From<&TaskInstanceKey> for InstanceKey {
    fn from(key: &TaskInstanceKey) -> Self {
        Self {
            job_key: Some(key.job().into()),
            instance_id: Some(i32::try_from(key.instance()).unwrap_or(i32::MAX)),
        }
    }
}
