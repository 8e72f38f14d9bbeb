//! A folder that is watched while people look at its pages: the workspace as it was last without errors, which stands in place of
//! what the store has under its name, what is wrong with it now, and the stream that tells open pages of both. Nothing here reads
//! files or writes to the store.

mod changes;

use super::site::Shown;
use crate::{App, access::Caller, failure::Failure, feed::Waiting};
use axum::{
    Extension,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
};
use futures_util::stream::{self, Stream};
use isobar_registry::{Workspace, store::Role};
use serde::Serialize;
use std::{
    convert::Infallible,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// How often a stream on which nothing happens shows that it is alive.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a browser waits before it asks again for a stream that ended.
const AGAIN: Duration = Duration::from_millis(500);

/// What is watched; nothing until the first look.
pub(crate) type Watch = Mutex<Option<Now>>;

/// What a folder was last seen to hold.
#[derive(Clone, Debug)]
pub(crate) struct Now {
    /// The last workspace without errors, if there ever was one.
    pub(super) shown: Option<Shown>,
    told: Told,
}

/// What open pages are told.
#[derive(Clone, Debug, Serialize)]
struct Told {
    /// When watching began, in milliseconds since 1970: another moment when the server was started again.
    run: i64,
    /// How often there was another workspace to show.
    number: u64,
    /// What is other than in the one before.
    notice: String,
    /// What is wrong, as `isobar check` says it.
    errors: Option<String>,
}

/// What a page says of itself, so that it can be told whether it is still the newest.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Mark {
    run: i64,
    number: u64,
}

impl App {
    /// Says what a watched folder holds now. A workspace without errors is shown from now on, in place of what the store has under
    /// its name; `errors` lie over all pages until they are mended.
    pub fn watched(&self, sound: Option<Workspace>, errors: Option<String>) {
        {
            let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
            let now = watch.get_or_insert_with(|| {
                let run = jiff::Timestamp::now().as_millisecond();
                Now { shown: None, told: Told { run, number: 0, notice: String::new(), errors: None } }
            });
            if let Some(sound) = sound {
                let old = now.shown.as_ref().map(|shown| &*shown.workspace);
                now.told.notice = changes::notice(old, &sound);
                now.told.number += 1;
                now.shown = Some(Shown::new(sound.model.name.clone(), Arc::new(sound)));
            }
            now.told.errors = errors;
        }
        self.feed.wrote();
    }

    /// What is shown of a watched folder.
    pub(crate) fn live(&self) -> Option<Shown> {
        self.now()?.shown
    }

    fn now(&self) -> Option<Now> {
        // Every step leaves it whole, so a lock that a panic left behind is as good as any.
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What a page says of itself to whoever may be told what is wrong with the folder: that quotes any of its lines.
    pub(super) fn mark(&self, caller: &Caller) -> Option<Mark> {
        let Told { run, number, .. } = self.now()?.told;
        caller.sees(self.options.access, "").then_some(Mark { run, number })
    }
}

/// What happens to the folder, as server-sent events. The first one says how things are.
pub(super) async fn stream(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Failure> {
    caller.may(app.options.access, Role::Reader, "")?;
    if app.now().is_none() {
        return Err(Failure::missing("nothing is watched here"));
    }
    let waiting = app.feed.wait().ok_or_else(|| Failure::unavailable("too many streams are open; try again"))?;
    let follower = Follower { app, caller, waiting, last: None };
    Ok(Sse::new(stream::unfold(follower, Follower::next)).keep_alive(KeepAlive::new().interval(HEARTBEAT)))
}

/// A page that is open.
struct Follower {
    app: App,
    caller: Caller,
    waiting: Waiting,
    /// What it was told last.
    last: Option<String>,
}

impl Follower {
    /// The next state that is another one. Ends with the server and with the caller's token; a browser comes back by itself.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Follower)> {
        loop {
            let told = serde_json::to_string(&self.app.now()?.told).ok()?;
            if self.last.as_ref() != Some(&told) {
                // What was revoked meanwhile is told nothing more.
                if !self.caller.is_valid(&self.app).await {
                    return None;
                }
                let event = Event::default().event("state").retry(AGAIN).data(&told);
                self.last = Some(told);
                return Some((Ok(event), self));
            }
            if self.waiting.is_over() {
                return None;
            }
            self.waiting.next().await;
        }
    }
}
