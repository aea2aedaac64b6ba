//! The compiled templates of the pages.

use std::io;

use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use mustache::Template;
use serde::Serialize;

use crate::Error;

/// The compiled templates. Values that they show are escaped by the template engine.
pub(crate) struct Templates {
    pub(super) list: Template,
    pub(super) job: Template,
    pub(super) update: Template,
}

impl Templates {
    pub(crate) fn new() -> Result<Self, Error> {
        let compile = |text: &str| {
            mustache::compile_str(text).map_err(|error| {
                Error::io(
                    "reading the page templates",
                    io::Error::other(error.to_string()),
                )
            })
        };
        Ok(Self {
            list: compile(concat!(
                include_str!("head.mustache"),
                include_str!("list.mustache"),
                include_str!("foot.mustache")
            ))?,
            job: compile(concat!(
                include_str!("head.mustache"),
                include_str!("job.mustache"),
                include_str!("foot.mustache")
            ))?,
            update: compile(concat!(
                include_str!("head.mustache"),
                include_str!("update.mustache"),
                include_str!("foot.mustache")
            ))?,
        })
    }
}

pub(super) fn render(template: &Template, page: &impl Serialize) -> Response {
    match template.render_to_string(page) {
        Ok(html) => Html(html).into_response(),
        Err(error) => {
            tracing::error!(%error, "cannot render a page");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
