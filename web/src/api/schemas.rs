//! JSON Schemas by their id, the hash of their version's YAML, and their `$id`.

use super::{answer::Answer, document::Problems};
use crate::{
    App,
    access::{Caller, key_of},
    extract::{Path, Query},
    failure::Failure,
};
use axum::{Extension, extract::State};
use isobar_registry::store::{Deleted, Error, Frozen, What};
use serde::Deserialize;
use utoipa::IntoParams;

/// Where a schema is published.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Published {
    /// Its `$id`.
    url: String,
}

/// The schema of the first of some versions that the caller sees.
pub(super) async fn first_seen(app: &App, caller: &Caller, found: Vec<Frozen>) -> Result<Answer, Failure> {
    let access = app.options.access;
    let seen = |it: &Frozen| caller.sees(access, &format!("{}.{}", it.at.context, it.at.message));
    let frozen = found.into_iter().find(seen).ok_or(Error::Missing(What::Schema))?;
    Ok(Answer::schema(&app.store.schema(frozen.at.schema).await?.schema.text))
}

/// The schema of an id, which is the same for ever.
#[utoipa::path(get, path = "/api/v1/schemas/ids/{id}", tag = "schemas", params(("id" = i64, Path)),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"), Problems))]
pub(super) async fn by_id(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(id): Path<i64>,
) -> Result<Answer, Failure> {
    let access = app.options.access;
    if let Err(refused) = app.readable(&caller, "") {
        // Whoever sees a part sees the schemas that its subjects have.
        let uses = app.store.uses(id, Deleted::With).await?;
        match caller {
            Caller::Anyone => return Err(refused),
            Caller::Holder(_) if uses.iter().any(|(subject, _)| caller.sees(access, &key_of(subject))) => {}
            Caller::Holder(_) => return Err(Error::Missing(What::Schema).into()),
        }
    }
    Ok(Answer::schema(&app.store.schema(id).await?.schema.text).lasting(access))
}

/// The schema of the version whose YAML has this hash.
#[utoipa::path(get, path = "/api/v1/schemas/hashes/{hash}", tag = "schemas", params(("hash" = String, Path)),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"), Problems))]
pub(super) async fn by_hash(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(hash): Path<String>,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let found = app.store.frozen_by_hash(&hash).await?;
    Ok(first_seen(&app, &caller, found).await?.lasting(app.options.access))
}

/// The schema that is published under a URL.
#[utoipa::path(get, path = "/api/v1/schemas", tag = "schemas", params(Published),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"), Problems))]
pub(super) async fn by_url(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(Published { url }): Query<Published>,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let found = app.store.frozen_by_url(&url).await?;
    first_seen(&app, &caller, found).await
}
