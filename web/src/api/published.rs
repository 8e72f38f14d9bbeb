//! Schemas where their `$id` says they are: if this server answers for the host of the address, the path leads to the schema.

use super::schemas::first_seen;
use crate::{App, access::Caller, failure::Failure};
use axum::{
    Extension,
    body::Body,
    extract::State,
    http::{HeaderMap, Method, Response, Uri, header},
    response::IntoResponse,
};

/// What no route is there for: a published schema, or nothing.
pub(crate) async fn by_path(
    State(app): State<App>,
    caller: Option<Extension<Caller>>,
    method: Method,
    headers: HeaderMap,
    uri: Uri,
) -> Response<Body> {
    let caller = caller.map_or(Caller::Anyone, |Extension(caller)| caller);
    let nothing = || Failure::missing("there is no such resource").into_response();
    let reads = method == Method::GET || method == Method::HEAD;
    if !reads || !uri.path().ends_with(".json") || uri.path().starts_with("/api/") {
        return nothing();
    }
    // The host is the caller's word. It only chooses among schemas that can be asked for by their whole address as well.
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).or(uri.host());
    let Some(host) = host else { return nothing() };
    for scheme in ["https", "http"] {
        match app.store.frozen_by_url(&format!("{scheme}://{host}{}", uri.path())).await {
            Ok(found) if found.is_empty() => {}
            Ok(found) => return first_seen(&app, &caller, found).await.into_response(),
            Err(error) => return Failure::from(error).into_response(),
        }
    }
    nothing()
}
