//! What handlers ask of a request, with refusals that are failures as all others are.

use crate::{App, failure::Failure};
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

/// How short a text is that no other thread is asked to parse, in bytes.
pub(crate) const SHORT: usize = 64 << 10;

/// A JSON body, whatever its content type is called: clients of registries have several names for it.
pub(crate) struct Json<T>(pub(crate) T);

impl<T: DeserializeOwned + Send + 'static> FromRequest<App> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &App) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, app).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let message = if too_large { "the body is too large" } else { "the body cannot be read" };
            Failure::new(rejection.status(), message)
        })?;
        let short = bytes.len() <= SHORT;
        // Deeper than 128 levels is refused by the parser.
        let read = move || serde_json::from_slice(&bytes);
        let read = if short { read() } else { app.decider.run(read).await? };
        read.map(Json).map_err(|error| {
            Failure::unprocessable(format!("the body cannot be read as what it should be: {error}")).numbered(42201)
        })
    }
}

/// The part of the path or query.
macro_rules! part {
    ($($(#[$doc:meta])* $name:ident of $inner:ident)*) => {$(
        $(#[$doc])*
        pub(crate) struct $name<T>(pub(crate) T);

        impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for $name<T> {
            type Rejection = Failure;

            async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
                let read = axum::extract::$inner::<T>::from_request_parts(parts, state).await;
                read.map(|axum::extract::$inner(it)| $name(it)).map_err(|rejection| {
                    Failure::new(rejection.status(), rejection.body_text())
                })
            }
        }
    )*};
}

part! {
    /// The parameters of the path.
    Path of Path
    /// The parameters behind the `?`.
    Query of Query
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Options, decide::Decider};
    use axum::body::Body;
    use isobar_registry::store::Store;
    use std::time::Duration;
    use tokio::time::timeout;

    async fn read(app: &App, body: String) -> Result<Vec<i64>, String> {
        let read = Json::<Vec<i64>>::from_request(Request::new(Body::from(body)), app).await;
        read.map(|Json(numbers)| numbers).map_err(|failure| format!("{} {}", failure.status.as_u16(), failure.message))
    }

    #[tokio::test]
    async fn a_large_body_is_read_where_nobody_waits_for_it() {
        let app = App::new(Store::open("sqlite::memory:").await.unwrap(), Options::default()).unwrap();
        let large = format!("[{}1]", "1,".repeat(SHORT));
        let hold = Decider::hold(&app).await;
        assert_eq!(read(&app, "[1]".into()).await, Ok(vec![1]), "a short one waits for nothing");
        let waited = timeout(Duration::from_millis(50), read(&app, large.clone())).await;
        assert!(waited.is_err(), "a large one waits for a thread");
        drop(hold);
        assert_eq!(read(&app, large.clone()).await.map(|numbers| numbers.len()), Ok(SHORT + 1));
        let refused = read(&app, large.replace(",1]", ",]")).await.unwrap_err();
        assert!(refused.starts_with("422 the body cannot be read as what it should be"), "{refused}");
    }
}
