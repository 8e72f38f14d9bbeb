//! Workspaces: what was pushed, and pushing. What is pushed is checked here again, by one of the threads that decide.

use super::{
    answer::Answer,
    context_key,
    document::Problems,
    page::{Page, Paging},
};
use crate::{
    App,
    access::Caller,
    extract::{Json, Path, Query},
    failure::Failure,
};
use axum::{Extension, extract::State, http::Uri};
use isobar_model::{Diagnostic, Sources};
use isobar_registry::{
    Workspace as Model, push, report,
    store::{self, Pushed, Role},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};
use utoipa::ToSchema;

/// How often a push is compared anew with what others pushed meanwhile.
const ATTEMPTS: usize = 5;

/// A workspace that was pushed.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Workspace {
    /// Its name.
    name: String,
    /// The hash of its last push.
    hash: String,
    /// When that was, in milliseconds since 1970.
    pushed: i64,
    /// The contexts it has.
    contexts: Vec<String>,
}

/// A workspace as it is pushed.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Files {
    /// The text of every file by its path below the workspace, with `/`.
    pub(super) files: BTreeMap<String, String>,
}

/// A version that the registry did not have.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct NewVersion {
    /// `context.Message`.
    message: String,
    /// `v1.0`.
    version: String,
    /// The id of its JSON Schema.
    id: i64,
}

/// What a push did.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Done {
    /// The workspace.
    workspace: String,
    /// The versions that the registry did not have.
    new: Vec<NewVersion>,
    /// How many it had already.
    known: usize,
}

/// The workspaces that were pushed.
#[utoipa::path(get, path = "/api/v1/workspaces", tag = "workspaces", params(Paging),
    responses((status = 200, description = "Sorted by name", body = Page<Workspace>), Problems))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(paging): Query<Paging>,
    uri: Uri,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let (cards, contexts) = (app.store.workspaces().await?, app.store.contexts(None).await?);
    let mut by_name: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for context in contexts.into_iter().filter(|it| caller.sees(app.options.access, &context_key(&it.name))) {
        by_name.entry(context.workspace).or_default().push(context.name);
    }
    let all = caller.sees(app.options.access, "");
    let seen = cards.into_iter().filter_map(|store::WorkspaceCard { name, hash, pushed }| {
        let contexts = by_name.remove(&name).unwrap_or_default();
        (all || !contexts.is_empty()).then_some(Workspace { name, hash, pushed, contexts })
    });
    Answer::json(&paging.of(&uri, seen.collect())?)
}

/// One workspace.
#[utoipa::path(get, path = "/api/v1/workspaces/{workspace}", tag = "workspaces", params(("workspace" = String, Path)),
    responses((status = 200, description = "The workspace", body = Workspace), Problems))]
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
) -> Result<Answer, Failure> {
    let mut contexts = app.store.contexts(Some(&name)).await?;
    contexts.retain(|it| caller.sees(app.options.access, &context_key(&it.name)));
    if contexts.is_empty() {
        app.readable(&caller, "")?;
    }
    let store::WorkspaceCard { name, hash, pushed } = app.store.workspace(&name).await?;
    let contexts = contexts.into_iter().map(|it| it.name).collect();
    Answer::json(&Workspace { name, hash, pushed, contexts })
}

/// Pushes a workspace with its history: all of it or nothing. The same push again changes nothing.
///
/// Refused with 422 and `diagnostics`, in the form of `isobar check --format json`, if the workspace has errors or contradicts what
/// was pushed before. Takes the role `writer` for each of its contexts, also of those that only the registry has, and `reader` for
/// those that it pulled. 409 where somebody else says what one of its consumers accepts of another workspace's message.
#[utoipa::path(put, path = "/api/v1/workspaces/{workspace}", tag = "workspaces", params(("workspace" = String, Path)),
    request_body = Files, responses((status = 200, description = "It is pushed", body = Done), Problems))]
pub(super) async fn push(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(name): Path<String>,
    Json(Files { files }): Json<Files>,
) -> Result<Answer, Failure> {
    let access = app.options.access;
    // Nobody without the role has a workspace checked at all.
    caller.may(access, Role::Writer, caller.reach())?;
    let model = app.decider.run(move || Model::of_files(files, None)).await?;
    let known = app.store.contexts(Some(&name)).await?;
    let mut contexts: BTreeSet<&str> = known.iter().map(|it| it.name.as_str()).collect();
    contexts.extend(model.model.contexts.keys().map(String::as_str));
    contexts.extend(model.history.events.keys().map(|it| it.context.as_str()));
    if contexts.is_empty() {
        caller.may(access, Role::Writer, "")?;
    }
    contexts.iter().try_for_each(|it| caller.may(access, Role::Writer, &context_key(it)))?;
    // What was pulled is held against what is here, and consumers may read it.
    let pulled: BTreeSet<&str> = model.pulled.history.events.keys().map(|it| it.context.as_str()).collect();
    pulled.iter().try_for_each(|it| app.readable(&caller, &context_key(it)))?;
    if !model.diagnostics.has_errors() && model.model.name != name {
        let message = format!("the workspace calls itself `{}`, and is pushed as `{name}`", model.model.name);
        return Err(Failure::unprocessable(message));
    }
    let model = Arc::new(model);
    let Pushed { new, known, hash } = taken_in(&app, &caller.name(), Arc::clone(&model)).await?;
    if let Some(model) = Arc::into_inner(model) {
        app.keep(model, &hash, None).await?;
    }
    let new = new.into_iter().map(|(message, version, id)| NewVersion { message, version: version.to_string(), id });
    Answer::json(&Done { workspace: name, new: new.collect(), known })
}

/// Compares a workspace with what the store has, and puts it there.
async fn taken_in(app: &App, by: &str, model: Arc<Model>) -> Result<Pushed, Failure> {
    let mut attempts = 0;
    loop {
        attempts += 1;
        let before = push::before(&app.store, &model).await?;
        let workspace = Arc::clone(&model);
        let compared = app.decider.run(move || push::compare(&workspace, &before)).await?;
        let push = compared.map_err(|workspace| {
            Failure::unprocessable("the workspace is refused; `diagnostics` says why")
                .with("diagnostics", diagnostics(&workspace.findings(), &workspace.sources))
        })?;
        match app.store.push(by, push).await {
            // Somebody was faster: compare with that.
            Err(error) if push::is_late(&error) && attempts < ATTEMPTS => {}
            done => return Ok(done?),
        }
    }
}

/// Findings as `check --format json` writes them.
pub(super) fn diagnostics(findings: &[Diagnostic], sources: &Sources) -> Value {
    json!(report::findings(findings, sources))
}
