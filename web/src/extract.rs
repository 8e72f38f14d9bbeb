//! What handlers ask of a request, with refusals that are failures as all others are.

use crate::failure::Failure;
use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{StatusCode, request::Parts},
};
use serde::de::DeserializeOwned;

/// A JSON body, whatever its content type is called: clients of registries have several names for it.
pub(crate) struct Json<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            let too_large = rejection.status() == StatusCode::PAYLOAD_TOO_LARGE;
            let message = if too_large { "the body is too large" } else { "the body cannot be read" };
            Failure::new(rejection.status(), message)
        })?;
        // Deeper than 128 levels is refused by the parser.
        serde_json::from_slice(&bytes).map(Json).map_err(|error| {
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
