//! The addresses of pages. Which workspaces a caller sees is looked at here; pages are made on threads that may take their time.

use super::{
    assets, board,
    news::{self, News},
    packed,
    page::{Form, Page, Templates},
    playground::Tried,
    releases::Times,
    site::{Ask, Shown, Site, escaped, parts},
    watch,
};
use crate::{App, access::Caller, confluent, extract::Query, failure::Failure, today};
use axum::{
    Extension, Form as Sent, Router,
    body::Body,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, Uri, header},
    middleware::from_fn,
    response::{IntoResponse, Redirect},
    routing::get,
};
use isobar_model::model::Name;
use isobar_registry::{
    Workspace, push,
    store::{Consumer, Role},
};
use serde::Deserialize;
use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

/// What a browser may do with a page: load our style sheet and script, and talk to us.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
/// How many of the newest changes are looked through for news, and how many are told.
const LATELY: (i64, usize) = (500, 8);

static TEMPLATES: LazyLock<Result<Templates, tera::Error>> = LazyLock::new(Templates::new);

/// The workspaces that were shown before, by name, with what was made of them.
pub(crate) type Known = Mutex<HashMap<String, (Source, Shown)>>;

/// What is shown, as the store has it.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    workspace: Arc<Workspace>,
    /// What others say of those who read its events.
    told: Vec<Consumer>,
    /// The day on which it is looked at.
    today: String,
}

pub(crate) fn routes() -> Router<App> {
    let page = || get(page).post(tried);
    Router::new()
        .route("/", get(root))
        .route("/search", page())
        .route("/search.json", page())
        .route("/search.md", page())
        .route("/api", page())
        .route("/api.md", page())
        .route("/waiting/{kind}", page())
        .route("/subject", page())
        .route("/subject.json", page())
        .route("/subject.md", page())
        .route("/subject/{*path}", page())
        .route("/w/{*path}", page())
        .route("/assets/{name}", get(asset))
        .route("/watch", get(watch::stream))
        .layer(from_fn(packed::pack))
}

/// Browsers get the first page, clients of schema registries the empty object that they look for.
async fn root(
    state: State<App>,
    caller: Extension<Caller>,
    headers: HeaderMap,
    uri: Uri,
) -> Result<Response<Body>, Failure> {
    let wanted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    match wanted.is_some_and(|wanted| wanted.contains("text/html")) {
        true => page(state, caller, uri, Query(Asked::default())).await,
        false => Ok(crate::confluent::root().await.into_response()),
    }
}

/// What stands behind the `?`.
#[derive(Default, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
    /// Which part of a list, from 1.
    page: Option<usize>,
    /// The name whose flow is followed on a board.
    focus: Option<String>,
    /// `failure` brings out what comes of failures.
    #[serde(default)]
    paths: String,
    /// The two versions of an event that are to be compared.
    from: Option<String>,
    to: Option<String>,
}

async fn page(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    Query(asked): Query<Asked>,
) -> Result<Response<Body>, Failure> {
    // What a form asks for has an address of its own.
    if let (Some(diff), Some(from), Some(to)) = (uri.path().strip_suffix("/diff"), &asked.from, &asked.to) {
        return Ok(Redirect::to(&format!("{diff}/diff/{}...{}", escaped(from), escaped(to))).into_response());
    }
    answer(&app, &caller, uri.path(), asked, None).await
}

async fn tried(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    uri: Uri,
    Sent(tried): Sent<Tried>,
) -> Result<Response<Body>, Failure> {
    answer(&app, &caller, uri.path(), Asked::default(), Some(tried)).await
}

