//! Who reads which versions of which messages. A consumer's rights are those of its name, as a context's are: a token for `billing`
//! speaks for `billing` and `billing-eu`, about messages that it may read. What a pushed workspace says of consumers is changed there.

use super::{
    answer::Answer,
    document::Problems,
    page::{Page, Paging},
    split,
};
use crate::{
    App,
    access::Caller,
    extract::{Json, Path, Query},
    failure::Failure,
};
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, Uri},
};
use isobar_model::version::VersionRange;
use isobar_registry::store::{self, Error, Role, What};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A consumer of a message.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Consumer {
    /// Its name.
    consumer: String,
    /// `context.Message`.
    message: String,
    /// The versions that it accepts: `v1.0..v1.1`.
    accepts: String,
    /// Who owns it.
    #[serde(skip_serializing_if = "Option::is_none")]
    owner: Option<String>,
    /// The workspace that says so, where it is not the consumer itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    workspace: Option<String>,
}

impl From<store::Consumer> for Consumer {
    fn from(it: store::Consumer) -> Self {
        let store::Consumer { name: consumer, context, message, accepts, owner, workspace } = it;
        let message = format!("{context}.{message}");
        Consumer { consumer, message, accepts: accepts.to_string(), owner, workspace }
    }
}

/// What a consumer says of itself.
#[derive(Debug, Deserialize, ToSchema)]
pub(super) struct Accepts {
    /// The versions that it accepts: `v1.0..v1.1`.
    accepts: String,
    /// Who owns it.
    owner: Option<String>,
}

/// Which consumers.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// Only this one.
    consumer: Option<String>,
}

impl App {
    /// What a consumer told that it accepts of a message.
    ///
    /// # Errors
    /// 404.
    pub(super) async fn range_of(&self, consumer: &str, message: &str) -> Result<VersionRange, Failure> {
        let (context, name) = split(message)?;
        let found = self.store.consumers(context, name).await?.into_iter().find(|it| it.name == consumer);
        found.map(|it| it.accepts).ok_or_else(|| Error::Missing(What::Consumer).into())
    }
}

/// The consumers of a message.
#[utoipa::path(get, path = "/api/v1/messages/{message}/consumers", tag = "consumers", params(("message" = String, Path)),
    responses((status = 200, description = "Sorted by name", body = Vec<Consumer>), Problems))]
pub(super) async fn of_message(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path(message): Path<String>,
) -> Result<Answer, Failure> {
    app.readable(&caller, &message)?;
    let (context, name) = split(&message)?;
    app.store.message(context, name).await?;
    let consumers = app.store.consumers(context, name).await?;
    Answer::json(&consumers.into_iter().map(Consumer::from).collect::<Vec<_>>())
}

/// What all consumers read, or one of them.
#[utoipa::path(get, path = "/api/v1/consumers", tag = "consumers", params(Which, Paging),
    responses((status = 200, description = "Sorted by consumer and message", body = Page<Consumer>), Problems))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(which): Query<Which>,
    Query(paging): Query<Paging>,
    uri: Uri,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let all = app.store.accepted(which.consumer.as_deref()).await?;
    let all = all.into_iter().map(Consumer::from).filter(|it| caller.sees(app.options.access, &it.message));
    Answer::json(&paging.of(&uri, all.collect())?)
}

/// Says which versions of a message a consumer accepts, in place of what was said before.
///
/// Takes the role `writer` for the consumer and `reader` for the message. 409 where a workspace says what the consumer accepts.
#[utoipa::path(put, path = "/api/v1/consumers/{consumer}/messages/{message}", tag = "consumers",
    params(("consumer" = String, Path), ("message" = String, Path)), request_body = Accepts,
    responses((status = 200, description = "It is kept", body = Consumer), Problems))]
pub(super) async fn put(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((consumer, message)): Path<(String, String)>,
    Json(Accepts { accepts, owner }): Json<Accepts>,
) -> Result<Answer, Failure> {
    caller.may(app.options.access, Role::Writer, &consumer)?;
    app.readable(&caller, &message)?;
    let (context, name) = split(&message)?;
    let accepts = accepts.parse().map_err(|error| Failure::unprocessable(format!("{accepts:?}: {error}")))?;
    let (context, name) = (context.to_owned(), name.to_owned());
    let consumer = store::Consumer { name: consumer, context, message: name, accepts, owner, workspace: None };
    app.store.accept(&caller.name(), consumer.clone()).await?;
    Answer::json(&Consumer::from(consumer))
}

/// Says that a consumer no longer reads a message.
#[utoipa::path(delete, path = "/api/v1/consumers/{consumer}/messages/{message}", tag = "consumers",
    params(("consumer" = String, Path), ("message" = String, Path)),
    responses((status = 204, description = "It is gone"), Problems))]
pub(super) async fn delete(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((consumer, message)): Path<(String, String)>,
) -> Result<StatusCode, Failure> {
    caller.may(app.options.access, Role::Writer, &consumer)?;
    app.readable(&caller, &message)?;
    let (context, name) = split(&message)?;
    app.store.leave(&caller.name(), &consumer, context, name).await?;
    Ok(StatusCode::NO_CONTENT)
}
