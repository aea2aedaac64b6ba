//! The HTTP side: the Thrift API at `/api`, a few plain end points, and the headers and checks of every response.

mod api;
mod app;
mod dispatch;
mod guard;

use std::sync::Arc;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{from_fn, map_response};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get};

pub(crate) use app::App;

/// All routes: those of the service, and the `pages`.
pub(crate) fn router(app: Arc<App>, pages: Router) -> Router {
    Router::new()
        .route("/api", any(api::handle))
        .route("/health", get(|| async { "OK\n" }))
        .route("/vars.json", get(vars))
        .with_state(app)
        .merge(pages)
        .fallback(|| async { (StatusCode::NOT_FOUND, "There is nothing here.\n") })
        .layer(map_response(add_security_headers))
        .layer(from_fn(guard::refuse_foreign))
}

/// Pages show what tasks wrote; nothing of it may run in the reader's browser.
async fn add_security_headers(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    );
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A few numbers about the scheduler.
async fn vars(State(app): State<Arc<App>>) -> Response {
    let uptime = app.started.elapsed().as_secs();
    let counted = app
        .scheduler
        .with(move |engine, _| {
            let mut vars = serde_json::Map::new();
            vars.insert("jvm_uptime_secs".to_owned(), uptime.into());
            vars.insert("framework_registered".to_owned(), 1.into());
            for task in engine.tasks() {
                let key = format!("task_store_{}", task.state.name());
                let count = vars
                    .get(&key)
                    .and_then(serde_json::Value::as_u64)
                    .unwrap_or(0);
                vars.insert(key, (count + 1).into());
            }
            vars
        })
        .await;
    match counted {
        Ok(vars) => Json(vars).into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}
