//! How answers look: JSON under Confluent's content type.

use crate::failure::{CONFLUENT_JSON, Failure};
use axum::{
    body::Body,
    http::{HeaderValue, Response, header},
    response::IntoResponse,
};
use serde::Serialize;

/// A value that is sent as JSON.
pub(super) struct Answer<T>(pub(super) T);

impl<T: Serialize> IntoResponse for Answer<T> {
    fn into_response(self) -> Response<Body> {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => {
                let mut response = Response::new(Body::from(bytes));
                response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(CONFLUENT_JSON));
                response
            }
            Err(error) => Failure::internal(error).into_response(),
        }
    }
}
