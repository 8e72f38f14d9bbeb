//! What clients ask of the server itself: what it is, and which contexts it has.

use super::{
    answer::Answer,
    asked::{Query, Someone},
};
use crate::{App, access::key_of, failure::Failure};
use axum::extract::State;
use isobar_registry::store::{DEFAULT_CONTEXT, Subject};
use serde_json::{Value, json};

/// Answers that it is there, to who is no browser.
pub(crate) async fn root() -> Answer<Value> {
    Answer(json!({}))
}

/// What the registry is called among servers.
pub(super) async fn id() -> Answer<Value> {
    Answer(json!({ "id": "", "scope": { "path": [], "clusters": { "schema-registry-cluster": "isobar" } } }))
}

/// Which program it is.
pub(super) async fn version() -> Answer<Value> {
    Answer(json!({ "version": env!("CARGO_PKG_VERSION"), "commitId": "" }))
}

/// The contexts that the caller sees, and the default one, which is always there.
pub(super) async fn contexts(
    State(app): State<App>,
    Someone(caller): Someone,
    query: Query,
) -> Result<Answer<Vec<String>>, Failure> {
    let mut contexts = app.store.subject_contexts().await?;
    let seen = |context: &String| caller.sees(app.options.access, &key_of(&Subject::new(context.as_str(), "")));
    contexts.retain(|context| context != DEFAULT_CONTEXT && seen(context));
    contexts.insert(0, DEFAULT_CONTEXT.to_owned());
    let page = query.page(i64::MAX);
    Ok(Answer(contexts.into_iter().skip(page.offset as usize).take(page.limit as usize).collect()))
}