async fn answer(
    app: &App,
    caller: &Caller,
    path: &str,
    asked: Asked,
    tried: Option<Tried>,
) -> Result<Response<Body>, Failure> {
    let (path, form) = Form::of(path);
    let parts = parts(path);
    let (site, mark) = (site(app, caller, &parts).await?, app.mark(caller));
    let made = tokio::task::spawn_blocking(move || {
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let ask = Ask {
            query: &asked.q,
            number: asked.page,
            focus: asked.focus.as_deref(),
            failures: asked.paths == "failure",
            alone: form == Form::Svg,
            tried: tried.as_ref(),
        };
        let page = Page { mark, ..site.answer(&parts, &ask).filter(|page| page.has(form))? };
        let templates = TEMPLATES.as_ref().map_err(ToString::to_string);
        Some(templates.and_then(|templates| templates.write(&page, form).map_err(|error| error.to_string())))
    });
    let text = made.await.map_err(Failure::internal)?;
    let text = text.ok_or_else(|| Failure::missing("there is no such page"))?.map_err(Failure::internal)?;
    let mut response = Response::new(Body::from(text));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.content_type()));
    let policy = match form {
        Form::Svg => HeaderValue::from_str(&board::POLICY).map_err(Failure::internal)?,
        _ => HeaderValue::from_static(POLICY),
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    Ok(response)
}

/// What a caller sees of what an address is about: a workspace of its own, or all of them; news are on the first page only. A workspace is
/// seen by who sees all of it.
async fn site(app: &App, caller: &Caller, parts: &[String]) -> Result<Site, Failure> {
    let access = app.options.access;
    caller.may(access, Role::Reader, caller.reach())?;
    let only = match parts {
        [first, name, ..] if first == "w" => Some(name),
        _ => None,
    };
    // The reference of the API is about none.
    if parts == ["api"] {
        return Ok(Site::default());
    }
    match parts {
        [first] if first == "subject" => {
            return Ok(Site { subjects: confluent::registered(app, caller).await?, ..Site::default() });
        }
        [first, name, version] if first == "subject" => {
            return Ok(Site { subject: confluent::told(app, caller, name, version).await?, ..Site::default() });
        }
        _ => {}
    }
    let wanted = |name: &str| only.is_none_or(|only| only == name);
    let sees = |context: &str| caller.sees(access, &format!("{context}."));
    // There may be more contexts than the store had when it was asked.
    let seen = |workspace: &Workspace| workspace.model.contexts.keys().all(|context| sees(context));
    // A folder that is watched stands in place of what was pushed under its name.
    let live = app.live();
    let mut contexts: HashMap<String, Vec<String>> = HashMap::new();
    for it in app.store.contexts(None).await? {
        contexts.entry(it.workspace).or_default().push(it.name);
    }
    let mut told = app.store.told(only.map(String::as_str)).await?;
    let mut told = |name: &str| told.remove(name).unwrap_or_default();
    let mut workspaces = Vec::new();
    for card in app.store.workspaces().await?.into_iter().filter(|card| wanted(&card.name)) {
        let own = contexts.get(&card.name).map(Vec::as_slice).unwrap_or_default();
        let hidden = own.is_empty() && !caller.sees(access, "") || !own.iter().all(|it| sees(it));
        if hidden || live.as_ref().is_some_and(|live| live.name == card.name) {
            continue;
        }
        let name = card.name.clone();
        let workspace = app.opened(card).await?;
        if seen(&workspace) {
            workspaces.push(shown(app, told(&name), name, workspace).await?);
        }
    }
    if let Some(Shown { name, workspace, .. }) = live.filter(|live| wanted(&live.name) && seen(&live.workspace)) {
        workspaces.push(shown(app, told(&name), name, workspace).await?);
    }
    workspaces.sort_by(|a, b| a.name.cmp(&b.name));
    let dated = |part: &String| part == "board" || part == "releases";
    let board = matches!(parts, [first, _] if first == "w") || parts.get(2).is_some_and(dated);
    for shown in workspaces.iter().filter(|_| board) {
        date(app, shown).await?;
    }
    let everything = parts.is_empty() || parts == ["search"];
    let subjects = if everything { confluent::registered(app, caller).await? } else { Vec::new() };
    let news = if parts.is_empty() { lately(app, &workspaces, &subjects).await? } else { Vec::new() };
    Ok(Site { workspaces, news, subjects, subject: None })
}

