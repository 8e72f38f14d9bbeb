//! Contexts, and the released history of one, which a pull writes to files.

use super::{
    answer::Answer,
    context_key,
    document::Problems,
    page::{Page, Paging},
};
use crate::{
    App,
    access::Caller,
    extract::{Path, Query},
    failure::Failure,
};
use axum::{Extension, extract::State, http::Uri};
use isobar_registry::{push, store};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A bounded context.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Context {
    /// Its name.
    name: String,
    /// The workspace it belongs to.
    workspace: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<String>,
    /// Who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
}

impl From<store::ContextCard> for Context {
    fn from(card: store::ContextCard) -> Self {
        let store::ContextCard { name, workspace, doc, owner } = card;
        Context { name, workspace, doc, owner }
    }
}

/// The frozen versions of a context as files.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Pulled {
    /// The YAML of every released version, by its path below a history.
    files: BTreeMap<String, String>,
}

/// The contexts of all workspaces.
#[utoipa::path(get, path = "/api/v1/contexts", tag = "contexts", params(Paging),
    responses((status = 200, description = "Sorted by name", body = Page<Context>), Problems))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(paging): Query<Paging>,
    uri: Uri,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let mut contexts = app.store.contexts(None).await?;
    contexts.retain(|it| caller.sees(app.options.access, &context_key(&it.name)));
    Answer::json(&paging.of(&uri, contexts.into_iter().map(Context::from).collect())?)
}

/// One context.
#[utoipa::path(get, path = "/api/v1/contexts/{context}", tag = "contexts", params(("context" = String, Path)),
    responses((status = 200, description = "The context", body = Context), Problems))]
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(context): Path<String>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &context_key(&context))?;
    Answer::json(&Context::from(app.store.context(&context).await?))
}

/// The released history of a context, as `isobar pull` writes it.
#[utoipa::path(get, path = "/api/v1/contexts/{context}/files", tag = "contexts", params(("context" = String, Path)),
    responses((status = 200, description = "Every released version", body = Pulled), Problems))]
pub(super) async fn files(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(context): Path<String>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &context_key(&context))?;
    app.store.context(&context).await?;
    let frozen = app.store.context_history(&context, store::Page::ALL).await?;
    Answer::json(&Pulled { files: push::pulled(&frozen) })
}
