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
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header},
    response::IntoResponse,
    routing::{self, future::RouteFuture},
};
use futures_util::FutureExt;
use std::{
    convert::Infallible,
    future::Future,
    hash::{BuildHasher, RandomState},
    net::IpAddr,
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::{Instant, SystemTime},
};
use tower::{Service, layer::layer_fn};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The context of subjects that a path was below, as in `/contexts/.eu/subjects`.
#[derive(Clone, Debug)]
pub(crate) struct InContext(pub(crate) String);

/// The routes with everything around them. It is no service of its own, as each of those costs every request a box.
#[derive(Clone)]
pub(crate) struct Edge {
    app: App,
    routes: Router,
}

impl Edge {
    pub(crate) fn around(routes: Router<App>, app: App) -> Edge {
        let routes = routes
            .fallback(api::by_path)
            .method_not_allowed_fallback(async || {
                Failure::new(StatusCode::METHOD_NOT_ALLOWED, "this resource has no such method")
            })
            .layer(layer_fn(Noting))
            .with_state(app.clone());
        Edge { app, routes }
    }

    /// Answers a request from an address, if it is from one.
    pub(crate) async fn answer(self, address: Option<IpAddr>, mut request: Request) -> Response<Body> {
        let Edge { app, routes } = self;
        let start = Instant::now();
        let id = number(&request);
        let (method, uri) = (request.method().clone(), request.uri().clone());
        let dialect = Dialect::of(uri.path());
        let answered = if limited(&app, address) {
            Err(Failure::new(StatusCode::TOO_MANY_REQUESTS, "too many requests; slow down").numbered(42901))
        } else {
            enter_context(&mut request);
            let answer = AssertUnwindSafe(inside(&app, routes, address, request)).catch_unwind();
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
        note(&app, &method, &uri, id.to_str().unwrap_or_default(), &response, start);
        response.headers_mut().insert(REQUEST_ID, id);
        careful(&mut response);
        response
    }
}

/// Asks who calls, and has a route answer.
async fn inside(app: &App, mut routes: Router, address: Option<IpAddr>, mut request: Request) -> Response<Body> {
    let caller = match Caller::of(app, request.headers()).await {
        Ok(caller) => caller,
        Err(failure) => return failure.into_response(),
    };
    let who = match (&caller, address) {
        (Caller::Holder(token), _) => Who::Token(token.id),
        (Caller::Anyone, Some(address)) => Who::Address(address),
        (Caller::Anyone, None) => Who::Unknown,
    };
    request.extensions_mut().insert(caller);
    DefaultBodyLimit::max(app.options.body).apply(&mut request);
    match on_behalf(who, routes.call(request)).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

/// The name of the route that was found, for the counters.
#[derive(Clone, Debug)]
struct Route(MatchedPath);

/// Notes in the answer of a route which one it was.
#[derive(Clone)]
struct Noting(routing::Route);

impl Service<Request> for Noting {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Noted;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Service::<Request>::poll_ready(&mut self.0, cx)
    }

    fn call(&mut self, request: Request) -> Noted {
        let matched = request.extensions().get::<MatchedPath>().cloned();
        Noted { answer: self.0.call(request), matched }
    }
}

struct Noted {
    answer: RouteFuture<Infallible>,
    matched: Option<MatchedPath>,
}

impl Future for Noted {
    type Output = Result<Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let answered = Pin::new(&mut self.answer).poll(cx);
        answered.map_ok(|mut response| {
            if let Some(matched) = self.matched.take() {
                response.extensions_mut().insert(Route(matched));
            }
            response
        })
    }
}

/// The number of a request: the caller's, if it has a sensible one, or a new one.
fn number(request: &Request) -> HeaderValue {
    let sensible = |id: &&HeaderValue| (1..=64).contains(&id.len()) && id.as_bytes().iter().all(u8::is_ascii_graphic);
    match request.headers().get(REQUEST_ID).filter(sensible) {
        Some(given) => given.clone(),
        None => {
            let mut text = [0; uuid::fmt::Hyphenated::LENGTH];
            let text = new_number().as_hyphenated().encode_lower(&mut text);
            // It is made of digits.
            HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"))
        }
    }
}

/// Numbers rise with time and differ from each other. They need not be hard to guess, so the system is not asked for each.
fn new_number() -> uuid::Uuid {
    let random = || RandomState::new().hash_one(()).to_be_bytes();
    let ([a, b, c, d, e, f, g, h], [i, j, ..]) = (random(), random());
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    uuid::Builder::from_unix_timestamp_millis(since.as_millis() as u64, &[a, b, c, d, e, f, g, h, i, j]).into_uuid()
}

fn limited(app: &App, address: Option<IpAddr>) -> bool {
    app.limiter.as_ref().zip(address).is_some_and(|(limiter, address)| limiter.check_key(&address).is_err())
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
