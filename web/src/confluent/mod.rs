//! The Confluent Schema Registry protocol at the root, as the clients of Kafka speak it: its routes, its numbers of errors, its traps.
//! What a schema is compatible with is the registry's to say.

mod answer;
mod asked;
mod compatibility;
mod config;
mod given;
mod mode;
mod names;
mod references;
mod register;
mod schemas;
mod server;
mod subjects;
#[cfg(test)]
mod tests;
mod text;
mod verdicts;
mod versions;

use crate::App;
use axum::{
    Router,
    routing::{get, post},
};

pub(crate) use server::root;

/// The routes. What newer servers have beside them (`/associations`) is answered as every path that is not there, in JSON, which
/// clients take for no. The root itself is where pages begin, for browsers.
pub(crate) fn routes() -> Router<App> {
    let config = || get(config::get).put(config::put).delete(config::delete);
    let mode = || get(mode::get).put(mode::put).delete(mode::delete);
    Router::new()
        .route("/v1/metadata/id", get(server::id))
        .route("/v1/metadata/version", get(server::version))
        .route("/contexts", get(server::contexts))
        .route("/schemas", get(schemas::list))
        .route("/schemas/types", get(schemas::types))
        .route("/schemas/ids/{id}", get(schemas::by_id))
        .route("/schemas/ids/{id}/schema", get(schemas::text))
        .route("/schemas/ids/{id}/subjects", get(schemas::subjects))
        .route("/schemas/ids/{id}/versions", get(schemas::versions))
        .route("/schemas/guids/{guid}", get(schemas::by_guid))
        .route("/schemas/guids/{guid}/ids", get(schemas::ids))
        .route("/subjects", get(subjects::list))
        .route("/subjects/{subject}", post(subjects::lookup).delete(subjects::delete))
        .route("/subjects/{subject}/metadata", get(versions::by_metadata))
        .route("/subjects/{subject}/versions", get(versions::list).post(register::register))
        .route("/subjects/{subject}/versions/{version}", get(versions::one).delete(versions::delete))
        .route("/subjects/{subject}/versions/{version}/schema", get(versions::schema))
        .route("/subjects/{subject}/versions/{version}/referencedby", get(versions::referring))
        .route("/compatibility/subjects/{subject}/versions", post(compatibility::with_all))
        .route("/compatibility/subjects/{subject}/versions/{version}", post(compatibility::with_one))
        .route("/config", config())
        .route("/config/{subject}", config())
        .route("/mode", mode())
        .route("/mode/{subject}", mode())
}
