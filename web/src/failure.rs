//! What goes wrong, once for all protocols. A handler answers a [`Failure`]; `edge.rs` writes it in the words of the protocol that was
//! spoken: `application/problem+json` below `/api`, and Confluent's numbered errors elsewhere. No handler writes an error itself.

use axum::{
    body::Body,
    http::{HeaderValue, Response, StatusCode, header},
    response::IntoResponse,
};
use isobar_registry::store::{Conflict, Error, What};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Why a request was not done.
#[derive(Clone, Debug)]
pub struct Failure {
    /// The HTTP status.
    pub status: StatusCode,
    /// Confluent's number: the status and, for what has one, two digits more.
    pub number: u32,
    /// What happened, in a sentence that repeats no secret.
    pub message: String,
    /// More to say, as members of the answer.
    pub more: Map<String, Value>,
}

/// How failures are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// RFC 9457.
    Problem,
    /// Confluent's `error_code` and `message`.
    Confluent,
    /// A page.
    Page,
}

impl Dialect {
    /// How failures below a path are written.
    pub(crate) fn of(path: &str) -> Dialect {
        match path.split('/').nth(1) {
            Some("api") => Dialect::Problem,
            Some("w" | "search" | "assets" | "watch") => Dialect::Page,
            _ => Dialect::Confluent,
        }
    }
}

/// Confluent's content type.
pub(crate) const CONFLUENT_JSON: &str = "application/vnd.schemaregistry.v1+json";

impl Failure {
    /// A failure with a status and a sentence.
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Failure { status, number: u32::from(status.as_u16()), message: message.into(), more: Map::new() }
    }

    /// The same under a number of Confluent's.
    #[must_use]
    pub fn numbered(mut self, number: u32) -> Self {
        self.number = number;
        self
    }

    /// The same with a member more.
    #[must_use]
    pub fn with(mut self, name: &str, value: Value) -> Self {
        self.more.insert(name.to_owned(), value);
        self
    }

    /// 400.
    pub fn bad(message: impl Into<String>) -> Self {
        Failure::new(StatusCode::BAD_REQUEST, message)
    }

    /// 404.
    pub fn missing(message: impl Into<String>) -> Self {
        Failure::new(StatusCode::NOT_FOUND, message)
    }

    /// 409.
    pub fn conflict(message: impl Into<String>) -> Self {
        Failure::new(StatusCode::CONFLICT, message)
    }

    /// 422.
    pub fn unprocessable(message: impl Into<String>) -> Self {
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// 500: a fault of this program. The reason goes into the log and not to the caller.
    pub fn internal(reason: impl std::fmt::Display) -> Self {
        tracing::error!(%reason, "internal failure");
        Failure::new(StatusCode::INTERNAL_SERVER_ERROR, "the server failed; its log says why").numbered(50001)
    }

    /// 503: it may be tried again.
    pub fn unavailable(message: impl Into<String>) -> Self {
        Failure::new(StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// The failure as an answer in a dialect.
    pub(crate) fn write(self, dialect: Dialect) -> Response<Body> {
        let Failure { status, number, message, more } = self;
        let (mut object, kind) = match dialect {
            Dialect::Page => return crate::pages::failed(status, &message),
            Dialect::Confluent => (json!({ "error_code": number, "message": message }), CONFLUENT_JSON),
            Dialect::Problem => {
                let title = status.canonical_reason().unwrap_or("failure");
                let object =
                    json!({ "type": "about:blank", "title": title, "status": status.as_u16(), "detail": message });
                (object, "application/problem+json")
            }
        };
        if let Value::Object(members) = &mut object {
            members.extend(more);
        }
        let mut response = Response::new(Body::from(object.to_string()));
        *response.status_mut() = status;
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        match status {
            StatusCode::UNAUTHORIZED => {
                let challenge = HeaderValue::from_static("Bearer realm=\"isobar\"");
                response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
            }
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
            }
            _ => {}
        }
        response
    }
}

impl IntoResponse for Failure {
    /// An empty answer that carries the failure; `edge.rs` writes it.
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.status;
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match &error {
            Error::Missing(What::Reference) => Failure::unprocessable(error.to_string()).numbered(42201),
            Error::Missing(_) => Failure::missing(error.to_string()),
            // Whoever reads, decides and writes tries again a few times first.
            Error::Moved => Failure::unavailable("others write to the same subject all the time; try again"),
            Error::Conflict(Conflict::ReadOnly | Conflict::NotImporting | Conflict::Released) => {
                Failure::unprocessable(error.to_string()).numbered(42205)
            }
            Error::Conflict(_) => Failure::conflict(error.to_string()),
            Error::Refused(_) => Failure::unprocessable(error.to_string()),
            Error::Unavailable(reason) => {
                tracing::error!(%reason, "the store is unavailable");
                Failure::unavailable("the store does not answer; try again").numbered(50003)
            }
            other => Failure::internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::BodyExt;

    async fn text(response: Response<Body>) -> String {
        String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn a_failure_is_said_in_either_dialect() {
        let failure = Failure::missing("there is no such subject").numbered(40401).with("subject", json!("a"));
        assert_eq!(
            text(failure.clone().write(Dialect::Confluent)).await,
            r#"{"error_code":40401,"message":"there is no such subject","subject":"a"}"#
        );
        assert_eq!(
            text(failure.write(Dialect::Problem)).await,
            r#"{"detail":"there is no such subject","status":404,"subject":"a","title":"Not Found","type":"about:blank"}"#
        );
    }

    #[tokio::test]
    async fn what_a_database_says_stays_in_the_log() {
        for error in [Error::Corrupt("secret".into()), Error::Unavailable("secret".into())] {
            assert!(!text(Failure::from(error).write(Dialect::Problem)).await.contains("secret"));
        }
    }
}
