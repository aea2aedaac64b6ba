//! The web pages: jobs, tasks with their pending reasons and logs, updates.

mod logs;
mod pages;
mod parts;
mod site;
mod templates;
mod update;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;

pub(crate) use site::Site;
pub(crate) use templates::Templates;

/// The routes of all pages.
pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/scheduler") }))
        .route("/scheduler", get(pages::roles))
        .route("/scheduler/", get(pages::roles))
        .route("/scheduler/{role}", get(pages::role))
        .route("/scheduler/{role}/{environment}", get(pages::environment))
        .route("/scheduler/{role}/{environment}/{name}", get(pages::job))
        .route(
            "/scheduler/{role}/{environment}/{name}/update/{id}",
            get(update::update),
        )
        .route("/logs/{task}/{process}/{run}/{stream}", get(logs::log))
        .with_state(site)
}
