//! How answers look: a content type, an `ETag` of the bytes, and how long they may be kept. Who has the bytes already gets none.

use crate::{access::Access, failure::Failure};
use axum::{
    body::Body,
    extract::Request,
    http::{HeaderValue, Method, Response, StatusCode, header},
    middleware::Next,
    response::IntoResponse,
};
use serde::Serialize;

/// Bytes with what is said of them.
#[derive(Debug)]
pub(super) struct Answer {
    status: StatusCode,
    kind: &'static str,
    body: Vec<u8>,
    keep: &'static str,
}

impl Answer {
    /// A value as JSON, to be asked for again each time.
    pub(super) fn json<T: Serialize>(value: &T) -> Result<Answer, Failure> {
        serde_json::to_vec(value).map(|body| Answer::text("application/json", body)).map_err(Failure::internal)
    }

    /// A text as it is.
    pub(super) fn text(kind: &'static str, body: impl Into<Vec<u8>>) -> Answer {
        Answer { status: StatusCode::OK, kind, body: body.into(), keep: "no-cache" }
    }

    /// A JSON Schema.
    pub(super) fn schema(text: &str) -> Answer {
        Answer::text("application/schema+json", text)
    }

    /// The same with another status.
    pub(super) fn status(mut self, status: StatusCode) -> Answer {
        self.status = status;
        self
    }

    /// The same for ever: caches need not ask again. Where reading takes a token, only the reader's own.
    pub(super) fn lasting(mut self, access: Access) -> Answer {
        self.keep = match access.private {
            true => "private, max-age=31536000, immutable",
            false => "public, max-age=31536000, immutable",
        };
        self
    }

    /// The same, not to be kept at all.
    pub(super) fn secret(mut self) -> Answer {
        self.keep = "no-store";
        self
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response<Body> {
        let Answer { status, kind, body, keep } = self;
        let hash = hmac_sha256::Hash::hash(&body);
        let tag: String = hash[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(keep));
        headers.insert(header::VARY, HeaderValue::from_static("authorization"));
        // Hexadecimal digits are fine in a header.
        if let Ok(tag) = HeaderValue::from_str(&format!("\"{tag}\"")) {
            headers.insert(header::ETAG, tag);
        }
        response
    }
}

/// Answers 304 to whoever has the bytes already.
pub(super) async fn conditional(request: Request, next: Next) -> Response<Body> {
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    let had: Vec<HeaderValue> = request.headers().get_all(header::IF_NONE_MATCH).iter().cloned().collect();
    let mut response = next.run(request).await;
    let Some(tag) = response.headers().get(header::ETAG) else { return response };
    let same = |one: &str| one == "*" || one.strip_prefix("W/").unwrap_or(one).as_bytes() == tag.as_bytes();
    let matches =
        had.iter().filter_map(|value| value.to_str().ok()).flat_map(|it| it.split(',')).any(|it| same(it.trim()));
    if read && matches && response.status() == StatusCode::OK {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        *response.body_mut() = Body::empty();
        response.headers_mut().remove(header::CONTENT_TYPE);
        response.headers_mut().remove(header::CONTENT_LENGTH);
    }
    response
}
