//! The versions of a subject.

use super::{
    answer::{Answer, Card, json, no_subject, no_version, said},
    asked::{About, Query, Reads, Writes},
    schemas,
    subjects::deletion,
};
use crate::{App, access::key_of, failure::Failure};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use isobar_registry::store::{Deleted, Deletion, Held, Role, Stored};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Reads which version is meant; none is the newest.
///
/// # Errors
/// 42202 for what is no version.
pub(super) fn number(version: &str) -> Result<Option<i64>, Failure> {
    let sound = |number: &i64| (1..=i64::from(i32::MAX)).contains(number);
    match version {
        "latest" | "-1" => Ok(None),
        _ => version.parse().ok().filter(sound).map(Some).ok_or_else(|| {
            let message = format!(
                "The specified version '{version}' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\""
            );
            Failure::unprocessable(message).numbered(42202)
        }),
    }
}

/// The version that a path means.
pub(super) async fn meant(app: &App, about: &About, deleted: Deleted) -> Result<Held, Failure> {
    let number = number(&about.version)?;
    let versions = app.store.versions(&about.subject, deleted).await?;
    let newest = versions.last().ok_or_else(|| no_subject(&about.subject))?;
    match number {
        None => Ok(*newest),
        Some(number) => versions.iter().find(|held| held.version == number).copied().ok_or_else(|| no_version(number)),
    }
}

async fn stored(app: &App, about: &About, query: &Query) -> Result<(Held, Arc<Stored>), Failure> {
    let deleted = if query.is("deleted") { Deleted::With } else { Deleted::Without };
    let held = meant(app, about, deleted).await?;
    Ok((held, app.store.schema(held.id).await?))
}

/// The numbers of the versions.
pub(super) async fn list(
    State(app): State<App>,
    Reads(about): Reads,
    query: Query,
) -> Result<Answer<Vec<i64>>, Failure> {
    let deleted = query.deleted();
    let versions = app.store.versions(&about.subject, deleted).await?;
    if versions.is_empty()
        && (deleted != Deleted::Only || app.store.versions(&about.subject, Deleted::With).await?.is_empty())
    {
        return Err(no_subject(&about.subject));
    }
    let page = query.page(i64::MAX);
    let numbers = versions.iter().map(|held| held.version);
    Ok(Answer(numbers.skip(page.offset as usize).take(page.limit as usize).collect()))
}

/// One version with its schema.
pub(super) async fn one(State(app): State<App>, Reads(about): Reads, query: Query) -> Result<Response, Failure> {
    let (held, stored) = stored(&app, &about, &query).await?;
    Ok(Answer(Card::version(&stored, &about.subject, held.version)).into_response())
}

/// The schema of a version alone.
pub(super) async fn schema(State(app): State<App>, Reads(about): Reads, query: Query) -> Result<Response, Failure> {
    Ok(json(stored(&app, &about, &query).await?.1.schema.text.clone()))
}

/// The ids of the schemas that refer to a version, as far as the caller sees them.
pub(super) async fn referring(
    State(app): State<App>,
    Reads(about): Reads,
    query: Query,
) -> Result<Answer<Vec<i64>>, Failure> {
    let held = meant(&app, &about, Deleted::With).await?;
    let mut ids = Vec::new();
    for id in app.store.referring(&about.subject, held.version, query.deleted()).await? {
        if schemas::sees(&app, &about.caller, id).await? {
            ids.push(id);
        }
    }
    Ok(Answer(ids))
}

/// The newest version whose metadata has these properties.
pub(super) async fn by_metadata(
    State(app): State<App>,
    Reads(about): Reads,
    query: Query,
) -> Result<Response, Failure> {
    let wanted: Vec<(&str, &str)> = query.all("key").zip(query.all("value")).collect();
    let versions = app.store.versions(&about.subject, query.deleted()).await?;
    for held in versions.iter().rev() {
        let stored = app.store.schema(held.id).await?;
        let metadata = stored.schema.metadata.as_deref().unwrap_or("{}");
        let metadata: Map<String, Value> = serde_json::from_str(metadata).unwrap_or_default();
        let has = |(key, value): &(&str, &str)| {
            metadata.get("properties").and_then(|it| it.get(key)).and_then(Value::as_str) == Some(*value)
        };
        if wanted.iter().all(has) {
            return Ok(Answer(Card::version(&stored, &about.subject, held.version)).into_response());
        }
    }
    Err(if versions.is_empty() {
        no_subject(&about.subject)
    } else {
        Failure::missing("Schema not found").numbered(40403)
    })
}

/// Hides a version, or deletes a hidden one for good, which needs an administrator.
pub(super) async fn delete(
    State(app): State<App>,
    Writes(about): Writes,
    query: Query,
) -> Result<Answer<i64>, Failure> {
    let (subject, how) = (&about.subject, deletion(&query));
    if how == Deletion::Hard {
        about.caller.may(app.options.access, Role::Admin, &key_of(subject))?;
    }
    let version = match number(&about.version)? {
        Some(version) => version,
        None => {
            meant(&app, &about, if how == Deletion::Hard { Deleted::Only } else { Deleted::Without }).await?.version
        }
    };
    let done = app.store.delete_version(&about.caller.name(), subject, version, how).await;
    done.map(|()| Answer(version)).map_err(|error| said(error, subject, Some(version)))
}