/// Says of a workspace when its versions came, unless that is known.
pub(crate) async fn date(app: &App, shown: &Shown) -> Result<(), Failure> {
    if shown.is_undated() {
        let released = app.store.released(&shown.name).await?.into_iter();
        let times: Times =
            released.map(|(context, name, version, at)| ((Name { context, name }, version), at)).collect();
        shown.date(&times);
    }
    Ok(())
}

/// What happened lately, the newest first.
async fn lately(app: &App, workspaces: &[Shown], subjects: &[String]) -> Result<Vec<News>, Failure> {
    let last = app.store.last_change().await?;
    let changes = app.store.changes((last - LATELY.0).max(0), LATELY.0).await?;
    Ok(news::lately(workspaces, subjects, &changes, LATELY.1))
}

/// A workspace with what others say of its readers.
pub(crate) async fn known(app: &App, name: String, workspace: Arc<Workspace>) -> Result<Shown, Failure> {
    let told = app.store.told(Some(&name)).await?.remove(&name).unwrap_or_default();
    shown(app, told, name, workspace).await
}

/// The same workspace as it was shown before, with what was made of it; or the new one, with what others say of its readers.
async fn shown(app: &App, told: Vec<Consumer>, name: String, workspace: Arc<Workspace>) -> Result<Shown, Failure> {
    let source = Source { workspace, told, today: today() };
    // Every step leaves the list whole, so a lock that a panic left behind is as good as any.
    let known = || app.shown.lock().unwrap_or_else(PoisonError::into_inner);
    let same = |old: &Source| {
        Arc::ptr_eq(&old.workspace, &source.workspace) && old.told == source.told && old.today == source.today
    };
    if let Some((_, shown)) = known().get(&name).filter(|(old, _)| same(old)) {
        return Ok(shown.clone());
    }
    let workspace = match source.told.is_empty() {
        true => Arc::clone(&source.workspace),
        false => {
            let Source { workspace, told, .. } = source.clone();
            let join = move || {
                let mut workspace = Workspace::clone(&workspace);
                push::join(&mut workspace, &told);
                Arc::new(workspace)
            };
            app.decider.run(join).await?
        }
    };
    let new = Shown::new(name.clone(), workspace).on(source.today.clone());
    let live = app.live().map(|live| live.name);
    let mut known = known();
    // What is no longer kept opened is not kept here.
    known.retain(|name, (old, _)| live.as_ref() == Some(name) || app.models.keeps(name, &old.workspace));
    known.insert(name, (source, new.clone()));
    Ok(new)
}

/// A failure as a page. It asks a browser for a token by a dialogue, in which the password is the token.
pub(crate) fn failed(status: StatusCode, message: &str) -> Response<Body> {
    let title = status.canonical_reason().unwrap_or("Failure");
    // The sentences of failures begin as those of JSON do.
    let (first, rest) = message.split_at(message.chars().next().map_or(0, char::len_utf8));
    let sentence = format!("{}{rest}", first.to_uppercase());
    let page = Page::new(
        "failure",
        title,
        &serde_json::json!({ "status": status.as_u16(), "title": title, "message": sentence }),
    );
    // Without templates there is nothing left but the sentence.
    let html = TEMPLATES.as_ref().ok().and_then(|templates| templates.write(&page, Form::Html).ok());
    let (kind, text) =
        html.map_or(("text/plain; charset=utf-8", message.to_owned()), |html| (Form::Html.content_type(), html));
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if status == StatusCode::UNAUTHORIZED {
        headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"isobar\", charset=\"UTF-8\""));
    }
    response
}

async fn asset(Path(name): Path<String>) -> Result<Response<Body>, Failure> {
    let asset = assets::find(&name).ok_or_else(|| Failure::missing("there is no such file"))?;
    let kept = HeaderValue::from_static("public, max-age=31536000, immutable");
    Ok((
        [(header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)), (header::CACHE_CONTROL, kept)],
        asset.body.as_str(),
    )
        .into_response())
}
