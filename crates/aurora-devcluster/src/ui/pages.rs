//! The pages themselves: from the tasks to HTML.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::parts::{Crumb, link};
use super::site::Site;
use super::templates::render;
use super::view::{CronAndUpdates, JobPage, ListPage, ListRow};
use crate::fit::join;
use crate::model::{JobId, Task};

/// `/scheduler`
pub(crate) async fn roles(State(site): State<Arc<Site>>) -> Response {
    list(site, "Roles", "role", Vec::new()).await
}

/// `/scheduler/ROLE`
pub(crate) async fn role(State(site): State<Arc<Site>>, Path(role): Path<String>) -> Response {
    list(site, &role, "environment", vec![role.clone()]).await
}

/// `/scheduler/ROLE/ENV`
pub(crate) async fn environment(
    State(site): State<Arc<Site>>,
    Path((role, environment)): Path<(String, String)>,
) -> Response {
    let title = format!("{role}/{environment}");
    list(site, &title, "job", vec![role, environment]).await
}

/// `/scheduler/ROLE/ENV/NAME`
pub(crate) async fn job(
    State(site): State<Arc<Site>>,
    Path((role, environment, name)): Path<(String, String, String)>,
) -> Response {
    let wanted = JobId {
        role,
        environment,
        name,
    };
    let layout = site.layout.clone();
    let cluster = site.cluster_name.clone();
    let page = site
        .scheduler
        .with(move |engine, now| {
            let pending = engine.pending();
            let mut tasks: Vec<(Task, String)> = engine
                .tasks()
                .filter(|task| task.job == wanted)
                .map(|task| {
                    let vetoes = pending.get(task.id.as_str());
                    let reason = vetoes.map(|vetoes| join(vetoes, ", "));
                    (task.clone(), reason.unwrap_or_default())
                })
                .collect();
            tasks.sort_by_key(|(task, _)| (task.instance, std::cmp::Reverse(task.created())));
            let cron_and_updates = CronAndUpdates::new(engine, &wanted, now);
            (wanted, tasks, cron_and_updates, now)
        })
        .await;
    let Ok((wanted, tasks, cron_and_updates, now)) = page else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    // Logs are looked up outside the scheduler's lock.
    let built = tokio::task::spawn_blocking(move || {
        JobPage::new(&cluster, &layout, &wanted, &tasks, cron_and_updates, now)
    })
    .await;
    match built {
        Ok(page) => {
            let mut response = render(&site.templates.job, &page);
            if page.is_empty() {
                *response.status_mut() = StatusCode::NOT_FOUND;
            }
            response
        }
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

/// A list of what is one level below `above`.
async fn list(site: Arc<Site>, title: &str, kind: &'static str, above: Vec<String>) -> Response {
    let depth = above.len();
    let prefix = above.clone();
    let part_is_job = depth == 2;
    let rows = site
        .scheduler
        .with(move |engine, _| {
            let mut rows: BTreeMap<String, ListRow> = BTreeMap::new();
            let below = |job: &JobId| {
                let parts = [&job.role, &job.environment, &job.name];
                let is_below = prefix.iter().zip(parts).all(|(a, b)| a == b);
                let part = parts.get(depth).filter(|_| is_below);
                part.map(|part| (*part).clone())
            };
            for task in engine.tasks() {
                if let Some(part) = below(&task.job) {
                    rows.entry(part).or_default().count(task.state);
                }
            }
            for (job, cron) in &engine.state().crons {
                if let Some(part) = below(job) {
                    let row = rows.entry(part).or_default();
                    if part_is_job {
                        row.cron = cron.schedule.to_string();
                    }
                }
            }
            rows
        })
        .await;
    let Ok(rows) = rows else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let found = !rows.is_empty();
    let page = ListPage {
        title: title.to_owned(),
        cluster: site.cluster_name.clone(),
        crumbs: Crumb::trail(&above),
        kind,
        any: found,
        rows: rows
            .into_iter()
            .map(|(name, row)| {
                let mut parts = above.clone();
                parts.push(name.clone());
                ListRow {
                    href: link("/scheduler", &parts),
                    name,
                    ..row
                }
            })
            .collect(),
    };
    let mut response = render(&site.templates.list, &page);
    if !found && depth > 0 {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    response
}
