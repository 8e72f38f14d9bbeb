//! The OpenAPI document: what it says beside the handlers, and where it is served. It is made once, of the handlers.

use super::{answer::Answer, versions::Form};
use crate::App;
use axum::{Router, routing::get};
use serde::Serialize;
use std::{collections::BTreeMap, sync::Arc};
use utoipa::{
    IntoResponses, Modify, OpenApi, ToSchema,
    openapi::{
        Content, Ref, RefOr, Response, ResponseBuilder,
        security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};

/// Why a request was not done, as RFC 9457 has it. There may be members more, such as `diagnostics`.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Problem {
    /// Always `about:blank`.
    #[schema(rename = "type")]
    kind: String,
    /// The status in words.
    title: String,
    /// The HTTP status.
    status: u16,
    /// What happened, in a sentence.
    detail: String,
}

/// The answers of whatever goes wrong.
pub(super) struct Problems;

impl IntoResponses for Problems {
    fn responses() -> BTreeMap<String, RefOr<Response>> {
        let content = Content::new(Some(Ref::from_schema_name("Problem")));
        let response =
            ResponseBuilder::new().description("It was not done").content("application/problem+json", content);
        BTreeMap::from([("default".to_owned(), response.build().into())])
    }
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Isobar registry",
        description = "Events, their versions, and who can still read whom. Messages are named `context.Message`, versions `v1.0`."
    ),
    components(schemas(Problem, Form)),
    modifiers(&Bearer),
)]
struct Start;

/// How callers say who they are.
struct Bearer;

impl Modify for Bearer {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        openapi.components.get_or_insert_default().add_security_scheme("token", scheme);
        // Reading takes none, unless the server is private.
        openapi.security =
            Some(vec![SecurityRequirement::default(), SecurityRequirement::new("token", Vec::<String>::new())]);
    }
}

/// What is said before the first handler is described.
pub(super) fn start() -> utoipa::openapi::OpenApi {
    Start::openapi()
}

/// The document as it is served: handlers have short names, which their resource makes unique.
pub(super) fn finished(mut document: utoipa::openapi::OpenApi) -> utoipa::openapi::OpenApi {
    for item in document.paths.paths.values_mut() {
        for operation in [&mut item.get, &mut item.put, &mut item.post, &mut item.delete].into_iter().flatten() {
            let tag = operation.tags.iter().flatten().next();
            operation.operation_id = operation.operation_id.take().zip(tag).map(|(id, tag)| format!("{tag}_{id}"));
        }
    }
    document
}

/// Where the document is read: beside the handlers, and as the twin of the page that tells of them.
pub(super) fn routes(document: &utoipa::openapi::OpenApi) -> Router<App> {
    let text: Arc<str> = document.to_json().unwrap_or_default().into();
    let answer = async move || Answer::text("application/vnd.oai.openapi+json;version=3.1", text.as_bytes());
    Router::new().route("/api/v1/openapi.json", get(answer.clone())).route("/api.json", get(answer))
}
