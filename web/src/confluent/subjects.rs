//! Subjects: listing them, finding a schema in one, and deleting one.

use super::{
    answer::{Answer, Card, no_schema, no_subject, said},
    asked::{Query, Reads, Someone, Writes},
    given::Body,
    names,
};
use crate::{App, access::key_of, extract::Json, failure::Failure};
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use isobar_registry::store::{Deleted, Deletion, Page, Role};

/// Subjects in one answer, at most.
const MOST: i64 = 20_000;

/// The names of the subjects that the caller sees.
pub(super) async fn list(
    State(app): State<App>,
    Someone(caller): Someone,
    query: Query,
) -> Result<Answer<Vec<String>>, Failure> {
    let (context, prefix) = query.prefix();
    let (page, access) = (query.page(MOST), app.options.access);
    let list = async |page| app.store.subjects(context.as_deref(), &prefix, query.deleted(), page).await;
    if caller.sees(access, "") {
        return Ok(Answer(list(page).await?.iter().map(names::written).collect()));
    }
    let seen = list(Page::ALL).await?.into_iter().filter(|subject| caller.sees(access, &key_of(subject)));
    let seen = seen.skip(page.offset as usize).take(page.limit as usize);
    Ok(Answer(seen.map(|subject| names::written(&subject)).collect()))
}

/// Which version of a subject has a schema.
pub(super) async fn lookup(
    State(app): State<App>,
    Reads(about): Reads,
    query: Query,
    Json(body): Json<Body>,
) -> Result<Response, Failure> {
    let subject = &about.subject;
    let deleted = if query.is("deleted") { Deleted::With } else { Deleted::Without };
    let versions = app.store.versions(subject, deleted).await?;
    if versions.is_empty() {
        return Err(no_subject(subject));
    }
    let given = body.given(&app, &about, query.is("normalize")).await?;
    let held = given.held(&app, subject, &versions, true).await?;
    let held = held.ok_or_else(|| Failure::missing("Schema not found").numbered(40403))?;
    let stored = app.store.schema(held.id).await.map_err(|_| no_schema(held.id))?;
    Ok(Answer(Card::version(&stored, subject, held.version)).into_response())
}

/// Hides a subject, or deletes a hidden one for good, which needs an administrator.
pub(super) async fn delete(
    State(app): State<App>,
    Writes(about): Writes,
    query: Query,
) -> Result<Answer<Vec<i64>>, Failure> {
    let subject = &about.subject;
    let how = deletion(&query);
    if how == Deletion::Hard {
        about.caller.may(app.options.access, Role::Admin, &key_of(subject))?;
    }
    let deleted = app.store.delete_subject(&about.caller.name(), subject, how).await;
    deleted.map(Answer).map_err(|error| said(error, subject, None))
}

/// How it is asked to be deleted.
pub(super) fn deletion(query: &Query) -> Deletion {
    if query.is("permanent") { Deletion::Hard } else { Deletion::Soft }
}
