//! Looking at updates, those that are and those that could be.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use aurora_api::{
    ConfigGroup, GetJobUpdateDetailsResult, GetJobUpdateDiffResult, GetJobUpdateSummariesResult,
    JobUpdateKey, JobUpdateQuery, JobUpdateRequest, TaskConfig,
};

use super::super::reply::{Outcome, Reply};
use super::request::Request;
use crate::engine::Engine;
use crate::model::ranges::to_ranges;
use crate::model::record::Record;
use crate::model::{Group, Update, UpdateId};
use crate::updates::groups;

/// Replies to `getJobUpdateDetails`.
pub(crate) fn details(engine: &Engine, key: Option<&JobUpdateKey>) -> Outcome {
    let id = key.and_then(UpdateId::from_wire);
    let update = id.and_then(|id| engine.state().updates.get(&id));
    let Some(update) = update else {
        return Err(Reply::invalid("the update does not exist"));
    };
    Ok(Reply::ok_with(
        aurora_api::Result::GetJobUpdateDetailsResult(GetJobUpdateDetailsResult {
            details: Some(update.to_wire()),
        }),
    ))
}

/// Replies to `getJobUpdateSummaries`: the latest modified first.
pub(crate) fn summaries(engine: &Engine, query: Option<&JobUpdateQuery>) -> Outcome {
    let query = query.ok_or_else(|| Reply::error("the call has no query"))?;
    let mut found: Vec<&Update> = engine
        .state()
        .updates
        .values()
        .filter(|update| matches(update, query))
        .collect();
    found.sort_by(|a, b| (b.modified(), &a.id).cmp(&(a.modified(), &b.id)));
    let number = |given: Option<i32>| usize::try_from(given.unwrap_or(0)).unwrap_or(0);
    let limit = match number(query.limit) {
        0 => usize::MAX,
        limit => limit,
    };
    let summaries = found
        .into_iter()
        .skip(number(query.offset))
        .take(limit)
        .map(Update::summary)
        .collect();
    Ok(Reply::ok_with(
        aurora_api::Result::GetJobUpdateSummariesResult(GetJobUpdateSummariesResult {
            update_summaries: Some(summaries),
        }),
    ))
}

fn matches(update: &Update, query: &JobUpdateQuery) -> bool {
    let job = update.id.job.to_wire();
    query
        .role
        .as_ref()
        .is_none_or(|role| *role == update.id.job.role)
        && query
            .key
            .as_ref()
            .is_none_or(|key| *key == update.id.to_wire())
        && query.job_key.as_ref().is_none_or(|key| *key == job)
        && query.user.as_ref().is_none_or(|user| *user == update.user)
        && query
            .update_statuses
            .as_ref()
            .filter(|statuses| !statuses.is_empty())
            .is_none_or(|statuses| statuses.contains(&update.status()))
}

/// Replies to `getJobUpdateDiff`.
pub(crate) fn diff(engine: &Engine, request: Option<&JobUpdateRequest>) -> Outcome {
    let request = Request::new(request)?;
    let config = request.populate()?;
    let current = engine.instances(&request.job);
    let diff = request.diff(&current, &config)?;
    let added: BTreeMap<i32, Arc<TaskConfig>> = diff
        .add
        .iter()
        .map(|instance| (*instance, Arc::clone(&config)))
        .collect();
    Ok(Reply::ok_with(aurora_api::Result::GetJobUpdateDiffResult(
        GetJobUpdateDiffResult {
            add: Some(config_groups(&diff.add, &added)),
            remove: Some(config_groups(&diff.remove, &current)),
            update: Some(config_groups(&diff.update, &current)),
            unchanged: Some(config_groups(&diff.unchanged, &current)),
        },
    )))
}

/// The instances by configuration.
pub(crate) fn config_groups<'i>(
    instances: impl IntoIterator<Item = &'i i32>,
    configs: &BTreeMap<i32, Arc<TaskConfig>>,
) -> BTreeSet<ConfigGroup> {
    let wire = |group: Group| ConfigGroup {
        config: Some(TaskConfig::clone(&group.config)),
        instances: Some(to_ranges(&group.instances)),
    };
    groups(instances, configs).into_iter().map(wire).collect()
}
