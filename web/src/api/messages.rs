//! Messages: what there is, without their versions.

use super::{
    answer::Answer,
    document::Problems,
    page::{Page, Paging},
    split,
};
use crate::{
    App,
    access::Caller,
    extract::{Path, Query},
    failure::Failure,
};
use axum::{Extension, extract::State, http::Uri};
use isobar_registry::store;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// An event or a command.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Message {
    /// `context.Message`.
    name: String,
    /// Its context.
    context: String,
    /// `event` or `command`.
    kind: String,
    /// What it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    doc: Option<String>,
    /// Who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
}

impl From<store::MessageCard> for Message {
    fn from(card: store::MessageCard) -> Self {
        let store::MessageCard { context, name, kind, doc, owner } = card;
        Message { name: format!("{context}.{name}"), context, kind, doc, owner }
    }
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only those of this context.
    context: Option<String>,
}

/// The messages of a context, or of all.
#[utoipa::path(get, path = "/api/v1/messages", tag = "messages", params(Which, Paging),
    responses((status = 200, description = "Sorted by name", body = Page<Message>), Problems))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
    uri: Uri,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let (access, context) = (app.options.access, which.context.as_deref());
    if caller.sees(access, "") {
        let found = app.store.messages(context, paging.page()?).await?;
        return Answer::json(&paging.part(&uri, found.into_iter().map(Message::from).collect())?);
    }
    // What is hidden is left out before it is counted.
    let found = app.store.messages(context, store::Page::ALL).await?.into_iter().map(Message::from);
    Answer::json(&paging.of(&uri, found.filter(|it| caller.sees(access, &it.name)).collect())?)
}

/// One message.
#[utoipa::path(get, path = "/api/v1/messages/{message}", tag = "messages",
    params(("message" = String, Path, description = "`context.Message`")),
    responses((status = 200, description = "The message", body = Message), Problems))]
pub(super) async fn one(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let (context, name) = split(&message)?;
    Answer::json(&Message::from(app.store.message(context, name).await?))
}
