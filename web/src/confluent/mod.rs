//! The Confluent Schema Registry protocol at the root, as the clients of Kafka speak it: its routes, its numbers of errors, its traps.
//! What a schema is compatible with is the registry's to say.

mod answer;
mod schemas;

use crate::App;
use axum::{Router, routing::get};

pub(crate) fn routes() -> Router<App> {
    Router::new().route("/schemas/ids/{id}", get(schemas::by_id)).route("/schemas/types", get(schemas::types))
}
