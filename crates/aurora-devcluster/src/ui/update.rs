//! The page of an update, and its row on the page of its job.

use std::sync::Arc;

use aurora_api::JobUpdateStatus as Status;
use aurora_jobkey::InstanceSet;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::parts::{Crumb, link, span, utc};
use super::site::Site;
use super::templates::render;
use crate::model::{Group, JobId, Update, UpdateId};

/// An update in short.
#[derive(Debug, Serialize)]
pub(super) struct UpdateRow {
    href: String,
    id: String,
    status: String,
    class: &'static str,
    user: String,
    created: String,
    modified: String,
}

impl UpdateRow {
    pub(super) fn new(update: &Update) -> Self {
        let mut parts = job_parts(&update.id.job);
        parts.push("update".to_owned());
        parts.push(update.id.id.clone());
        Self {
            href: link("/scheduler", &parts),
            id: update.id.id.clone(),
            status: update.status().to_string(),
            class: class(update.status()),
            user: update.user.clone(),
            created: utc(update.created()),
            modified: utc(update.modified()),
        }
    }
}

/// The page of one update.
#[derive(Debug, Serialize)]
struct UpdatePage {
    title: String,
    cluster: String,
    crumbs: Vec<Crumb>,
    any: bool,
    #[serde(flatten)]
    row: Option<UpdateRow>,
    has_added: bool,
    added: String,
    has_replaced: bool,
    replaced: String,
    settings: Vec<Setting>,
    events: Vec<EventView>,
    has_instances: bool,
    instances: Vec<InstanceView>,
}

#[derive(Debug, Serialize)]
struct Setting {
    name: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct EventView {
    time: String,
    status: String,
    class: &'static str,
    user: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct InstanceView {
    time: String,
    instance: i32,
    action: String,
}

impl UpdatePage {
    fn new(cluster: String, id: &UpdateId, update: Option<&Update>) -> Self {
        let added = update.map_or_else(String::new, |it| numbers(it.desired.as_slice()));
        let replaced = update.map_or_else(String::new, |it| numbers(&it.initial));
        let instances: Vec<InstanceView> = update
            .iter()
            .flat_map(|update| &update.instance_events)
            .map(|event| InstanceView {
                time: utc(event.at),
                instance: event.instance,
                action: event.action.to_string(),
            })
            .collect();
        Self {
            title: format!("Update of {}", id.job),
            cluster,
            crumbs: Crumb::trail(&job_parts(&id.job)),
            any: update.is_some(),
            row: update.map(UpdateRow::new),
            has_added: !added.is_empty(),
            added,
            has_replaced: !replaced.is_empty(),
            replaced,
            settings: update.map(settings).unwrap_or_default(),
            events: update
                .iter()
                .flat_map(|update| &update.events)
                .map(|event| EventView {
                    time: utc(event.at),
                    status: event.status.to_string(),
                    class: class(event.status),
                    user: event.user.clone().unwrap_or_default(),
                    message: event.message.clone().unwrap_or_default(),
                })
                .collect(),
            has_instances: !instances.is_empty(),
            instances,
        }
    }
}

/// The instances of all groups, such as `0-2, 5`.
fn numbers(groups: &[Group]) -> String {
    let ids = groups.iter().flat_map(|group| &group.instances);
    let all: InstanceSet = ids.filter_map(|id| u32::try_from(*id).ok()).collect();
    all.to_string().replace(',', ", ")
}

fn settings(update: &Update) -> Vec<Setting> {
    let given = &update.settings;
    let yes_no = |given: Option<bool>| {
        let text = if given.unwrap_or(false) { "yes" } else { "no" };
        text.to_owned()
    };
    let number = |given: Option<i32>| given.unwrap_or(0).to_string();
    let stable = i64::from(given.min_wait_in_instance_running_ms.unwrap_or(0));
    let rows = [
        ("Batch size", number(given.update_group_size)),
        (
            "Wait for whole batch",
            yes_no(given.wait_for_batch_completion),
        ),
        ("Watch time", span(stable)),
        (
            "Max failures per instance",
            number(given.max_per_instance_failures),
        ),
        ("Max failed instances", number(given.max_failed_instances)),
        ("Roll back on failure", yes_no(given.rollback_on_failure)),
    ];
    let pulses = update.pulse_limit();
    rows.into_iter()
        .chain(pulses.map(|limit| ("Pulse interval", span(limit))))
        .map(|(name, value)| Setting { name, value })
        .collect()
}

fn job_parts(job: &JobId) -> Vec<String> {
    vec![job.role.clone(), job.environment.clone(), job.name.clone()]
}

/// The colour of a status.
fn class(status: Status) -> &'static str {
    match status {
        Status::ROLLED_FORWARD => "good",
        Status::FAILED | Status::ERROR | Status::ROLLED_BACK | Status::ROLLING_BACK => "bad",
        Status::ABORTED => "neutral",
        _ => "waiting",
    }
}

/// `/scheduler/ROLE/ENV/NAME/update/ID`
pub(crate) async fn update(
    State(site): State<Arc<Site>>,
    Path((role, environment, name, id)): Path<(String, String, String, String)>,
) -> Response {
    let job = JobId {
        role,
        environment,
        name,
    };
    let id = UpdateId { job, id };
    let cluster = site.cluster_name.clone();
    let page = site
        .scheduler
        .with(move |engine, _| UpdatePage::new(cluster, &id, engine.state().updates.get(&id)))
        .await;
    let Ok(page) = page else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let mut response = render(&site.templates.update, &page);
    if !page.any {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
