//! The native API below `/api/v1`: what is known of workspaces, contexts, messages and versions, and what can be asked about them. Each
//! file is a resource; the OpenAPI document is made of the same handlers. Handlers ask for rights first, then ask the store
//! or have a thread decide; what is compatible, served or lost is the registry's to say.

mod answer;
mod changes;
mod compatibility;
mod consumers;
mod contexts;
mod document;
mod impact;
mod messages;
mod page;
mod payloads;
mod published;
mod schemas;
mod search;
mod tokens;
mod versions;
mod workspaces;

pub(crate) use published::by_path;

use crate::{App, access::Caller, failure::Failure};
use axum::{Router, middleware::from_fn};
use isobar_registry::{
    Evolution, Known, Workspace,
    store::{Error, Role, What},
};
use serde_json::Value;
use std::sync::LazyLock;
use utoipa::openapi::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub(crate) fn routes() -> Router<App> {
    let (routes, document) = described();
    routes.merge(document::routes(&document)).layer(from_fn(answer::conditional))
}

/// The OpenAPI document.
pub(crate) fn document() -> &'static Value {
    static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
        // What utoipa makes is JSON.
        serde_json::to_value(described().1).unwrap_or_default()
    });
    &DOCUMENT
}

/// The handlers, and the document that describes them.
fn described() -> (Router<App>, OpenApi) {
    let (routes, document) = OpenApiRouter::with_openapi(document::start())
        .routes(routes!(workspaces::list))
        .routes(routes!(workspaces::one, workspaces::push))
        .routes(routes!(impact::impact))
        .routes(routes!(contexts::list))
        .routes(routes!(contexts::one))
        .routes(routes!(contexts::files))
        .routes(routes!(messages::list))
        .routes(routes!(messages::one))
        .routes(routes!(versions::list))
        .routes(routes!(versions::one))
        .routes(routes!(versions::schema))
        .routes(routes!(versions::yaml))
        .routes(routes!(versions::diff))
        .routes(routes!(payloads::validate))
        .routes(routes!(payloads::upcast))
        .routes(routes!(payloads::negotiate))
        .routes(routes!(compatibility::of_message))
        .routes(routes!(compatibility::of_schemas))
        .routes(routes!(consumers::of_message))
        .routes(routes!(consumers::list))
        .routes(routes!(consumers::put, consumers::delete))
        .routes(routes!(schemas::by_url))
        .routes(routes!(schemas::by_id))
        .routes(routes!(schemas::by_hash))
        .routes(routes!(search::search))
        .routes(routes!(changes::list))
        .routes(routes!(changes::stream))
        .routes(routes!(changes::audit))
        .routes(routes!(tokens::list, tokens::make))
        .routes(routes!(tokens::revoke))
        .split_for_parts();
    (routes, document::finished(document))
}

/// The context and the name of `ordering.OrderPlaced`.
fn split(message: &str) -> Result<(&str, &str), Failure> {
    message.rsplit_once('.').ok_or_else(|| Error::Missing(What::Message).into())
}

/// The key of a context, which the rights of its messages begin with.
fn context_key(context: &str) -> String {
    format!("{context}.")
}

impl App {
    /// Refuses whoever may not read what has this key.
    fn readable(&self, caller: &Caller, key: &str) -> Result<(), Failure> {
        caller.may(self.options.access, Role::Reader, key)
    }

    /// Has one of the threads that decide look at an event.
    async fn decide<T: Send + 'static>(
        &self,
        message: &str,
        job: impl FnOnce(&Workspace, &Evolution) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let (context, _) = split(message)?;
        let (model, message) = (self.model_of(context).await?, message.to_owned());
        let job = move || job(&model, model.evolution(&message).ok_or(Error::Missing(What::Message))?);
        self.decider.run(job).await?
    }
}

/// A version of an event.
fn known<'a>(evolution: &'a Evolution, version: &str) -> Result<&'a Known, Failure> {
    let wanted = self::version(version)?;
    evolution.version(wanted).ok_or_else(|| {
        let known = evolution.versions.iter().map(|it| it.version.to_string()).collect::<Vec<_>>().join(", ");
        Failure::missing(format!("{} has no version {wanted}; known are {known}", evolution.name))
    })
}

/// `v1.0`.
fn version(text: &str) -> Result<isobar_model::Version, Failure> {
    text.parse().map_err(|error| Failure::bad(format!("{text:?}: {error}")))
}

#[cfg(test)]
mod tests;
