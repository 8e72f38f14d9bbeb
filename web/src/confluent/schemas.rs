//! Schemas by their ids and guids, and where they are used. An id's schema never changes, so that answers may be kept for ever.

use super::{
    answer::{Answer, Card, json, no_schema},
    asked::{Known, Query, Someone},
    names,
};
use crate::{
    App,
    access::{Caller, key_of},
    extract::Path,
    failure::Failure,
};
use axum::{
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use isobar_registry::store::{Deleted, Error, Listed, Page, Stored, What};
use serde::Serialize;
use std::sync::Arc;

/// Schemas in one list, at most.
const MOST: i64 = 1_000;

/// The languages that are registered here.
pub(super) async fn types(_: Someone) -> Answer<[&'static str; 1]> {
    Answer(["JSON"])
}

/// Whether the caller may see a schema: a subject that it sees has or had it.
pub(super) async fn sees(app: &App, caller: &Caller, id: i64) -> Result<bool, Failure> {
    let access = app.options.access;
    if caller.sees(access, "") {
        return Ok(true);
    }
    let uses = app.store.uses(id, Deleted::With).await?;
    Ok(uses.iter().any(|(subject, _)| caller.sees(access, &key_of(subject))))
}

/// A schema that the caller may see.
async fn seen(app: &App, caller: &Caller, id: i64) -> Result<Arc<Stored>, Failure> {
    if !sees(app, caller, id).await? {
        return Err(no_schema(id));
    }
    app.store.schema(id).await.map_err(|error| match error {
        Error::Missing(What::Schema) => no_schema(id),
        other => other.into(),
    })
}

/// An answer that is true for ever, or that the caller has it already.
fn lasting(app: &App, known: &Known, tag: &str, answer: impl FnOnce() -> Response) -> Response {
    let tag = format!("\"{tag}\"");
    let mut response = if known.has(&tag) { StatusCode::NOT_MODIFIED.into_response() } else { answer() };
    let lasting = if app.options.access.private {
        "private, max-age=31536000, immutable"
    } else {
        "public, max-age=31536000, immutable"
    };
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(lasting));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// A schema by its id.
pub(super) async fn by_id(
    State(app): State<App>,
    Someone(caller): Someone,
    Path(id): Path<i64>,
    query: Query,
    known: Known,
) -> Result<Response, Failure> {
    let stored = seen(&app, &caller, id).await?;
    if query.is("fetchMaxId") {
        let mut card = Card::of(&stored);
        card.max_id = Some(app.store.last_id().await?);
        return Ok(Answer(card).into_response());
    }
    Ok(lasting(&app, &known, &stored.guid, || Answer(Card::of(&stored)).into_response()))
}

/// The text of a schema alone.
pub(super) async fn text(
    State(app): State<App>,
    Someone(caller): Someone,
    Path(id): Path<i64>,
    known: Known,
) -> Result<Response, Failure> {
    let stored = seen(&app, &caller, id).await?;
    Ok(lasting(&app, &known, &format!("{}-text", stored.guid), || json(stored.schema.text.clone())))
}

/// A version of a subject.
#[derive(Debug, Serialize)]
pub(super) struct Use {
    subject: String,
    version: i64,
}

async fn uses(app: &App, caller: &Caller, id: i64, query: &Query) -> Result<Vec<Use>, Failure> {
    seen(app, caller, id).await?;
    let wanted = query.text("subject");
    let uses = app.store.uses(id, query.deleted()).await?.into_iter();
    let uses = uses.filter(|(subject, _)| caller.sees(app.options.access, &key_of(subject)));
    let uses = uses.map(|(subject, held)| Use { subject: names::written(&subject), version: held.version });
    let page = query.page(i64::MAX);
    let uses = uses.filter(|it| wanted.is_none_or(|wanted| it.subject == wanted));
    Ok(uses.skip(page.offset as usize).take(page.limit as usize).collect())
}

/// The subjects that have a schema.
pub(super) async fn subjects(
    State(app): State<App>,
    Someone(caller): Someone,
    Path(id): Path<i64>,
    query: Query,
) -> Result<Answer<Vec<String>>, Failure> {
    let mut subjects: Vec<String> = uses(&app, &caller, id, &query).await?.into_iter().map(|it| it.subject).collect();
    subjects.dedup();
    Ok(Answer(subjects))
}

/// The versions that have a schema.
pub(super) async fn versions(
    State(app): State<App>,
    Someone(caller): Someone,
    Path(id): Path<i64>,
    query: Query,
) -> Result<Answer<Vec<Use>>, Failure> {
    uses(&app, &caller, id, &query).await.map(Answer)
}

/// A schema by its guid.
pub(super) async fn by_guid(
    State(app): State<App>,
    Someone(caller): Someone,
    Path(guid): Path<String>,
    known: Known,
) -> Result<Response, Failure> {
    let (_, stored) = of_guid(&app, &caller, &guid).await?.into_iter().next().ok_or_else(|| no_schema(&guid))?;
    Ok(lasting(&app, &known, &stored.guid, || Answer(Card::of(&stored)).into_response()))
}

/// An id, and a context in which it is known.
#[derive(Debug, Serialize)]
pub(super) struct InContext {
    context: String,
    id: i64,
}

/// The ids that a schema has.
pub(super) async fn ids(
    State(app): State<App>,
    Someone(caller): Someone,
    Path(guid): Path<String>,
) -> Result<Answer<Vec<InContext>>, Failure> {
    let found = of_guid(&app, &caller, &guid).await?;
    if found.is_empty() {
        return Err(no_schema(&guid));
    }
    let mut ids = Vec::new();
    for (id, _) in found {
        let uses = app.store.uses(id, Deleted::With).await?.into_iter();
        let seen = uses.filter(|(subject, _)| caller.sees(app.options.access, &key_of(subject)));
        let mut contexts: Vec<String> = seen.map(|(subject, _)| subject.context).collect();
        contexts.dedup();
        ids.extend(contexts.into_iter().map(|context| InContext { context, id }));
    }
    Ok(Answer(ids))
}

async fn of_guid(app: &App, caller: &Caller, guid: &str) -> Result<Vec<(i64, Arc<Stored>)>, Failure> {
    let mut found = Vec::new();
    for id in app.store.ids_of_guid(guid).await? {
        if let Ok(stored) = seen(app, caller, id).await {
            found.push((id, stored));
        }
    }
    Ok(found)
}

/// Versions with their schemas, over many subjects.
pub(super) async fn list(State(app): State<App>, Someone(caller): Someone, query: Query) -> Result<Response, Failure> {
    let (context, prefix) = query.prefix();
    let (page, access) = (query.page(MOST), app.options.access);
    let list = async |page| {
        let (context, newest) = (context.as_deref(), query.is("latestOnly"));
        app.store.all_versions(context, &prefix, query.deleted(), newest, page).await
    };
    let listed: Vec<Listed> = if caller.sees(access, "") {
        list(page).await?
    } else {
        let seen = list(Page::ALL).await?.into_iter().filter(|(subject, _)| caller.sees(access, &key_of(subject)));
        seen.skip(page.offset as usize).take(page.limit as usize).collect()
    };
    let mut found = Vec::with_capacity(listed.len());
    for (subject, held) in &listed {
        found.push((subject, held.version, app.store.schema(held.id).await?));
    }
    let cards = found.iter().map(|(subject, version, stored)| Card::version(stored, subject, *version));
    Ok(Answer(cards.collect::<Vec<_>>()).into_response())
}
