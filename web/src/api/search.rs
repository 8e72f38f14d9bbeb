//! Finding messages by what is written about them.

use super::{
    answer::Answer,
    document::Problems,
    page::{Page, limit},
};
use crate::{App, access::Caller, extract::Query, failure::Failure};
use axum::{Extension, extract::State};
use isobar_registry::store::Hit;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is looked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Looking {
    /// Words that must all be found. `kind:event`, `name:placed`, `field:customerId`, `type:uuid`, `tag:pii`, `value:paid`, `wire:x`
    /// and `doc:refund` look in one place.
    q: String,
    /// How many at most; 100 otherwise.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A message that was found.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Found {
    /// `context.Message`.
    message: String,
    /// The place of the text that was found, such as `field`.
    place: String,
    /// The text.
    text: String,
}

/// Finds messages by names, docs, fields, types, values and tags; the best first.
#[utoipa::path(get, path = "/api/v1/search", tag = "search", params(Looking),
    responses((status = 200, description = "What was found", body = Page<Found>), Problems))]
pub(super) async fn search(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(looking): Query<Looking>,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    let most = usize::try_from(limit(looking.limit)?).unwrap_or(usize::MAX);
    // What is hidden is left out before it is counted.
    let hits = app.store.search(&looking.q, usize::MAX).await?;
    let found = hits.into_iter().filter_map(|Hit { context, message, place, text }| {
        let message = format!("{context}.{message}");
        caller.sees(app.options.access, &message).then_some(Found { message, place, text })
    });
    Answer::json(&Page { items: found.take(most).collect(), next: None })
}
