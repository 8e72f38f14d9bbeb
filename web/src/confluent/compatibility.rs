//! Asking whether a schema could be registered, without registering it.

use super::{
    answer::{Answer, no_version},
    asked::{About, Query, Reads},
    given::Body,
    register::live,
    verdicts::{self, Judge},
    versions,
};
use crate::{App, extract::Json, failure::Failure};
use axum::extract::State;
use serde::Serialize;
use serde_json::Value;

/// Whether a schema gets along, and if it was asked for, why not.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    is_compatible: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    messages: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    findings: Option<Value>,
}

/// Asks about one version; of a subject without versions, any schema could be the newest.
pub(super) async fn with_one(
    State(app): State<App>,
    Reads(about): Reads,
    query: Query,
    Json(body): Json<Body>,
) -> Result<Answer<Checked>, Failure> {
    let number = versions::number(&about.version)?;
    check(&app, &about, &query, body, Some(number)).await
}

/// Asks about the versions that the subject's level has count.
pub(super) async fn with_all(
    State(app): State<App>,
    Reads(about): Reads,
    query: Query,
    Json(body): Json<Body>,
) -> Result<Answer<Checked>, Failure> {
    check(&app, &about, &query, body, None).await
}

async fn check(
    app: &App,
    about: &About,
    query: &Query,
    body: Body,
    only: Option<Option<i64>>,
) -> Result<Answer<Checked>, Failure> {
    let reading = app.store.read(&about.subject).await?;
    let mut before = live(&reading);
    match only {
        None => {}
        Some(None) => {
            before.drain(..before.len().saturating_sub(1));
        }
        Some(Some(number)) => {
            before.retain(|held| held.version == number);
            if before.is_empty() {
                return Err(no_version(number));
            }
        }
    }
    let given = body.given(app, about, query.is("normalize") || reading.applied.normalize).await?;
    let mut judge = Judge::of(app, &given).await?;
    let against = judge.against(&before, &reading.applied).await?;
    let verbose = query.is("verbose");
    Ok(Answer(Checked {
        is_compatible: against.is_empty(),
        messages: verbose.then(|| verdicts::sentences(&against)),
        findings: verbose.then(|| verdicts::findings(&against)),
    }))
}
