//! Whether what is written by one JSON Schema can be read by another: of two schemas, or of one and the versions of a message.

use super::{answer::Answer, document::Problems, split};
use crate::{
    App,
    access::Caller,
    extract::{Json, Path},
    failure::Failure,
};
use axum::{Extension, extract::State};
use isobar_registry::compat::documents::{self, Verdict, judge};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::sync::Arc;
use utoipa::ToSchema;

/// Who must read whom.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Mode {
    /// Consumers of the new schema read what producers of the old one have written.
    #[default]
    Backward,
    /// Consumers of the old schema read what producers of the new one write.
    Forward,
    /// Both.
    Full,
}

impl From<Mode> for documents::Mode {
    fn from(mode: Mode) -> Self {
        match mode {
            Mode::Backward => Self::Backward,
            Mode::Forward => Self::Forward,
            Mode::Full => Self::Full,
        }
    }
}

/// What is written and read beside what schemas declare.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum Content {
    /// Producers write declared properties only, consumers ignore others.
    Producer,
    /// Everything that the one schema accepts, the other must accept.
    Strict,
}

impl From<Content> for documents::Content {
    fn from(content: Content) -> Self {
        match content {
            Content::Producer => Self::Producer,
            Content::Strict => Self::Strict,
        }
    }
}

/// Two schemas.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Pair {
    /// The older one.
    old: Value,
    /// The newer one.
    new: Value,
    /// Who must read whom; `backward` otherwise.
    #[serde(default)]
    mode: Mode,
    /// As the server has it otherwise.
    content: Option<Content>,
}

/// A schema that may follow the versions of a message.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Candidate {
    /// The schema.
    schema: Value,
    /// Who must read whom; `backward` otherwise.
    #[serde(default)]
    mode: Mode,
    /// As the server has it otherwise.
    content: Option<Content>,
    /// Compare with every version and not only with the newest.
    #[serde(default)]
    all: bool,
}

/// A reason.
#[derive(Debug, Serialize, ToSchema)]
#[allow(dead_code)] // Only the document is made of it: the registry writes its findings itself.
pub(super) struct Finding {
    /// `backward` or `forward`.
    direction: String,
    /// Its kind; `isobar explain` tells more.
    code: String,
    /// Where, as a JSON pointer into the payload.
    pointer: String,
    /// A sentence.
    message: String,
    /// A payload that is written and not read.
    witness: Option<Value>,
}

/// What was decided.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Judgement {
    /// The version that was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// `compatible`, `incompatible` or `unknown`.
    verdict: &'static str,
    /// Why.
    #[schema(value_type = Vec<Finding>)]
    findings: Value,
}

/// What was decided of every version.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Judgements {
    /// The worst verdict: `compatible`, `unknown` or `incompatible`.
    verdict: &'static str,
    /// Version by version, oldest first.
    versions: Vec<Judgement>,
}

type Terms = (documents::Mode, documents::Content);

fn judged(
    old: &Value,
    new: &Value,
    (mode, content): Terms,
    version: Option<String>,
) -> Result<(Verdict, Judgement), Failure> {
    let judgement = judge(old, new, mode, content).map_err(|error| {
        let which = if error.new { "new" } else { "old" };
        Failure::unprocessable(error.to_string())
            .with("pointer", json!(error.error.pointer))
            .with("schema", json!(which))
    })?;
    let findings = judgement.to_json()["findings"].take();
    Ok((judgement.verdict, Judgement { version, verdict: judgement.verdict.name(), findings }))
}

/// Decides about two JSON Schemas. Whatever breaks is shown by a payload.
#[utoipa::path(post, path = "/api/v1/compatibility", tag = "compatibility", request_body = Pair,
    responses((status = 200, description = "What was decided", body = Judgement), Problems))]
pub(super) async fn of_schemas(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Json(Pair { old, new, mode, content }): Json<Pair>,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let terms = (mode.into(), content.map_or(app.options.content, Into::into));
    let judgement = app.decider.run(move || judged(&old, &new, terms, None)).await??;
    Answer::json(&judgement.1)
}

/// Decides whether a JSON Schema may follow the versions of a message.
#[utoipa::path(post, path = "/api/v1/messages/{message}/compatibility", tag = "compatibility", params(("message" = String, Path)),
    request_body = Candidate, responses((status = 200, description = "What was decided", body = Judgements), Problems))]
pub(super) async fn of_message(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
    Json(Candidate { schema, mode, content, all }): Json<Candidate>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let (context, name) = split(&message)?;
    app.store.message(context, name).await?;
    let mut versions = app.store.history(context, name).await?;
    if !all {
        versions.drain(..versions.len().saturating_sub(1));
    }
    let mut stored = Vec::new();
    for frozen in versions {
        stored.push((frozen.at.version.to_string(), app.store.schema(frozen.at.schema).await?));
    }
    let terms = (mode.into(), content.map_or(app.options.content, Into::into));
    let (mut worst, mut versions) = (Verdict::Compatible, Vec::new());
    let schema = Arc::new(schema);
    // One by one, so that others get their turn between.
    for (version, stored) in stored {
        let schema = Arc::clone(&schema);
        let job = move || {
            let old: Value = serde_json::from_str(&stored.schema.text).map_err(Failure::internal)?;
            judged(&old, &schema, terms, Some(version))
        };
        let (verdict, judgement) = app.decider.run(job).await??;
        worst = worst.max(verdict);
        versions.push(judgement);
    }
    Answer::json(&Judgements { verdict: worst.name(), versions })
}
