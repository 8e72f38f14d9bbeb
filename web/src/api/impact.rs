//! What the release of a proposed workspace would do to those who read its events: the consumers that it names, and those that told
//! the registry or are named by other workspaces. Nothing is kept.

use super::{
    answer::Answer,
    document::Problems,
    workspaces::{Files, diagnostics},
};
use crate::{
    App,
    access::Caller,
    extract::{Json, Path},
    failure::Failure,
    today,
};
use axum::{Extension, extract::State};
use isobar_registry::{Workspace, impact as registry, push};
use serde::Serialize;
use serde_json::{Value, value::RawValue};
use utoipa::ToSchema;

/// What a release would do.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Outcome {
    /// What is wrong with the workspace, in the form of `isobar check --format json`.
    #[schema(value_type = Vec<Object>)]
    diagnostics: Value,
    /// Each event with a draft, and what becomes of each of its consumers.
    #[schema(value_type = Vec<Object>)]
    impact: Box<RawValue>,
}

/// What the release of the drafts in a workspace would do to every consumer.
#[utoipa::path(post, path = "/api/v1/workspaces/{workspace}/impact", tag = "workspaces",
    params(("workspace" = String, Path)), request_body = Files,
    responses((status = 200, description = "What would happen", body = Outcome), Problems))]
pub(super) async fn impact(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(_workspace): Path<String>,
    Json(Files { files }): Json<Files>,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let mut consumers = app.store.accepted(None).await?;
    consumers.retain(|it| caller.sees(app.options.access, &format!("{}.{}", it.context, it.message)));
    let job = move || {
        let mut workspace = Workspace::of_files(files, None);
        push::join(&mut workspace, &consumers);
        let impacts = registry::of(&workspace.model, &workspace.evolutions);
        let diagnostics = diagnostics(&workspace.findings_on(&today()), &workspace.sources);
        let impact = RawValue::from_string(registry::json(&impacts).to_string()).map_err(Failure::internal)?;
        Ok::<_, Failure>(Outcome { diagnostics, impact })
    };
    Answer::json(&app.decider.run(job).await??)
}
