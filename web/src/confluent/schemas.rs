//! Schemas by their ids.

use super::answer::Answer;
use crate::{App, extract::Path, failure::Failure};
use axum::extract::State;
use isobar_registry::store::{Error, What};
use serde::Serialize;

/// The languages that are registered here.
pub(super) async fn types() -> Answer<[&'static str; 1]> {
    Answer(["JSON"])
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ById {
    schema: String,
    schema_type: String,
}

/// A schema by its id.
pub(super) async fn by_id(State(app): State<App>, Path(id): Path<i64>) -> Result<Answer<ById>, Failure> {
    let stored = app.store.schema(id).await.map_err(|error| match error {
        Error::Missing(What::Schema) => Failure::missing(format!("Schema {id} not found")).numbered(40403),
        other => other.into(),
    })?;
    Ok(Answer(ById { schema: stored.schema.text.clone(), schema_type: stored.schema.kind.clone() }))
}
