//! What happened, in order: as a list, as a stream of events that goes on where it ended, and as the log of who did what.

use super::{
    answer::Answer,
    document::Problems,
    page::{Page, limit, next},
};
use crate::{
    App,
    access::{Access, Caller, key_of},
    extract::Query,
    failure::Failure,
    feed::Waiting,
};
use axum::{
    Extension,
    extract::State,
    http::{HeaderMap, Uri},
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::stream::{self, Stream};
use isobar_registry::store::{Action, Change, Role, Subject};
use serde::{Deserialize, Serialize};
use std::{collections::VecDeque, convert::Infallible, time::Duration};
use utoipa::{IntoParams, ToSchema};

/// How many changes are read at once.
const BATCH: i64 = 100;
/// How often a stream on which nothing happens shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// One thing that happened.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Happened {
    /// Its number, from 1 and without gaps over all changes.
    seq: i64,
    /// When, in milliseconds since 1970.
    at: i64,
    /// What was done, such as `released`.
    action: String,
    /// The context of a message or of subjects.
    context: String,
    /// The subject, message, workspace, consumer or token.
    name: String,
    /// The version.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    /// Anything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    /// Who did it; only in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    by: Option<String>,
}

fn happened(change: Change, with_by: bool) -> Happened {
    let Change { seq, at, by, action, context, name, version, detail } = change;
    let by = with_by.then_some(by);
    Happened { seq, at, action: action.name().to_owned(), context, name, version, detail, by }
}

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct After {
    /// The number of the last change that is known; a list begins with the first one otherwise, and a stream with the next one.
    #[param(minimum = 0)]
    after: Option<i64>,
    /// How many to read at most; 100 otherwise. A stream has no end.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// Whether a caller may know of a change.
fn sees(caller: &Caller, access: Access, change: &Change) -> bool {
    let key = match change.action {
        Action::TokenMade | Action::TokenRevoked => return caller.may(access, Role::Admin, &change.context).is_ok(),
        Action::Pushed | Action::Noted => String::new(),
        Action::Accepts | Action::Left => change.detail.clone().unwrap_or_default(),
        Action::Configured if change.context.is_empty() => String::new(),
        Action::Registered
        | Action::VersionDeleted
        | Action::VersionPurged
        | Action::SubjectDeleted
        | Action::SubjectPurged
        | Action::Configured => key_of(&Subject::new(&change.context, &change.name)),
        _ => format!("{}.{}", change.context, change.name),
    };
    caller.sees(access, &key)
}

async fn part(app: &App, caller: &Caller, uri: &Uri, after: After, with_by: bool) -> Result<Page<Happened>, Failure> {
    let (from, limit) = (after.after.unwrap_or(0), limit(after.limit)?);
    let changes = app.store.changes(from, limit).await?;
    let last = changes.last().filter(|_| i64::try_from(changes.len()).is_ok_and(|count| count == limit));
    let next = last.map(|last| next(uri, "after", last.seq));
    let seen = changes.into_iter().filter(|it| sees(caller, app.options.access, it));
    Ok(Page { items: seen.map(|it| happened(it, with_by)).collect(), next })
}

/// What happened, oldest first.
#[utoipa::path(get, path = "/api/v1/changes", tag = "changes", params(After),
    responses((status = 200, description = "A part of the changes", body = Page<Happened>), Problems))]
pub(super) async fn list(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(after): Query<After>,
    uri: Uri,
) -> Result<Answer, Failure> {
    app.readable(&caller, caller.reach())?;
    Answer::json(&part(&app, &caller, &uri, after, false).await?)
}

/// The log: what happened, and who did it. Takes the role `admin` for everything.
#[utoipa::path(get, path = "/api/v1/audit", tag = "changes", params(After),
    responses((status = 200, description = "A part of the log", body = Page<Happened>), Problems))]
pub(super) async fn audit(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(after): Query<After>,
    uri: Uri,
) -> Result<Answer, Failure> {
    caller.may(app.options.access, Role::Admin, "")?;
    Ok(Answer::json(&part(&app, &caller, &uri, after, true).await?)?.secret())
}

/// What happens, as server-sent events: `id` is the change's number, `event` what was done, `data` the change.
///
/// A client that comes back with `Last-Event-ID` misses nothing.
#[utoipa::path(get, path = "/api/v1/changes/stream", tag = "changes", params(After),
    responses((status = 200, description = "Events without end", body = String, content_type = "text/event-stream"), Problems))]
pub(super) async fn stream(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Query(after): Query<After>,
    headers: HeaderMap,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    app.readable(&caller, caller.reach())?;
    let last = match headers.get("last-event-id") {
        Some(value) => {
            let read = value.to_str().ok().and_then(|text| text.trim().parse().ok());
            Some(read.ok_or_else(|| Failure::bad("`Last-Event-ID` is the number of a change"))?)
        }
        None => after.after,
    };
    let after = match last {
        Some(last) => last,
        None => app.store.last_change().await?,
    };
    let waiting = app.feed.wait().ok_or_else(|| Failure::unavailable("too many streams are open; try again"))?;
    let follower = Follower { app, caller, waiting, after, ready: VecDeque::new() };
    let keep = KeepAlive::new().interval(HEARTBEAT).text("still here");
    Ok(Sse::new(stream::unfold(follower, Follower::next)).keep_alive(keep))
}

/// One who reads the changes as they come.
struct Follower {
    app: App,
    caller: Caller,
    waiting: Waiting,
    after: i64,
    ready: VecDeque<Change>,
}

impl Follower {
    /// The next change that the caller sees. Ends with the server, the store or the caller's token: a client comes back by itself.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Follower)> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                let seq = change.seq.to_string();
                let event = Event::default().id(seq).event(change.action.name());
                let event = event.data(serde_json::to_string(&happened(change, false)).ok()?);
                return Some((Ok(event), self));
            }
            let changes = self.app.store.changes(self.after, BATCH).await.ok()?;
            match changes.last() {
                Some(last) => {
                    self.after = last.seq;
                    // What was revoked meanwhile shows nothing more.
                    if !self.caller.is_valid(&self.app).await {
                        return None;
                    }
                    let access = self.app.options.access;
                    self.ready.extend(changes.into_iter().filter(|it| sees(&self.caller, access, it)));
                }
                None if self.waiting.is_over() => return None,
                None => self.waiting.next().await,
            }
        }
    }
}
