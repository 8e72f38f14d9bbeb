//! What may be written to subjects, contexts, or everything.

use super::{
    answer::{Answer, no_subject, not_permitted},
    asked::{About, ChangesSettings, Query, ReadsSettings},
    names,
};
use crate::{App, extract::Json, failure::Failure};
use axum::extract::State;
use isobar_registry::store::{Deleted, Mode, Page, Scope, Subject};
use serde::{Deserialize, Serialize};

/// A mode as it is sent.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Sent {
    mode: String,
}

fn sent(mode: Mode) -> Answer<Sent> {
    Answer(Sent { mode: mode.name().to_owned() })
}

/// What a scope says, or with `defaultToGlobal` what applies to it.
pub(super) async fn get(
    State(app): State<App>,
    ReadsSettings(about): ReadsSettings,
    query: Query,
) -> Result<Answer<Sent>, Failure> {
    let scope = about.scope();
    if scope == Scope::Global || query.is("defaultToGlobal") {
        return Ok(sent(app.store.applied(&about.subject).await?.mode));
    }
    let (_, own) = app.store.setting(scope).await?;
    own.map(sent).ok_or_else(|| {
        let message =
            format!("Subject '{}' does not have subject-level mode configured", names::written(&about.subject));
        Failure::missing(message).numbered(40409)
    })
}

/// Changes it. Ids of another registry are only taken where nothing is yet, unless that is forced.
pub(super) async fn put(
    State(app): State<App>,
    ChangesSettings(about): ChangesSettings,
    query: Query,
    Json(told): Json<Sent>,
) -> Result<Answer<Sent>, Failure> {
    let named = told.mode.to_uppercase();
    let mode = Mode::ALL.iter().find(|mode| mode.name() == named).copied().ok_or_else(|| {
        let names: Vec<&str> = Mode::ALL.iter().map(|mode| mode.name()).collect();
        Failure::unprocessable(format!("Invalid mode. Valid values are {}", names.join(", "))).numbered(42204)
    })?;
    if mode == Mode::Import && !query.is("force") && !is_empty(&app, &about.subject).await? {
        return Err(not_permitted("Cannot import since found existing subjects"));
    }
    app.store.set_mode(&about.caller.name(), about.scope(), Some(mode)).await?;
    Ok(sent(mode))
}

/// Whether there is no version in a scope.
async fn is_empty(app: &App, scope: &Subject) -> Result<bool, Failure> {
    if !scope.name.is_empty() {
        return Ok(app.store.versions(scope, Deleted::Without).await?.is_empty());
    }
    let context = Some(scope.context.as_str()).filter(|context| !context.is_empty());
    Ok(app.store.subjects(context, "", Deleted::Without, Page { offset: 0, limit: 1 }).await?.is_empty())
}

/// Forgets what a scope says, and answers what that was.
pub(super) async fn delete(
    State(app): State<App>,
    ChangesSettings(about): ChangesSettings,
) -> Result<Answer<Sent>, Failure> {
    let About { subject, caller, .. } = &about;
    let (_, own) = app.store.setting(about.scope()).await?;
    let was = match (own, about.scope()) {
        (Some(mode), _) => mode,
        (None, Scope::Global) => Mode::ReadWrite,
        _ => return Err(no_subject(subject)),
    };
    app.store.set_mode(&caller.name(), about.scope(), None).await?;
    Ok(sent(was))
}
