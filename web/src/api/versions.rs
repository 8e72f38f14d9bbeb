//! The released versions of a message: their text, their JSON Schema, and what differs between two.

use super::{answer::Answer, document::Problems, known, split, version};
use crate::{
    App,
    access::Caller,
    extract::{Path, Query},
    failure::Failure,
};
use axum::{Extension, extract::State};
use isobar_registry::{
    compat::{self, Difference},
    store::{self, Frozen},
};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};

/// A released version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Version {
    /// `context.Message`.
    message: String,
    /// `v1.0`.
    version: String,
    /// The hash of its YAML, as the lock has it.
    hash: String,
    /// The `$id` of its JSON Schema.
    url: String,
    /// The id of its JSON Schema, which a serializer writes before a payload.
    id: i64,
    /// The version of the subject `context.Message` that has its JSON Schema.
    subject_version: i64,
    /// When it was pushed, in milliseconds since 1970.
    created: i64,
}

impl From<store::FrozenAt> for Version {
    fn from(at: store::FrozenAt) -> Self {
        let store::FrozenAt { context, message, version, hash, url, schema: id, subject_version, created } = at;
        let (message, version) = (format!("{context}.{message}"), version.to_string());
        Version { message, version, hash, url, id, subject_version, created }
    }
}

/// A released version with its text and its JSON Schema.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct WholeVersion {
    #[serde(flatten)]
    at: Version,
    /// The frozen YAML, byte for byte.
    yaml: String,
    /// Its JSON Schema.
    #[schema(value_type = Object)]
    schema: Box<RawValue>,
}

/// Which versions to compare.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Between {
    /// The older version.
    from: String,
    /// The newer one, or the draft; the newest one otherwise.
    to: Option<String>,
    /// `json`, or `markdown` for a page.
    format: Option<Form>,
}

/// How differences are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Form {
    /// For programs.
    #[default]
    Json,
    /// For a page.
    Markdown,
}

async fn frozen(app: &App, caller: &Caller, message: &str, number: &str) -> Result<Frozen, Failure> {
    app.readable(caller, message)?;
    let (context, name) = split(message)?;
    Ok(app.store.frozen(context, name, version(number)?).await?)
}

/// The released versions of a message.
#[utoipa::path(get, path = "/api/v1/messages/{message}/versions", tag = "versions", params(("message" = String, Path)),
    responses((status = 200, description = "Oldest first", body = Vec<Version>), Problems))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let (context, name) = split(&message)?;
    app.store.message(context, name).await?;
    let all = app.store.history(context, name).await?;
    Answer::json(&all.into_iter().map(|it| Version::from(it.at)).collect::<Vec<_>>())
}

/// One released version.
#[utoipa::path(get, path = "/api/v1/messages/{message}/versions/{version}", tag = "versions",
    params(("message" = String, Path), ("version" = String, Path)),
    responses((status = 200, description = "The version", body = WholeVersion), Problems))]
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((message, number)): Path<(String, String)>,
) -> Result<Answer, Failure> {
    let Frozen { at, yaml } = frozen(&app, &caller, &message, &number).await?;
    let stored = app.store.schema(at.schema).await?;
    let schema = RawValue::from_string(stored.schema.text.clone()).map_err(Failure::internal)?;
    Answer::json(&WholeVersion { at: at.into(), yaml, schema })
}

/// The JSON Schema of a released version.
#[utoipa::path(get, path = "/api/v1/messages/{message}/versions/{version}/schema", tag = "versions",
    params(("message" = String, Path), ("version" = String, Path)),
    responses((status = 200, description = "The schema", body = Object, content_type = "application/schema+json"), Problems))]
pub(super) async fn schema(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((message, number)): Path<(String, String)>,
) -> Result<Answer, Failure> {
    let found = frozen(&app, &caller, &message, &number).await?;
    Ok(Answer::schema(&app.store.schema(found.at.schema).await?.schema.text))
}

/// The frozen YAML of a released version.
#[utoipa::path(get, path = "/api/v1/messages/{message}/versions/{version}/yaml", tag = "versions",
    params(("message" = String, Path), ("version" = String, Path)),
    responses((status = 200, description = "The text, byte for byte", body = serde_json::Value, content_type = "application/yaml"), Problems))]
pub(super) async fn yaml(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((message, number)): Path<(String, String)>,
) -> Result<Answer, Failure> {
    Ok(Answer::text("application/yaml", frozen(&app, &caller, &message, &number).await?.yaml))
}

/// What differs between two versions, and who can still read whom; a payload shows what breaks.
#[utoipa::path(get, path = "/api/v1/messages/{message}/diff", tag = "versions", params(("message" = String, Path), Between),
    responses((status = 200, description = "The rows", content((Object = "application/json"), (String = "text/markdown"))), Problems))]
pub(super) async fn diff(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
    Query(Between { from, to, format }): Query<Between>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let form = format.unwrap_or_default();
    let text = app.decide(&message, move |_, evolution| {
        let old = known(evolution, &from)?;
        let new = match &to {
            Some(to) => known(evolution, to)?,
            None => evolution.newest().unwrap_or(old),
        };
        let difference = Difference::between((evolution, old), (evolution, new));
        Ok(match form {
            Form::Json => compat::json(&difference).to_string(),
            Form::Markdown => compat::markdown(&difference),
        })
    });
    let kind = if form == Form::Json { "application/json" } else { "text/markdown; charset=utf-8" };
    Ok(Answer::text(kind, text.await?))
}
