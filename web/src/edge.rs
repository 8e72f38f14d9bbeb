//! What surrounds every request, whatever protocol it speaks: its number, who asks, how often and how long, what a panic becomes, how
//! failures are written, headers that make browsers careful, a line in the log, and the counters. Bodies are not read here.

use crate::{
    App,
    access::Caller,
    api,
    decide::{Who, on_behalf},
    failure::{Dialect, Failure},
};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header},
    middleware::{Next, from_fn_with_state},
};
use futures_util::FutureExt;
use std::{
    hash::{BuildHasher, RandomState},
    net::SocketAddr,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::{Instant, SystemTime},
};
use tower::Layer;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The context of subjects that a path was below, as in `/contexts/.eu/subjects`.
#[derive(Clone, Debug)]
pub(crate) struct InContext(pub(crate) String);

/// The routes with everything around them.
pub(crate) fn around(routes: Router<App>, app: App) -> Router {
    let limit = DefaultBodyLimit::max(app.options.body);
    let inner = routes
        .fallback(api::by_path)
        .method_not_allowed_fallback(async || {
            Failure::new(StatusCode::METHOD_NOT_ALLOWED, "this resource has no such method")
        })
        .layer(limit)
        .layer(from_fn_with_state(app.clone(), route))
        .with_state(app.clone());
    // Around the whole router, since the path is rewritten before it is looked up.
    Router::new().fallback_service(from_fn_with_state(app, edge).layer(inner))
}

/// The name of the route that was found, for the counters.
#[derive(Clone, Debug)]
struct Route(MatchedPath);

/// Notes which route it was, and asks who calls.
async fn route(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let mut response = match Caller::of(&app, request.headers()).await {
        Ok(caller) => {
            let address = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(it)| it.ip());
            let who = match (&caller, address) {
                (Caller::Holder(token), _) => Who::Token(token.id),
                (Caller::Anyone, Some(address)) => Who::Address(address),
                (Caller::Anyone, None) => Who::Unknown,
            };
            request.extensions_mut().insert(caller);
            on_behalf(who, next.run(request)).await
        }
        Err(failure) => axum::response::IntoResponse::into_response(failure),
    };
    if let Some(matched) = matched {
        response.extensions_mut().insert(Route(matched));
    }
    response
}

async fn edge(State(app): State<App>, mut request: Request, next: Next) -> Response<Body> {
    let start = Instant::now();
    let id = number(&request);
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let dialect = Dialect::of(uri.path());
    let answered = if limited(&app, &request) {
        Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; slow down").numbered(42901))
    } else {
        enter_context(&mut request);
        let answer = AssertUnwindSafe(next.run(request)).catch_unwind();
        match tokio::time::timeout(app.options.patience, answer).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(_)) => Err(Failure::internal("a handler panicked")),
            Err(_) => Err(Failure::unavailable("this took too long")),
        }
    };
    let mut response = match answered {
        Ok(response) => written(response, dialect),
        Err(failure) => failure.write(dialect),
    };
    if let Ok(id) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, id);
    }
    careful(&mut response);
    note(&app, &method, &uri, &id, &response, start);
    response
}

/// The number of a request: the caller's, if it has a sensible one, or a new one.
fn number(request: &Request) -> String {
    let given = request.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
    let sensible = |id: &&str| (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_graphic());
    given.filter(sensible).map_or_else(|| new_number().to_string(), str::to_owned)
}

/// Numbers rise with time and differ from each other. They need not be hard to guess, so the system is not asked for each.
fn new_number() -> uuid::Uuid {
    let random = || RandomState::new().hash_one(()).to_be_bytes();
    let ([a, b, c, d, e, f, g, h], [i, j, ..]) = (random(), random());
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(since.as_millis() as u64, &[a, b, c, d, e, f, g, h, i, j]).into_uuid()
}

fn limited(app: &App, request: &Request) -> bool {
    let Some(limiter) = &app.limiter else { return false };
    let Some(ConnectInfo(address)) = request.extensions().get::<ConnectInfo<SocketAddr>>() else { return false };
    limiter.check_key(&address.ip()).is_err()
}

/// Takes `/contexts/NAME` off the front of a path that goes on behind it.
fn enter_context(request: &mut Request) {
    let Some((context, rest)) = request.uri().path().strip_prefix("/contexts/").and_then(|rest| rest.split_once('/'))
    else {
        return;
    };
    let context = context.replace("%3A", ":").replace("%3a", ":").trim_matches(':').to_owned();
    let query = request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
    // It was a part of one, so it is one.
    if let Ok(uri) = format!("/{rest}{query}").parse::<Uri>() {
        *request.uri_mut() = uri;
        request.extensions_mut().insert(InContext(context));
    }
}

/// The answer with its failure written out, if it is one. What axum refuses by itself becomes a failure as well.
fn written(response: Response<Body>, dialect: Dialect) -> Response<Body> {
    let status = response.status();
    if let Some(failure) = response.extensions().get::<Arc<Failure>>() {
        let mut written = Failure::clone(failure).write(dialect);
        // Such as `allow`; what is said of the empty body is not true of this one.
        let kept = response.headers().iter().filter(|(name, _)| **name != header::CONTENT_LENGTH);
        for (name, value) in kept {
            written.headers_mut().entry(name).or_insert_with(|| value.clone());
        }
        written.extensions_mut().extend(response.extensions().clone());
        return written;
    }
    let plain =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
    if (status.is_client_error() || status.is_server_error()) && plain {
        return Failure::new(status, status.canonical_reason().unwrap_or("refused").to_lowercase()).write(dialect);
    }
    response
}

/// Nothing here is to be run, framed or guessed at by a browser, unless a page says more.
fn careful(response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
}

/// One line in the log and the counters. Queries and headers may hold what is nobody's business, and are left out.
fn note(app: &App, method: &Method, uri: &Uri, id: &str, response: &Response<Body>, start: Instant) {
    let (status, took) = (response.status(), start.elapsed());
    let route = response.extensions().get::<Route>().map_or("none", |Route(path)| path.as_str());
    app.metrics.answered(method, route, status.as_u16(), took);
    let (path, status, micros) = (uri.path(), status.as_u16(), took.as_micros() as u64);
    match status {
        500.. => tracing::error!(%method, path, status, micros, id, "failed"),
        400.. => tracing::info!(%method, path, status, micros, id, "refused"),
        _ if method == Method::GET || method == Method::HEAD => {
            tracing::debug!(%method, path, status, micros, id, "read");
        }
        _ => {
            app.feed.wrote();
            tracing::info!(%method, path, status, micros, id, "done");
        }
    }
}
