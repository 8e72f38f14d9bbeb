//! What those ask who run the server: is it alive, is it ready, what are its numbers.

use crate::{App, failure::Failure};
use axum::{
    Router,
    extract::State,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/healthz", get(async || "ok\n")).route("/readyz", get(ready)).route("/metrics", get(metrics))
}

/// Ready is a server whose store answers.
async fn ready(State(app): State<App>) -> Result<&'static str, Failure> {
    app.store.last_id().await?;
    Ok("ready\n")
}

async fn metrics(State(app): State<App>) -> Result<Response, Failure> {
    let text = app.metrics.text().map_err(Failure::internal)?;
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    Ok(([(header::CONTENT_TYPE, kind)], text).into_response())
}
