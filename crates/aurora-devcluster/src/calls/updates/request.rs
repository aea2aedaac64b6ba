//! The request of the calls about updates, and its checks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aurora_api::{JobUpdateRequest, JobUpdateSettings, TaskConfig};

use super::super::reply::{Reply, job_of};
use crate::model::JobId;
use crate::model::ranges::all_known;
use crate::updates::Diff;
use crate::validate::{self, MAX_INSTANCES};

/// The most characters of a message.
const MAX_MESSAGE: usize = 1024;

pub(super) fn check_message(message: Option<&str>) -> Result<(), Reply> {
    match message.map(|message| message.chars().count()) {
        Some(length) if length > MAX_MESSAGE => Err(Reply::error(format!(
            "the message has {length} characters; at most {MAX_MESSAGE} are kept"
        ))),
        _ => Ok(()),
    }
}

/// The parts of a request that every call needs.
pub(super) struct Request<'r> {
    pub(super) job: JobId,
    pub(super) config: &'r TaskConfig,
    pub(super) settings: &'r JobUpdateSettings,
    pub(super) count: i32,
}

impl<'r> Request<'r> {
    /// The job is named by the old fields of the configuration.
    pub(super) fn new(request: Option<&'r JobUpdateRequest>) -> Result<Self, Reply> {
        let missing = |what| move || Reply::error(format!("the call has no {what}"));
        let request = request.ok_or_else(missing("request"))?;
        let config = request
            .task_config
            .as_ref()
            .ok_or_else(missing("task configuration"))?;
        let key = aurora_api::JobKey {
            role: config.owner.as_ref().and_then(|owner| owner.role.clone()),
            environment: config.environment.clone(),
            name: config.job_name.clone(),
        };
        Ok(Self {
            job: job_of(Some(&key))?,
            config,
            settings: request
                .settings
                .as_ref()
                .ok_or_else(missing("update settings"))?,
            count: request.instance_count.unwrap_or(0),
        })
    }

    /// The configuration with its defaults, if it passes all checks.
    pub(super) fn populate(&self) -> Result<Arc<TaskConfig>, Reply> {
        let config = validate::task(self.config)?;
        validate::same_job(&config, &self.job)?;
        Ok(Arc::new(config))
    }

    /// Compares with the job as it is. The number of instances is limited first, so the comparison is fast.
    pub(super) fn diff(
        &self,
        current: &BTreeMap<i32, Arc<TaskConfig>>,
        config: &TaskConfig,
    ) -> Result<Diff, Reply> {
        let most = i32::try_from(MAX_INSTANCES).unwrap_or(i32::MAX);
        if self.count > most {
            return Err(Reply::invalid(format!(
                "job {} would have more than {MAX_INSTANCES} instances",
                self.job
            )));
        }
        let scope = self.settings.update_only_these_instances.as_ref();
        let known: BTreeSet<i32> = current.keys().copied().chain(0..self.count).collect();
        if scope.is_some_and(|scope| !all_known(scope, &known)) {
            return Err(Reply::invalid(format!(
                "updateOnlyTheseInstances names instances that job {} does not have",
                self.job
            )));
        }
        Ok(Diff::new(current, config, self.count, scope))
    }
}
