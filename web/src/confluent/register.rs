//! Registering a schema: the subject is read, what it asks for is decided, and the schema is written if nothing changed meanwhile; if
//! something did, it is tried again.

use super::{
    answer::{Answer, not_permitted, said},
    asked::{About, Query, Writes},
    given::{Body, Given},
    names,
    verdicts::{self, Judge},
};
use crate::{App, extract::Json, failure::Failure};
use axum::extract::State;
use isobar_registry::store::{Error, Held, Mode, Reading, Registered, Registration};
use serde::Serialize;

/// How often a subject that others write to is tried. Here they take turns, so that it takes other servers to lose one.
const TRIES: usize = 64;

/// Where a schema is after its registration.
#[derive(Debug, Serialize)]
pub(super) struct Place {
    id: i64,
    version: i64,
    guid: String,
}

/// Registers a schema as the next version of a subject. One that the subject has is answered with its id.
pub(super) async fn register(
    State(app): State<App>,
    Writes(about): Writes,
    query: Query,
    Json(body): Json<Body>,
) -> Result<Answer<Place>, Failure> {
    let subject = &about.subject;
    let mut given = body.given(&app, &about, query.is("normalize")).await?;
    if let Some(place) = first(&app, &about, &given).await? {
        return Ok(Answer(place));
    }
    let mut reading = app.store.read(subject).await?;
    if reading.applied.normalize {
        given.normalize(&app).await?;
    }
    // That of a message may be written in another way.
    if given.id.is_none()
        && let Some(held) = given.held(&app, subject, &live(&reading), reading.released).await?
    {
        let guid = app.store.schema(held.id).await?.guid.clone();
        return Ok(Answer(Place { id: held.id, version: held.version, guid }));
    }
    permitted(&about, &given, &reading)?;
    let mut judge = Judge::of(&app, &given).await?;
    let mut turn = None;
    for _ in 0..TRIES {
        let registration = decided(&app, &about, &given, &reading, &mut judge).await?;
        match app.store.register(&about.caller.name(), registration).await {
            Ok(Registered { id, version, .. }) => {
                return Ok(Answer(Place { id, version, guid: given.schema.guid() }));
            }
            Err(Error::Moved) => {}
            Err(error) => return Err(said(error, subject, given.version)),
        }
        // Others write to it, too: from now on one after the other.
        if turn.is_none() {
            turn = Some(app.turns.of(subject).lock().await);
        }
        reading = app.store.read(subject).await?;
    }
    Err(Error::Moved.into())
}

/// Tries to register a schema as the first version of a subject, which nothing before it can be against: most subjects are not even read.
async fn first(app: &App, about: &About, given: &Given) -> Result<Option<Place>, Failure> {
    let light = given.id.is_none() && given.version.is_none() && given.light().is_some();
    // What cannot be read is refused, unless the subject has it.
    if !light || given.read(app).await.is_err() {
        return Ok(None);
    }
    let registration = Registration::first(about.subject.clone(), given.schema.clone());
    let guid = registration.guid();
    match app.store.register(&about.caller.name(), registration).await {
        Ok(Registered { id, version, .. }) => Ok(Some(Place { id, version, guid })),
        Err(Error::Moved) => Ok(None),
        Err(error) => Err(said(error, &about.subject, None)),
    }
}

/// The versions that are not deleted.
pub(super) fn live(reading: &Reading) -> Vec<Held> {
    reading.versions.iter().filter(|held| !held.deleted).copied().collect()
}

/// What the subject's mode says to what was given.
fn permitted(about: &About, given: &Given, reading: &Reading) -> Result<(), Failure> {
    let name = names::written(&about.subject);
    let newest = reading.versions.last().map_or(0, |held| held.version);
    match (reading.applied.mode, given.id) {
        (Mode::Import, None) => {
            Err(not_permitted(format!("Subject '{name}' is in import mode: a schema needs its `id`")))
        }
        (Mode::Import, Some(_)) => Ok(()),
        (_, None) if given.version.is_some_and(|version| version <= newest) => {
            Err(super::answer::invalid(format!("Version is not one more than previous version {newest}")))
        }
        _ => Ok(()),
    }
}

/// The registration, if the versions before it have nothing against it.
async fn decided(
    app: &App,
    about: &About,
    given: &Given,
    reading: &Reading,
    judge: &mut Judge<'_>,
) -> Result<Registration, Failure> {
    let said = |error| said(error, &about.subject, given.version);
    if let Some(id) = given.id {
        // What another registry let through is history.
        return reading.import(given.schema.clone(), id, given.version).map_err(said);
    }
    // What may not be written needs no decision.
    let registration = reading.propose(given.schema.clone()).map_err(said)?;
    let against = judge.against(&live(reading), &reading.applied).await?;
    if against.is_empty() {
        return Ok(registration);
    }
    app.metrics.refused.inc();
    Err(verdicts::refusal(&about.subject, reading.applied.level, &against))
}
